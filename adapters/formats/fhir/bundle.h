// A Referral as a FHIR R4 transaction Bundle: Task and ServiceRequest, Patient, both Organizations, the requesting Practitioner with its
// role, and what else the referral holds (conditions, observations, allergies, medications, documents, flags, consent, coverage).
// Every resource id is made from the thread id, and every entry is a PUT: handing the same Bundle in twice changes nothing.
#pragma once

#include <map>
#include <string>

#include "crypto/base/bytes.h"
#include "crypto/base/instant.h"
#include "schemas/model.h"

namespace adapters::formats::fhir {

struct Context {
  base::Id thread_id{};
  std::string from, from_kind, to, to_kind;  // agency slugs and kinds: who asked, who is asked
  base::Instant at;                          // when the agent received it
  bool test = false;
};

std::string referral_bundle(const schemas::Body& body, const schemas::Referral& referral, const Context& context);

// The other side's later status of the same Task, as a Task resource of its own.
std::string status_task(const schemas::StatusUpdate& update, const Context& context);

}  // namespace adapters::formats::fhir
