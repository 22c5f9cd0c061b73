// ServiceRequest and the Task that asks for it -> Referral.
#include <array>
#include <nlohmann/json.hpp>

#include "adapters/formats/fhir/in.h"
#include "adapters/formats/fhir/parts.h"

namespace adapters::formats::fhir {
namespace {

using schemas::Referral;

std::string urgency_of(const Node& n, std::string_view priority) {
  for (const Node& e : n["extension"].each()) {
    const Node url = e["url"];
    if (url && url.json()->is_string() && url.json()->get<std::string>() == kUrgency) {
      url.pass();
      return e["valueCode"].text();
    }
  }
  if (priority == "stat") return "emergent";
  return priority == "urgent" || priority == "asap" ? "urgent" : priority == "routine" ? "routine" : "";
}

// Names that referral_bundle() writes, so that what it wrote is read back whole.
void input_in(const Node& i, Referral& out, schemas::Body& body, Read& r) {
  const std::string what = code_of(i["type"], kOwnCodes);
  const Node value = i["valueString"];
  if (what.empty()) {
    if (const Node there = i.document()->resolve(i["valueReference"]); there) clinical_in(there, out, r);
    return;
  }
  const std::array<std::pair<std::string_view, std::string*>, 13> names{{{"authority-basis", &out.authority_basis},
                                                                         {"consent-ref", &out.consent_ref},
                                                                         {"location-now", &out.location_now},
                                                                         {"med-clearance", &out.med_clearance},
                                                                         {"incident-ref", &out.incident_ref},
                                                                         {"age-band", &out.subject.age_band},
                                                                         {"safe-to-contact", &out.subject.safe_to_contact},
                                                                         {"gender-identity", &out.subject.gender},
                                                                         {"risk-self", &out.risk.self},
                                                                         {"risk-others", &out.risk.others},
                                                                         {"risk-grave", &out.risk.grave},
                                                                         {"risk-weapons", &out.risk.weapons},
                                                                         {"dob-as-sent", &out.subject.dob}}};
  for (const auto& [name, field] : names) {
    if (what == name) *field = value.text();
  }
  if (what == "transport-needed") out.transport_needed = value.text() == "yes";
  if (what == "interpreter") out.subject.interpreter = value.text() == "yes";
  if (what.starts_with("custom:")) body.custom[what.substr(7)] = value.text();
}

void times_in(const Node& request, const Node& task, Referral& out, Read& r) {
  out.requested_at = moment_in(request["authoredOn"], r);
  if (const std::string t = moment_in(task["authoredOn"], r); out.requested_at.empty()) out.requested_at = t;
  out.effective_from = moment_in(request["occurrencePeriod"]["start"], r);
  out.effective_until = moment_in(request["occurrencePeriod"]["end"], r);
  if (const std::string t = moment_in(request["occurrenceDateTime"], r); out.effective_from.empty()) out.effective_from = t;
  if (const std::string t = moment_in(task["restriction"]["period"]["end"], r); out.effective_until.empty()) out.effective_until = t;
}

void people_in(const Node& request, const Node& task, Referral& out, Read& r) {
  out.requester = person_in(request["requester"] ? request["requester"] : task["requester"], r, &out.requester_agency);
  if (request["requester"]) task["requester"].pass();
  r.from = out.requester_agency;
  Node to = task["owner"];
  if (!to) to = request["performer"].first();
  if (!to) return;
  const Node there = to.document()->resolve(to);
  r.to = agency_in(to);
  if (there && there.is() != "Organization" && there.is() != "HealthcareService") {
    const schemas::Contact person = person_in(to, r, nullptr);
    out.target_service_person = person.name.given.empty() ? person.name.family : person.name.given + " " + person.name.family;
  }
  if (const std::string named = request["performer"].first()["display"].text(); !named.empty() && named != r.to && out.target_service_person.empty())
    out.target_service_person = named;
  request["performer"].first()["reference"].pass();
}

void request_in(const Node& n, Referral& out, schemas::Body& body, Read& r) {
  out.service = code_in(n["code"]);
  for (const Node& c : n["category"].each()) {
    const std::string snomed = code_of(c, "http://snomed.info/sct");
    if (snomed == "3457005") continue;  // "patient referral", which it is anyhow
    std::string& kept = body.custom["x-fhir-category"];
    kept += (kept.empty() ? "" : ", ") + words_in(c);
  }
  for (const Node& c : n["reasonCode"].each()) out.reasons.push_back(code_in(c));
  for (const char* list : {"reasonReference", "supportingInfo", "insurance"}) {
    for (const Node& reference : n[list].each()) {
      const Node there = reference.document()->resolve(reference);
      if (there && (is_clinical(there.is()) || there.is() == "DocumentReference" || there.is() == "Consent")) {
        reference["display"].pass();
        reference["type"].pass();
      } else if (const std::string words = reference["display"].text(); std::string_view(list) == "reasonReference" && !words.empty()) {
        out.reasons.push_back({"", "", words});
      } else if (!there) {
        warn(r, reference, "what it refers to is not in this document and is left out");
      }
    }
  }
  if (const Node where = n["locationReference"].first(); where) {
    const Node there = where.document()->resolve(where);
    if (!there) out.location_now = display_in(where);
  }
  if (const std::string where = words_in(n["locationCode"].first()); out.location_now.empty()) out.location_now = where;
  for (const Node& extra : n["orderDetail"].each()) out.notes.push_back(words_in(extra));
  for (const Node& note : n["note"].each()) {
    if (const std::string text = note["text"].text(); !text.empty()) out.notes.push_back(text);
  }
  if (const std::string text = n["patientInstruction"].text(); !text.empty()) out.notes.push_back(text);
}

void state_in(const Node& request, const Node& task, Read& r) {
  const std::string status = request["status"].text(), intent = request["intent"].text();
  if (request && status != "active" && status != "draft" && status != "on-hold")
    warn(r, request["status"], status.empty() ? "the status is missing" : "not an open request");
  if (intent == "proposal" || intent == "plan") warn(r, request["intent"], "a proposal or plan, not yet an order");
  if (request["doNotPerform"].text() == "true")
    r.error = base::Error{base::Kind::kUnsupported, "a request not to do something is no referral", request["doNotPerform"].path()};
  for (const char* known : {"status", "intent", "businessStatus", "code", "lastModified"}) task[known].pass();
}

// What else lies in the document and is about the same person: with one Patient there is no doubt.
void others_in(const Node& any, Referral& out, Read& r) {
  const auto patients = any.document()->all("Patient");
  for (const Node& n : any.document()->resources()) {
    const std::string type = n.is();
    if (type == "Patient" || type == "Practitioner" || type == "PractitionerRole" || type == "Organization") continue;
    Node whom;
    for (const char* key : {"subject", "patient", "beneficiary"}) whom = whom ? whom : n[key];
    const Node person = whom ? any.document()->resolve(whom) : Node();
    if (patients.size() > 1 && person && !person.same(patients.front())) {
      if (is_clinical(type)) warn(r, n, "about another Patient of this document: left out");
      continue;
    }
    clinical_in(n, out, r);
  }
}

}  // namespace

void referral_in(const Node& request, const Node& task, Read& r) {
  r.kind = "Referral";
  const Node& any = request ? request : task;
  Referral out;
  refs_in(task["identifier"], r);
  refs_in(request["identifier"], r);
  out.source_ref = identifier_in(request["identifier"]);
  if (out.source_ref.empty()) out.source_ref = any["id"].text();
  const std::string priority = request["priority"].text(), task_priority = task["priority"].text();
  out.urgency = urgency_of(any, priority.empty() ? task_priority : priority);
  if (out.urgency.empty()) {
    warn(r, any["priority"], "no priority: taken as routine");
    out.urgency = "routine";
  }
  labels_in(request, out.labels, r);
  labels_in(task, out.labels, r);
  state_in(request, task, r);
  out.subject = subject_in(request["subject"] ? request["subject"] : task["for"], any, r);
  task["for"].pass(), task["focus"].pass();
  times_in(request, task, out, r);
  if (request) {
    request_in(request, out, r.body, r);
  } else {
    warn(r, task["focus"], "the ServiceRequest that it asks for is not in this document");
    out.service = code_in(task["code"]);
    if (const schemas::Code why = code_in(task["reasonCode"]); !why.code.empty() || !why.text.empty()) out.reasons.push_back(why);
  }
  people_in(request, task, out, r);
  if (const std::string words = task["description"].text(); !words.empty()) out.notes.push_back(words);
  for (const Node& n : task["note"].each()) out.notes.push_back(n["text"].text());
  others_in(any, out, r);
  for (const Node& i : task["input"].each()) input_in(i, out, r.body, r);
  if (!out.consent_ref.empty() && out.authority_basis.empty()) out.authority_basis = "consent";
  if (out.service.code.empty() && out.service.text.empty()) warn(r, any["code"], "the service that is asked for is not named");
  if (out.reasons.empty() && out.diagnoses.empty()) warn(r, any["reasonCode"], "no reason is given");
  r.body.payload = std::move(out);
}

}  // namespace adapters::formats::fhir
