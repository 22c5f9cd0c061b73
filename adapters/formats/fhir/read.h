// Any FHIR R4 JSON: what it is, and what of it this exchange carries. Reads single resources and Bundles of every type (transaction, batch,
// message, collection, searchset, document). Pure; thread-safe; never throws.
//
//   ServiceRequest (+ Task that asks, Patient, Practitioner, PractitionerRole, Organization, Condition, Observation, AllergyIntolerance,
//   MedicationStatement, MedicationRequest, Flag, Coverage, Consent, RelatedPerson, Location, DocumentReference)   -> Referral
//   Task that answers, Appointment                                        -> StatusUpdate
//   Communication, DocumentReference (+ Binary)                           -> SecureMessage
//   Consent -> Consent      Encounter -> EncounterNotification
// Other resources travel only as parts of these (kind is empty, `note` says of what), or not at all.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"
#include "schemas/model.h"

namespace adapters::formats::fhir {

struct Remark {
  std::string where, what;  // FHIRPath expression ("Bundle.entry[2].resource.subject"); words without values
};

struct Read {
  std::string type, id;        // of the resource handed in; "" if it is no FHIR at all
  std::string kind;            // canonical kind, "" if there is none by itself
  std::string note;            // one sentence: what was made of it
  std::vector<std::string> main;   // of a Bundle with a kind: the resources that it was read as, a request and then its Task ("Bundle.entry[0].resource")
  schemas::Body body;          // its payload is of `kind`; for a part of a referral, a Referral that holds just that part
  std::optional<base::Id> thread;  // named by an identifier that is a thread's UUID, or by the resource's own id
  std::vector<std::string> refs;   // by which a thread may be found: identifiers and ids of the request that it speaks of
  std::string from, to;        // agencies as the document names them: slug, name or display; may be empty
  bool test = false;           // marked HTEST
  std::vector<std::string> fields;    // that were set: "referral.subject.dob"
  std::vector<std::string> unmapped;  // present and read by nobody, without indices, by resource: "Patient.photo", "Specimen"
  std::vector<Remark> warnings;
  std::optional<base::Error> error;   // why it cannot be sent as it is; kind and body are then as far as they came
};

Read read(std::string_view bytes);

}  // namespace adapters::formats::fhir
