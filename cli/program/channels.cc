// handoff notify: the ways on which a person is told, and whether they work.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/counter/print.h"
#include "cli/program/commands.h"

namespace cli::program {
namespace {

using counter::Json;
using counter::text;

Json request_of(const counter::Call& call, const char* op) {
  Json request{{"op", op}};
  if (call.has("login")) request["login"] = call.get("login");
  return request;
}

}  // namespace

counter::Exit notify_list(const counter::Call& call) {
  TRY_ASSIGN(const auto answer, counter::ask(call, request_of(call, "channels.list")));
  TRY_ASSIGN(const Json* list, counter::list_in(*answer, "channels"));
  if (counter::print_data(call, *answer, *list, {"id", "kind", "address", "label", "off"})) return counter::kWorked;
  if (list->empty()) {
    call.out << "no way to be told: handoff notify add\n";
    return counter::kWorked;
  }
  counter::Table table({{"ID", false, true}, {"KIND"}, {"ADDRESS", true}, {"LABEL", true}, {""}});
  for (const Json& c : *list) table.add({text(c, "id"), text(c, "kind"), text(c, "address"), text(c, "label"), c.value("off", false) ? "GONE" : ""});
  table.print(call.out);
  return counter::kWorked;
}

counter::Exit notify_add(const counter::Call& call) {
  Json request = request_of(call, "channels.add");
  if (call.has("email") == call.has("webhook")) return base::Error{base::Kind::kUsage, "give one way", "--email", "--email ADDRESS, or --webhook NAME as in agent.toml; a browser adds Web Push itself"};
  request["kind"] = call.has("email") ? "email" : "webhook";
  request["address"] = call.get(call.has("email") ? "email" : "webhook");
  if (call.has("label")) request["label"] = call.get("label");
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  if (call.json()) {
    counter::print_json(call.out, *answer);
  } else {
    counter::wrap(call.out, 0, "added as " + text(*answer, "id") + "; try it: handoff notify test");
  }
  return counter::kWorked;
}

counter::Exit notify_remove(const counter::Call& call) {
  Json request = request_of(call, "channels.remove");
  TRY_ASSIGN(request["id"], counter::number_option(call, "id", 0));
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  if (call.json()) {
    counter::print_json(call.out, *answer);
  } else {
    call.out << "removed\n";
  }
  return counter::kWorked;
}

// Exit 1: a way did not take it.
counter::Exit notify_test(const counter::Call& call) {
  Json request = request_of(call, "channels.test");
  if (call.has("id")) {
    TRY_ASSIGN(request["id"], counter::number_option(call, "id", 0));
  }
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  TRY_ASSIGN(const Json* list, counter::list_in(*answer, "tested"));
  bool all = true;
  for (const Json& c : *list) all = all && text(c, "state") == "accepted";
  if (call.json()) {
    counter::print_json(call.out, *answer);
    return all ? counter::kWorked : counter::kFinding;
  }
  for (const Json& c : *list) {
    const std::string label = text(c, "label"), why = text(c, "why");
    counter::wrap(call.out, 0, text(c, "kind") + (label.empty() ? "" : " " + label) + ": " + text(c, "state") + (why.empty() ? "" : ", " + why));
  }
  return all ? counter::kWorked : counter::kFinding;
}

}  // namespace cli::program
