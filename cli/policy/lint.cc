// handoff policy lint: what is wrong with a policy, or will be soon. Exit 1 if something is wrong; warnings alone are no reason to stop.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/counter/print.h"
#include "cli/policy/commands.h"
#include "cli/policy/source.h"

namespace cli::policy {
namespace {

using counter::Json;
using schemas::policy::Finding;

bool is_error(const Finding& f) { return f.grade == Finding::Grade::kError; }

// A policy that does not even parse is a finding like others: lint is asked exactly that.
Finding refusal(const base::Error& e) {
  const auto colon = e.where.rfind(':');
  const std::string digits = colon == std::string::npos ? "" : e.where.substr(colon + 1);
  Finding f{Finding::Grade::kError, 0, "refused", e.what, e.mend};
  if (!digits.empty() && digits.size() < 8 && digits.find_first_not_of("0123456789") == std::string::npos)
    f.line = static_cast<unsigned>(std::stoul(digits));
  return f;
}

void print(const counter::Call& call, const Source& from, const std::vector<Finding>& findings) {
  for (const auto& f : findings) {
    const std::string place = counter::plain(from.name) + (f.line != 0 ? ":" + std::to_string(f.line) : "");
    counter::wrap(call.out, 0, place + ": " + (is_error(f) ? "ERROR: " : "warning: ") + counter::plain(f.what));
    if (!f.mend.empty()) counter::wrap(call.out, 5, "mend: " + counter::plain(f.mend));
  }
  const auto errors = std::ranges::count_if(findings, is_error);
  call.out << errors << (errors == 1 ? " error, " : " errors, ") << findings.size() - static_cast<std::size_t>(errors) << " warnings\n";
}

Json json_of(const std::vector<Finding>& findings) {
  Json out{{"errors", std::ranges::count_if(findings, is_error)}, {"findings", Json::array()}};
  for (const auto& f : findings)
    out["findings"].push_back(
        {{"grade", is_error(f) ? "error" : "warning"}, {"line", f.line}, {"rule", f.rule}, {"what", f.what}, {"mend", f.mend}});
  return out;
}

}  // namespace

counter::Exit lint(const counter::Call& call) {
  TRY_ASSIGN(const Source from, source(call, "file"));
  TRY_ASSIGN(const base::Instant now, moment(call, call.now));
  const auto policy = parse(from);
  const auto findings = policy.ok() ? schemas::policy::lint(*policy, now) : std::vector{refusal(policy.error())};
  std::optional<Table> table;
  if (call.has("cases") && policy.ok()) {
    TRY_ASSIGN(const auto rows, cases(call, call.get("cases")));
    table = run_table(*policy, rows, policy->effective);
  }
  if (call.json()) {
    Json j = json_of(findings);
    if (policy.ok()) j["policy"] = policy->id, j["version"] = policy->version;
    if (table) j["table"] = table->json();
    counter::print_json(call.out, j);
  } else {
    print(call, from, findings);
    if (table) table->print(call);
  }
  const bool holds = std::ranges::none_of(findings, is_error) && (!table || table->failed() == 0);
  return holds ? counter::kWorked : counter::kFinding;
}

}  // namespace cli::policy
