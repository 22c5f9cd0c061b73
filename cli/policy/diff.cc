// handoff policy diff: what a new policy decides differently. Exit 1 if there is a difference.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/counter/print.h"
#include "cli/policy/commands.h"
#include "cli/policy/source.h"

namespace cli::policy {
namespace {

using counter::Json;

Json named(const schemas::policy::Policy& p) { return {{"id", p.id}, {"version", p.version}}; }

}  // namespace

counter::Exit diff(const counter::Call& call) {
  const bool two = call.has("new");
  TRY_ASSIGN(const Source old_source, two ? from_file(call, call.get("old")) : from_agent(call));
  TRY_ASSIGN(const Source new_source, from_file(call, call.get(two ? "new" : "old")));
  TRY_ASSIGN(const auto before, parse(old_source));
  TRY_ASSIGN(const auto after, parse(new_source));
  const auto changes = schemas::policy::diff(before, after, after.effective);
  if (call.json()) {
    Json list = Json::array();
    for (const auto& c : changes) list.push_back({{"what", c.what}, {"before", c.before}, {"after", c.after}});
    counter::print_json(call.out, {{"before", named(before)}, {"after", named(after)}, {"changes", std::move(list)}});
  } else {
    for (const auto& c : changes) {
      counter::wrap(call.out, 0, counter::plain(c.what));
      counter::wrap(call.out, 4, "- " + counter::plain(c.before));
      counter::wrap(call.out, 4, "+ " + counter::plain(c.after));
    }
    call.out << "version " << before.version << " to " << after.version << ": ";
    call.out << (changes.empty() ? "nothing is decided differently"
                                 : std::to_string(changes.size()) + (changes.size() == 1 ? " difference" : " differences"))
             << "\n";
  }
  return changes.empty() ? counter::kWorked : counter::kFinding;
}

}  // namespace cli::policy
