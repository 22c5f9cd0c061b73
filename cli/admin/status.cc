// handoff status: the agent, its hub, its queues, its certificate, its adapters.
#include <fmt/format.h>
#include <fmt/ostream.h>

#include <nlohmann/json.hpp>

#include "cli/admin/commands.h"
#include "cli/counter/print.h"

namespace cli::admin {
namespace {

using counter::Json;
using counter::text;

const Json& part(const Json& j, const char* key) {
  static const Json nothing = Json::object();
  const auto it = j.find(key);
  return it != j.end() && it->is_object() ? *it : nothing;
}

std::uint64_t number(const Json& j, const char* key) {
  const auto it = j.find(key);
  return it != j.end() && it->is_number_unsigned() ? it->get<std::uint64_t>() : 0;
}

// "shadow+2": two kinds of it are live already.
std::string mode_of(const Json& adapter) {
  const auto kinds = adapter.find("kinds");
  const std::size_t n = kinds != adapter.end() && kinds->is_array() ? kinds->size() : 0;
  return text(adapter, "mode") + (n == 0 ? "" : "+" + std::to_string(n));
}

void print_adapters(std::ostream& out, const Json& list) {
  if (!list.is_array() || list.empty()) return;
  counter::Table table({{"ADAPTER", true},
                        {"TYPE", true},
                        {"STATE"},
                        {"MODE"},
                        {"QUEUE", false, true},
                        {"ACCEPTED", false, true},
                        {"REFUSED", false, true},
                        {"DELIVERED", false, true},
                        {"FAILED", false, true},
                        {"WORDS", true}});
  for (const Json& a : list) {
    table.add({text(a, "name"), text(a, "type"), a.value("ok", false) ? "ok" : "SICK", mode_of(a), text(a, "queue"), text(a, "accepted"),
               text(a, "refused"), text(a, "delivered"), text(a, "failed"), text(a, "words")});
  }
  out << "\n";
  table.print(out);
}

void print_status(std::ostream& out, const Json& j) {
  const Json &hub = part(j, "hub"), &log = part(j, "log"), &cert = part(j, "certificate"), &outbox = part(j, "outbox"),
             &inbox = part(j, "inbox");
  const auto line = [&](const char* title, const std::string& words) { counter::wrap(out, 0, fmt::format("{:<12} {}", title, words)); };
  const auto flag = [](const Json& o, const char* key) { return o.contains(key) && o.at(key) == true; };
  line("Agency", fmt::format("{} ({}), agent {}{}", text(j, "agency"), text(j, "kind"), text(j, "agent"),
                             flag(j, "test") ? ", TEST CONSORTIUM" : ""));
  line("Hub", fmt::format("{}, {}{}", text(hub, "endpoint"), flag(hub, "connected") ? "connected" : "NOT CONNECTED",
                          flag(hub, "read_only") ? ", READ ONLY" : ""));
  line("Log", fmt::format("{} entries at the hub, {} checked here; hub time {}", text(hub, "log_size"), text(log, "scanned"),
                          counter::seconds(text(hub, "hub_time"))));
  line("Certificate",
       fmt::format("serial {}, until {}, {}", text(cert, "serial"), counter::seconds(text(cert, "not_after")), text(cert, "standing")));
  if (const Json& directory = part(j, "directory"); number(directory, "by_file") > 0)
    line("Directory", fmt::format("{} notes came by file and are not logged: handoff directory list", number(directory, "by_file")));
  line("Keys", fmt::format("published until {}", counter::seconds(text(part(j, "epochs"), "published_until"))));
  const std::string stale = text(part(j, "policy"), "stale");
  line("Policy", fmt::format("version {}{}", text(part(j, "policy"), "version"), stale.empty() ? "" : ", STALE: " + stale));
  line("Outbox",
       fmt::format("{} waiting, {} in flight, oldest {}{}", text(outbox, "waiting"), text(outbox, "in_flight"),
                   counter::age(number(outbox, "oldest_age_ms") / 1000),
                   !outbox.contains("stopped") || outbox.at("stopped") == false || text(outbox, "stopped").empty() ? "" : ", STOPPED"));
  line("Inbox", fmt::format("{} threads, {} undelivered", text(inbox, "threads"), text(inbox, "undelivered")));
  if (const Json& facts = part(j, "facts"); number(facts, "waiting") > 0)
    line("Coordinator",
         fmt::format("{} loop facts wait, oldest {}", number(facts, "waiting"), counter::age(number(facts, "age_ms") / 1000)));
  if (const Json& loops = part(j, "loops"); !loops.empty())
    line("Loops", fmt::format("{} open, {}{}", number(loops, "open"), number(loops, "overdue"),
                              number(loops, "overdue") == 0 ? " overdue" : " OVERDUE: handoff loops --overdue"));
  if (number(part(j, "notices"), "unseen") > 0)
    line("Notices", fmt::format("{} unseen: handoff notices --unseen", number(part(j, "notices"), "unseen")));
  line("Quarantine", text(j, "quarantine"));
  if (const auto alarms = j.find("alarms"); alarms != j.end() && alarms->is_array()) {
    for (const Json& alarm : *alarms) line("ALARM", counter::plain(alarm.is_string() ? alarm.get<std::string>() : schemas::dump(alarm)));
  }
  if (const auto adapters = j.find("adapters"); adapters != j.end()) print_adapters(out, *adapters);
}

}  // namespace

counter::Exit status(const counter::Call& call) {
  TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "status"}}));
  if (call.json()) {
    counter::print_json(call.out, *answer);
  } else {
    print_status(call.out, *answer);
  }
  return counter::kWorked;
}

}  // namespace cli::admin
