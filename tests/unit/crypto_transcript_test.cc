// The fixed layouts: what encode() writes parse() reads back, and parse() accepts nothing that encode() cannot write.
#include "crypto/transcript.h"

#include <doctest/doctest.h>

#include <functional>

#include "tests/vectors/cast.h"

using base::Bytes;
using base::Kind;
using base::View;
using crypto::Ent1;
using crypto::Grp1;
using crypto::Rcp1;
using vectors::filled;

namespace {

Grp1 chained() {
  Grp1 g;
  g.n_msgs = 2;
  g.sender = filled<16>(1);
  g.slots.resize(1);
  g.slots[0].recipient = filled<16>(2);
  g.slots[0].pair_seq = 3;
  return g;
}

Ent1 accept_entry() {
  Ent1 e;
  e.type = 1;
  e.count = 4;
  return e;
}

Rcp1 delivered() {
  Rcp1 r;
  r.status = 1;
  r.upto_pair_seq = 5;
  return r;
}

// Flips each bit of good bytes: parse refuses, or what it read encodes to exactly the flipped bytes.
template <class T>
void every_bit_counts(const Bytes& good, const std::function<base::Result<T>(View)>& parse) {
  REQUIRE(parse(good).ok());
  std::size_t refused = 0;
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    Bytes bent = good;
    bent[bit / 8] ^= static_cast<base::Byte>(1 << (bit % 8));
    const auto read = parse(bent);
    if (!read.ok()) {
      ++refused;
    } else {
      const auto again = crypto::encode(*read);
      CHECK(base::equal(again, bent));
    }
  }
  CHECK(refused > 8 * 8);  // magic, suite, reserved bytes at least
  for (std::size_t n = 0; n < good.size(); ++n) CHECK_FALSE(parse(View(good).first(n)).ok());
  Bytes longer = good;
  longer.push_back(0);
  CHECK_FALSE(parse(longer).ok());
}

template <class F>
Bytes bytes_of(const F& v) {
  return base::to_bytes(View(v));
}

}  // namespace

TEST_CASE("no bit of a layout is ignored") {
  every_bit_counts<Grp1>(crypto::encode(chained()), crypto::parse_grp1);
  Grp1 broadcast = chained();
  broadcast.slots[0].pair_seq = 0;
  broadcast.slots.push_back(broadcast.slots[0]);
  broadcast.slots[1].recipient = filled<16>(3);
  every_bit_counts<Grp1>(crypto::encode(broadcast), crypto::parse_grp1);
  every_bit_counts<crypto::Hdr1>(bytes_of(crypto::encode(vectors::draft(1, 1, "").hdr)), crypto::parse_hdr1);
  crypto::Bst1 bst;
  bst.n_groups = 1;
  every_bit_counts<crypto::Bst1>(bytes_of(crypto::encode(bst)), crypto::parse_bst1);
  every_bit_counts<Rcp1>(bytes_of(crypto::encode(delivered())), crypto::parse_rcp1);
  every_bit_counts<Ent1>(bytes_of(crypto::encode(accept_entry())), crypto::parse_ent1);
}

TEST_CASE("an unknown suite is unsupported, not malformed") {
  Grp1 g = chained();
  g.suite = 2;
  CHECK(crypto::parse_grp1(crypto::encode(g)).error().kind == Kind::kUnsupported);
  Rcp1 r = delivered();
  r.suite = 0;
  CHECK(crypto::parse_rcp1(crypto::encode(r)).error().kind == Kind::kUnsupported);
}

TEST_CASE("counts over the limits are too large, zero is malformed") {
  Grp1 g = chained();
  g.n_msgs = 1024;
  CHECK(crypto::parse_grp1(crypto::encode(g)).ok());
  g.n_msgs = 1025;
  CHECK(crypto::parse_grp1(crypto::encode(g)).error().kind == Kind::kTooLarge);
  g.n_msgs = 0;
  CHECK(crypto::parse_grp1(crypto::encode(g)).error().kind == Kind::kMalformed);
  crypto::Bst1 bst;
  CHECK(crypto::parse_bst1(crypto::encode(bst)).error().kind == Kind::kMalformed);
  bst.n_groups = 256;
  CHECK(crypto::parse_bst1(crypto::encode(bst)).ok());
  bst.n_groups = 257;
  CHECK(crypto::parse_bst1(crypto::encode(bst)).error().kind == Kind::kTooLarge);
}

TEST_CASE("64 sorted slots make a broadcast, and slot_of finds each") {
  Grp1 g = chained();
  g.slots.clear();
  for (int i = 0; i < 64; ++i) {
    crypto::Slot s;
    s.recipient = filled<16>(2 + i);
    g.slots.push_back(s);
  }
  const auto parsed = crypto::parse_grp1(crypto::encode(g));
  REQUIRE(parsed.ok());
  CHECK(parsed->broadcast());
  CHECK(parsed->slot_of(filled<16>(40)) == &parsed->slots[38]);
  CHECK(parsed->slot_of(filled<16>(1)) == nullptr);
}

TEST_CASE("a restart starts its chain anywhere but names nothing before it") {
  Grp1 g = chained();
  g.flags = Grp1::kChainRestart;
  CHECK(crypto::parse_grp1(crypto::encode(g)).ok());
  g.slots[0].prev_group_leaf = filled<32>(9);
  CHECK(crypto::parse_grp1(crypto::encode(g)).error().kind == Kind::kMalformed);
}

TEST_CASE("a log entry has a count and a late flag only if it is an ACCEPT") {
  Ent1 e = accept_entry();
  e.flags = Ent1::kLate;
  CHECK(crypto::parse_ent1(crypto::encode(e)).ok());
  e.type = 2;
  CHECK_FALSE(crypto::parse_ent1(crypto::encode(e)).ok());
  e.flags = 0;
  CHECK_FALSE(crypto::parse_ent1(crypto::encode(e)).ok());
  e.count = 0;
  for (int type = 2; type <= 9; ++type) {
    e.type = static_cast<std::uint8_t>(type);
    CHECK(crypto::parse_ent1(crypto::encode(e)).ok());
  }
  e.type = 10;
  CHECK_FALSE(crypto::parse_ent1(crypto::encode(e)).ok());
  e.type = 1;
  CHECK_FALSE(crypto::parse_ent1(crypto::encode(e)).ok());  // no messages
  e.count = 1025;
  CHECK_FALSE(crypto::parse_ent1(crypto::encode(e)).ok());
}

TEST_CASE("a receipt's fields fit its status") {
  Rcp1 r = delivered();
  r.ref_leaf = filled<32>(4);  // adopted start
  CHECK(crypto::parse_rcp1(crypto::encode(r)).ok());
  r.status = 2;
  CHECK_FALSE(crypto::parse_rcp1(crypto::encode(r)).ok());
  r.upto_pair_seq = 0;
  CHECK(crypto::parse_rcp1(crypto::encode(r)).ok());
  r.ref_leaf = {};
  CHECK_FALSE(crypto::parse_rcp1(crypto::encode(r)).ok());
  for (const int status : {5, 6}) {
    r = delivered();
    r.status = static_cast<std::uint16_t>(status);
    r.n_failed = 1;
    CHECK(crypto::parse_rcp1(crypto::encode(r)).ok());
  }
}

TEST_CASE("errors name places and rules, never contents") {
  Bytes grp = crypto::encode(chained());
  grp[12] = 4;
  CHECK(crypto::parse_grp1(grp).error().message() == "GRP1: undefined flags or reserved bytes are set");
}
