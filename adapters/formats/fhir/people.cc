// Patient, Organizations, Practitioner and its role, and the contacts around the patient.
#include <array>
#include <nlohmann/json.hpp>

#include "adapters/formats/fhir/parts.h"

namespace adapters::formats::fhir {
namespace {

std::string gender(const std::string& sex) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kMap{
      {{"M", "male"}, {"F", "female"}, {"U", "unknown"}, {"O", "other"}, {"X", "other"}, {"A", "other"}, {"N", "other"}}};
  if (sex == "male" || sex == "female" || sex == "other" || sex == "unknown" || sex.empty()) return sex;
  for (const auto& [from, to] : kMap) {
    if (from == sex) return std::string(to);
  }
  return "unknown";
}

// US Core race and ethnicity need their text only.
void add_text_extension(Json& p, const char* url, const std::string& text) {
  if (text.empty()) return;
  Json inner = Json::object();
  inner["url"] = "text";
  put(inner, "valueString", text);
  Json outer = Json::object();
  outer["url"] = url;
  push(outer, "extension", std::move(inner));
  push(p, "extension", std::move(outer));
}

void add_contacts(Json& p, const schemas::Subject& s) {
  for (const schemas::Contact& contact : s.contacts) {
    Json c = Json::object();
    if (!contact.role.empty()) push(c, "relationship", text_concept(contact.role));
    if (Json name = human_name(contact.name); !name.empty()) c["name"] = std::move(name);
    if (!contact.phone.empty()) push(c, "telecom", contact_point("phone", contact.phone));
    if (!contact.email.empty()) push(c, "telecom", contact_point("email", contact.email));
    if (!c.empty()) push(p, "contact", std::move(c));
  }
}

void add_name(Json& p, const schemas::Subject& s) {
  Json name = human_name(s.name);
  if (name.empty()) put(name, "text", s.descriptor.empty() ? "Unknown" : "Unknown: " + s.descriptor);
  push(p, "name", std::move(name));
}

Json organization(const Context& c, std::size_t n, const std::string& slug, const std::string& kind) {
  Json o = resource(c, "Organization", n);
  push(o, "identifier", identifier(kAgencies, slug));
  o["active"] = true;
  put(o, "name", slug);
  if (!kind.empty()) push(o, "type", concept_of(kOwnCodes, kind));
  return o;
}

}  // namespace

Json patient(const schemas::Referral& r, const Context& c) {
  const schemas::Subject& s = r.subject;
  Json p = resource(c, "Patient");
  for (const schemas::Identifier& id : s.ids) {
    Json i = identifier(system_uri(id.system), id.value);
    if (system_uri(id.system).empty() && !id.system.empty()) put(i["assigner"], "display", id.system);
    push(p, "identifier", std::move(i));
  }
  add_name(p, s);
  add_text_extension(p, "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race", s.race);
  add_text_extension(p, "http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity", s.ethnicity);
  put(p, "gender", gender(s.sex));
  if (is_date(s.dob)) p["birthDate"] = s.dob;
  if (s.deceased == "yes" || s.deceased == "no") p["deceasedBoolean"] = s.deceased == "yes";
  if (!s.phone.empty()) push(p, "telecom", contact_point("phone", s.phone));
  if (const Json a = address(s.address); !a.empty()) push(p, "address", a);
  if (!s.marital.empty()) p["maritalStatus"] = text_concept(s.marital);
  if (!s.language.empty()) {
    Json talk = Json::object();
    talk["language"] = s.language.size() <= 3 ? concept_of("urn:ietf:bcp:47", s.language) : text_concept(s.language);
    talk["preferred"] = true;
    push(p, "communication", std::move(talk));
  }
  add_contacts(p, s);
  return p;
}

void add_people(const schemas::Referral& r, const Context& c, std::vector<Json>& out) {
  out.push_back(organization(c, 0, c.from, c.from_kind));
  out.push_back(organization(c, 1, c.to, c.to_kind));
  Json person = resource(c, "Practitioner");
  if (Json name = human_name(r.requester.name); !name.empty()) push(person, "name", std::move(name));
  Json role = resource(c, "PractitionerRole");
  role["practitioner"] = reference(c, "Practitioner");
  role["organization"] = reference(c, "Organization", 0, c.from);
  if (!r.requester.role.empty()) push(role, "code", text_concept(r.requester.role));
  if (!r.requester.phone.empty()) push(role, "telecom", contact_point("phone", r.requester.phone));
  if (!r.requester.email.empty()) push(role, "telecom", contact_point("email", r.requester.email));
  out.push_back(std::move(person));
  out.push_back(std::move(role));
}

}  // namespace adapters::formats::fhir
