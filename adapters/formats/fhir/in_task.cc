// A Task that answers -> StatusUpdate. An Appointment of the person's -> StatusUpdate scheduled or no-show.
#include <array>
#include <nlohmann/json.hpp>

#include "adapters/formats/fhir/in.h"
#include "adapters/formats/fhir/parts.h"
#include "adapters/formats/fhir/task_in.h"

namespace adapters::formats::fhir {
namespace {

using schemas::StatusUpdate;

// Task.status with businessStatus where FHIR's list is coarser than ours.
std::string status_of(const Node& task, Read& r) {
  const std::string status = task["status"].text();
  std::string business;
  for (const Node& c : task["businessStatus"]["coding"].each()) {
    business = business.empty() ? c["code"].text() : business;
    c["system"].pass(), c["display"].pass();
  }
  if (status == "accepted") return business == "5.1.1" ? "scheduled" : "accepted";
  if (status == "in-progress") return business == "5.1.2" ? "no-show" : business == "5.2" ? "cancel_requested" : "in-progress";
  if (status == "received") return business == "info-requested" ? "info_requested" : "received";
  if (status == "requested" && (business == "received" || business == "info-requested")) return business == "received" ? "received" : "info_requested";
  if (status == "failed") return "completed";
  for (const char* same : {"rejected", "on-hold", "completed", "cancelled", "entered-in-error"}) {
    if (status == same) return status;
  }
  r.error = base::malformed(status.empty() ? "the status is missing" : "a status that is no answer", task["status"].path(),
                            "use accepted, rejected, in-progress, on-hold, completed or cancelled");
  return {};
}

std::string reason_class(std::string_view code) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kClasses{{{"CAP_", "capacity"},
                                                                                   {"ELIG_", "eligibility"},
                                                                                   {"CLIN_", "clinical"},
                                                                                   {"CLI_", "client"},
                                                                                   {"CON_", "contact"},
                                                                                   {"ADM_", "legal"},
                                                                                   {"OTH", "legal"}}};
  for (const auto& [prefix, name] : kClasses) {
    if (code.starts_with(prefix)) return std::string(name);
  }
  return {};
}

void add(std::string& text, const std::string& line) {
  if (!line.empty()) text += (text.empty() ? "" : "\n") + line;
}

void reason_in(const Node& task, StatusUpdate& u) {
  const Node reason = task["statusReason"];
  for (const Node& c : reason["coding"].each()) {
    if (u.reason.empty()) u.reason = c["code"].text();
    c["system"].pass();
  }
  u.text = words_in(reason);
  if (u.text == u.reason) u.text.clear();
  if (u.reason.empty() && !u.text.empty()) u.reason = "OTH";
  u.reason_class = reason_class(u.reason);
}

// Who answers and how to reach them: the owner's name, and the telephone of its practitioner, role or organization.
void owner_in(const Node& task, StatusUpdate& u, Read& r) {
  if (const std::string owner = task["owner"]["display"].text(); !owner.empty()) u.actor_name = owner;
  r.from = task["owner"] ? agency_in(task["owner"]) : "";
  task["owner"]["reference"].pass();
  u.place = task["location"]["display"].text();
  const schemas::Contact who = person_in(task["owner"], r, nullptr);
  u.callback = who.phone;
  for (const Node& c : task["contained"].each()) {
    if (const std::string phone = telecom_in(c["telecom"], "phone"); u.callback.empty()) u.callback = phone;
  }
}

void output_in(const Node& o, StatusUpdate& u) {
  const std::array<std::pair<std::string_view, std::string*>, 7> names{{{"outcome", &u.outcome},
                                                                        {"callback", &u.callback},
                                                                        {"expected-at", &u.expected_at},
                                                                        {"place", &u.place},
                                                                        {"hold-until", &u.hold_until},
                                                                        {"appointment-at", &u.appointment_at},
                                                                        {"next-action", &u.next_action}}};
  const Node type = o["type"];
  std::string what = type["coding"].first()["code"].text();
  if (what.empty()) what = type["text"].text();
  for (const auto& [name, field] : names) {
    if (name != what) continue;
    type["coding"].first()["system"].pass(), type["coding"].first()["display"].pass(), type["text"].pass();
    std::string value;
    for (const char* key : {"valueString", "valueCode", "valueDateTime", "valueInstant"}) value = value.empty() ? o[key].text() : value;
    if (const Node c = o["valueCodeableConcept"]; value.empty() && c) {
      value = code_in(c).code;
      if (value.empty()) value = words_in(c);
    }
    *field = value;
    return;
  }
  // Not ours: kept as words where it has words.
  const std::string label = words_in(type);
  for (const char* key : {"valueString", "valueMarkdown"}) {
    if (const std::string value = o[key].text(); !value.empty()) add(u.text, label.empty() ? value : label + ": " + value);
  }
}

void asked_in(const Node& task, Read& r) {
  refs_in(task["identifier"], r);
  if (const auto id = base::parse_uuid(task["id"].text()); id && !r.thread) r.thread = id;
  if (const Node focus = task["focus"]; focus) ref_in(focus, r);
  for (const Node& based : task["basedOn"].each()) ref_in(based, r);
  for (const char* known : {"intent", "for", "priority", "authoredOn", "requester", "code", "restriction"}) task[known].pass();
}

}  // namespace

