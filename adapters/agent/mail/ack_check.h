// The checks that a sender owes itself before it believes an ACK (protocol 5), and the same proof rules for receipts. Pure.
#pragma once

#include "adapters/agent/keep/records.h"
#include "crypto/directory.h"
#include "schemas/wire.h"

namespace adapters::agent::mail {

struct Proved {
  std::uint64_t first_index = 0;
  crypto::Checkpoint checkpoint;
  base::Instant hub_time;  // of the batch's first entry
};
// Count, positions, leaves, batch, times, log signature, inclusion. Consistency with the own tree is the replica's part.
base::Result<Proved> check_ack(const schemas::wire::Ack& ack, const keep::BatchRow& batch, const crypto::VerifierKey& log, base::Instant now);

struct CheckedReceipt {
  crypto::Rcp1 rcp;
  std::uint64_t index = 0;
};
// A recipient's receipt as the hub forwards it: signature by the recipient's certificate, entry, proof (protocol 5).
base::Result<CheckedReceipt> check_receipt(const schemas::wire::Receipt& r, const base::Id& self, const crypto::Directory& directory);

}  // namespace adapters::agent::mail
