// Step 6 of opening: where a group stands in its sender's chain (protocol 4.2, table). Pure.
#pragma once

#include "adapters/agent/keep/records.h"

namespace adapters::agent::mail {

enum class Standing6 { kGoOn, kRestart, kStateLost, kRepeat, kGap, kConflict };

struct Link {  // the incoming group
  std::uint64_t pair_seq = 0;
  base::Hash prev{}, leaf{};
  bool restart = false;
  std::uint64_t serial = 0;  // of its certificate
};
// `passed`: the leaf that the chain has passed at this position, if any.
Standing6 judge(const keep::ChainRow& chain, const Link& link, const std::optional<base::Hash>& passed);

// A broadcast is taken when (batch_seq, group_no) is above the last one seen from its sender.
bool fresh_broadcast(const keep::ChainRow& chain, std::uint64_t batch_seq, std::uint32_t group_no);

}  // namespace adapters::agent::mail
