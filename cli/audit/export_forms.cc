// The forms, one function each.
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/audit/export.h"
#include "cli/counter/print.h"

namespace cli::audit {
namespace {

using counter::text;
using schemas::Json;

using Field = std::pair<const char*, std::string Record::*>;
constexpr std::array<Field, 13> kFields{{{"shelf", &Record::shelf}, {"seq", &Record::seq}, {"at", &Record::at}, {"who", &Record::who}, {"role", &Record::role}, {"device", &Record::device},
                                         {"action", &Record::action}, {"words", &Record::words}, {"to", &Record::to}, {"thread", &Record::thread}, {"message", &Record::message},
                                         {"basis", &Record::basis}, {"fields", &Record::fields}}};

// AuditEvent.action: create, read, update, delete, execute.
const char* letter(const Record& r) {
  if (r.shelf == "log" || r.action == "act" || r.action == "forward" || r.action == "account" || r.action == "review") return "C";
  return r.action == "open" || r.action == "list" || r.action == "file" || r.action == "print" || r.action == "export" ? "R" : "E";
}

// SD-PARAM: '"', '\' and ']' are escaped (RFC 5424 6.3.3).
std::string param(const char* name, const std::string& value) {
  std::string out = std::string(" ") + name + "=\"";
  for (const char c : value) {
    if (c == '"' || c == '\\' || c == ']') out += '\\';
    out += c;
  }
  return out + '"';
}

// A header field: printable ASCII without spaces; nothing is "-".
std::string token(std::string_view s, std::size_t most) {
  std::string out;
  for (const char c : s.substr(0, most)) out += c > ' ' && c < 0x7F ? c : '_';
  return out.empty() ? "-" : out;
}

}  // namespace

Record from_ledger(const Json& row) {
  Record r{.shelf = "ledger", .seq = text(row, "seq"), .at = text(row, "at"), .who = text(row, "person"), .role = text(row, "role"), .device = text(row, "device"), .action = text(row, "access"),
           .words = text(row, "words"), .thread = text(row, "thread"), .message = text(row, "message"), .to = "", .basis = text(row, "basis"), .fields = ""};
  for (const Json& f : row.value("fields", Json::array())) {
    if (f.is_string()) r.fields += (r.fields.empty() ? "" : " ") + counter::plain(f.get<std::string>());
  }
  r.denied = r.action == "denied" || r.action == "sign_in_failed";
  return r;
}

Record from_log(const Json& row) {
  std::string to;
  for (const Json& one : row.value("to", Json::array())) {
    if (one.is_string()) to += (to.empty() ? "" : " ") + counter::plain(one.get<std::string>());
  }
  return {.shelf = "log", .seq = text(row, "index"), .at = text(row, "time"), .who = text(row, "from"), .role = "", .device = "", .action = text(row, "kind"), .words = text(row, "purpose"),
          .thread = text(row, "thread"), .message = text(row, "message"), .to = to, .basis = "", .fields = ""};
}

std::string csv_head() {
  std::vector<std::string> cells;
  for (const auto& [name, member] : kFields) cells.emplace_back(name);
  return counter::csv(cells);
}

std::string csv_line(const Record& r) {
  std::vector<std::string> cells;
  for (const auto& [name, member] : kFields) cells.push_back(r.*member);
  return counter::csv(cells);
}

std::string json_line(const Record& r) {
  Json j = Json::object();
  for (const auto& [name, member] : kFields) {
    if (!(r.*member).empty()) j[name] = r.*member;
  }
  j["denied"] = r.denied;
  return schemas::dump(j) + "\n";
}

std::string fhir(const Record& r, const std::string& agency) {
  Json who = {{"requestor", true}, {"who", {{"display", r.who.empty() ? "nobody by name" : r.who}}}};
  if (!r.role.empty()) who["role"] = Json::array({{{"text", r.role}}});
  Json event = {{"resourceType", "AuditEvent"},
                {"type", {{"system", "http://terminology.hl7.org/CodeSystem/audit-event-type"}, {"code", "rest"}, {"display", "RESTful Operation"}}},
                {"subtype", Json::array({{{"system", "urn:handoff:" + r.shelf}, {"code", r.action}}})},
                {"action", letter(r)},
                {"recorded", r.at},
                {"outcome", r.denied ? "8" : "0"},
                {"agent", Json::array({who})},
                {"source", {{"observer", {{"display", agency}}}}}};
  Json entities = Json::array();
  for (const auto& [what, id] : {std::pair{"thread", r.thread}, std::pair{"message", r.message}}) {
    if (!id.empty()) entities.push_back({{"what", {{"identifier", {{"system", "urn:ietf:rfc:3986"}, {"value", "urn:uuid:" + id}}}}}, {"name", what}});
  }
  if (!entities.empty()) event["entity"] = entities;
  return schemas::dump(event) + "\n";
}

std::string syslog(const Record& r, const std::string& agency) {
  std::string data = "[handoff@32473";
  for (const auto& [name, member] : kFields) {
    if (!(r.*member).empty() && std::string_view(name) != "at") data += param(name, r.*member);
  }
  return std::string(r.denied ? "<108>1 " : "<109>1 ") + token(r.at, 32) + " " + token(agency, 255) + " handoff - " + token(r.action, 32) + " " + data + "]\n";
}

}  // namespace cli::audit
