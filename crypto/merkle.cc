// SHA-256 and the trees of RFC 6962 / RFC 9162. OpenSSL's low-level calls, because they use SHA-NI without the fetch cost of EVP.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/merkle.h"

#include <openssl/sha.h>

#include <algorithm>
#include <bit>

namespace crypto {
using base::Hash;

static_assert(sizeof(SHA256_CTX) <= 112 && alignof(SHA256_CTX) <= 8);
namespace {

SHA256_CTX* context(base::Byte* p) { return reinterpret_cast<SHA256_CTX*>(p); }

base::Error missing() { return {base::Kind::kCorrupt, "a node of the Merkle tree is missing"}; }

// The largest power of two below n (n >= 2): where RFC 6962 splits a tree.
std::uint64_t split(std::uint64_t n) { return std::bit_floor(n - 1); }

// The root over leaves [start, start + n), start being a multiple of bit_floor(n): perfect subtrees, folded from the right.
base::Result<Hash> range_root(std::uint64_t start, std::uint64_t n, const ReadNode& read) {
  std::vector<Hash> parts;
  while (n > 0) {
    const auto level = static_cast<unsigned>(std::bit_width(n) - 1);
    const auto node = read(level, start >> level);
    if (!node) return missing();
    parts.push_back(*node);
    start += std::uint64_t{1} << level;
    n -= std::uint64_t{1} << level;
  }
  Hash root = parts.back();
  for (std::size_t i = parts.size() - 1; i-- > 0;) root = merkle_node(parts[i], root);
  return root;
}

// What SHA256_Init() makes (FIPS 180-4, 5.3.3); a constant, so that no order of initialisation matters.
constexpr SHA256_CTX kFresh{{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}, 0, 0, {}, 0, SHA256_DIGEST_LENGTH};

// A first byte and a text of kText bytes, padded here: the two blocks go to the compression function at once, without OpenSSL's buffer between.
// All hashes of a log's tree are of this kind, and most of what they cost is not the compression.
template <base::Byte kFirst, std::size_t kTextSize>
class TwoBlocks {
 public:
  static constexpr std::size_t kText = kTextSize;
  static_assert(kText >= 55 && kText < 119);
  TwoBlocks() {
    bytes_[0] = kFirst;
    std::memset(bytes_ + 1 + kText, 0, 127 - kText);
    bytes_[1 + kText] = 0x80;
    base::store_be(bytes_ + 120, std::uint64_t{1 + kText} * 8);
  }
  void put(const base::Byte* text) { std::memcpy(bytes_ + 1, text, kText); }
  [[nodiscard]] Hash hash() const {
    SHA256_CTX c = kFresh;
    SHA256_Update(&c, bytes_, sizeof bytes_);
    Hash h;
    for (std::size_t i = 0; i < 8; ++i) base::store_be(h.data() + 4 * i, static_cast<std::uint32_t>(c.h[i]));
    return h;
  }

