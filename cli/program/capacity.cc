// handoff capacity list, set, ask: who has room. No person is in any of it.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/counter/codes.h"
#include "cli/counter/print.h"
#include "cli/program/commands.h"

namespace cli::program {

using counter::Json;
using counter::text;

counter::Exit capacity_list(const counter::Call& call) {
  Json request{{"op", "capacity.list"}};
  if (call.has("service")) request["service"] = call.get("service");
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  TRY_ASSIGN(const Json* list, counter::list_in(*answer, "capacity"));
  if (counter::print_data(call, *answer, *list, {"service", "agency", "state", "count", "as_of", "stale", "accepts", "phone"})) return counter::kWorked;
  if (list->empty()) {
    call.out << "nobody has said anything of its capacity\n";
    return counter::kWorked;
  }
  counter::Table table(
      {{"SERVICE", true}, {"AGENCY", true}, {"STATE"}, {"PLACES", false, true}, {"AS OF"}, {""}, {"ACCEPTS", true}, {"PHONE", true}});
  for (const Json& c : *list) {
    table.add({text(c, "service"), text(c, "agency"), text(c, "state"), text(c, "count"), counter::seconds(text(c, "as_of")),
               c.value("stale", false) ? "STALE" : "", text(c, "accepts"), text(c, "phone")});
  }
  table.print(call.out);
  return counter::kWorked;
}

counter::Exit capacity_set(const counter::Call& call) {
  TRY(counter::check_code(call, "service", "service"));
  TRY(counter::check_code(call, "state", "capacity_state"));
  Json request{{"op", "capacity.set"}, {"service", call.get("service")}, {"state", call.get("state")}};
  for (const auto& [option, field] : {std::pair{"count", "count"}, std::pair{"minutes", "ttl_minutes"}}) {
    TRY_ASSIGN(const std::uint64_t n, counter::number_option(call, option, 0));
    if (call.has(option)) request[field] = n;
  }
  for (const char* field : {"accepts", "phone"}) {
    if (call.has(field)) request[field] = call.get(field);
  }
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  if (call.json()) {
    counter::print_json(call.out, *answer);
  } else {
    call.out << "the other agencies will be told\nmessage " << text(*answer, "message") << "\n";
  }
  return counter::kWorked;
}

counter::Exit capacity_ask(const counter::Call& call) {
  TRY(counter::check_code(call, "service", "service"));
  TRY(counter::check_code(call, "urgency", "urgency"));
  Json request{{"op", "capacity.ask"}, {"to", call.get("to")}, {"service", call.get("service")}};
  if (call.has("age-band")) request["age_band"] = call.get("age-band");
  if (call.has("urgency")) request["urgency"] = call.get("urgency");
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  if (call.json()) {
    counter::print_json(call.out, *answer);
  } else {
    counter::wrap(call.out, 0,
                  "asked; the answer comes into thread " + text(*answer, "thread") + " and into the list: handoff capacity list");
  }
  return counter::kWorked;
}

}  // namespace cli::program
