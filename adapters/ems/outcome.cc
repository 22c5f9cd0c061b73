#include "adapters/ems/outcome.h"

#include <array>

namespace adapters::ems {
namespace {

constexpr std::string_view kHeader = "report_uuid,report_number,incident_no,cad_no,event,at,eOutcome.01,disposition,facility,by\r\n";

struct Facts {
  std::string event, at, code, disposition, facility, by;
};

// RFC 4180; what a spreadsheet would take for a formula is made text.
std::string cell(std::string text) {
  if (!text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos) text.insert(0, "'");
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

bool digit(char c) { return c >= '0' && c <= '9'; }

// eOutcome.01 has the codes of the uniform bill, as HL7's table 0112 has ("65 ...").
std::string discharge_code(const std::string& disposition) {
  const bool two =
      disposition.size() >= 2 && digit(disposition[0]) && digit(disposition[1]) && (disposition.size() == 2 || disposition[2] == ' ');
  return two ? disposition.substr(0, 2) : std::string();
}

std::string outcome_code(std::string_view outcome) {
  if (outcome == "ADMITTED") return "09";
  if (outcome == "LEFT_BEFORE_SEEN") return "07";
  return outcome == "DECEASED" ? "20" : "";
}

std::optional<Facts> facts(const schemas::Payload& payload) {
  if (const auto* e = std::get_if<schemas::EncounterNotification>(&payload)) {
    const std::string code = e->event == "admitted" ? "09" : discharge_code(e->disposition);
    return Facts{e->event, e->at, code, e->disposition, e->facility, ""};
  }
  if (const auto* u = std::get_if<schemas::StatusUpdate>(&payload); u != nullptr && !u->status.empty() && u->status != "received")
    return Facts{u->status, base::rfc3339(u->at), outcome_code(u->outcome), u->outcome.empty() ? u->reason : u->outcome,
                 u->place,  u->actor_name};
  if (const auto* h = std::get_if<schemas::HandoffReport>(&payload); h != nullptr && h->phase != "offer") {
    const schemas::Name& n = h->person.name;
    return Facts{
        "handoff " + h->phase, h->at, "", h->reason, h->place, n.given + (n.given.empty() || n.family.empty() ? "" : " ") + n.family};
  }
  return std::nullopt;
}

}  // namespace

std::string render(const Known& k) { return k.id + "\n" + k.number + "\n" + k.incident + "\n" + k.cad + "\n"; }

Known read_known(std::string_view text) {
  Known k;
  for (std::string* line : {&k.id, &k.number, &k.incident, &k.cad}) {
    const std::size_t end = text.find('\n');
    *line = text.substr(0, end);
    text = end == text.npos ? std::string_view() : text.substr(end + 1);
  }
  return k;
}

std::optional<std::string> outcome_row(const agent::Delivery& d, const Known& k) {
  auto f = facts(d.body.payload);
  if (!f) return std::nullopt;
  std::string row;
  for (std::string* text : std::array{&f->event, &f->at, &f->code, &f->disposition, &f->facility, &f->by})
    row += "," + cell(std::move(*text));
  return std::string(kHeader) + cell(k.id) + "," + cell(k.number) + "," + cell(k.incident) + "," + cell(k.cad) + row + "\r\n";
}

namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') out += "&amp;";
    if (c == '<') out += "&lt;";
    if (c == '>') out += "&gt;";
    if (c == '"') out += "&quot;";
    if (c != '&' && c != '<' && c != '>' && c != '"') out += c;
  }
  return out;
}

std::string element(const char* name, const std::string& value) {
  return value.empty() ? "" : std::string("        <") + name + ">" + escaped(value) + "</" + name + ">\n";
}

bool listed(std::string_view code) {  // the values of eOutcome.01 and .02 in 3.5.1
  constexpr std::string_view kCodes = " 01 02 03 04 05 06 07 09 20 21 30 43 50 51 61 62 63 64 65 66 70 ";
  return code.size() == 2 && kCodes.find(" " + std::string(code) + " ") != kCodes.npos;
}

}  // namespace

std::optional<std::string> outcome_xml(const agent::Delivery& d, const Known& k, bool admitted) {
  const auto f = facts(d.body.payload);
  if (!f) return std::nullopt;
  const auto at = base::parse_rfc3339(f->at);
  const bool timed = at && at->ms != 0, left = f->event == "discharged" || f->event == "left" || f->event == "transferred";
  const std::string code = listed(f->code) ? f->code : f->event == "left" ? "07" : "";
  std::string said;  // in the order of the schema
  if (!(admitted && left)) said += element("eOutcome.01", code);
  if (admitted && left) said += element("eOutcome.02", code);
  if (timed && f->event == "admitted") said += element("eOutcome.11", f->at);
  if (timed && admitted && left) said += element("eOutcome.16", f->at);
  if (timed && f->event == "arrived") said += element("eOutcome.18", f->at);
  if (said.empty()) return std::nullopt;
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<EMSDataSet xmlns=\"http://www.nemsis.org\">\n  <Header>\n    <PatientCareReport UUID=\"" + escaped(k.id) +
         "\">\n      <eRecord>\n" + element("eRecord.01", k.number) + "      </eRecord>\n      <eOutcome>\n" + said +
         "      </eOutcome>\n    </PatientCareReport>\n  </Header>\n</EMSDataSet>\n";
}

}  // namespace adapters::ems
