#include "adapters/formats/fhir/task_in.h"

#include <array>
#include <nlohmann/json.hpp>

#include "schemas/json.h"

namespace adapters::formats::fhir {
namespace {

using schemas::Json;

// Member access that never throws and never changes the document.
const Json& at(const Json& j, const char* key) {
  static const Json kNothing;
  if (!j.is_object()) return kNothing;
  const auto it = j.find(key);
  return it == j.end() ? kNothing : *it;
}
const Json& first(const Json& j) {
  static const Json kNothing;
  return j.is_array() && !j.empty() ? j.front() : kNothing;
}
std::string text(const Json& j) { return j.is_string() ? j.get<std::string>() : std::string(); }

// The code of a CodeableConcept, or "".
std::string code_in(const Json& concept_json) { return text(at(first(at(concept_json, "coding")), "code")); }
std::string words_in(const Json& concept_json) {
  const std::string t = text(at(concept_json, "text"));
  return t.empty() ? text(at(first(at(concept_json, "coding")), "display")) : t;
}

base::Result<const Json*> find_task(const Json& document) {
  const std::string type = text(at(document, "resourceType"));
  if (type == "Task") return &document;
  if (type != "Bundle") return base::Error{base::Kind::kUnsupported, "neither a Task nor a Bundle with one", "resourceType"};
  const Json* found = nullptr;
  const Json& entries = at(document, "entry");
  for (std::size_t i = 0; entries.is_array() && i < entries.size(); ++i) {
    const Json& resource = at(entries[i], "resource");
    if (text(at(resource, "resourceType")) != "Task") continue;
    if (found != nullptr) return base::malformed("more than one Task", "Bundle.entry", "drop them in one by one");
    found = &resource;
  }
  if (found == nullptr) return base::malformed("no Task in the Bundle", "Bundle.entry");
  return found;
}

std::optional<base::Id> thread_of(const Json& task) {
  const Json& identifiers = at(task, "identifier");
  for (std::size_t i = 0; identifiers.is_array() && i < identifiers.size(); ++i) {
    std::string value = text(at(identifiers[i], "value"));
    if (value.starts_with("urn:uuid:")) value.erase(0, 9);
    if (const auto id = base::parse_uuid(value)) return id;
  }
  return base::parse_uuid(text(at(task, "id")));
}

// Task.status with businessStatus where FHIR's list is coarser than ours.
base::Result<std::string> status_of(const Json& task) {
  const std::string status = text(at(task, "status")), business = code_in(at(task, "businessStatus"));
  if (status == "accepted") return std::string(business == "5.1.1" ? "scheduled" : "accepted");
  if (status == "in-progress") return std::string(business == "5.1.2" ? "no-show" : "in-progress");
  if (status == "received") return std::string(business == "info-requested" ? "info_requested" : "received");
  if (status == "failed") return std::string("completed");
  for (const char* same : {"rejected", "on-hold", "completed", "cancelled", "entered-in-error"}) {
    if (status == same) return status;
  }
  return base::malformed(status.empty() ? "the status is missing" : "a status that is no answer", "Task.status",
                         "use accepted, rejected, in-progress, on-hold, completed or cancelled");
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

void read_reason(const Json& task, schemas::StatusUpdate& u) {
  const Json& reason = at(task, "statusReason");
  u.reason = code_in(reason);
  u.text = words_in(reason);
  if (u.reason.empty() && !u.text.empty()) u.reason = "OTH";
  u.reason_class = reason_class(u.reason);
}

void read_notes(const Json& task, schemas::StatusUpdate& u) {
  const Json& notes = at(task, "note");
  for (std::size_t i = 0; notes.is_array() && i < notes.size(); ++i) {
    const std::string line = text(at(notes[i], "text"));
    if (!line.empty()) u.text += (u.text.empty() ? "" : "\n") + line;
    if (u.actor_name.empty()) u.actor_name = text(at(notes[i], "authorString"));
  }
  const std::string business = text(at(at(task, "businessStatus"), "text"));
  if (!business.empty()) u.text += (u.text.empty() ? "" : "\n") + business;
}

// Who answers and how to reach them: the owner's name, and the telephone of a contained practitioner, role or organization.
void read_owner(const Json& task, schemas::StatusUpdate& u) {
  if (const std::string owner = text(at(at(task, "owner"), "display")); !owner.empty()) u.actor_name = owner;
  u.place = text(at(at(task, "location"), "display"));
  const Json& contained = at(task, "contained");
  for (std::size_t i = 0; contained.is_array() && i < contained.size(); ++i) {
    const Json& points = at(contained[i], "telecom");
    for (std::size_t k = 0; points.is_array() && k < points.size(); ++k) {
      if (u.callback.empty() && text(at(points[k], "system")) == "phone") u.callback = text(at(points[k], "value"));
    }
  }
}

// Task.output: the outcome and whatever else our own names say; Task.executionPeriod: when.
void read_results(const Json& task, schemas::StatusUpdate& u) {
  const Json& outputs = at(task, "output");
  const std::array<std::pair<std::string_view, std::string*>, 7> names{{{"outcome", &u.outcome},
                                                                        {"callback", &u.callback},
                                                                        {"expected-at", &u.expected_at},
                                                                        {"place", &u.place},
                                                                        {"hold-until", &u.hold_until},
                                                                        {"appointment-at", &u.appointment_at},
                                                                        {"next-action", &u.next_action}}};
  for (std::size_t i = 0; outputs.is_array() && i < outputs.size(); ++i) {
    const Json& o = outputs[i];
    std::string what = code_in(at(o, "type"));
    if (what.empty()) what = words_in(at(o, "type"));
    std::string value = text(at(o, "valueString"));
    for (const char* key : {"valueCode", "valueDateTime", "valueInstant"}) value = value.empty() ? text(at(o, key)) : value;
    if (value.empty()) value = code_in(at(o, "valueCodeableConcept"));
    if (value.empty()) value = words_in(at(o, "valueCodeableConcept"));
    for (const auto& [name, field] : names) {
      if (name == what) *field = value;
    }
  }
  const std::string start = text(at(at(task, "executionPeriod"), "start"));
  if (u.status == "scheduled" && u.appointment_at.empty()) u.appointment_at = start;
  if (u.status == "accepted" && u.expected_at.empty()) u.expected_at = start;
}

base::Result<TaskAnswer> read_found(const Json& task) {
  TaskAnswer answer;
  const auto thread = thread_of(task);
  if (!thread)
    return base::malformed("neither the identifier nor the id is the thread's UUID", "Task.identifier",
                           "keep the identifier of the Task that was received");
  answer.thread_id = *thread;
  schemas::StatusUpdate& u = answer.update;
  TRY_ASSIGN(u.status, status_of(task));
  read_reason(task, u);
  read_notes(task, u);
  read_owner(task, u);
  read_results(task, u);
  if (u.outcome.empty() && text(at(task, "status")) == "failed") u.outcome = "UNSUCCESSFUL_CONTACT";
  if (u.status == "rejected" && u.reason.empty()) return base::malformed("a rejection needs its reason", "Task.statusReason");
  const std::string modified = text(at(task, "lastModified"));
  const auto when = base::parse_rfc3339(modified);
  if (!modified.empty() && !when) return base::malformed("not a date with time and offset", "Task.lastModified");
  u.at = when.value_or(base::Instant{});
  u.actor_role = "clinician";
  return answer;
}

}  // namespace

base::Result<TaskAnswer> read_task(std::string_view json) {
  if (json.starts_with("\xEF\xBB\xBF")) json.remove_prefix(3);
  TRY_ASSIGN(const auto document, schemas::parse_json(json));
  TRY_ASSIGN(const Json* const task, find_task(*document));
  return read_found(*task);
}

}  // namespace adapters::formats::fhir
