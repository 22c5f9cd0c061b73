// The ledger's head at the hub (decisions D4): once a day the agent hands in its size and hash as a signed note, which becomes an entry of the
// witnessed log. From then on nobody at the agency can rewrite an earlier row unseen, not even with the store's key. Inside transactions.
#pragma once

#include "adapters/agent/keep/records.h"
#include "adapters/agent/keep/replica.h"
#include "adapters/agent/ledger/ledger.h"
#include "crypto/certificate.h"

namespace adapters::agent::ledger {

struct LoggedHead {                    // key: u64 day since 1970, of the hub's time
  std::uint64_t day = 0, size = 0;
  std::uint64_t index = keep::kNoIndex;  // of its entry; none: handed in, and not answered yet
  base::Hash hash{};
  std::string note;                    // whole, as it was signed
};
void fields(auto& f, keep::MaybeConst<LoggedHead> auto& r) { f(r.day, r.size, r.index, r.hash, r.note); }
std::vector<LoggedHead> logged(keep::Tx& tx);  // oldest first
void save(keep::Tx& tx, const LoggedHead& row);
void drop(keep::Tx& tx, const LoggedHead& row);  // one that can never be logged

// The note for that day, unsigned; nullopt: there is one of that day, or nothing was written since the last. While one is not answered it is
// handed in again, byte for byte, before another is made.
std::optional<crypto::LedgerNote> head_due(keep::Tx& tx, const base::Hash& cert, std::uint64_t day);

// The first row that is not what a logged head says, and why; nullopt: all of them agree with the ledger and with the log.
struct Disagreement {
  std::uint64_t seq = 0;
  std::string why;
};
std::optional<Disagreement> against_log(keep::Tx& tx, const keep::Replica& replica);

}  // namespace adapters::agent::ledger
