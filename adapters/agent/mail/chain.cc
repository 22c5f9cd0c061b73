// The chain table, row by row.
#include "adapters/agent/mail/chain.h"

namespace adapters::agent::mail {

Standing6 judge(const keep::ChainRow& chain, const Link& link, const std::optional<base::Hash>& passed) {
  if (passed && *passed == link.leaf) return Standing6::kRepeat;
  if (link.restart) return !chain.started || link.serial > chain.serial ? Standing6::kRestart : Standing6::kConflict;
  if (!chain.started) return base::all_zero(link.prev) ? Standing6::kGoOn : Standing6::kStateLost;
  if (link.pair_seq == chain.upto + 1 && link.prev == chain.last_leaf) return Standing6::kGoOn;
  if (link.pair_seq > chain.upto + 1) return Standing6::kGap;
  return Standing6::kConflict;
}

bool fresh_broadcast(const keep::ChainRow& chain, std::uint64_t batch_seq, std::uint32_t group_no) {
  return batch_seq > chain.bcast_seq || (batch_seq == chain.bcast_seq && group_no > chain.bcast_group) || chain.bcast_seq == 0;
}

}  // namespace adapters::agent::mail
