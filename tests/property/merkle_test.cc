// The Merkle code against RFC 6962's recursive definitions, for every tree of up to 300 leaves.
#include "crypto/merkle.h"

#include <doctest/doctest.h>

#include <map>
#include <string>

using base::Hash;
using Hashes = std::vector<Hash>;

namespace {

constexpr std::size_t kMax = 300;

std::size_t split(std::size_t n) {
  std::size_t k = 1;
  while (2 * k < n) k *= 2;
  return k;
}

// The definitions of RFC 6962 section 2.1 over leaves [at, at + n), remembering subtree roots.
class Naive {
 public:
  Naive() {
    for (std::size_t i = 0; i < kMax; ++i) leaves_.push_back(crypto::merkle_leaf(base::view("leaf " + std::to_string(i))));
  }
  [[nodiscard]] const Hashes& leaves() const { return leaves_; }
  Hash mth(std::size_t at, std::size_t n) {
    if (n == 0) return crypto::sha256(base::View{});
    if (n == 1) return leaves_[at];
    const auto [it, fresh] = roots_.try_emplace({at, n});
    if (fresh) {
      const std::size_t k = split(n);
      const Hash l = mth(at, k), r = mth(at + k, n - k);
      it->second = crypto::sha256({base::Fixed<1>{1}, l, r});
    }
    return it->second;
  }
  Hashes path(std::size_t m, std::size_t at, std::size_t n) {
    if (n <= 1) return {};
    const std::size_t k = split(n);
    Hashes p = m < k ? path(m, at, k) : path(m - k, at + k, n - k);
    p.push_back(m < k ? mth(at + k, n - k) : mth(at, k));
    return p;
  }
  Hashes subproof(std::size_t m, std::size_t at, std::size_t n, bool whole) {
    if (m == n) return whole ? Hashes{} : Hashes{mth(at, n)};
    const std::size_t k = split(n);
    Hashes p = m <= k ? subproof(m, at, k, whole) : subproof(m - k, at + k, n - k, false);
    p.push_back(m <= k ? mth(at + k, n - k) : mth(at, k));
    return p;
  }
  Hashes consistency(std::size_t old, std::size_t n) { return old == 0 || old == n ? Hashes{} : subproof(old, 0, n, true); }

 private:
  Hashes leaves_;
  std::map<std::pair<std::size_t, std::size_t>, Hash> roots_;
};

// A tree as a store would keep it: what Frontier emits, and nothing else.
struct Stored {
  crypto::Frontier frontier;
  std::map<std::pair<unsigned, std::uint64_t>, Hash> nodes;
  void append(const Hash& leaf) {
    frontier.append(leaf,
                    [&](unsigned level, std::uint64_t index, const Hash& h) { CHECK(nodes.emplace(std::pair(level, index), h).second); });
  }
  [[nodiscard]] crypto::ReadNode read() const {
    return [this](unsigned level, std::uint64_t index) -> std::optional<Hash> {
      const auto it = nodes.find({level, index});
      return it == nodes.end() ? std::nullopt : std::optional(it->second);
    };
  }
};

// Every way to bend a proof by one hash: each hash altered, one too few, one too many.
template <class F>
bool any_bent_holds(const Hashes& proof, F verify) {
  for (std::size_t i = 0; i < proof.size(); ++i) {
    Hashes bent = proof;
    bent[i][i % 32] ^= 1;
    if (verify(bent)) return true;
  }
  Hashes longer = proof;
  longer.push_back(crypto::sha256(base::view("more")));
  if (verify(longer)) return true;
  if (proof.empty()) return false;
  return verify(Hashes(proof.begin(), proof.end() - 1)) || verify(Hashes(proof.begin() + 1, proof.end()));
}

}  // namespace

TEST_CASE("roots of the span, the frontier and the stored nodes are the defined ones") {
  Naive naive;
  Stored stored;
  for (std::size_t n = 0; n <= kMax; ++n) {
    const Hash root = naive.mth(0, n);
    CHECK((crypto::merkle_root(std::span(naive.leaves()).first(n)) == root));
    CHECK((stored.frontier.root() == root));
    CHECK((*crypto::root_at(n, stored.read()) == root));
    const auto again = crypto::Frontier::from(n, stored.frontier.hashes());
    REQUIRE(again.ok());
    CHECK((again->root() == root));
    if (n < kMax) stored.append(naive.leaves()[n]);
  }
  for (std::size_t n = 0; n < kMax; n += 7) CHECK((*crypto::root_at(n, stored.read()) == naive.mth(0, n)));  // any older size too
}

TEST_CASE("hashes of many at once are those of one by one, for every number") {
  base::Bytes entries(112 * kMax);
  for (std::size_t i = 0; i < entries.size(); ++i) entries[i] = static_cast<base::Byte>(i * 31 + i / 112);
  for (std::size_t n = 0; n <= kMax; ++n) {
    Hashes many(n);
    crypto::merkle_leaves(base::View(entries).first(112 * n), many);
    Hashes parents = many;
    parents.resize(n - n % 2);
    crypto::merkle_parents(parents);
    for (std::size_t i = 0; i < n; ++i) {
      REQUIRE((many[i] == crypto::sha256({base::Fixed<1>{0}, base::View(entries).subspan(112 * i, 112)})));
      if (i < n / 2) REQUIRE((parents[i] == crypto::sha256({base::Fixed<1>{1}, many[2 * i], many[2 * i + 1]})));
    }
  }
}

