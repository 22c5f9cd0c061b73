// handoff audit access --thread T: who opened, printed, exported, answered or was refused it, from the agency's own ledger.
// handoff audit ledger: its newest rows; --verify: that none was changed, taken out or cut off.
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/audit/commands.h"
#include "cli/counter/print.h"

namespace cli::audit {
namespace {

using counter::Json;
using counter::text;

std::string fields_of(const Json& row) {
  std::string out;
  const auto fields = row.find("fields");
  if (fields == row.end() || !fields->is_array()) return out;
  for (const Json& f : *fields) {
    if (f.is_string()) out += (out.empty() ? "" : " ") + f.get<std::string>();
  }
  return out;
}

void print_people(std::ostream& out, const Json& rows) {
  for (const Json& r : rows) {
    const std::string role = text(r, "role"), device = text(r, "device"), fields = counter::plain(fields_of(r)), words = text(r, "words");
    counter::wrap(out, 0, counter::seconds(text(r, "at")) + "  " + text(r, "person") + (role.empty() ? "" : " (" + role + ")") + "  " + text(r, "access") +
                              (words.empty() ? "" : ": " + words) + (device.empty() ? "" : "  on " + device));
    if (!fields.empty()) counter::wrap(out, 4, "shown: " + fields);
    counter::wrap(out, 4, "basis " + text(r, "basis"));
  }
}

counter::Exit list(const counter::Call& call, Json request) {
  for (const char* option : {"person", "access"}) {
    if (call.has(option)) request[option] = call.get(option);
  }
  for (const char* option : {"since", "until"}) {
    TRY_ASSIGN(const std::string at, counter::time_option(call, option));
    if (!at.empty()) request[option] = at;
  }
  TRY_ASSIGN(const std::uint64_t limit, counter::number_option(call, "limit", 1000));
  TRY_ASSIGN(const std::uint64_t after, counter::number_option(call, "after", 0));
  request["limit"] = limit;
  if (after != 0) request["after"] = after;
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  TRY_ASSIGN(const Json* rows, counter::list_in(*answer, "rows"));
  if (counter::print_data(call, *answer, *rows, {"at", "person", "role", "device", "access", "words", "fields", "basis", "thread", "message"})) return counter::kWorked;
  print_people(call.out, *rows);
  call.out << rows->size() << " row(s)\n";
  if (const auto next = text(*answer, "next"); !next.empty()) call.err << "more: add --after " << next << "\n";
  return counter::kWorked;
}

counter::Exit verify_ledger(const counter::Call& call) {
  Json request{{"op", "ledger.verify"}};
  if (call.has("head")) {
    TRY_ASSIGN(const std::uint64_t size, counter::number_option(call, "size", 0));
    request["head"] = call.get("head");
    request["size"] = size;
  }
  TRY_ASSIGN(const auto answer, counter::ask(call, request));
  const bool holds = answer->value("holds", false);
  if (call.json()) {
    counter::print_json(call.out, *answer);
  } else if (holds) {
    call.out << "the ledger holds: " << text(*answer, "size") << " rows, head " << text(*answer, "head") << "\n";
  } else {
    const Json bad = answer->value("first_bad", Json::object());
    call.out << "the ledger does NOT hold: the first bad row is #" << text(bad, "seq") << ": " << text(bad, "why") << "\n";
  }
  return holds ? counter::kWorked : counter::kFinding;
}

}  // namespace

counter::Exit access(const counter::Call& call) {
  TRY_ASSIGN(const std::string thread, counter::id_option(call, "thread"));
  return list(call, {{"op", "ledger.list"}, {"thread", thread}});
}

counter::Exit ledger(const counter::Call& call) { return call.has("verify") ? verify_ledger(call) : list(call, {{"op", "ledger.list"}}); }

}  // namespace cli::audit
