// What an agent has to remember of having been restored from a backup, until it may speak as before (protocol 12, "After a restore from
// backup"). In the store, so that it outlives every restart. Absent: never restored, or long over.
#pragma once

#include <span>

#include "adapters/agent/keep/records.h"

namespace adapters::agent::keep {

struct Restored {
  base::Instant made, at;      // the backup; the restore
  std::uint64_t serial = 0;    // of the certificate in the backup: a later one may begin its chains anew
  bool heads = false;          // own batch and pair heads have been adopted: mail may go
  bool mail = false;           // what was received since the backup has been asked for again
  bool witness_quiet = true;   // no cosignature yet
};
void fields(auto& f, MaybeConst<Restored> auto& r) { f(r.made, r.at, r.serial, r.heads, r.mail, r.witness_quiet); }
std::optional<Restored> restored(Tx& tx);
void save(Tx& tx, const Restored& r);

// The old witness key stays silent until the own tree has reached the latest quorum size that two different peers told. Asked before
// every cosignature. True: it may sign (and the quiet is over for good).
bool witness_may_sign(Tx& tx, std::uint64_t own_size, std::span<const std::uint64_t> quorum_sizes_of_peers);

}  // namespace adapters::agent::keep
