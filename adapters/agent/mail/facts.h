// Loop facts (decisions D2, D10): what the coordinator learns of a lifecycle event, beside the view that the other party gets. Best effort:
// they never delay it. Inside transactions.
#pragma once

#include "adapters/agent/mail/submit.h"

namespace adapters::agent::mail {

// What a message changes in its loop, without name, diagnosis, fine reason or free text. nullopt: nothing that concerns a coordinator.
std::optional<schemas::LoopFacts> facts_of(const keep::Message& m, const schemas::Body& body);
// Puts the facts of `m` into the outbox for each coordinator of the directory. `m` has been added.
void send_facts(keep::Tx& tx, const Desk& desk, const keep::Message& m, const schemas::Body& body);
// A view was accepted at `first_index`: facts of it that still wait will say where it stands (D14).
void place_waiting_facts(keep::Tx& tx, const Desk& desk, const keep::Message& view, const base::Hash& batch);

}  // namespace adapters::agent::mail
