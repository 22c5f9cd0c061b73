#include "adapters/formats/fhir/parts.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace adapters::formats::fhir {
namespace {

bool digits(std::string_view s) {
  return !s.empty() && std::all_of(s.begin(), s.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::uint64_t fnv(std::string_view text, std::uint64_t h) {
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001B3ULL;
  return h;
}

// FHIR codes hold no leading, trailing or doubled white space; strings no control characters.
std::string tidy(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (space && (out.empty() || out.back() == ' ')) continue;
    out += space ? ' ' : static_cast<unsigned char>(c) < 0x20 ? '?' : c;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

struct System {
  std::string_view v2, uri;
};
constexpr std::array kSystems = {
    System{"LN", "http://loinc.org"},
    System{"SCT", "http://snomed.info/sct"},
    System{"I10", "http://hl7.org/fhir/sid/icd-10-cm"},
    System{"I10C", "http://hl7.org/fhir/sid/icd-10-cm"},
    System{"I9C", "http://hl7.org/fhir/sid/icd-9-cm"},
    System{"RXNORM", "http://www.nlm.nih.gov/research/umls/rxnorm"},
    System{"CVX", "http://hl7.org/fhir/sid/cvx"},
    System{"UCUM", "http://unitsofmeasure.org"},
};

struct Status {
  std::string_view canonical, task, code, display;
};
// Domain brief 1.6. Business codes with a number are BSeR's.
constexpr std::array kStatuses = {
    Status{"requested", "requested", "2.0", "Service Request Created"},
    Status{"received", "received", "received", "Received"},
    Status{"info_requested", "received", "info-requested", "Information requested"},
    Status{"accepted", "accepted", "3.0", "Service Request Accepted"},
    Status{"rejected", "rejected", "4.0", "Service Request Declined"},
    Status{"scheduled", "accepted", "5.1.1", "Event Scheduled"},
    Status{"in-progress", "in-progress", "5.0", "Service Request Fulfillment Initiated"},
    Status{"on-hold", "on-hold", "on-hold", "On hold"},
    Status{"no-show", "in-progress", "5.1.2", "Scheduled Event Unattended"},
    Status{"completed", "completed", "7.0", "Service Request Fulfillment Completed"},
    Status{"cancel_requested", "in-progress", "5.2", "Cancellation Requested"},
    Status{"cancelled", "cancelled", "6.0", "Service Request Fulfillment Cancelled"},
    Status{"expired", "cancelled", "expired", "Expired without an answer"},
    Status{"entered-in-error", "entered-in-error", "entered-in-error", "Entered in error"},
};
const Status& status_row(std::string_view canonical) {
  for (const Status& s : kStatuses) {
    if (s.canonical == canonical) return s;
  }
  return kStatuses[0];
}

}  // namespace

std::string resource_id(const base::Id& thread_id, std::string_view type, std::size_t n) {
  if (type == "Task") return base::uuid(thread_id);
  const std::string seed = base::hex(thread_id) + "/" + std::string(type) + "/" + std::to_string(n);
  base::Id id{};
  base::store_be(id.data(), fnv(seed, 0xCBF29CE484222325ULL));
  base::store_be(id.data() + 8, fnv(seed, 0x9AE16A3B2F90404FULL));
  id[6] = static_cast<base::Byte>(0x80 | (id[6] & 0x0F));
  id[8] = static_cast<base::Byte>(0x80 | (id[8] & 0x3F));
  return base::uuid(id);
}

void put(Json& object, const char* key, std::string_view text) {
  std::string clean;
  for (const char c : text) clean += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' && c != '\r' ? '?' : c;
  if (clean.find_first_not_of(" \t\r\n") != std::string::npos) object[key] = clean;
}
void push(Json& object, const char* key, Json value) { object[key].push_back(std::move(value)); }

Json text_concept(std::string_view text) {
  Json c = Json::object();
  put(c, "text", text);
  return c;
}
Json coding(std::string_view system, std::string_view code, std::string_view display) {
  Json c = Json::object();
  put(c, "system", system);
  put(c, "code", tidy(code));
  put(c, "display", display);
  return c;
}
Json concept_of(std::string_view system, std::string_view code, std::string_view display) {
  Json c = Json::object();
  push(c, "coding", coding(system, code, display));
  return c;
}
Json concept_of(const schemas::Code& code) {
  if (tidy(code.code).empty()) return text_concept(code.text);
  Json c = concept_of(code.system.empty() ? std::string(kOwnCodes) : system_uri(code.system), code.code, code.text);
  put(c, "text", code.text);
  return c;
}
Json identifier(std::string_view system, std::string_view value) {
  Json i = Json::object();
  put(i, "system", system);
  put(i, "value", value);
  return i;
}
Json reference(const Context& c, std::string_view type, std::size_t n, std::string_view display) {
  Json r = Json::object();
  r["reference"] = "urn:uuid:" + resource_id(c.thread_id, type, n);
  put(r, "display", display);
  return r;
}
Json human_name(const schemas::Name& name) {
  Json n = Json::object();
  put(n, "family", name.family);
  for (const std::string* given : {&name.given, &name.middle}) {
    if (!tidy(*given).empty()) push(n, "given", tidy(*given));
  }
  if (!tidy(name.suffix).empty()) push(n, "suffix", tidy(name.suffix));
  return n;
}
Json contact_point(std::string_view system, std::string_view value) {
  Json p = Json::object();
  put(p, "system", system);
  put(p, "value", value);
  return p;
}
Json address(const schemas::Address& a) {
  Json j = Json::object();
  if (!tidy(a.line).empty()) push(j, "line", tidy(a.line));
  put(j, "city", a.city);
  put(j, "state", a.state);
  put(j, "postalCode", a.postal);
  put(j, "country", a.country);
  return j;
}
Json period(std::string_view start, std::string_view end) {
  Json p;
  if (is_datetime(start)) p["start"] = start;
  if (is_datetime(end)) p["end"] = end;
  return p;
}
Json note(std::string_view text) {
  Json n = Json::object();
  put(n, "text", text);
  return n;
}

bool is_date(std::string_view t) {
  if (t.size() != 4 && t.size() != 7 && t.size() != 10) return false;
  if (!digits(t.substr(0, 4)) || t.substr(0, 4) == "0000") return false;
  if (t.size() >= 7 && (t[4] != '-' || !digits(t.substr(5, 2)) || t.substr(5, 2) < "01" || t.substr(5, 2) > "12")) return false;
  return t.size() < 10 || (t[7] == '-' && digits(t.substr(8, 2)) && t.substr(8, 2) >= "01" && t.substr(8, 2) <= "31");
}
bool is_datetime(std::string_view t) {
  return is_date(t) || (t.size() > 19 && is_date(t.substr(0, 10)) && base::parse_rfc3339(t).has_value());
}

std::string system_uri(std::string_view system) {
  for (const System& s : kSystems) {
    if (s.v2 == system) return std::string(s.uri);
  }
  if (system.starts_with("HL70") && system.size() == 7 && digits(system.substr(3)))
    return "http://terminology.hl7.org/CodeSystem/v2-" + std::string(system.substr(3));
  const bool uri = system.find(':') != std::string_view::npos && system.find_first_of(" \t\r\n<>\"") == std::string_view::npos;
  return uri ? std::string(system) : std::string();
}

std::string v2_system(std::string_view uri) {
  for (const System& s : kSystems) {
    if (s.uri == uri) return std::string(s.v2);
  }
  constexpr std::string_view kTables = "http://terminology.hl7.org/CodeSystem/v2-";
  if (uri.starts_with(kTables) && uri.size() == kTables.size() + 4) return "HL7" + std::string(uri.substr(kTables.size()));
  return std::string(uri);
}

std::string_view task_status(std::string_view canonical) { return status_row(canonical).task; }
Json business_status(std::string_view canonical) {
  const Status& s = status_row(canonical);
  const bool bser = s.code.find('.') != std::string_view::npos;
  return concept_of(bser ? "http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS" : kOwnCodes, s.code, s.display);
}

Json resource(const Context& c, std::string_view type, std::size_t n) {
  Json r = Json::object();
  r["resourceType"] = type;
  r["id"] = resource_id(c.thread_id, type, n);
  if (c.test) push(r["meta"], "security", coding("http://terminology.hl7.org/CodeSystem/v3-ActReason", "HTEST", "test health data"));
  return r;
}

}  // namespace adapters::formats::fhir
