// selftest: the running agent proves itself, step by step.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "adapters/program/commands.h"
#include "adapters/program/line.h"

namespace adapters::program {

base::Result<int> selftest(const Arguments& a) {
  TRY_ASSIGN(const std::string dir, data_folder(a));
  TRY_ASSIGN(const auto answer, ask(dir, {{"op", "selftest"}}));
  const bool good = answer->value("good", false);
  if (a.has("json")) {
    fmt::print("{}\n", schemas::dump(*answer));
    return good ? kWorked : kFinding;
  }
  for (const Json& s : answer->value("steps", Json::array())) {
    const bool ok = s.value("ok", false);
    const std::string mend = field(s, "mend");
    fmt::print("{:4} {}: {}{}\n", ok ? "ok" : "BAD", field(s, "step"), field(s, "words"), ok || mend.empty() ? "" : "; " + mend);
  }
  next(good ? "handoff-agent map new --from SAMPLE: how your system's export becomes messages" : "mend what is BAD, then handoff-agent selftest again");
  return good ? kWorked : kFinding;
}

}  // namespace adapters::program
