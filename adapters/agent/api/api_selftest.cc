// selftest, doctor: does this agent work, and what keeps it from working? Nothing protected.
#include <nlohmann/json.hpp>

#include "adapters/agent/api/ops.h"
#include "adapters/agent/doctor.h"
#include "adapters/agent/rehearse/selftest.h"

namespace adapters::agent::api {

base::Status op_selftest(const Call& call, Json& out) {
  TRY_ASSIGN(const std::uint64_t wait_ms, number_of(call.in, "wait_ms", 20'000, 60'000));
  out["steps"] = Json::array();
  bool good = true;
  for (const rehearse::Step& s : rehearse::selftest(call.agent.office(), call.agent.host(), call.agent.connection().up, wait_ms)) {
    good = good && s.good;
    out["steps"].push_back({{"step", s.step}, {"ok", s.good}, {"words", s.words}, {"mend", s.mend}});
  }
  out["good"] = good;
  return {};
}

base::Status op_doctor(const Call& call, Json& out) {
  out["findings"] = Json::array();
  for (const Finding& f : examine_inside(call.agent, true)) out["findings"].push_back({{"ok", f.good}, {"words", f.words}, {"mend", f.mend}, {"warning", f.warning}});
  return {};
}

}  // namespace adapters::agent::api
