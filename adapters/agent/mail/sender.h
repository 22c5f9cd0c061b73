// The sender's own small rows: where the batch chain stands, and each pair's chain. Protocol 12, "Sender agent state".
#pragma once

#include "adapters/agent/keep/records.h"

namespace adapters::agent::mail {

struct SenderRow {
  std::uint64_t batch_seq = 0;  // highest ever signed
  base::Hash last_hash{};       // last accepted or in flight
  std::uint64_t in_flight = 0;
};
void fields(auto& f, keep::MaybeConst<SenderRow> auto& r) { f(r.batch_seq, r.last_hash, r.in_flight); }
SenderRow sender(keep::Tx& tx);
void save(keep::Tx& tx, const SenderRow& s);

keep::PairRow pair_of(keep::Tx& tx, const base::Id& recipient);  // a new one if there is none
void save(keep::Tx& tx, const keep::PairRow& p);

}  // namespace adapters::agent::mail
