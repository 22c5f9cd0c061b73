// handoff adapter test: plays the conformance story against a plugin over real pipes.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/counter/print.h"
#include "cli/kit/commands.h"
#include "cli/kit/story.h"
#include "schemas/config.h"

namespace cli::kit {
namespace {

using What = Verdict::What;

base::Result<Setup> setup_from(const counter::Call& call) {
  Setup s;
  s.command = call.get("command"), s.poke = call.get("poke");
  s.folder = call.has("folder") ? call.get("folder") : ".";
  TRY_ASSIGN(const std::uint64_t seconds, counter::number_option(call, "seconds", 10));
  if (seconds < 1 || seconds > 600) return base::Error{base::Kind::kUsage, "out of range", "--seconds", "use 1 to 600"};
  s.wait_ms = seconds * 1000;
  TRY_ASSIGN(s.memory_mb, counter::number_option(call, "memory-mb", s.memory_mb));
  if (s.memory_mb > 1u << 20) return base::Error{base::Kind::kUsage, "out of range", "--memory-mb", "use 0 (no limit) to 1048576"};
  if (call.has("config")) {
    TRY_ASSIGN(const schemas::Config config, schemas::Config::load(call.get("config")));
    TRY_ASSIGN(s.config, config.object(""));
  }
  return s;
}

const char* name(What w) { return w == What::kOk ? "ok" : w == What::kBad ? "BAD" : "skipped"; }

void print(const counter::Call& call, const Step& step, const Verdict& v) {
  counter::wrap(call.out, 0, fmt::format("{:<8}{:<15}{}", name(v.what), step.name, step.words));
  if (v.what != What::kOk) counter::wrap(call.out, 23, counter::plain(v.words));
  if (!v.mend.empty()) counter::wrap(call.out, 23, "mend: " + v.mend);
  call.out.flush();
}

// Each step begins with a plugin that runs: the fault of one is not the fault of the next.
base::Status ready(Bench& bench) {
  bench.answer = [](const Submit&) { return "submitted"; };
  if (bench.run() > 0 && !bench.ended() && bench.alive()) return {};
  return bench.start();
}

}  // namespace

counter::Exit adapter_test(const counter::Call& call) {
  TRY_ASSIGN(Setup setup, setup_from(call));
  Bench bench(std::move(setup));
  Json rows = Json::array();
  bool all = true;
  const std::string only = call.get("step");
  if (!only.empty() && std::ranges::none_of(story(), [&](const Step& s) { return only == s.name; }))
    return base::Error{base::Kind::kUsage, "there is no such step", "--step", "see the names in the whole story"};
  for (const Step& step : story()) {
    if (!only.empty() && only != step.name) continue;
    TRY(ready(bench));
    const Verdict v = bench.hello() || rows.empty() ? step.run(bench) : Verdict{What::kSkipped, "it does not say hello", ""};
    all = all && v.what != What::kBad;
    rows.push_back({{"step", step.name}, {"words", step.words}, {"verdict", v.what == What::kBad ? "bad" : name(v.what)}, {"what", v.words}, {"mend", v.mend}});
    if (!call.json()) print(call, step, v);
  }
  bench.kill();
  if (call.json()) counter::print_json(call.out, {{"ok", all}, {"steps", rows}});
  return all ? counter::kWorked : counter::kFinding;
}

}  // namespace cli::kit
