// handoff policy whatif NEW --replay: what the new policy would have decided of the messages that the agent keeps. Exit 1 if anything.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/counter/print.h"
#include "cli/policy/commands.h"
#include "cli/policy/source.h"

namespace cli::policy {
namespace {

using counter::Json;
using counter::text;

void print_change(std::ostream& out, const Json& c) {
  counter::wrap(out, 0,
                counter::seconds(text(c, "at")) + "  " + text(c, "kind") + "  " + text(c, "from") + " -> " + text(c, "to") + ": " +
                    text(c, "before") + " -> " + text(c, "after"));
  std::string rules;
  if (const auto list = c.find("rules"); list != c.end() && list->is_array())
    for (const auto& r : *list)
      rules += (rules.empty() ? "" : ", ") + counter::plain(r.is_string() ? r.get<std::string>() : schemas::dump(r));
  counter::wrap(out, 4, "message " + text(c, "message") + (rules.empty() ? "" : "  rules " + rules));
}

}  // namespace

counter::Exit whatif(const counter::Call& call) {
  if (!call.has("replay"))
    return base::Error{base::Kind::kUsage, "say what it is to be compared with", "--replay",
                       "add --replay for the agent's own messages; handoff policy diff compares two policies"};
  TRY_ASSIGN(const Source from, from_file(call, call.get("new")));
  TRY_ASSIGN(const auto policy, parse(from));  // a policy that is refused needs no replay
  Json request{{"op", "policy.whatif"}, {"toml", from.toml}};
  for (const char* option : {"since", "until"}) {
    TRY_ASSIGN(const std::string at, counter::time_option(call, option));
    if (!at.empty()) request[option] = at;
  }
  TRY_ASSIGN(const auto answer, counter::ask(call, request, counter::progress_to(call, "replayed")));
  const auto changed = answer->find("changed");
  if (changed == answer->end() || !changed->is_array()) return base::malformed("the agent's answer lists no changes", "policy.whatif");
  if (call.json()) {
    counter::print_json(call.out, *answer);
  } else {
    for (const auto& c : *changed) print_change(call.out, c);
    call.out << text(*answer, "decisions") << " decisions replayed under version " << policy.version << ", " << changed->size()
             << " would change\n";
  }
  return changed->empty() ? counter::kWorked : counter::kFinding;
}

}  // namespace cli::policy
