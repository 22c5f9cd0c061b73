// RFC 6962 / RFC 9162 Merkle mathematics over SHA-256 (OpenSSL's, with SHA-NI). Knows nothing of disks:
// whoever holds the nodes passes a ReadNode. Pure functions, safe from any thread. Many hashes in one call take two thirds of the time of one by one.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

namespace crypto {

class Sha256 {  // incremental; a value
 public:
  Sha256();
  Sha256& add(base::View v);
  base::Hash finish();  // once

 private:
  alignas(8) base::Byte ctx_[112];
};
base::Hash sha256(base::View v);
base::Hash sha256(std::initializer_list<base::View> parts);

base::Hash merkle_leaf(base::View entry);                              // SHA-256(0x00 || entry)
base::Hash merkle_node(const base::Hash& l, const base::Hash& r);      // SHA-256(0x01 || l || r)
void merkle_leaves(base::View entries, std::span<base::Hash> out);     // of entries of a log, 112 bytes each, one after the other; out: one each
void merkle_parents(std::span<base::Hash> level);                      // [i] becomes the node over [2i] and [2i+1]; an even number of them
base::Hash merkle_root(std::span<const base::Hash> leaf_hashes);       // MTH; of nothing: SHA-256("")
std::vector<base::Hash> merkle_path(std::span<const base::Hash> leaf_hashes, std::uint64_t index);  // audit path in a small tree

// The right edge of a growing tree: the roots of its perfect subtrees, biggest first. A value.
class Frontier {
 public:
  Frontier() = default;
  static base::Result<Frontier> from(std::uint64_t size, std::vector<base::Hash> hashes);
  // Appends a leaf hash. `emit(level, index, hash)` is called for every node that this completes (level 0 = the leaf itself).
  void append(const base::Hash& leaf, const std::function<void(unsigned level, std::uint64_t index, const base::Hash&)>& emit = {});
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] base::Hash root() const;
  [[nodiscard]] const std::vector<base::Hash>& hashes() const { return edge_; }

 private:
  std::uint64_t size_ = 0;
  std::vector<base::Hash> edge_;
};

// Returns the root of the perfect subtree of 2^level leaves at `index`, for any level. nullopt: not held.
using ReadNode = std::function<std::optional<base::Hash>(unsigned level, std::uint64_t index)>;

// Proofs for a tree of `size` leaves; kCorrupt if a node is missing. Orders as in RFC 9162 sections 2.1.3.1 and 2.1.4.1.
base::Result<std::vector<base::Hash>> prove_inclusion(std::uint64_t index, std::uint64_t size, const ReadNode& read);
base::Result<std::vector<base::Hash>> prove_consistency(std::uint64_t old_size, std::uint64_t size, const ReadNode& read);
base::Result<base::Hash> root_at(std::uint64_t size, const ReadNode& read);

// RFC 9162 sections 2.1.3.2 and 2.1.4.2. False for anything that does not hold, whatever the lengths.
bool verify_inclusion(std::uint64_t index, std::uint64_t size, const base::Hash& leaf_hash, std::span<const base::Hash> path, const base::Hash& root);
bool verify_consistency(std::uint64_t old_size, std::uint64_t size, const base::Hash& old_root, const base::Hash& root, std::span<const base::Hash> proof);

base::Bytes join(std::span<const base::Hash> hashes);                  // 32 bytes each, for the wire
base::Result<std::vector<base::Hash>> split_hashes(base::View v);      // kMalformed unless a multiple of 32, at most 64 of them

}  // namespace crypto
