// After a restore from a backup (protocol 12): where the own chains stand is taken from the hub's log, by proof only, before anything is
// sent. The walk begins at the last own batch that the hub shows and goes back along prev_batch_hash, through entries that this agent
// has scanned itself, until it meets what the backup knows: so nothing between can be left out, and every step bears our own signature.
// A hub that proves less is refused, and nothing is sent.
#pragma once

#include "adapters/agent/mail/delivery.h"

namespace adapters::agent::mail {

struct OwnBatch {
  base::Hash hash{};
  std::uint64_t first_index = 0;
  std::vector<Arrival> groups;  // in group_no order
};
// Own batches that were accepted after the one that `known` names (zero: none is known), oldest first. `in_flight`: one that the backup
// had signed and not yet seen accepted. kBusy: no answer, ask again. Anything else: the hub proves no head.
base::Result<std::vector<OwnBatch>> own_batches_since(Office& office, hub::client::Client& hub, const base::Hash& known, std::uint64_t signed_upto, const base::Hash& in_flight);

// Takes them into the sender's rows: batch chain, pair chains, what became of messages that the backup still holds as waiting.
// Gives how many messages are known by their headers alone, because they were written after the backup.
std::size_t adopt(keep::Tx& tx, const Desk& desk, const std::vector<OwnBatch>& batches);

// All of it, once, if this agent was restored. Ok: mail may go. With a certificate newer than the backup's, chains whose head cannot be
// proved begin anew with the restart flag instead.
base::Status come_home(Office& office, hub::client::Client& hub);

}  // namespace adapters::agent::mail
