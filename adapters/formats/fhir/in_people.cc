// Patients, the people around them, and those who ask and are asked.
#include <nlohmann/json.hpp>

#include "adapters/formats/fhir/in.h"
#include "adapters/formats/fhir/parts.h"

namespace adapters::formats::fhir {
namespace {

constexpr std::string_view kCore = "http://hl7.org/fhir/us/core/StructureDefinition/";

// US Core race and ethnicity: the text, else the names of the categories.
std::string category_in(const Node& extension) {
  std::string text, categories;
  for (const Node& inner : extension["extension"].each()) {
    const std::string url = inner["url"].text();
    if (url == "text") text = inner["valueString"].text();
    if (url == "ombCategory" || url == "detailed") {
      const Node coding = inner["valueCoding"];
      const std::string code = coding["code"].text(), display = coding["display"].text();
      coding["system"].pass();
      categories += (categories.empty() ? "" : ", ") + (display.empty() ? code : display);
    }
  }
  return text.empty() ? categories : text;
}

void extensions_in(const Node& patient, schemas::Subject& s) {
  for (const Node& e : patient["extension"].each()) {
    std::string url;
    if (const Node u = e["url"]; u && u.json()->is_string()) url = u.json()->get<std::string>();
    if (url == std::string(kCore) + "us-core-race") s.race = category_in(e);
    if (url == std::string(kCore) + "us-core-ethnicity") s.ethnicity = category_in(e);
    if (url == std::string(kCore) + "us-core-genderIdentity" || url == "http://hl7.org/fhir/StructureDefinition/individual-genderIdentity") s.gender = words_in(e["valueCodeableConcept"]);
    if (url == "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired") s.interpreter = e["valueBoolean"].text() == "true";
    if (url.starts_with(kCore) || url.ends_with("patient-interpreterRequired") || url.ends_with("individual-genderIdentity")) {
      if (url.ends_with("race") || url.ends_with("ethnicity") || url.ends_with("genderIdentity") || url.ends_with("patient-interpreterRequired")) e["url"].pass();
    }
  }
}

void identifiers_in(const Node& patient, schemas::Subject& s, Read& r) {
  for (const Node& i : patient["identifier"].each()) {
    for (const char* known : {"use", "type", "period"}) i[known].pass();
    schemas::Identifier id{i["system"].text(), i["value"].text()};
    const std::string assigner = i["assigner"]["display"].text();
    if (id.system.empty()) id.system = assigner;
    if (id.value.empty()) continue;
    if (id.system == "http://hl7.org/fhir/sid/us-ssn" || id.system == "2.16.840.1.113883.4.1" || id.system == "urn:oid:2.16.840.1.113883.4.1") {
      warn(r, i, "a social security number is left behind");
      continue;
    }
    s.ids.push_back(std::move(id));
  }
}

schemas::Contact contact_in(const Node& c) {
  schemas::Contact out;
  out.name = best_name(c["name"]);
  out.role = words_in(c["relationship"].first());
  out.phone = telecom_in(c["telecom"], "phone");
  out.email = telecom_in(c["telecom"], "email");
  return out;
}

void languages_in(const Node& patient, schemas::Subject& s) {
  for (const Node& talk : patient["communication"].each()) {
    const schemas::Code language = code_in(talk["language"]);
    const bool preferred = talk["preferred"].text() == "true";
    if (s.language.empty() || preferred) s.language = language.code.empty() ? language.text : language.code;
  }
}

}  // namespace

void patient_in(const Node& p, schemas::Subject& s, Read& r) {
  s.name = best_name(p["name"]);
  if (s.name.family.starts_with("Unknown") && s.name.given.empty()) {
    s.unknown = true;
    s.descriptor = s.name.family.starts_with("Unknown: ") ? s.name.family.substr(9) : "";
    s.name = {};
  }
  s.dob = p["birthDate"].text();
  s.sex = p["gender"].text();
  s.phone = telecom_in(p["telecom"], "phone");
  s.address = address_in(p["address"]);
  const schemas::Code marital = code_in(p["maritalStatus"]);
  s.marital = marital.text.empty() ? marital.code : marital.text;
  const std::string deceased = p["deceasedBoolean"].text(), when = p["deceasedDateTime"].text();
  if (!deceased.empty() || !when.empty()) s.deceased = deceased == "false" ? "no" : "yes";
  p["active"].pass();
  identifiers_in(p, s, r);
  extensions_in(p, s);
  languages_in(p, s);
  for (const Node& c : p["contact"].each()) s.contacts.push_back(contact_in(c));
  if (s.name.family.empty() && s.name.given.empty()) s.unknown = true;
}

schemas::Subject subject_in(const Node& reference, const Node& owner, Read& r) {
  schemas::Subject s;
  Node patient = reference.document() ? reference.document()->resolve(reference) : Node();
  const auto all = owner.document()->all("Patient");
  if (!patient && !reference && all.size() == 1) patient = all.front();
  if (patient && patient.is() == "Patient") {
    patient_in(patient, s, r);
    reference["display"].pass();
    reference["type"].pass();
    reference["identifier"].pass();
    return s;
  }
  warn(r, reference.path().empty() ? owner : reference, "the Patient is not in this document; hand it in with the resource");
  if (!reference) {
    s.unknown = true;
    return s;
  }
  const std::string display = reference["display"].text(), value = identifier_in(reference["identifier"]), target = reference["reference"].text();
  if (!value.empty()) s.ids.push_back({reference["identifier"]["system"].text(), value});
  if (!target.empty()) s.ids.push_back({"", target});
  reference["type"].pass();
  s.name.family = display;
  s.unknown = display.empty();
  return s;
}

std::string agency_in(const Node& n) {
  Node o = n;
  if (n["reference"]) {
    if (const Node there = n.document()->resolve(n); there) o = there;
  }
  if (o.is().empty()) return display_in(o);
  if (o.is() == "PractitionerRole") return agency_in(o["organization"]);
  if (o.is() != "Organization" && o.is() != "HealthcareService") return {};
  o["active"].pass();
  std::string slug, any;
  for (const Node& i : o["identifier"].each()) {
    const std::string system = i["system"].text(), value = i["value"].text();
    i["use"].pass();
    i["type"].pass();
    if (system == kAgencies) slug = value;
    if (any.empty()) any = value;
  }
  o["type"].pass();
  const std::string name = o["name"].text();
  n["display"].pass();
  return !slug.empty() ? slug : !name.empty() ? name : any;
}

schemas::Contact person_in(const Node& reference, Read& r, std::string* agency) {
  schemas::Contact out;
  if (!reference) return out;
  const Node there = reference.document()->resolve(reference);
  if (!there) {
    const Node id = reference["identifier"];
    if (id["system"].text() == kAgencies && agency != nullptr) {
      *agency = id["value"].text();
    } else {
      out.name.family = display_in(reference);
    }
    return out;
  }
  reference["display"].pass();
  reference["type"].pass();
  const std::string type = there.is();
  there["active"].pass();
  if (type == "Organization" || type == "HealthcareService") {
    if (agency != nullptr) *agency = agency_in(there);
  } else if (type == "PractitionerRole") {
    out = person_in(there["practitioner"], r, nullptr);
    if (const std::string role = words_in(there["code"].first()); !role.empty()) out.role = role;
    if (agency != nullptr && there["organization"]) *agency = agency_in(there["organization"]);
  } else {  // Practitioner, RelatedPerson, Patient, Device
    out.name = type == "Device" ? schemas::Name{there["deviceName"].first()["name"].text(), {}, {}, {}} : best_name(there["name"]);
  }
  if (const std::string phone = telecom_in(there["telecom"], "phone"); !phone.empty()) out.phone = phone;
  if (const std::string email = telecom_in(there["telecom"], "email"); !email.empty()) out.email = email;
  return out;
}

}  // namespace adapters::formats::fhir
