// What a referral carries beside the request: conditions, observations, allergies, medications, flags, coverage, consent, documents.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "adapters/formats/fhir/in.h"
#include "adapters/formats/fhir/parts.h"

namespace adapters::formats::fhir {
namespace {

using schemas::Referral;

constexpr std::array kParts = {"Patient", "Practitioner", "PractitionerRole", "Organization", "RelatedPerson", "Location", "Condition",
                               "Observation", "AllergyIntolerance", "MedicationStatement", "MedicationRequest", "Flag", "Coverage"};

std::string status_code(const Node& concept_node) {
  const Node coding = concept_node["coding"].first();
  coding["system"].pass();
  coding["display"].pass();
  return coding["code"].text();
}

// True if the record says of itself that it does not hold.
bool void_record(const Node& n, Read& r) {
  const std::string verification = status_code(n["verificationStatus"]), status = n["status"].text();
  if (verification != "entered-in-error" && verification != "refuted" && status != "entered-in-error") return false;
  warn(r, n, "entered in error or refuted: left out");
  return true;
}

void condition(const Node& n, Referral& out, Read& r) {
  if (void_record(n, r)) return;
  const std::string clinical = status_code(n["clinicalStatus"]);
  for (const Node& c : n["category"].each()) c.pass();
  schemas::Code code = code_in(n["code"]);
  if (code.code.empty() && code.text.empty()) return warn(r, n["code"], "the condition is not named");
  if (clinical == "resolved" || clinical == "remission" || clinical == "inactive") code.text += (code.text.empty() ? "" : " ") + ("(" + clinical + ")");
  out.diagnoses.push_back(std::move(code));
}

void medication(const Node& n, Referral& out, Read& r) {
  const std::string status = n["status"].text();
  if (void_record(n, r)) return;
  schemas::Code code = code_in(n["medicationCodeableConcept"]);
  if (const Node reference = n["medicationReference"]; reference && code.code.empty() && code.text.empty()) {
    const Node there = n.document()->resolve(reference);
    code = there ? code_in(there["code"]) : schemas::Code{"", "", display_in(reference)};
    reference["display"].pass();
  }
  if (code.code.empty() && code.text.empty()) return warn(r, n, "the medication is not named");
  for (const char* dose : {"dosage", "dosageInstruction"}) {
    if (const std::string text = n[dose].first()["text"].text(); !text.empty()) code.text += (code.text.empty() ? "" : ", ") + text;
  }
  if (status == "stopped" || status == "completed" || status == "on-hold" || status == "cancelled" || status == "not-taken") code.text += " (" + status + ")";
  n["intent"].pass();
  out.medications.push_back(std::move(code));
}

std::string quantity(const Node& q, std::string* unit) {
  const std::string value = q["value"].text(), words = q["unit"].text(), code = q["code"].text(), mark = q["comparator"].text();
  q["system"].pass();
  if (unit != nullptr) *unit = words.empty() ? code : words;
  return mark + value;
}

// One value[x] of an Observation or of a component, as text.
std::string value_in(const Node& n, std::string* unit) {
  if (const Node q = n["valueQuantity"]) return quantity(q, unit);
  if (const Node c = n["valueCodeableConcept"]) return words_in(c);
  if (const Node ratio = n["valueRatio"]) return quantity(ratio["numerator"], nullptr) + ":" + quantity(ratio["denominator"], nullptr);
  if (const Node range = n["valueRange"]) return quantity(range["low"], nullptr) + "-" + quantity(range["high"], unit);
  if (const Node period = n["valuePeriod"]) return period["start"].text() + "/" + period["end"].text();
  for (const char* plain : {"valueString", "valueBoolean", "valueInteger", "valueTime", "valueDateTime"}) {
    if (const std::string text = n[plain].text(); !text.empty()) return text;
  }
  const schemas::Code absent = code_in(n["dataAbsentReason"]);
  return absent.code.empty() && absent.text.empty() ? "" : "(" + (absent.text.empty() ? absent.code : absent.text) + ")";
}

void observation(const Node& n, Referral& out, Read& r) {
  if (void_record(n, r)) return;
  for (const Node& c : n["category"].each()) c.pass();
  std::string at = moment_in(n["effectiveDateTime"], r);
  for (const Node& when : {n["effectivePeriod"]["start"], n["effectiveInstant"]}) {
    if (const std::string t = when.text(); at.empty()) at = t;
  }
  schemas::Observation one{code_in(n["code"]), {}, {}, at, {}, n["status"].text()};
  one.value = value_in(n, &one.unit);
  one.abnormal = status_code(n["interpretation"].first());
  const auto components = n["component"].each();
  if (!one.value.empty() || components.empty()) out.observations.push_back(one);
  for (const Node& c : components) {
    schemas::Observation part{code_in(c["code"]), {}, {}, at, status_code(c["interpretation"].first()), one.status};
    part.value = value_in(c, &part.unit);
    out.observations.push_back(std::move(part));
  }
  if (const std::string text = note_in(n["note"]); !text.empty()) out.notes.push_back(text);
}

void flag(const Node& n, Referral& out) {
  const std::string words = words_in(n["code"]), status = n["status"].text();
  for (const Node& c : n["category"].each()) c.pass();
  if (status != "active" || words.empty()) return;
  const std::array<std::pair<const char*, std::string*>, 4> own{{{"Risk to self", &out.risk.self},
                                                                 {"Risk to others", &out.risk.others},
                                                                 {"Gravely disabled", &out.risk.grave},
                                                                 {"Access to weapons", &out.risk.weapons}}};
  for (const auto& [name, field] : own) {
    if (words == name) *field = "yes";
  }
  if (std::none_of(own.begin(), own.end(), [&](const auto& o) { return words == o.first; })) out.notes.push_back("Flag: " + words);
}

void coverage(const Node& n, Referral& out) {
  if (const std::string status = n["status"].text(); status == "cancelled" || status == "entered-in-error") return;
  std::string payer;
  const Node payor = n["payor"].first();
  if (payor) payer = agency_in(payor);
  const std::string subscriber = n["subscriberId"].text(), id = identifier_in(n["identifier"]);
  if (out.payer.empty()) out.payer = payer;
  if (out.member_id.empty()) out.member_id = subscriber.empty() ? id : subscriber;
}

void allergy(const Node& n, Referral& out, Read& r) {
  if (void_record(n, r)) return;
  (void)status_code(n["clinicalStatus"]);
  for (const char* known : {"type", "category"}) n[known].pass();
  schemas::Code code = code_in(n["code"]);
  if (code.code.empty() && code.text.empty()) return warn(r, n, "the allergy is not named");
  if (const std::string how_bad = n["criticality"].text(); how_bad == "high") code.text += (code.text.empty() ? "" : " ") + std::string("(high criticality)");
  out.allergies.push_back(std::move(code));
}

void around(const Node& n, const std::string& type, Referral& out, Read& r) {
  if (type == "RelatedPerson") {
    schemas::Contact c;
    c.name = best_name(n["name"]);
    c.role = words_in(n["relationship"].first());
    c.phone = telecom_in(n["telecom"], "phone"), c.email = telecom_in(n["telecom"], "email");
    n["active"].pass();
    out.subject.contacts.push_back(std::move(c));
  } else if (type == "Location") {
    const std::string name = n["name"].text();
    const schemas::Address a = address_in(n["address"]);
    if (out.location_now.empty()) out.location_now = name.empty() ? a.line : name + (a.line.empty() ? "" : ", " + a.line);
  } else if (type == "Practitioner" || type == "PractitionerRole") {
    out.requester.name = best_name(n["name"]);
    out.requester.role = words_in(n["code"].first());
    out.requester.phone = telecom_in(n["telecom"], "phone"), out.requester.email = telecom_in(n["telecom"], "email");
    n["active"].pass();
  } else if (type == "Organization") {
    out.requester_agency = agency_in(n);
  } else if (type == "Patient") {
    patient_in(n, out.subject, r);
  }
}

}  // namespace

bool is_clinical(std::string_view type) { return std::find(kParts.begin(), kParts.end(), type) != kParts.end(); }

void clinical_in(const Node& n, Referral& out, Read& r) {
  const std::string type = n.is();
  if (!is_clinical(type) && type != "Consent" && type != "DocumentReference") return;
  n["identifier"].pass();
  for (const char* whom : {"subject", "patient", "beneficiary"}) n[whom].pass();
  labels_in(n, out.labels, r);
  if (type == "Condition") {
    condition(n, out, r);
  } else if (type == "Observation") {
    observation(n, out, r);
  } else if (type == "AllergyIntolerance") {
    allergy(n, out, r);
  } else if (type == "MedicationStatement" || type == "MedicationRequest") {
    medication(n, out, r);
  } else if (type == "Flag") {
    flag(n, out);
  } else if (type == "Coverage") {
    coverage(n, out);
  } else if (type == "Consent") {
    const std::string id = identifier_in(n["identifier"]), status = n["status"].text();
    if (status != "active") return warn(r, n["status"], "a consent that is not in force is no authority");
    out.consent_ref = id.empty() ? n["id"].text() : id;
    for (const char* known : {"scope", "category", "policyRule", "dateTime"}) n[known].pass();
  } else if (type == "DocumentReference") {
    const std::string words = n["description"].text();
    for (const char* known : {"status", "type", "category", "date"}) n[known].pass();
    for (const Node& c : n["content"].each()) {
      for (auto& a : attachment_in(c["attachment"], r)) {
        if (a.title.empty()) a.title = words;
        out.attachments.push_back(std::move(a));
      }
    }
  } else {
    around(n, type, out, r);
  }
}

}  // namespace adapters::formats::fhir
