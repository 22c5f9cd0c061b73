// The hub's key as the newest anchor names it, and anchors as files beside the agent's anchor.note (hub/client/anchors.h), for a start without the
// hub and for the programs that only read the folder.
#pragma once

#include "adapters/agent/keep/replica.h"
#include "hub/client/following.h"

namespace adapters::agent {

// What lies beside the first anchor: given at enrolment, or kept earlier. What does not follow from what is known is left lying.
void take_anchors(const std::string& dir, keep::Store& store, const keep::Replica& replica, base::Instant now);
base::Status keep_anchors(const std::string& dir, const keep::Store& store, const keep::Replica& replica);
// Whom to dial. An anchor that came by file came because the log could not be trusted, or reached, to tell.
hub::client::Server hub_key(const keep::Store& store, const keep::Replica& replica);

}  // namespace adapters::agent
