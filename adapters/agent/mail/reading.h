// Read receipts (protocol 5, "2 read"; docs/decisions/0011-read-receipts.md): a person here has looked at a thread, and each sender learns
// when; what another agency's people have looked at, of ours. A sealed kind 16 whose body is an RCP1 without a signature of its own: the
// batch's signature covers it. Inside transactions.
#pragma once

#include "adapters/agent/mail/delivery.h"

namespace adapters::agent::mail {

bool is_read_receipt(const keep::Message& m);

// A person has this thread before them now, up to that message: a receipt goes to the sender of each one that has not had one. True: something
// waits.
bool note_read(keep::Tx& tx, const Desk& desk, crypto::Random& random, const base::Id& thread_id, std::uint64_t upto);

// A receipt came. One that does not fit a message of ours to that very agency is refused, kept as evidence and told.
void take_read(keep::Tx& tx, const Desk& desk, const Arrival& a, const OpenedMessage& o, std::vector<std::string>& tell);
// Nothing of ours is read before it is delivered: a receipt that came first counts from here on.
void read_if_said(keep::Tx& tx, const Desk& desk, keep::Message delivered);

// When a person saw it: here, of what came; at its recipient, of what we sent. 0: not yet, or not known.
base::Instant seen_at(keep::Tx& tx, const base::Id& self, const keep::Message& m);

}  // namespace adapters::agent::mail
