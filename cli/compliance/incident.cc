// handoff incident scope: if a key leaked, what it opens and what it could have forged.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/compliance/commands.h"
#include "cli/counter/print.h"

namespace cli::compliance {

using counter::Json;
using counter::text;

counter::Exit incident_scope(const counter::Call& call) {
  Json request{{"op", "incident.scope"}, {"key", call.get("key")}};
  for (const char* option : {"from", "to"}) {
    TRY_ASSIGN(const std::string at, counter::time_option(call, option));
    if (!at.empty()) request[option] = at;
  }
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  TRY_ASSIGN(const Json* list, counter::list_in(*answer, "threads"));
  const int code = list->empty() ? counter::kWorked : counter::kFinding;
  if (counter::print_data(call, *answer, *list, {"thread", "agency", "opened", "doubtful", "first", "last"})) return code;
  counter::wrap(call.out, 0, text(*answer, "key") + ", which served from " + counter::seconds(text(*answer, "from")) + " to " + counter::seconds(text(*answer, "until")));
  if (const auto gone = text(*answer, "destroyed"); !gone.empty()) counter::wrap(call.out, 0, "its private half is destroyed after " + counter::seconds(gone));
  if (!answer->value("opens", false)) counter::wrap(call.out, 0, "it opens no message");
  if (!answer->value("signs", false)) counter::wrap(call.out, 0, "it signs no message");
  counter::Table table({{"THREAD"}, {"WITH", true}, {"OPENED", false, true}, {"DOUBTFUL", false, true}, {"FIRST"}, {"LAST"}});
  for (const Json& t : *list) table.add({text(t, "thread"), text(t, "agency"), text(t, "opened"), text(t, "doubtful"), counter::seconds(text(t, "first")).substr(0, 16), counter::seconds(text(t, "last")).substr(0, 16)});
  if (!list->empty()) table.print(call.out);
  counter::wrap(call.out, 0, text(*answer, "opened") + " message(s) can be read with it, " + text(*answer, "doubtful") + " may not be their sender's, in " + std::to_string(list->size()) + " thread(s)");
  if (!list->empty()) counter::wrap(call.out, 0, "next: handoff-authority suspend, then a new certificate (docs/guide/hub-operator.md); whom to tell by when is in 45 CFR 164.404 to 164.410");
  return code;
}

}  // namespace cli::compliance
