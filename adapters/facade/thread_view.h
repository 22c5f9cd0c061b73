// A thread as FHIR resources: what this agency holds of it, both directions, as it stands now. Pure.
//
//   the Referral               Task (its id is the thread's UUID), ServiceRequest, Patient, Organization, Practitioner, PractitionerRole, Condition,
//                              Observation, AllergyIntolerance, MedicationStatement, DocumentReference, Flag, Consent, Coverage
//   SecureMessage              Communication       EncounterNotification   Encounter
//   StatusUpdate scheduled, no-show   Appointment  Consent                 Consent        (ids: the message's UUID)
//   attachments                Binary/MESSAGE.N, read through the host
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "adapters/agent/plugin.h"
#include "adapters/facade/settings.h"
#include "schemas/json.h"

namespace adapters::facade {

struct Item {
  std::string type, id, version;
  base::Instant updated;
  std::string status, patient;             // patient: the id of the thread's Patient
  std::vector<std::string> identifiers;    // "system|value"
  std::shared_ptr<const schemas::Json> json;
};
std::vector<Item> thread_items(const std::vector<agent::Delivery>& events, const Settings& settings);

// "MESSAGE.N" -> the message and which of its attachments.
struct BinaryName {
  base::Id msg_id{};
  std::size_t n = 0;
};
std::optional<BinaryName> binary_name(std::string_view id);
const std::vector<schemas::Attachment>* attachments_of(const schemas::Body& body);

Item item_of(std::shared_ptr<schemas::Json> resource, base::Instant updated, const std::string& version);  // id, type and search values from it

}  // namespace adapters::facade
