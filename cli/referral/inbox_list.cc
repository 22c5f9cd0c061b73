// handoff inbox list: the threads of this agency. Without --names nothing protected is printed, not even with --json.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/counter/print.h"
#include "cli/referral/commands.h"

namespace cli::referral {
namespace {

using counter::Json;
using counter::text;

void hide_names(Json& answer) {
  for (Json& t : answer["threads"]) {
    for (const char* key : {"subject", "reason", "reason_text", "reason_codes", "who", "place"}) t.erase(key);
  }
}

void print_threads(std::ostream& out, const Json& answer, bool names) {
  std::vector<counter::Table::Column> columns{{"THREAD"}, {""}, {"PHASE", true}, {"URGENCY"}, {"FROM", true}, {"TO", true}};
  if (names) {
    columns.push_back({"SUBJECT", true});
  } else {
    columns.push_back({"UPDATED"});
  }
  counter::Table table(columns);
  for (const Json& t : answer.at("threads")) {
    const bool unread = t.contains("unread") && t.at("unread") == true;
    const bool expired = t.contains("expired") && t.at("expired") == true;
    table.add({text(t, "thread"), unread ? "new" : "", text(t, "phase") + (expired ? " (expired)" : ""), text(t, "urgency"),
               text(t, "from"), text(t, "to"), names ? text(t, "subject") : counter::seconds(text(t, "updated"))});
  }
  table.print(out);
  if (const auto next = text(answer, "next"); !next.empty()) out << "more: add --after " << next << "\n";
}

}  // namespace

counter::Exit inbox_list(const counter::Call& call) {
  TRY_ASSIGN(const std::uint64_t limit, counter::number_option(call, "limit", 50));
  TRY_ASSIGN(const std::uint64_t after, counter::number_option(call, "after", 0));
  Json request{{"op", "inbox.list"}, {"open", call.has("open")}, {"limit", limit}};
  if (after != 0) request["after"] = after;
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  if (!answer->contains("threads") || !answer->at("threads").is_array())
    return base::malformed("the agent's answer lists no threads", "inbox.list");
  if (!call.has("names")) hide_names(*answer);
  const Json& threads = answer->at("threads");
  if (counter::print_data(call, *answer, threads, {"thread", "unread", "phase", "urgency", "from", "to", "expired", "updated"})) return counter::kWorked;
  if (threads.empty()) {
    call.out << "nothing here\n";
  } else {
    print_threads(call.out, *answer, call.has("names"));
  }
  return counter::kWorked;
}

}  // namespace cli::referral
