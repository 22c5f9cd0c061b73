// Task, ServiceRequest, and the Bundle around everything.
#include "adapters/formats/fhir/bundle.h"

#include <nlohmann/json.hpp>

#include "adapters/formats/fhir/parts.h"

namespace adapters::formats::fhir {
namespace {

using schemas::Referral;

std::string_view priority(const std::string& urgency) {
  return urgency == "emergent" ? "stat" : urgency == "urgent" ? "urgent" : "routine";
}

// Confidentiality and the sensitivity labels that FHIR has codes for.
void add_labels(Json& j, const Referral& r) {
  Json& meta = j["meta"];
  push(meta, "security", coding("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "R", "restricted"));
  for (const std::string& label : r.labels) {
    if (label == "part2") push(meta, "security", coding("http://terminology.hl7.org/CodeSystem/v3-ActCode", "42CFRPart2"));
    if (label == "mh") push(meta, "security", coding("http://terminology.hl7.org/CodeSystem/v3-ActCode", "PSY"));
    if (label == "hiv") push(meta, "security", coding("http://terminology.hl7.org/CodeSystem/v3-ActCode", "HIV"));
  }
}

Json input(std::string_view what, std::string_view value) {
  Json i = Json::object();
  i["type"] = concept_of(kOwnCodes, what);
  put(i, "valueString", value);
  return i;
}

std::string authored(const Referral& r, const Context& c) { return is_datetime(r.requested_at) ? r.requested_at : base::rfc3339(c.at); }

void add_identity(Json& t, const Context& c) {
  push(t, "identifier", identifier(kUri, "urn:uuid:" + base::uuid(c.thread_id)));
  t["intent"] = "order";
  t["code"] = concept_of("http://hl7.org/fhir/CodeSystem/task-code", "fulfill", "Fulfill the focal request");
}

// What FHIR has no element for; kept by name, never dropped.
void add_inputs(Json& t, const schemas::Body& body, const Referral& r) {
  const std::pair<const char*, const std::string*> facts[] = {
      {"authority-basis", &r.authority_basis},
      {"consent-ref", &r.consent_ref},
      {"location-now", &r.location_now},
      {"med-clearance", &r.med_clearance},
      {"incident-ref", &r.incident_ref},
      {"age-band", &r.subject.age_band},
      {"safe-to-contact", &r.subject.safe_to_contact},
      {"gender-identity", &r.subject.gender},
      {"risk-self", &r.risk.self},
      {"risk-others", &r.risk.others},
      {"risk-grave", &r.risk.grave},
      {"risk-weapons", &r.risk.weapons},
  };
  for (const auto& [name, value] : facts) {
    if (!value->empty()) push(t, "input", input(name, *value));
  }
  if (r.transport_needed) push(t, "input", input("transport-needed", "yes"));
  if (r.subject.interpreter) push(t, "input", input("interpreter", "yes"));
  if (!r.subject.dob.empty() && !is_date(r.subject.dob)) push(t, "input", input("dob-as-sent", r.subject.dob));
  for (const auto& [name, value] : body.custom) {
    if (!value.empty()) push(t, "input", input("custom:" + name, value));
  }
}

void add_entry(Json& bundle, Json r) {
  Json entry = Json::object();
  const std::string id = r["id"], type = r["resourceType"];
  entry["fullUrl"] = "urn:uuid:" + id;
  entry["request"]["method"] = "PUT";
  entry["request"]["url"] = type + "/" + id;
  entry["resource"] = std::move(r);
  push(bundle, "entry", std::move(entry));
}

}  // namespace

Json service_request(const Referral& r, const Context& c) {
  Json s = resource(c, "ServiceRequest");
  add_labels(s, r);
  if (!r.source_ref.empty()) push(s, "identifier", identifier("", r.source_ref));
  s["status"] = "active";
  s["intent"] = "order";
  push(s, "category", concept_of("http://snomed.info/sct", "3457005", "Patient referral"));
  s["priority"] = priority(r.urgency);
  if (Json what = concept_of(r.service); !what.empty()) s["code"] = std::move(what);
  s["subject"] = reference(c, "Patient");
  s["authoredOn"] = authored(r, c);
  if (Json when = period(r.effective_from, r.effective_until); !when.is_null()) s["occurrencePeriod"] = std::move(when);
  s["requester"] = reference(c, "PractitionerRole");
  push(s, "performer", reference(c, "Organization", 1, r.target_service_person.empty() ? c.to : r.target_service_person));
  for (const schemas::Code& code : r.reasons) {
    if (Json why = concept_of(code); !why.empty()) push(s, "reasonCode", std::move(why));
  }
  for (const std::string& text : r.notes) {
    if (Json n = note(text); !n.empty()) push(s, "note", std::move(n));
  }
  return s;
}

Json task(const schemas::Body& body, const Referral& r, const Context& c) {
  Json t = resource(c, "Task");
  add_labels(t, r);
  add_identity(t, c);
  t["status"] = "requested";
  t["businessStatus"] = business_status("requested");
  t["priority"] = priority(r.urgency);
  t["focus"] = reference(c, "ServiceRequest");
  t["for"] = reference(c, "Patient");
  t["authoredOn"] = authored(r, c);
  t["lastModified"] = base::rfc3339(c.at);
  t["requester"] = reference(c, "PractitionerRole", 0, c.from);
  t["owner"] = reference(c, "Organization", 1, c.to);
  if (Json when = period({}, r.effective_until); !when.is_null()) t["restriction"]["period"] = std::move(when);
  add_inputs(t, body, r);
  return t;
}

std::string referral_bundle(const schemas::Body& body, const Referral& r, const Context& c) {
  Json bundle = Json::object();
  bundle["resourceType"] = "Bundle";
  bundle["id"] = resource_id(c.thread_id, "Bundle");
  bundle["type"] = "transaction";
  bundle["timestamp"] = base::rfc3339(c.at);
  if (c.test) push(bundle["meta"], "security", coding("http://terminology.hl7.org/CodeSystem/v3-ActReason", "HTEST", "test health data"));
  Json request = service_request(r, c);
  std::vector<Json> others;
  add_people(r, c, others);
  add_clinical(r, c, request, others);
  add_entry(bundle, task(body, r, c));
  add_entry(bundle, std::move(request));
  add_entry(bundle, patient(r, c));
  for (Json& other : others) add_entry(bundle, std::move(other));
  return schemas::dump(bundle, 2) + "\n";
}

namespace {

// What FHIR has no element for, under the names that in_task.cc reads.
void add_outputs(Json& t, const schemas::StatusUpdate& u) {
  const std::pair<const char*, const std::string*> facts[] = {{"outcome", &u.outcome},         {"callback", &u.callback},     {"expected-at", &u.expected_at},
                                                              {"place", &u.place},             {"hold-until", &u.hold_until}, {"appointment-at", &u.appointment_at},
                                                              {"next-action", &u.next_action}};
  for (const auto& [name, value] : facts) {
    if (!value->empty()) push(t, "output", input(name, *value));
  }
}

}  // namespace

std::string status_task(const schemas::StatusUpdate& u, const Context& c) {
  Json t = resource(c, "Task");
  add_identity(t, c);
  t["status"] = task_status(u.status);
  t["businessStatus"] = business_status(u.status);
  if (u.status == "expired") t["statusReason"] = concept_of(kOwnCodes, "expired");
  if (!u.reason.empty()) t["statusReason"] = concept_of(kOwnCodes, u.reason);
  t["focus"]["reference"] = "ServiceRequest/" + resource_id(c.thread_id, "ServiceRequest");
  t["for"]["reference"] = "Patient/" + resource_id(c.thread_id, "Patient");
  t["lastModified"] = base::rfc3339(u.at.ms == 0 ? c.at : u.at);
  t["requester"]["identifier"] = identifier(kAgencies, c.from);
  t["owner"]["identifier"] = identifier(kAgencies, c.to);
  add_outputs(t, u);
  for (const std::string* text : {&u.text, &u.next_action}) {
    if (Json n = note(*text); !n.empty()) push(t, "note", std::move(n));
  }
  return schemas::dump(t, 2) + "\n";
}

}  // namespace adapters::formats::fhir
