// handoff policy test: every row of a decision table, asked of the policy. Exit 1 if one of them fails.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/counter/print.h"
#include "cli/policy/commands.h"
#include "cli/policy/source.h"

namespace cli::policy {

using counter::Json;

std::size_t Table::failed() const {
  return static_cast<std::size_t>(std::ranges::count(results, false, &schemas::policy::CaseResult::passed));
}

void Table::print(const counter::Call& call) const {
  for (const auto& r : results) {
    if (r.passed) continue;
    counter::wrap(call.out, 0, "FAIL line " + std::to_string(r.c.line) + ": " + counter::plain(r.c.name));
    counter::wrap(call.out, 5, counter::plain(r.why));
  }
  call.out << results.size() << " cases, " << (results.size() - failed()) << " as expected, " << failed() << " not\n";
}

Json Table::json() const {
  Json rows = Json::array();
  for (const auto& r : results)
    rows.push_back({{"name", r.c.name},
                    {"line", r.c.line},
                    {"passed", r.passed},
                    {"why", r.why},
                    {"allowed", r.answer.allowed},
                    {"rules", r.answer.rules()},
                    {"view", r.answer.view},
                    {"obligations", r.answer.obligations},
                    {"code", r.answer.code}});
  return {{"cases", results.size()}, {"failed", failed()}, {"results", std::move(rows)}};
}

Table run_table(const schemas::policy::Policy& policy, const std::vector<schemas::policy::Case>& cases, base::Instant now) {
  Table out;
  for (const auto& c : cases) out.results.push_back(schemas::policy::run(policy, c, now));
  return out;
}

// Without --at the table is asked at the moment that the policy comes into force: a table does not fail because time passes.
counter::Exit test(const counter::Call& call) {
  const bool two = call.has("cases");
  TRY_ASSIGN(const Source from, two ? from_file(call, call.get("file")) : from_agent(call));
  TRY_ASSIGN(const auto policy, parse(from));
  TRY_ASSIGN(const auto rows, cases(call, call.get(two ? "cases" : "file")));
  TRY_ASSIGN(const base::Instant now, moment(call, policy.effective));
  const Table table = run_table(policy, rows, now);
  if (call.json()) {
    Json j = table.json();
    j["policy"] = policy.id;
    j["version"] = policy.version;
    counter::print_json(call.out, j);
  } else {
    table.print(call);
  }
  return table.failed() == 0 ? counter::kWorked : counter::kFinding;
}

}  // namespace cli::policy
