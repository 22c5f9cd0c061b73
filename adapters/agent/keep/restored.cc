// The mark of a restore.
#include "adapters/agent/keep/restored.h"

#include <algorithm>

#include "adapters/agent/keep/pack.h"

namespace adapters::agent::keep {

namespace {
constexpr std::string_view kRestored = "restored";
}

std::optional<Restored> restored(Tx& tx) {
  return find<Restored>(tx, Table::kMeta, base::view(kRestored));
}

void save(Tx& tx, const Restored& r) { tx.put(Table::kMeta, base::view(kRestored), pack(r)); }

bool witness_may_sign(Tx& tx, std::uint64_t own_size, std::span<const std::uint64_t> quorum_sizes_of_peers) {
  auto r = restored(tx);
  if (!r || !r->witness_quiet) return true;
  if (quorum_sizes_of_peers.size() < 2) return false;
  if (own_size < *std::max_element(quorum_sizes_of_peers.begin(), quorum_sizes_of_peers.end())) return false;
  r->witness_quiet = false;
  save(tx, *r);
  return true;
}

}  // namespace adapters::agent::keep
