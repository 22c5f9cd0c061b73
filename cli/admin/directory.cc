// handoff directory: the members as the log has them, and notes that came by file.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/admin/commands.h"
#include "cli/counter/print.h"

namespace cli::admin {
namespace {

using counter::Json;
using counter::text;

std::string words_of(const Json& offer) {
  std::string out = text(offer, "type");
  if (const std::string about = text(offer, "about"); !about.empty()) out += " of " + about;
  out += ", here since " + counter::seconds(text(offer, "known"));
  if (offer.value("suspends", false)) out += ": nothing is sealed to it and its mail waits, until it is logged or " + counter::seconds(text(offer, "until"));
  else if (!text(offer, "until").empty()) out += ": lapsed";
  if (const std::string said = text(offer, "hub_said"); !said.empty()) out += "; the hub refused it: " + said;
  return out;
}

}  // namespace

counter::Exit directory_list(const counter::Call& call) {
  TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "directory"}}));
  TRY_ASSIGN(const Json* members, counter::list_in(*answer, "members"));
  TRY_ASSIGN(const Json* offers, counter::list_in(*answer, "offers"));
  if (counter::print_data(call, *answer, *members, {"slug", "kind", "type", "standing", "known_by", "serial", "not_after", "epoch_until", "agent"})) return counter::kWorked;
  counter::Table table({{"agency", true}, {"kind", true}, {"standing"}, {"known by"}, {"serial", false, true}, {"certificate until"}, {"keys until"}});
  for (const Json& m : *members) {
    table.add({text(m, "slug"), text(m, "kind"), text(m, "standing"), text(m, "known_by"), text(m, "serial"), counter::seconds(text(m, "not_after")), counter::seconds(text(m, "epoch_until"))});
  }
  table.print(call.out);
  const Json anchor = answer->value("anchor", Json::object());
  counter::wrap(call.out, 0, "anchor version " + text(anchor, "version") + (anchor.value("by_file", false) ? ", known by file: the log does not hold it yet" : ""));
  for (const Json& o : *offers) counter::wrap(call.out, 0, "BY FILE  " + words_of(o));
  return counter::kWorked;
}

counter::Exit directory_offer(const counter::Call& call) {
  TRY_ASSIGN(const std::string note, counter::read_file(call, call.get("file")));
  TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "directory.offer"}, {"note", note}}));
  if (call.json()) {
    counter::print_json(call.out, *answer);
    return counter::kWorked;
  }
  counter::wrap(call.out, 0, words_of(*answer));
  const std::string state = text(*answer, "state");
  counter::wrap(call.out, 0, state == "logged" ? "The hub has logged it: from here on every agent reads it in the log."
                             : state == "refused" ? "The hub does not log it. It is kept here and handed in again."
                                                  : "The hub is away. It is kept here and handed in as soon as there is one.");
  return counter::kWorked;
}

}  // namespace cli::admin
