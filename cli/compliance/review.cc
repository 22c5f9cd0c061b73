// handoff audit review: a week of the agency's audit and its sign-off. handoff access review: accounts, roles and keys.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/compliance/commands.h"
#include "cli/counter/print.h"

namespace cli::compliance {
namespace {

using counter::Json;
using counter::text;

std::string counts(const Json& j) {
  std::string out;
  for (const auto& [name, n] : j.items()) out += (out.empty() ? "" : ", ") + counter::plain(name) + " " + n.dump();
  return out.empty() ? "none" : out;
}

void print_week(std::ostream& out, const Json& w) {
  const Json ledger = w.value("ledger", Json::object()), signed_off = w.value("signed", Json());
  counter::wrap(out, 0, "the week from " + text(w, "from").substr(0, 10) + " to " + text(w, "until").substr(0, 10));
  counter::wrap(out, 2, "access: " + counts(w.value("access", Json::object())));
  counter::wrap(out, 2, "denials: " + counts(w.value("denials", Json::object())));
  counter::wrap(out, 2, "uses of break-glass without a review: " + std::to_string(w.value("break_glass_unreviewed", Json::array()).size()));
  counter::wrap(out, 2, "ledger: " + text(ledger, "size") + " rows, " + (ledger.value("holds", false) ? "whole" : "NOT WHOLE: handoff audit ledger --verify"));
  counter::wrap(out, 2, signed_off.is_object() ? "signed by " + text(signed_off, "by") + " on " + text(signed_off, "at").substr(0, 10) + ": " + text(signed_off, "finding") + " " + text(signed_off, "words") : "NOT SIGNED");
}

counter::Exit sign(const counter::Call& call) {
  Json request{{"op", "review.sign"}, {"finding", call.get("finding")}, {"words", call.get("words")}};
  TRY_ASSIGN(const std::string week, counter::time_option(call, "week"));
  if (!week.empty()) request["week"] = week;
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  if (call.json()) {
    counter::print_json(call.out, *answer);
  } else {
    call.out << "signed by " << text(*answer, "by") << ", with the agency's key\n";
  }
  return counter::kWorked;
}

}  // namespace

counter::Exit audit_review(const counter::Call& call) {
  if (call.has("sign")) return sign(call);
  Json request{{"op", "review.show"}};
  TRY_ASSIGN(const std::string week, counter::time_option(call, "week"));
  if (!week.empty()) request["week"] = week;
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  const std::string late = text(*answer, "first_unsigned");
  if (call.json()) {
    counter::print_json(call.out, *answer);
  } else {
    print_week(call.out, answer->value("week", Json::object()));
    if (!late.empty()) counter::wrap(call.out, 0, "not signed yet: the week from " + late + "; handoff audit review --week " + late + " --sign --finding nothing");
  }
  return late.empty() ? counter::kWorked : counter::kFinding;
}

counter::Exit access_review(const counter::Call& call) {
  TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "access_review"}}));
  TRY_ASSIGN(const Json* people, counter::list_in(*answer, "people"));
  TRY_ASSIGN(const Json* keys, counter::list_in(*answer, "keys"));
  const bool idle = answer->value("inactive", std::uint64_t{0}) != 0;
  const auto roles = [](const Json& j) {
    std::string out;
    for (const Json& r : j.value("roles", Json::array())) out += (out.empty() ? "" : " ") + (r.is_string() ? counter::plain(r.get<std::string>()) : std::string());
    return out;
  };
  const auto state = [](const Json& p) { return p.value("disabled", false) ? "disabled" : p.value("inactive", false) ? "INACTIVE" : ""; };
  if (call.json()) {
    counter::print_json(call.out, *answer);
  } else if (call.has("csv")) {
    call.out << counter::csv({"what", "name", "roles", "last_seen", "until", "state"});
    for (const Json& p : *people) call.out << counter::csv({"person", text(p, "login"), roles(p), text(p, "last_seen"), "", state(p)});
    for (const Json& k : *keys) call.out << counter::csv({"agency", text(k, "agency"), roles(k), "", text(k, "until"), text(k, "standing")});
  } else {
    counter::Table table({{"PERSON", true}, {"ROLES", true}, {"SECOND FACTOR"}, {"LAST SEEN"}, {""}});
    for (const Json& p : *people) table.add({text(p, "login"), roles(p), p.value("second_factor", false) ? "yes" : "no", text(p, "last_seen").substr(0, 10), state(p)});
    if (!people->empty()) table.print(call.out);
    counter::Table agencies({{"AGENCY", true}, {"KIND"}, {"SERIAL", false, true}, {"KEYS UNTIL"}, {"STANDING"}});
    for (const Json& k : *keys) agencies.add({text(k, "agency"), text(k, "kind"), text(k, "serial"), text(k, "until").substr(0, 10), text(k, "standing")});
    agencies.print(call.out);
    call.out << people->size() << " account(s), " << text(*answer, "inactive") << " inactive for 90 days\n";
  }
  return idle ? counter::kFinding : counter::kWorked;
}

}  // namespace cli::compliance
