// Conditions, observations, allergies, medications, documents, flags, consent and coverage.
#include <charconv>
#include <nlohmann/json.hpp>

#include "adapters/formats/fhir/parts.h"

namespace adapters::formats::fhir {
namespace {

using schemas::Referral;

// An element that must say something.
Json named(const schemas::Code& code) {
  Json c = concept_of(code);
  return c.empty() ? text_concept("Not named by the sender") : c;
}

Json condition(const Context& c, std::size_t n, const schemas::Code& code) {
  Json j = resource(c, "Condition", n);
  j["clinicalStatus"] = concept_of("http://terminology.hl7.org/CodeSystem/condition-clinical", "active");
  j["verificationStatus"] = concept_of("http://terminology.hl7.org/CodeSystem/condition-ver-status", "unconfirmed");
  push(j, "category", concept_of("http://terminology.hl7.org/CodeSystem/condition-category", "encounter-diagnosis"));
  j["code"] = named(code);
  j["subject"] = reference(c, "Patient");
  return j;
}

Json allergy(const Context& c, std::size_t n, const schemas::Code& code) {
  Json j = resource(c, "AllergyIntolerance", n);
  j["clinicalStatus"] = concept_of("http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "active");
  j["verificationStatus"] = concept_of("http://terminology.hl7.org/CodeSystem/allergyintolerance-verification", "unconfirmed");
  j["code"] = named(code);
  j["patient"] = reference(c, "Patient");
  return j;
}

Json medication(const Context& c, std::size_t n, const schemas::Code& code) {
  Json j = resource(c, "MedicationStatement", n);
  j["status"] = "active";
  j["medicationCodeableConcept"] = named(code);
  j["subject"] = reference(c, "Patient");
  return j;
}

// Table 0085 to the ObservationStatus codes.
std::string_view observation_status(const std::string& s) {
  if (s == "F" || s == "final") return "final";
  if (s == "P" || s == "preliminary") return "preliminary";
  if (s == "C" || s == "corrected") return "corrected";
  if (s == "X" || s == "cancelled") return "cancelled";
  return s == "W" || s == "D" || s == "entered-in-error" ? "entered-in-error" : "unknown";
}

void put_value(Json& j, const schemas::Observation& o) {
  double number = 0;
  const auto [end, error] = std::from_chars(o.value.data(), o.value.data() + o.value.size(), number);
  if (o.value.empty()) {
    j["dataAbsentReason"] = concept_of("http://terminology.hl7.org/CodeSystem/data-absent-reason", "unknown");
  } else if (error == std::errc() && end == o.value.data() + o.value.size() && number > -1e15 && number < 1e15) {
    j["valueQuantity"]["value"] = number;
    put(j["valueQuantity"], "unit", o.unit);
  } else {
    put(j, "valueString", o.unit.empty() ? o.value : o.value + " " + o.unit);
  }
}

Json observation(const Context& c, std::size_t n, const schemas::Observation& o) {
  Json j = resource(c, "Observation", n);
  j["status"] = observation_status(o.status);
  j["code"] = named(o.code);
  j["subject"] = reference(c, "Patient");
  if (is_datetime(o.at)) j["effectiveDateTime"] = o.at;
  put_value(j, o);
  if (!o.abnormal.empty())
    push(j, "interpretation", concept_of("http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", o.abnormal));
  return j;
}

Json document(const Context& c, std::size_t n, const schemas::Attachment& a) {
  Json file = Json::object();
  put(file, "contentType", a.media_type);
  put(file, "title", a.title);
  put(file, "data", base::base64(a.data));
  if (file.empty()) put(file, "title", "Empty document");
  Json content = Json::object();
  content["attachment"] = std::move(file);
  Json j = resource(c, "DocumentReference", n);
  j["status"] = "current";
  j["subject"] = reference(c, "Patient");
  push(j, "content", std::move(content));
  return j;
}

Json flag(const Context& c, std::size_t n, std::string_view words) {
  Json j = resource(c, "Flag", n);
  j["status"] = "active";
  push(j, "category", concept_of("http://terminology.hl7.org/CodeSystem/flag-category", "safety"));
  j["code"] = text_concept(words);
  j["subject"] = reference(c, "Patient");
  return j;
}

std::vector<std::string> flags(const Referral& r) {
  std::vector<std::string> out;
  if (r.risk.self == "yes") out.emplace_back("Risk to self");
  if (r.risk.others == "yes") out.emplace_back("Risk to others");
  if (r.risk.grave == "yes") out.emplace_back("Gravely disabled");
  if (r.risk.weapons == "yes") out.emplace_back("Access to weapons");
  const schemas::Hold& h = r.hold;
  if (!h.form.empty() || !h.state.empty()) {
    std::string words = "Involuntary hold " + h.form;
    for (const auto& [label, text] :
         {std::pair{" in ", &h.state}, {", basis ", &h.basis}, {", by ", &h.initiator}, {", from ", &h.start}, {", until ", &h.expires}}) {
      if (!text->empty()) words += label + *text;
    }
    out.push_back(std::move(words));
  }
  return out;
}

Json consent(const Referral& r, const Context& c) {
  Json j = resource(c, "Consent");
  push(j, "identifier", identifier("", r.consent_ref));
  j["status"] = "active";
  j["scope"] = concept_of("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy");
  push(j, "category", concept_of("http://loinc.org", "59284-0", "Consent Document"));
  j["patient"] = reference(c, "Patient");
  j["policyRule"] = text_concept("As held by the requesting agency");
  return j;
}

Json coverage(const Referral& r, const Context& c) {
  Json j = resource(c, "Coverage");
  j["status"] = "active";
  put(j, "subscriberId", r.member_id);
  j["beneficiary"] = reference(c, "Patient");
  Json payer = Json::object();
  put(payer, "display", r.payer.empty() ? "Unknown payer" : r.payer);
  push(j, "payor", std::move(payer));
  return j;
}

}  // namespace

void add_clinical(const Referral& r, const Context& c, Json& request, std::vector<Json>& out) {
  const auto each = [&](const char* type, const char* link, const auto& list, auto make) {
    std::size_t n = 0;
    for (const auto& item : list) {
      if (link != nullptr) push(request, link, reference(c, type, n));
      out.push_back(make(c, n++, item));
    }
  };
  each("Condition", "reasonReference", r.diagnoses, condition);
  each("Observation", "supportingInfo", r.observations, observation);
  each("AllergyIntolerance", "supportingInfo", r.allergies, allergy);
  each("MedicationStatement", "supportingInfo", r.medications, medication);
  each("DocumentReference", "supportingInfo", r.attachments, document);
  each("Flag", nullptr, flags(r), flag);
  if (!r.consent_ref.empty()) out.push_back(consent(r, c));
  if (!r.payer.empty() || !r.member_id.empty()) {
    out.push_back(coverage(r, c));
    push(request, "insurance", reference(c, "Coverage"));
  }
}

}  // namespace adapters::formats::fhir
