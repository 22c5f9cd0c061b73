// See tree.h.
#include "hub/state/tree.h"

#include "hub/state/rows.h"

namespace hub::state {
namespace {

constexpr std::size_t kSlots = 1 << 16;

std::size_t slot_of(unsigned level, std::uint64_t index) {
  return static_cast<std::size_t>((index + level * 0x9E3779B97F4A7C15ULL) & (kSlots - 1));
}

}  // namespace

NodeCache::NodeCache() : slots_(kSlots) {}

std::optional<base::Hash> NodeCache::find(unsigned level, std::uint64_t index) const {
  const std::lock_guard lock(mutex_);
  const Slot& s = slots_[slot_of(level, index)];
  if (!s.used || s.level != level || s.index != index) return std::nullopt;
  return s.hash;
}

void NodeCache::put(unsigned level, std::uint64_t index, const base::Hash& h) {
  const std::lock_guard lock(mutex_);
  slots_[slot_of(level, index)] = {index, level, true, h};
}

std::optional<base::Hash> read_node(const ReadKv& kv, unsigned level, std::uint64_t index) {
  if (level > 63) return std::nullopt;
  NodeCache* cache = kv.nodes();
  if (cache != nullptr) {
    if (auto known = cache->find(level, index)) return known;
  }
  base::Hash h;
  if (level == 0) {
    const auto row = kv.get(Table::kLog, key(index));
    if (!row || row->size() != kLogRow) return std::nullopt;
    h = base::fixed<32>(row->subspan(112));
  } else if (level % 8 == 0) {
    const auto row = kv.get(Table::kNode, node_key(level, index));
    if (!row || row->size() != 32) return std::nullopt;
    h = base::fixed<32>(*row);
  } else {
    const auto left = read_node(kv, level - 1, index * 2);
    const auto right = left ? read_node(kv, level - 1, index * 2 + 1) : std::nullopt;
    if (!right) return std::nullopt;
    h = crypto::merkle_node(*left, *right);
  }
  if (cache != nullptr) cache->put(level, index, h);
  return h;
}

base::Status append_leaf(Kv& kv, crypto::Frontier& frontier, const base::Fixed<112>& entry) {
  base::Fixed<kLogRow> row;
  const base::Hash leaf = crypto::merkle_leaf(entry);
  std::memcpy(row.data(), entry.data(), 112);
  std::memcpy(row.data() + 112, leaf.data(), 32);
  TRY(kv.append(Table::kLog, key(frontier.size()), row));
  base::Status written;
  frontier.append(leaf, [&](unsigned level, std::uint64_t index, const base::Hash& h) {
    if (level != 0 && level % 8 == 0 && written.ok()) written = kv.put(Table::kNode, node_key(level, index), h);
  });
  return written;
}

}  // namespace hub::state
