// The seam for cryptography: mail of a second suite goes its whole way, and whoever does not know the suite refuses it.
#include "schemas/frames.h"
#include "tests/unit/suite/second_suite.h"
#include "tests/vectors/loose_batch.h"

#include "tests/kit/hub_rig.h"  // last: brings doctest

using base::Kind;
using kit::NackCode;

namespace {

crypto::SealRequest letter(kit::HubRig& rig, std::uint16_t suite) {
  crypto::SealRequest r = rig.c.request("hospital", {{"crisis", "under another suite"}}, rig.now, rig.dir_seq());
  r.suite = suite;
  return r;
}

}  // namespace

TEST_CASE("mail of a second suite is sealed, signed, accepted, delivered and opened") {
  const second::Known known;
  kit::HubRig rig(kit::kThree);
  const crypto::SealRequest request = letter(rig, second::kId);
  const crypto::SealedBatch sealed = rig.c.seal("hospital", request);
  const auto o = rig.batch(kit::Consortium::frame(sealed));
  CHECK_MESSAGE(o.accepted, o.words);

  const vectors::LooseBatch delivered = vectors::LooseBatch::of(sealed).deliver(0);
  const auto parts = delivered.parts();
  auto parsed = crypto::parse_batch(parts, crypto::Frame::kDeliver);
  REQUIRE(parsed.ok());
  CHECK(crypto::check_signature(parts, rig.c.agent("hospital").cert.sign).ok());
  REQUIRE(crypto::check_hashes(parts, *parsed, crypto::Frame::kDeliver).ok());
  const auto& crisis = rig.c.agent("crisis");
  const auto& key = crisis.epoch_keys.at(parsed->groups[0].grp.slots[0].epoch);
  const auto bodies = crypto::open(parts.groups[0], parsed->groups[0], crisis.id(), key);
  REQUIRE(bodies.ok());
  CHECK(base::to_string((*bodies)[0]) == "under another suite");
  const auto keys = crypto::message_keys(parts.groups[0], parsed->groups[0], crisis.id(), key);
  REQUIRE(keys.ok());
  const auto& m = parts.groups[0].msgs[0];
  const auto disclosed = crypto::open_disclosed(parsed->groups[0].gctx, m.hdr, base::fixed<32>(m.commit), m.ct, (*keys)[0].view());
  REQUIRE(disclosed.ok());
  CHECK((*disclosed == (*bodies)[0]));
}

TEST_CASE("nothing of one suite passes for the other: signature, commitment, ciphertext, and no mixture") {
  const second::Known known;
  kit::HubRig rig(kit::kThree);
  const auto& sender = rig.c.agent("hospital");
  const crypto::SealedBatch first = rig.c.seal("hospital", letter(rig, crypto::kSuite1)),
                            other = rig.c.seal("hospital", letter(rig, second::kId));
  CHECK(crypto::verify(crypto::kSuite1, sender.cert.sign, first.bst, first.sig));
  CHECK_FALSE(crypto::verify(second::kId, sender.cert.sign, first.bst, first.sig));
  CHECK_FALSE(crypto::verify(crypto::kSuite1, sender.cert.sign, other.bst, other.sig));
  // The id is changed in every structure, and hashes and signature are made to fit: still it does not open.
  vectors::LooseBatch renamed = vectors::LooseBatch::of(other);
  for (base::Bytes* b : {&renamed.groups[0].grp, &renamed.groups[0].msgs[0].hdr}) base::store_le(b->data() + 4, crypto::kSuite1);
  base::store_le(renamed.bst.data() + 32, crypto::kSuite1);
  renamed.restamp(sender.sign);
  const vectors::LooseBatch delivered = renamed.deliver(0);
  const auto& key = rig.c.agent("crisis").epoch_keys.at(1);
  CHECK(vectors::outcome(delivered, crypto::Frame::kDeliver, sender.cert.sign, rig.c.agent("crisis").id(), key) == "open bad_signature");
  // One header, or the group, of another suite than the batch.
  for (const bool group : {false, true}) {
    vectors::LooseBatch mixed = vectors::LooseBatch::of(first);
    base::Bytes& bent = group ? mixed.groups[0].grp : mixed.groups[0].msgs[0].hdr;
    base::store_le(bent.data() + 4, second::kId);
    mixed.restamp(sender.sign);
    CHECK(vectors::outcome(mixed, crypto::Frame::kBatch, sender.cert.sign, {}, key) == "form malformed");
    CHECK(rig.batch(schemas::encode_batch(mixed.parts())).code == NackCode::kMalformed);
  }
}

TEST_CASE("whoever does not know a suite refuses it everywhere") {
  kit::HubRig rig(kit::kThree);
  std::optional<crypto::SealedBatch> sealed;
  base::Bytes receipt;
  {
    const second::Known known;
    sealed = rig.c.seal("hospital", letter(rig, second::kId));
    crypto::Rcp1 r;
    r.suite = second::kId;
    r.status = 1;
    r.upto_pair_seq = 1;
    receipt = base::to_bytes(base::View(crypto::encode(r)));
    CHECK(crypto::parse_rcp1(receipt).ok());
  }
  // The hub: NACK 2, and no trace.
  const auto size = rig.size();
  const auto o = rig.batch(kit::Consortium::frame(*sealed));
  CHECK_FALSE(o.accepted);
  CHECK(o.code == NackCode::kSuite);
  CHECK(rig.size() == size);
  // The reader, each structure, and the sender.
  const vectors::LooseBatch delivered = vectors::LooseBatch::of(*sealed).deliver(0);
  CHECK(crypto::parse_batch(delivered.parts(), crypto::Frame::kDeliver).error().kind == Kind::kUnsupported);
  CHECK(crypto::parse_bst1(sealed->bst).error().kind == Kind::kUnsupported);
  CHECK(crypto::parse_grp1(sealed->groups[0].grp).error().kind == Kind::kUnsupported);
  CHECK(crypto::parse_hdr1(sealed->groups[0].msgs[0].hdr).error().kind == Kind::kUnsupported);
  CHECK(crypto::parse_rcp1(receipt).error().kind == Kind::kUnsupported);
  CHECK_FALSE(crypto::verify(second::kId, rig.c.agent("hospital").cert.sign, sealed->bst, sealed->sig));
  crypto::Secret<32> hedge;
  CHECK(crypto::seal(letter(rig, second::kId), rig.c.agent("hospital").sign, {hedge, crypto::system_random(), 1}).error().kind ==
        Kind::kUsage);
}

TEST_CASE("epoch keys for unknown suites alone are refused; beside a known one they do no harm") {
  const auto publish = [](std::vector<std::uint16_t> suites) {
    kit::HubRig rig(kit::kThree);
    const auto& a = rig.c.agent("crisis");
    crypto::EpochNote note;
    note.cert = a.cert_hash;
    note.suites = std::move(suites);
    note.keys = a.epochs;
    note.prev = crypto::parse_note(a.epoch_note)->hash();
    return rig.apply(kit::item(kit::EntryType::kDir, base::to_bytes(rig.c.sign_by_agent(note.text(), "crisis")))).accepted;
  };
  CHECK_FALSE(publish({second::kId}));
  CHECK(publish({crypto::kSuite1, second::kId}));
  const second::Known known;
  CHECK(publish({second::kId}));
}
