// The mark of a restore.
#include "adapters/agent/keep/restored.h"

#include <algorithm>

#include "adapters/agent/keep/pack.h"

namespace adapters::agent::keep {

namespace {
constexpr std::string_view kRestored = "restored";
}

std::optional<Restored> restored(Tx& tx) {
  const auto v = tx.get(Table::kMeta, base::view(kRestored));
  if (!v) return std::nullopt;
  Unpacker u(*v);
  Restored r;
  r.made = u.at();
  r.at = u.at();
  r.serial = u.num<std::uint64_t>();
  r.heads = u.flag();
  r.mail = u.flag();
  r.witness_quiet = u.flag();
  if (!u.ok()) tx.fail({base::Kind::kCorrupt, "the mark of a restore has another shape than expected", "store"});
  return r;
}

void save(Tx& tx, const Restored& r) {
  tx.put(Table::kMeta, base::view(kRestored), Packer().at(r.made).at(r.at).num(r.serial).flag(r.heads).flag(r.mail).flag(r.witness_quiet).take());
}

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
