// handoff loops: which referrals are open, how old they are, what is due next and what is late. Exit 1 if anything is overdue.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/counter/print.h"
#include "cli/program/commands.h"

namespace cli::program {
namespace {

using counter::Json;
using counter::text;

std::string due(const Json& loop) {
  if (const auto& late = loop.at("overdue"); !late.empty()) {
    const std::string more = late.size() > 1 ? " +" + std::to_string(late.size() - 1) : "";
    return "OVERDUE " + text(late[0], "name") + " " + counter::age(late[0].value("late_s", std::uint64_t{0})) + more;
  }
  const auto next = loop.find("next");
  if (next == loop.end() || !next->is_object()) return "";
  return text(*next, "name") + " at " + counter::seconds(text(*next, "at"));
}

void print_loops(std::ostream& out, const Json& answer) {
  counter::Table table({{"THREAD"},
                        {"FROM", true},
                        {"TO", true},
                        {"URGENCY", true},
                        {"PHASE", true},
                        {"LEVEL", false, true},
                        {"AGE", false, true},
                        {"DUE", true}});
  for (const Json& l : answer.at("loops")) {
    const std::string level = text(l, "esc_level"), test = l.value("test", false) ? " (test)" : "";
    table.add({text(l, "thread"), text(l, "from"), text(l, "to"), text(l, "urgency"), text(l, "phase") + test, level == "0" ? "" : level,
               counter::age(l.value("age_s", std::uint64_t{0})), due(l)});
  }
  table.print(out);
}

}  // namespace

counter::Exit loops(const counter::Call& call) {
  TRY_ASSIGN(const std::uint64_t limit, counter::number_option(call, "limit", 100));
  TRY_ASSIGN(const auto answer,
             counter::ask(call, {{"op", "loops"}, {"open", call.has("open")}, {"overdue", call.has("overdue")}, {"limit", limit}}));
  TRY_ASSIGN(const Json* list, counter::list_in(*answer, "loops"));
  std::size_t late = 0;
  for (const Json& l : *list) late += l.contains("overdue") && !l.at("overdue").empty();
  if (call.json()) {
    counter::print_json(call.out, *answer);
  } else if (list->empty()) {
    call.out << (call.has("overdue") ? "nothing is overdue\n" : "no loops here\n");
  } else {
    print_loops(call.out, *answer);
    call.out << list->size() << " loop(s), " << late << " overdue" << (answer->value("more", false) ? "; more: raise --limit" : "") << "\n";
  }
  return late == 0 ? counter::kWorked : counter::kFinding;
}

}  // namespace cli::program
