// handoff can-send: would a message go out, before it is needed. Exit 1 if not.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/admin/commands.h"
#include "cli/counter/print.h"

namespace cli::admin {

counter::Exit can_send(const counter::Call& call) {
  counter::Json request{{"op", "can_send"}, {"to", call.get("to")}, {"kind", call.get("kind")}};
  if (call.has("purpose")) request["purpose"] = call.get("purpose");
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  const counter::Json& j = *answer;
  const bool allowed = j.contains("allowed") && j.at("allowed") == true;
  if (call.json()) {
    counter::print_json(call.out, j);
    return allowed ? counter::kWorked : counter::kFinding;
  }
  const bool key = j.contains("epoch_key") && j.at("epoch_key") == true;
  counter::wrap(call.out, 0, (allowed ? "yes: " : "NO: ") + counter::plain(call.get("kind")) + " to " + counter::plain(call.get("to")));
  if (const auto why = counter::text(j, "explanation"); !why.empty()) counter::wrap(call.out, 2, why);
  counter::wrap(
      call.out, 2,
      "its certificate is " + counter::text(j, "standing") + "; " + (key ? "a key to seal to is there" : "there is NO key to seal to"));
  if (const auto rules = j.find("rules"); rules != j.end() && rules->is_array()) {
    for (const auto& rule : *rules)
      counter::wrap(call.out, 2, "rule: " + counter::plain(rule.is_string() ? rule.get<std::string>() : schemas::dump(rule)));
  }
  return allowed ? counter::kWorked : counter::kFinding;
}

}  // namespace cli::admin
