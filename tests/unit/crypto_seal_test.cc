// Sealing by its public door: rules of a request, hedging (a repeated generator repeats no key), disclosure.
#include "crypto/seal.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/vectors/cast.h"
#include "tests/vectors/loose_batch.h"

using base::Bytes;
using base::Kind;
using crypto::Frame;
using crypto::SealRequest;
using vectors::draft;
using vectors::filled;
using vectors::kBob;
using vectors::kCarol;
using vectors::to;

namespace {

class StuckRandom : public crypto::Random {  // a generator that always gives the same bytes
 public:
  void fill(std::span<base::Byte> out) override { std::fill(out.begin(), out.end(), 0x5a); }
};

base::Result<crypto::SealedBatch> seal(const SealRequest& r, std::uint64_t now_ns = 1) {
  StuckRandom stuck;
  const crypto::Secret<32> hedge(filled<32>(0x77));
  return crypto::seal(r, vectors::sign_key(vectors::kSenderSeed), {hedge, stuck, now_ns});
}

SealRequest two_groups() {
  SealRequest r = vectors::request(100);
  r.groups.push_back({{to(kBob, 1)}, {draft(1, 1, "one"), draft(2, 3, "two")}, false});
  r.groups.push_back({{to(kCarol, 0), to(kBob, 0)}, {draft(3, 6, "beds")}, false});
  return r;
}

Kind refusal(const SealRequest& r) {
  const auto sealed = seal(r);
  REQUIRE_FALSE(sealed.ok());
  return sealed.error().kind;
}

struct Opened {  // a delivered group, checked up to opening
  vectors::LooseBatch batch;
  crypto::BatchParts parts;
  crypto::ParsedBatch parsed;
  Opened(const crypto::SealedBatch& sealed, std::size_t group, bool erased = false)
      : batch(vectors::LooseBatch::of(sealed).deliver(group, erased)),
        parts(batch.parts()),
        parsed(std::move(crypto::parse_batch(parts, Frame::kDeliver)).value()) {
    REQUIRE(crypto::check_hashes(parts, parsed, Frame::kDeliver).ok());
  }
  [[nodiscard]] auto open(const vectors::Reader& r) const {
    return crypto::open(parts.groups[0], parsed.groups[0], filled<16>(r.id), vectors::epoch_key(r.epoch_secret));
  }
  [[nodiscard]] auto keys(const vectors::Reader& r) const {
    return crypto::message_keys(parts.groups[0], parsed.groups[0], filled<16>(r.id), vectors::epoch_key(r.epoch_secret));
  }
  [[nodiscard]] auto disclose(std::size_t i, base::View k) const {
    const auto& m = parts.groups[0].msgs[i];
    return crypto::open_disclosed(parsed.groups[0].gctx, m.hdr, base::fixed<32>(m.commit), m.ct, k);
  }
};

// What must never repeat: ephemeral and, through the commitments, every message key.
std::vector<Bytes> fingerprints(const crypto::SealedBatch& b) {
  std::vector<Bytes> out;
  for (const auto& g : b.groups) {
    out.push_back(base::to_bytes(base::View(g.grp).subspan(64, 32)));
    for (const auto& m : g.msgs) out.push_back(base::to_bytes(base::View(m.commit)));
  }
  return out;
}

}  // namespace

TEST_CASE("what is sealed for two readers opens for both, and for nobody else") {
  const auto sealed = seal(two_groups());
  REQUIRE(sealed.ok());
  const Opened chained(*sealed, 0), broadcast(*sealed, 1);
  CHECK((*chained.open(kBob) == std::vector<Bytes>{base::to_bytes("one"), base::to_bytes("two")}));
  CHECK((*broadcast.open(kBob) == std::vector<Bytes>{base::to_bytes("beds")}));
  CHECK((*broadcast.open(kCarol) == std::vector<Bytes>{base::to_bytes("beds")}));
  CHECK(chained.open(kCarol).error().kind == Kind::kNotFound);
  CHECK(broadcast.open({kBob.id, kCarol.epoch_secret, 3}).error().kind == Kind::kBadSignature);
}

TEST_CASE("slots are sorted whatever the order of the request, and one ephemeral serves the batch") {
  const auto sealed = seal(two_groups());
  REQUIRE(sealed.ok());
  const auto grp = crypto::parse_grp1(sealed->groups[1].grp);
  REQUIRE(grp.ok());
  CHECK(grp->slots[0].recipient < grp->slots[1].recipient);
  CHECK((grp->ephemeral == crypto::parse_grp1(sealed->groups[0].grp)->ephemeral));
}