TEST_CASE("inclusion proofs are the defined ones and hold for their leaf, index and length only") {
  Naive naive;
  Stored stored;
  for (std::size_t n = 1; n <= kMax; ++n) {
    stored.append(naive.leaves()[n - 1]);
    const Hash root = naive.mth(0, n);
    for (std::size_t i = 0; i < n; ++i) {
      const Hashes path = naive.path(i, 0, n);
      const Hash& leaf = naive.leaves()[i];
      REQUIRE((*crypto::prove_inclusion(i, n, stored.read()) == path));
      if (n < 40) REQUIRE((crypto::merkle_path(std::span(naive.leaves()).first(n), i) == path));
      REQUIRE(crypto::verify_inclusion(i, n, leaf, path, root));
      REQUIRE_FALSE(any_bent_holds(path, [&](const Hashes& bent) { return crypto::verify_inclusion(i, n, leaf, bent, root); }));
      REQUIRE_FALSE(crypto::verify_inclusion(i, n, naive.leaves()[(i + 1) % kMax], path, root));
      REQUIRE_FALSE(crypto::verify_inclusion(i, n, leaf, path, naive.mth(0, n - 1)));
      std::size_t other_index_holds = 0;
      for (std::size_t j = 0; j <= n; j += n < 100 ? 1 : 11)
        other_index_holds += j != i && crypto::verify_inclusion(j, n, leaf, path, root) ? 1 : 0;
      REQUIRE(other_index_holds == 0);
    }
  }
}

TEST_CASE("consistency proofs are the defined ones and hold for their two trees only") {
  Naive naive;
  Stored stored;
  for (std::size_t n = 0; n <= kMax; ++n) {
    if (n > 0) stored.append(naive.leaves()[n - 1]);
    const Hash root = naive.mth(0, n);
    for (std::size_t m = 0; m <= n; ++m) {
      const Hashes proof = naive.consistency(m, n);
      const Hash old = naive.mth(0, m);
      REQUIRE((*crypto::prove_consistency(m, n, stored.read()) == proof));
      REQUIRE(crypto::verify_consistency(m, n, old, root, proof));
      REQUIRE_FALSE(any_bent_holds(proof, [&](const Hashes& bent) { return crypto::verify_consistency(m, n, old, root, bent); }));
      Hash other = old;
      other[0] ^= 1;
      REQUIRE_FALSE(crypto::verify_consistency(m, n, other, root, proof));
      other = root;
      other[31] ^= 1;
      REQUIRE((m == 0 || !crypto::verify_consistency(m, n, old, other, proof)));
      std::size_t other_size_holds = 0;
      for (std::size_t j = 0; j <= n + 1; j += n < 70 ? 1 : 29)
        other_size_holds += j != m && crypto::verify_consistency(j, n, old, root, proof) ? 1 : 0;
      REQUIRE(other_size_holds == 0);
    }
  }
}

TEST_CASE("questions about leaves that are not there are refused") {
  const auto none = [](unsigned, std::uint64_t) { return std::optional<Hash>(); };
  CHECK(crypto::prove_inclusion(5, 5, none).error().kind == base::Kind::kUsage);
  CHECK(crypto::prove_inclusion(0, 0, none).error().kind == base::Kind::kUsage);
  CHECK(crypto::prove_consistency(6, 5, none).error().kind == base::Kind::kUsage);
  CHECK(crypto::prove_inclusion(0, 5, none).error().kind == base::Kind::kCorrupt);
  CHECK(crypto::prove_consistency(3, 5, none).error().kind == base::Kind::kCorrupt);
  CHECK(crypto::root_at(3, none).error().kind == base::Kind::kCorrupt);
  CHECK_FALSE(crypto::verify_inclusion(0, 0, {}, {}, crypto::merkle_root({})));
  CHECK_FALSE(crypto::Frontier::from(3, {}).ok());
}

TEST_CASE("sizes near 2^64 end in an answer") {
  const Hashes path(63);
  CHECK_FALSE(crypto::verify_inclusion(UINT64_MAX - 1, UINT64_MAX, {}, path, {}));
  CHECK_FALSE(crypto::verify_inclusion(0, UINT64_MAX, {}, Hashes(200), {}));
  CHECK_FALSE(crypto::verify_consistency(UINT64_MAX - 1, UINT64_MAX, {}, {}, path));
  CHECK_FALSE(crypto::verify_consistency(1, UINT64_MAX, {}, {}, Hashes(200)));
}

TEST_CASE("hashes travel as 32 bytes each") {
  const Hashes two(2);
  CHECK(crypto::join(two).size() == 64);
  CHECK((*crypto::split_hashes(crypto::join(two)) == two));
  CHECK_FALSE(crypto::split_hashes(base::Bytes(33)).ok());
  CHECK_FALSE(crypto::split_hashes(base::Bytes(65 * 32)).ok());
}
