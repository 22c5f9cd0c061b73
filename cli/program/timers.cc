// handoff timers: every deadline that passed, and what was done about it.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/counter/print.h"
#include "cli/program/commands.h"

namespace cli::program {

using counter::Json;
using counter::text;

counter::Exit timers(const counter::Call& call) {
  TRY_ASSIGN(const std::uint64_t limit, counter::number_option(call, "limit", 100));
  TRY_ASSIGN(const std::uint64_t after, counter::number_option(call, "after", 0));
  TRY_ASSIGN(const std::string thread, counter::id_option(call, "thread"));
  Json request{{"op", "timers"}, {"limit", limit}};
  if (after != 0) request["after"] = after;
  if (!thread.empty()) request["thread"] = thread;
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  TRY_ASSIGN(const Json* list, counter::list_in(*answer, "timers"));
  if (counter::print_data(call, *answer, *list, {"at", "thread", "name", "tell", "did"})) return counter::kWorked;
  if (list->empty()) {
    call.out << "no deadline has passed\n";
    return counter::kWorked;
  }
  counter::Table table({{"AT"}, {"THREAD"}, {"DEADLINE", true}, {"TOLD", true}, {"WHAT WAS DONE", true}});
  for (const Json& t : *list)
    table.add({counter::seconds(text(t, "at")), text(t, "thread"), text(t, "name"), text(t, "tell"), text(t, "did")});
  table.print(call.out);
  if (const auto next = text(*answer, "next"); !next.empty()) call.out << "more: add --after " << next << "\n";
  return counter::kWorked;
}

}  // namespace cli::program