TEST_CASE("a request that breaks a rule is refused before anything is sealed") {
  const auto bent = [](const std::function<void(SealRequest&)>& bend) {
    SealRequest r = two_groups();
    bend(r);
    return refusal(r);
  };
  CHECK(bent([](auto& r) { r.groups.clear(); }) == Kind::kUsage);
  CHECK(bent([](auto& r) { r.groups.resize(257, r.groups[0]); }) == Kind::kUsage);
  CHECK(bent([](auto& r) { r.groups[0].to.clear(); }) == Kind::kUsage);
  CHECK(bent([](auto& r) { r.groups[0].messages.clear(); }) == Kind::kUsage);
  CHECK(bent([](auto& r) { r.groups[0].messages.resize(1025, r.groups[0].messages[0]); }) == Kind::kUsage);
  CHECK(bent([](auto& r) { r.groups[0].to.push_back(to(kCarol, 1)); }) == Kind::kUsage);  // chained has one reader
  CHECK(bent([](auto& r) { r.groups[1].to[1].pair_seq = 1; }) == Kind::kUsage);           // half a broadcast
  CHECK(bent([](auto& r) { r.groups[1].to[1] = r.groups[1].to[0]; }) == Kind::kUsage);    // double
  CHECK(bent([](auto& r) { r.groups[1].messages[0].hdr.kind = 1; }) == Kind::kUsage);     // a broadcast referral
  CHECK(bent([](auto& r) { r.groups[1].chain_restart = true; }) == Kind::kUsage);
  CHECK(bent([](auto& r) { r.groups[0].chain_restart = true, r.groups[0].to[0].prev_group_leaf[0] = 1; }) == Kind::kUsage);
  CHECK(bent([](auto& r) { r.sender = r.groups[0].to[0].agent; }) == Kind::kUsage);
  CHECK(bent([](auto& r) { r.groups[0].messages[0].hdr.flags = 4; }) == Kind::kUsage);
  CHECK(bent([](auto& r) { r.groups[0].messages[0].answers_in_batch = {0, 0}; }) == Kind::kUsage);
  CHECK(bent([](auto& r) { r.groups[0].messages[0].answers_in_batch = {1, 0}; }) == Kind::kUsage);
  CHECK(bent([](auto& r) { r.groups[1].messages[0].answers_in_batch = {0, 2}; }) == Kind::kUsage);
  CHECK(bent([](auto& r) { r.groups[0].messages[0].body.resize(256 * 1024 - 3); }) == Kind::kTooLarge);
}

TEST_CASE("the largest body travels") {
  SealRequest r = two_groups();
  r.groups[0].messages[0].body.assign(256 * 1024 - 4, 'z');
  const auto sealed = seal(r);
  REQUIRE(sealed.ok());
  CHECK((Opened(*sealed, 0).open(kBob)->front() == r.groups[0].messages[0].body));
}

TEST_CASE("an answer within the batch names the leaf of what it answers") {
  SealRequest r = two_groups();
  r.groups[0].messages[1].answers_in_batch = {0, 0};
  r.groups[1].messages[0].answers_in_batch = {0, 1};
  const auto sealed = seal(r);
  REQUIRE(sealed.ok());
  CHECK((crypto::parse_hdr1(sealed->groups[0].msgs[1].hdr)->thread_prev == sealed->groups[0].msgs[0].leaf));
  CHECK((crypto::parse_hdr1(sealed->groups[1].msgs[0].hdr)->thread_prev == sealed->groups[0].msgs[1].leaf));
}

TEST_CASE("the same generator output and batch_seq with other content repeats no key") {
  const auto first = seal(two_groups());
  REQUIRE(first.ok());
  CHECK((seal(two_groups())->hash == first->hash));  // nothing but the request, the generator, the secret and the time goes in
  const std::function<void(SealRequest&)> changes[] = {
      [](auto& r) { r.groups[0].messages[1].body[0] ^= 1; },
      [](auto& r) { r.groups[0].messages[1].body.push_back(0); },
      [](auto& r) { r.groups[1].messages[0].hdr.thread_seq = 9; },
      [](auto& r) { r.groups[1].to.pop_back(); },
      [](auto& r) { r.groups[0].to[0].epoch_key = vectors::epoch_key(1).public_key(); },
      [](auto& r) { r.groups.pop_back(); },
      [](auto& r) { r.prev_batch[0] = 1; },
      [](auto& r) { r.dir_seq = 6; },
      [](auto& r) { ++r.batch_seq; },
      [](auto& r) { r.created = r.created.plus(1); },
  };
  for (const auto& change : changes) {
    SealRequest r = two_groups();
    change(r);
    const auto other = seal(r);
    REQUIRE(other.ok());
    for (const Bytes& a : fingerprints(*first)) {
      for (const Bytes& b : fingerprints(*other)) CHECK((a != b));
    }
  }
  CHECK((seal(two_groups(), 2)->groups[0].grp != first->groups[0].grp));  // a later moment alone is enough too
}

TEST_CASE("G of one group opens nothing in another") {
  SealRequest r = two_groups();
  r.groups[1] = r.groups[0];  // same reader, same messages
  r.groups[1].to[0].pair_seq = 3;
  const auto sealed = seal(r);
  REQUIRE(sealed.ok());
  const Opened a(*sealed, 0), b(*sealed, 1);
  const auto keys = a.keys(kBob);
  REQUIRE(keys.ok());
  CHECK((*a.disclose(0, (*keys)[0].view()) == base::to_bytes("one")));
  for (const auto& k : *keys) {
    for (std::size_t i = 0; i < 2; ++i) CHECK(b.disclose(i, k.view()).error().kind == Kind::kBadSignature);
  }
}

TEST_CASE("a disclosed key opens its own message only, and a tombstone still gives its keys") {
  const auto sealed = seal(two_groups());
  REQUIRE(sealed.ok());
  const Opened whole(*sealed, 0), erased(*sealed, 0, true);
  CHECK(erased.open(kBob).error().kind == Kind::kStale);
  const auto keys = erased.keys(kBob);
  REQUIRE(keys.ok());
  CHECK((*whole.disclose(1, (*keys)[1].view()) == base::to_bytes("two")));
  CHECK(whole.disclose(0, (*keys)[1].view()).error().kind == Kind::kBadSignature);
  CHECK(whole.disclose(0, {}).error().kind == Kind::kBadSignature);
}