void task_in(const Node& task, Read& r) {
  r.kind = "StatusUpdate";
  StatusUpdate u;
  asked_in(task, r);
  labels_in(task, r.body.labels, r);
  u.status = status_of(task, r);
  reason_in(task, u);
  for (const Node& n : task["note"].each()) {
    add(u.text, n["text"].text());
    if (const std::string who = n["authorString"].text(); u.actor_name.empty()) u.actor_name = who;
  }
  add(u.text, task["businessStatus"]["text"].text());
  owner_in(task, u, r);
  for (const Node& o : task["output"].each()) output_in(o, u);
  const std::string start = moment_in(task["executionPeriod"]["start"], r);
  if (u.status == "scheduled" && u.appointment_at.empty()) u.appointment_at = start;
  if (u.status == "accepted" && u.expected_at.empty()) u.expected_at = start;
  if (u.outcome.empty() && task["status"].text() == "failed") u.outcome = "UNSUCCESSFUL_CONTACT";
  if (u.status == "rejected" && u.reason.empty() && !r.error)
    r.error = base::malformed("a rejection needs its reason", task["statusReason"].path(), "say why in statusReason");
  const std::string modified = task["lastModified"].text();
  const auto when = base::parse_rfc3339(modified);
  if (!modified.empty() && !when && !r.error) r.error = base::malformed("not a date with time and offset", task["lastModified"].path());
  u.at = when.value_or(base::Instant{});
  u.actor_role = "clinician";
  if (!r.refs.empty()) u.in_reply_to_ref = r.refs.front();
  r.body.payload = std::move(u);
}

void appointment_in(const Node& n, Read& r) {
  r.kind = "StatusUpdate";
  StatusUpdate u;
  for (const Node& based : n["basedOn"].each()) ref_in(based, r);
  refs_in(n["identifier"], r);
  labels_in(n, r.body.labels, r);
  const std::string status = n["status"].text(), start = moment_in(n["start"], r);
  if (status == "booked") {
    u.status = "scheduled", u.appointment_at = start;
    if (start.empty()) r.error = base::malformed("a booked appointment has its time", n["start"].path());
  } else if (status == "noshow") {
    u.status = "no-show", u.attempts = 1, u.last_attempt_at = start, u.next_action = "to be agreed";
  } else if (status == "arrived" || status == "checked-in" || status == "fulfilled") {
    u.status = "in-progress";
  } else {
    r.error = base::Error{base::Kind::kUnsupported, "an appointment in this state changes nothing of a referral", n["status"].path(),
                          "book it (booked), or say with a Task what becomes of the referral"};
  }
  for (const char* words : {"comment", "patientInstruction"}) add(u.text, n[words].text());
  for (const Node& p : n["participant"].each()) {
    const Node actor = p["actor"];
    const std::string target = actor["reference"].text(), display = actor["display"].text();
    for (const char* known : {"status", "required", "type"}) p[known].pass();
    const Node there = n.document()->resolve(actor);
    if (target.starts_with("Location/") || (there && there.is() == "Location")) u.place = !display.empty() ? display : there["name"].text();
    if (target.starts_with("Practitioner") && u.actor_name.empty()) u.actor_name = display;
  }
  n["end"].pass(), n["minutesDuration"].pass(), n["created"].pass();
  u.actor_role = "clinician";
  if (!r.refs.empty()) u.in_reply_to_ref = r.refs.front();
  r.body.payload = std::move(u);
}

}  // namespace adapters::formats::fhir