 private:
  base::Byte bytes_[128];
};
using Leaf = TwoBlocks<0, 112>;
using Node = TwoBlocks<1, 64>;

// The texts that stand one after the other, each to its hash; `out` may lie over texts that have been read by then. Up to sixteen are laid out before
// the first is hashed: a processor that reads what it wrote a moment ago in other pieces waits until the write has ended, a third of all the time.
template <class Blocks>
void hash_many(const base::Byte* texts, std::span<Hash> out) {
  std::vector<Blocks> laid_out(std::min<std::size_t>(16, out.size()));
  for (std::size_t i = 0; i < out.size(); i += laid_out.size()) {
    const std::size_t n = std::min(laid_out.size(), out.size() - i);
    for (std::size_t k = 0; k < n; ++k) laid_out[k].put(texts + (i + k) * Blocks::kText);
    for (std::size_t k = 0; k < n; ++k) out[i + k] = laid_out[k].hash();
  }
}

// Replaces a level of the tree by the one above it; a last odd node moves up as it is.
void lift(std::vector<Hash>& level) {
  const std::size_t pairs = level.size() / 2;
  merkle_parents(std::span(level).first(2 * pairs));
  if (level.size() % 2 != 0) level[pairs] = level.back();
  level.resize(level.size() - pairs);
}

}  // namespace

Sha256::Sha256() { SHA256_Init(context(ctx_)); }
Sha256& Sha256::add(base::View v) {
  SHA256_Update(context(ctx_), v.data(), v.size());
  return *this;
}
Hash Sha256::finish() {
  Hash h;
  SHA256_Final(h.data(), context(ctx_));
  return h;
}

Hash sha256(base::View v) { return Sha256().add(v).finish(); }
Hash sha256(std::initializer_list<base::View> parts) {
  Sha256 s;
  for (base::View v : parts) s.add(v);
  return s.finish();
}

Hash merkle_leaf(base::View entry) {
  if (entry.size() == Leaf::kText) {  // every entry of a log
    Leaf b;
    b.put(entry.data());
    return b.hash();
  }
  const base::Byte zero = 0;
  return Sha256().add({&zero, 1}).add(entry).finish();
}

Hash merkle_node(const Hash& l, const Hash& r) {
  const Hash pair[2] = {l, r};
  Node b;
  b.put(pair[0].data());
  return b.hash();
}

void merkle_leaves(base::View entries, std::span<Hash> out) {
  CHECK(entries.size() == out.size() * Leaf::kText);
  hash_many<Leaf>(entries.data(), out);
}

void merkle_parents(std::span<Hash> level) {
  CHECK(level.size() % 2 == 0);
  if (!level.empty()) hash_many<Node>(level[0].data(), level.first(level.size() / 2));
}

Hash merkle_root(std::span<const Hash> leaf_hashes) {
  if (leaf_hashes.empty()) return sha256(base::View{});
  if (leaf_hashes.size() == 1) return leaf_hashes[0];
  std::vector<Hash> level(leaf_hashes.begin(), leaf_hashes.end());
  while (level.size() > 1) lift(level);
  return level[0];
}

std::vector<Hash> merkle_path(std::span<const Hash> leaf_hashes, std::uint64_t index) {
  CHECK(index < leaf_hashes.size());
  std::vector<Hash> path;
  std::vector<Hash> level(leaf_hashes.begin(), leaf_hashes.end());
  for (; level.size() > 1; index >>= 1) {
    const std::uint64_t sibling = index ^ 1;
    if (sibling < level.size()) path.push_back(level[sibling]);
    lift(level);
  }
  return path;
}

base::Result<Frontier> Frontier::from(std::uint64_t size, std::vector<Hash> hashes) {
  if (static_cast<std::size_t>(std::popcount(size)) != hashes.size()) {
    return base::Error{base::Kind::kCorrupt, "the frontier does not fit its tree size"};
  }
  Frontier f;
  f.size_ = size;
  f.edge_ = std::move(hashes);
  return f;
}

void Frontier::append(const Hash& leaf, const std::function<void(unsigned, std::uint64_t, const Hash&)>& emit) {
  Hash h = leaf;
  unsigned level = 0;
  if (emit) emit(0, size_, h);
  for (; (size_ >> level) & 1; ++level) {
    h = merkle_node(edge_.back(), h);
    edge_.pop_back();
    if (emit) emit(level + 1, size_ >> (level + 1), h);
  }
  edge_.push_back(h);
  ++size_;
}

Hash Frontier::root() const {
  if (edge_.empty()) return sha256(base::View{});
  Hash root = edge_.back();
  for (std::size_t i = edge_.size() - 1; i-- > 0;) root = merkle_node(edge_[i], root);
  return root;
}

base::Result<std::vector<Hash>> prove_inclusion(std::uint64_t index, std::uint64_t size, const ReadNode& read) {
  if (index >= size) return base::Error{base::Kind::kUsage, "the index is not in the tree"};
  std::vector<Hash> path;
  std::uint64_t start = 0;
  for (std::uint64_t n = size; n > 1;) {
    const std::uint64_t k = split(n);
    const bool left = index - start < k;
    TRY_ASSIGN(Hash other, left ? range_root(start + k, n - k, read) : range_root(start, k, read));
    path.push_back(other);
    if (!left) start += k;
    n = left ? k : n - k;
  }
  std::reverse(path.begin(), path.end());
  return path;
}

base::Result<std::vector<Hash>> prove_consistency(std::uint64_t old_size, std::uint64_t size, const ReadNode& read) {
  if (old_size > size) return base::Error{base::Kind::kUsage, "the old tree is larger than the new one"};
  std::vector<Hash> proof;
  if (old_size == 0 || old_size == size) return proof;
  std::uint64_t start = 0, n = size, m = old_size;
  while (m != n) {
    const std::uint64_t k = split(n);
    const bool left = m <= k;
    TRY_ASSIGN(Hash other, left ? range_root(start + k, n - k, read) : range_root(start, k, read));
    proof.push_back(other);
    if (!left) start += k, m -= k;
    n = left ? k : n - k;
  }
  if (start != 0) {  // else the old root itself would be named, which the verifier holds
    TRY_ASSIGN(Hash last, range_root(start, n, read));
    proof.push_back(last);
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

base::Result<Hash> root_at(std::uint64_t size, const ReadNode& read) {
  if (size == 0) return sha256(base::View{});
  return range_root(0, size, read);
}

bool verify_inclusion(std::uint64_t index, std::uint64_t size, const Hash& leaf_hash, std::span<const Hash> path, const Hash& root) {
  if (index >= size) return false;
  std::uint64_t fn = index, sn = size - 1;
  Hash r = leaf_hash;
  for (const Hash& p : path) {
    if (sn == 0) return false;
    if ((fn & 1) != 0 || fn == sn) {
      r = merkle_node(p, r);
      while ((fn & 1) == 0 && fn != 0) fn >>= 1, sn >>= 1;
    } else {
      r = merkle_node(r, p);
    }
    fn >>= 1, sn >>= 1;
  }
  return sn == 0 && r == root;
}

bool verify_consistency(std::uint64_t old_size, std::uint64_t size, const Hash& old_root, const Hash& root, std::span<const Hash> proof) {
  if (old_size > size) return false;
  if (old_size == 0 && old_root != merkle_root({})) return false;
  if (old_size == size) return proof.empty() && old_root == root;
  if (old_size == 0) return proof.empty();
  std::uint64_t fn = old_size - 1, sn = size - 1;
  while ((fn & 1) != 0) fn >>= 1, sn >>= 1;
  if (!std::has_single_bit(old_size)) {  // else the first node of the path is the old root, left out of the proof
    if (proof.empty()) return false;
  }
  Hash fr = std::has_single_bit(old_size) ? old_root : proof[0];
  Hash sr = fr;
  for (const Hash& c : proof.subspan(std::has_single_bit(old_size) ? 0 : 1)) {
    if (sn == 0) return false;
    if ((fn & 1) != 0 || fn == sn) {
      fr = merkle_node(c, fr);
      sr = merkle_node(c, sr);
      while ((fn & 1) == 0 && fn != 0) fn >>= 1, sn >>= 1;
    } else {
      sr = merkle_node(sr, c);
    }
    fn >>= 1, sn >>= 1;
  }
  return sn == 0 && fr == old_root && sr == root;
}

base::Bytes join(std::span<const Hash> hashes) {
  base::Bytes out;
  out.reserve(hashes.size() * 32);
  for (const Hash& h : hashes) base::append(out, h);
  return out;
}

base::Result<std::vector<Hash>> split_hashes(base::View v) {
  if (v.size() % 32 != 0 || v.size() > 64 * 32) return base::malformed("a list of hashes must be 0 to 64 times 32 bytes");
  std::vector<Hash> out(v.size() / 32);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = base::fixed<32>(v.subspan(i * 32, 32));
  return out;
}

}  // namespace crypto
