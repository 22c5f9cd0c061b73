// handoff loops: which referrals are open, how old they are, what is due next and what is late. Exit 1 if anything is overdue.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/counter/print.h"
#include "cli/program/commands.h"

namespace cli::program {
namespace {

using counter::Json;
using counter::text;

// A row has more than 100 columns can hold: it takes two lines, and one more for each duty that is late.
void print_loop(std::ostream& out, const Json& l) {
  const std::string level = text(l, "esc_level"), service = text(l, "service"), to = text(l, "to");
  counter::wrap(out, 0,
                text(l, "thread") + "  " + text(l, "from") + " -> " + to + "  " + text(l, "phase") +
                    (level == "0" ? "" : "  LEVEL " + level) + (l.value("test", false) ? "  (test)" : ""));
  std::string words =
      text(l, "urgency") + (service.empty() ? "" : " " + service) + ", " + counter::age(l.value("age_s", std::uint64_t{0})) + " old";
  if (const auto next = l.find("next"); next != l.end() && next->is_object())
    words += "; next: " + text(*next, "name") + " at " + counter::seconds(text(*next, "at"));
  counter::wrap(out, 4, words);
  for (const Json& d : l.at("overdue")) {
    counter::wrap(out, 4, "OVERDUE " + text(d, "name") + " by " + counter::age(d.value("late_s", std::uint64_t{0})));
  }
}

}  // namespace

counter::Exit loops(const counter::Call& call) {
  TRY_ASSIGN(const std::uint64_t limit, counter::number_option(call, "limit", 100));
  TRY_ASSIGN(const auto answer,
             counter::ask(call, {{"op", "loops"}, {"open", call.has("open")}, {"overdue", call.has("overdue")}, {"limit", limit}}));
  TRY_ASSIGN(const Json* list, counter::list_in(*answer, "loops"));
  std::size_t late = 0;
  for (const Json& l : *list) late += l.contains("overdue") && !l.at("overdue").empty();
  const int code = late == 0 ? counter::kWorked : counter::kFinding;
  if (counter::print_data(call, *answer, *list, {"thread", "from", "to", "phase", "esc_level", "urgency", "service", "age_s", "next", "overdue", "test"})) return code;
  if (list->empty()) {
    call.out << (call.has("overdue") ? "nothing is overdue\n" : "no loops here\n");
  } else {
    for (const Json& l : *list) print_loop(call.out, l);
    call.out << list->size() << " loop(s), " << late << " overdue" << (answer->value("more", false) ? "; more: raise --limit" : "") << "\n";
  }
  return code;
}

}  // namespace cli::program
