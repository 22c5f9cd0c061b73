// handoff audit denials: what was not sent, or not shown, by which rule, and how often. --each prints every one with its words.
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/audit/commands.h"
#include "cli/counter/print.h"

namespace cli::audit {
namespace {

using counter::Json;
using counter::text;

void print_each(std::ostream& out, const Json& list) {
  for (const Json& d : list) {
    const std::string person = text(d, "person"), message = text(d, "message"), thread = text(d, "thread");
    counter::wrap(out, 0,
                  counter::seconds(text(d, "at")) + "  " + text(d, "kind") + "  " + text(d, "from") + " -> " + text(d, "to") + "  rule " +
                      text(d, "rule") + (d.value("incoming", false) ? "  (not shown here)" : "  (not sent)"));
    counter::wrap(out, 4, text(d, "words"));
    if (!person.empty() || !message.empty() || !thread.empty()) {
      counter::wrap(
          out, 4,
          (message.empty() ? thread.empty() ? "" : "thread " + thread : "message " + message) + (person.empty() ? "" : "  by " + person));
    }
  }
}

void print_counts(std::ostream& out, const Json& list) {
  struct Group {
    std::uint64_t count = 0;
    std::string last, example;
  };
  std::map<std::vector<std::string>, Group> groups;
  for (const Json& d : list) {  // newest first
    Group& g = groups[{text(d, "rule"), text(d, "code"), text(d, "kind"), text(d, "from"), text(d, "to")}];
    if (++g.count == 1) g.last = counter::seconds(text(d, "at"));
    if (g.example.empty()) g.example = text(d, "seq");
  }
  counter::Table table({{"RULE", true},
                        {"CODE", true},
                        {"KIND", true},
                        {"FROM", true},
                        {"TO", true},
                        {"COUNT", false, true},
                        {"LAST"},
                        {"EXAMPLE", false, true}});
  for (const auto& [key, g] : groups) table.add({key[0], key[1], key[2], key[3], key[4], std::to_string(g.count), g.last, "#" + g.example});
  table.print(out);
}

}  // namespace

counter::Exit denials(const counter::Call& call) {
  TRY_ASSIGN(const std::uint64_t limit, counter::number_option(call, "limit", 1000));
  TRY_ASSIGN(const std::uint64_t after, counter::number_option(call, "after", 0));
  Json request{{"op", "denials"}, {"limit", limit}};
  if (after != 0) request["after"] = after;
  if (call.has("week")) request["days"] = 7;
  for (const char* option : {"since", "until"}) {
    TRY_ASSIGN(const std::string at, counter::time_option(call, option));
    if (!at.empty()) request[option] = at;
  }
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  TRY_ASSIGN(const Json* list, counter::list_in(*answer, "denials"));
  if (counter::print_data(call, *answer, *list, {"seq", "at", "kind", "from", "to", "incoming", "rule", "code", "words", "message", "thread", "person"})) return counter::kWorked;
  if (list->empty()) {
    call.out << "nothing was denied\n";
    return counter::kWorked;
  }
  call.has("each") ? print_each(call.out, *list) : print_counts(call.out, *list);
  call.out << list->size() << " denial(s)\n";
  if (const auto next = text(*answer, "next"); !next.empty()) call.out << "more: add --after " << next << "\n";
  return counter::kWorked;
}

}  // namespace cli::audit
