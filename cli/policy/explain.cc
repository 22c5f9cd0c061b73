// handoff policy explain: why a message was, or would be, allowed or denied. A message's id asks the agent that keeps it; a file, or
// --from and --to alone, asks the policy itself. Exit 1 if it is denied.
#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/counter/print.h"
#include "cli/policy/commands.h"
#include "cli/policy/source.h"
#include "schemas/policy/view.h"

namespace cli::policy {
namespace {

using counter::Json;
using counter::text;
using schemas::policy::Case;

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    if (end > at) out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

void print_list(std::ostream& out, const Json& j, const char* key, const char* title) {
  const auto list = j.find(key);
  if (list == j.end() || !list->is_array() || list->empty()) return;
  std::string words;
  for (const auto& w : *list)
    words += (words.empty() ? "" : ", ") + counter::plain(w.is_string() ? w.get<std::string>() : schemas::dump(w));
  counter::wrap(out, 2, title + words);
}

void print(std::ostream& out, const Json& j) {
  const bool allowed = j.contains("allowed") && j.at("allowed") == true;
  counter::wrap(out, 0, (allowed ? "allowed" : "DENIED") + std::string(" by version ") + text(j, "version"));
  const auto rules = j.find("rules");
  const bool ruled = rules != j.end() && rules->is_array() && !rules->empty();
  if (const auto why = text(j, "explanation"); !ruled && !why.empty()) counter::wrap(out, 2, why);
  for (std::size_t i = 0; ruled && i < rules->size(); ++i) {
    const Json& r = rules->at(i);
    const auto cite = text(r, "cite"), verdict = text(r, "verdict");
    const char* said = verdict == "deny" ? " denies: " : verdict.empty() ? ": " : " allows: ";
    counter::wrap(out, 2, "rule " + text(r, "rule") + said + text(r, "words") + (cite.empty() ? "" : " (" + cite + ")"));
  }
  print_list(out, j, "obligations", "and: ");
  if (allowed) counter::wrap(out, 2, "the reader sees: " + (text(j, "view") == "*" ? "everything" : "view " + text(j, "view")));
  print_list(out, j, "withheld", "withheld: ");
  if (const auto code = text(j, "code"); !code.empty()) counter::wrap(out, 2, "code for reports: " + code);
  if (const auto mend = text(j, "mend"); !mend.empty()) counter::wrap(out, 2, "mend: " + mend);
}

counter::Exit told(const counter::Call& call, const Json& j) {
  if (call.json()) {
    counter::print_json(call.out, j);
  } else {
    print(call.out, j);
  }
  return j.contains("allowed") && j.at("allowed") == true ? counter::kWorked : counter::kFinding;
}

base::Result<Case> case_of(const counter::Call& call) {
  Case c;
  c.name = "this question";
  c.expect = "allow";
  c.from = call.get("from");
  c.to = call.get("to");
  c.kind = call.has("kind") ? call.get("kind") : "Referral";
  c.purpose = call.has("purpose") ? call.get("purpose") : "CRISIS";
  c.basis = call.get("basis");
  c.labels = split(call.get("labels"));
  c.consent = call.get("consent");
  c.court_order = call.get("court-order");
  c.good_faith = call.get("good-faith");
  if (c.basis == "medical_emergency_2_51") c.emergency = "complete";
  TRY(schemas::policy::check_case(c));
  return c;
}

counter::Exit offline(const counter::Call& call) {
  TRY_ASSIGN(const Case c, case_of(call));
  TRY_ASSIGN(const Source from, source(call, "what"));
  TRY_ASSIGN(const auto policy, parse(from));
  TRY_ASSIGN(const base::Instant now, moment(call, call.now));
  const auto result = schemas::policy::run(policy, c, now);
  const auto& answer = result.answer;
  if (answer.because.empty()) return base::Error{base::Kind::kUsage, result.why, "--from, --to", "name agencies by id, or kinds of agency"};
  Json rules = Json::array();
  for (const auto& s : answer.because)
    rules.push_back({{"rule", s.rule},
                     {"verdict", s.verdict == schemas::policy::Verdict::kDeny ? "deny" : "allow"},
                     {"words", s.words},
                     {"cite", s.cite}});
  return told(call, {{"version", policy.version},
                     {"allowed", answer.allowed},
                     {"rules", std::move(rules)},
                     {"obligations", answer.obligations},
                     {"view", answer.view},
                     {"code", answer.code},
                     {"mend", answer.mend},
                     {"explanation", answer.explanation()}});
}

}  // namespace

counter::Exit explain(const counter::Call& call) {
  if (call.has("from") || call.has("to")) return offline(call);
  if (std::filesystem::exists(call.get("what")))
    return base::Error{base::Kind::kUsage, "a policy alone explains nothing", call.get("what"),
                       "say who asks: --from, --to, --kind, --basis"};
  TRY_ASSIGN(const std::string message, counter::id_option(call, "what"));
  if (message.empty())
    return base::Error{base::Kind::kUsage, "name a message, or ask with --from and --to", "", "see handoff policy explain --help"};
  TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "policy.explain"}, {"message", message}}));
  return told(call, *answer);
}

}  // namespace cli::policy
