// The log's Merkle tree as it lies in the tables: leaves in kLog, every eighth level in kNode, what is between computed on demand.
#pragma once

#include <mutex>
#include <vector>

#include "crypto/merkle.h"
#include "hub/state/kv.h"

namespace hub::state {

// A bounded memory of tree nodes. Complete nodes never change, so nothing in it ever grows stale. Thread-safe.
class NodeCache {
 public:
  NodeCache();
  [[nodiscard]] std::optional<base::Hash> find(unsigned level, std::uint64_t index) const;
  void put(unsigned level, std::uint64_t index, const base::Hash& h);

 private:
  struct Slot {
    std::uint64_t index = 0;
    unsigned level = 0;
    bool used = false;
    base::Hash hash{};
  };
  mutable std::mutex mutex_;
  std::vector<Slot> slots_;  // direct-mapped
};

// The root of the perfect subtree of 2^level leaves at `index`; nullopt if it is not (wholly) in the store.
std::optional<base::Hash> read_node(const ReadKv& kv, unsigned level, std::uint64_t index);
inline crypto::ReadNode node_reader(const ReadKv& kv) {
  return [&kv](unsigned level, std::uint64_t index) { return read_node(kv, level, index); };
}
// Appends an entry: its log row, the frontier, and the node rows that it completes.
base::Status append_leaf(Kv& kv, crypto::Frontier& frontier, const base::Fixed<112>& entry);

}  // namespace hub::state
