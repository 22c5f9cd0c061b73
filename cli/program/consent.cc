// handoff consent list, show, add, revoke, report. Only show, and list --names, say whose consent it is.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/counter/print.h"
#include "cli/program/commands.h"

namespace cli::program {
namespace {

using counter::Json;
using counter::text;

std::string words(const Json& list) {
  std::string out;
  for (const Json& w : list.is_array() ? list : Json::array())
    out += (out.empty() ? "" : ", ") + counter::plain(w.is_string() ? w.get<std::string>() : schemas::dump(w));
  return out;
}

std::string state(const Json& c) {
  const std::string s = text(c, "state");
  return s == "expires_soon" ? "ends soon" : s == "expired" ? "EXPIRED" : s == "revoked" ? "REVOKED" : s;
}

std::string until(const Json& c) {
  if (const auto at = text(c, "revoked_at"); !at.empty()) return counter::seconds(at);
  const auto at = text(c, "expires");
  return at.empty() ? text(c, "expires_event") : counter::seconds(at);
}

std::string name_of(const Json& c) {
  const Json name = c.value("subject", Json::object()).value("name", Json::object());
  const std::string family = text(name, "family"), given = text(name, "given");
  return given.empty() ? family : family + ", " + given;
}

void print_rows(std::ostream& out, const std::vector<const Json*>& rows, bool names) {
  std::vector<counter::Table::Column> columns{{"CONSENT", true}, {"STATE"},     {"FROM", true}, {"TO", true},
                                              {"LABELS", true},  {"FOR", true}, {"ENDS", true}};
  if (names) columns.push_back({"PERSON", true});
  counter::Table table(columns);
  for (const Json* c : rows) {
    std::vector<std::string> cells{text(*c, "id"),
                                   state(*c),
                                   text(*c, "discloser"),
                                   words(c->value("recipients", Json())),
                                   words(c->value("scope", Json())),
                                   words(c->value("purposes", Json())),
                                   until(*c)};
    if (names) cells.push_back(name_of(*c));
    table.add(std::move(cells));
  }
  table.print(out);
}

void print_values(std::ostream& out, const Json& j, const std::string& path) {
  if (j.is_object()) {
    for (const auto& [key, value] : j.items())
      print_values(out, value, path.empty() ? counter::plain(key) : path + "." + counter::plain(key));
  } else {
    counter::wrap(out, 2,
                  path + ": " + (j.is_array() ? words(j) : counter::plain(j.is_string() ? j.get<std::string>() : schemas::dump(j))));
  }
}

}  // namespace

counter::Exit consent_list(const counter::Call& call) {
  TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "consent.list"}, {"names", call.has("names")}}));
  TRY_ASSIGN(const Json* list, counter::list_in(*answer, "consents"));
  if (counter::print_data(call, *answer, *list, {"id", "state", "discloser", "recipients", "scope", "purposes", "expires", "revoked_at"})) return counter::kWorked;
  if (list->empty()) {
    call.out << "no consent is recorded here\n";
  } else {
    std::vector<const Json*> rows;
    for (const Json& c : *list) rows.push_back(&c);
    print_rows(call.out, rows, call.has("names"));
  }
  return counter::kWorked;
}

counter::Exit consent_show(const counter::Call& call) {
  TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "consent.show"}, {"id", call.get("id")}}));
  if (call.json()) {
    counter::print_json(call.out, *answer);
    return counter::kWorked;
  }
  call.out << "Consent " << counter::plain(call.get("id")) << ", " << state(*answer) << "\n";
  if (const auto c = answer->find("consent"); c != answer->end()) print_values(call.out, *c, "");
  return counter::kWorked;
}

counter::Exit consent_add(const counter::Call& call) {
  const std::string path = call.get("file");
  TRY_ASSIGN(const std::string content, counter::read_file(call, path));
  const auto parsed = schemas::parse_json(content);
  if (!parsed.ok())
    return base::Error{parsed.error().kind, parsed.error().what, path + ", " + parsed.error().where,
                       "give the consent as a JSON object: see docs/guide/compliance.md"};
  TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "consent.add"}, {"consent", **parsed}}));
  if (call.json()) {
    counter::print_json(call.out, *answer);
  } else {
    call.out << "recorded: consent " << text(*answer, "id") << ", " << state(*answer) << "\n";
  }
  return counter::kWorked;
}

counter::Exit consent_revoke(const counter::Call& call) {
  TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "consent.revoke"}, {"id", call.get("id")}}));
  if (call.json()) {
    counter::print_json(call.out, *answer);
  } else {
    counter::wrap(call.out, 0,
                  "consent " + text(*answer, "id") + " is revoked since " + counter::seconds(text(*answer, "revoked_at")) +
                      ": nothing more is disclosed by it. What was disclosed before stays disclosed.");
  }
  return counter::kWorked;
}

// What needs somebody's hand: those that end within 30 days, or have ended unrenewed.
counter::Exit consent_report(const counter::Call& call) {
  TRY_ASSIGN(const auto answer, counter::ask(call, {{"op", "consent.list"}}));
  TRY_ASSIGN(const Json* list, counter::list_in(*answer, "consents"));
  std::map<std::string, std::uint64_t> count{{"active", 0}, {"expires_soon", 0}, {"expired", 0}, {"revoked", 0}};
  std::vector<const Json*> rows;
  for (const Json& c : *list) {
    const std::string s = text(c, "state");
    ++count[s];
    if (s != "active") rows.push_back(&c);
  }
  const bool soon = count["expires_soon"] > 0;
  if (call.json()) {
    Json out = count;
    out["consents"] = Json::array();
    for (const Json* c : rows) out["consents"].push_back(*c);
    counter::print_json(call.out, out);
    return soon ? counter::kFinding : counter::kWorked;
  }
  call.out << count["active"] + count["expires_soon"] << " in force, " << count["expires_soon"] << " of them end within 30 days; "
           << count["expired"] << " expired, " << count["revoked"] << " revoked\n";
  if (!rows.empty()) print_rows(call.out, rows, false);
  return soon ? counter::kFinding : counter::kWorked;
}

}  // namespace cli::program
