// BATCH and DELIVER frames: what goes in comes out, and a hostile frame is refused before it costs anything.
#include "schemas/frames.h"

#include <doctest/doctest.h>

#include "schemas/internal/table.h"
#include "tests/unit/schemas_samples.h"

using base::Bytes;
using base::Kind;
using base::View;
using samples::Mail;
using Ref = schemas::internal::Writer::Ref;

namespace {

bool same(View a, View b) { return base::equal(a, b); }

schemas::Deliver deliver_of(const crypto::BatchParts& batch, View ent, View path) {
  schemas::Deliver d;
  d.batch = batch;
  d.batch.groups[0].path = path;
  d.index = 4711;
  d.ent = ent;
  d.incl = path;
  d.ckpt = base::view("checkpoint note");
  return d;
}

// A BATCH frame built by hand: `n` messages that are all the same table, or all own tables over one shared ciphertext; and
// `groups` groups that are all the same table.
Bytes aliased_frame(std::size_t n, bool same_table, std::size_t ct_size = 528, std::size_t n_groups = 1) {
  schemas::internal::Writer w(1024);
  const auto vec = [&](std::size_t size) { return w.bytes(Bytes(size, 7)); };
  const auto hdr = vec(128), commit = vec(32), ct = vec(ct_size), bst = vec(216), sig = vec(64), grp = vec(240);
  const auto table = [&](std::initializer_list<std::pair<unsigned, Ref>> refs) {
    w.start();
    for (const auto& [id, ref] : refs) w.put_ref(id, ref);
    return w.end();
  };
  std::vector<Ref> msgs;
  for (std::size_t i = 0; i < n; ++i) msgs.push_back(i > 0 && same_table ? msgs[0] : table({{0, hdr}, {1, commit}, {2, ct}}));
  const auto all = w.refs(msgs);
  const auto groups = w.refs(std::vector<Ref>(n_groups, table({{0, grp}, {2, all}})));
  return w.finish(table({{0, bst}, {1, sig}, {2, groups}}));
}

}  // namespace

TEST_CASE("a batch frame gives back views of exactly what went in") {
  const Mail mail(3, 4);
  const auto in = mail.parts();
  const Bytes frame = schemas::encode_batch(in);
  const auto out = schemas::decode_batch(frame);
  REQUIRE(out.ok());
  CHECK(same(out->bst, in.bst));
  CHECK(same(out->sig, in.sig));
  REQUIRE(out->groups.size() == 3);
  for (std::size_t g = 0; g < 3; ++g) {
    CHECK(same(out->groups[g].grp, in.groups[g].grp));
    CHECK(out->groups[g].path.empty());
    REQUIRE(out->groups[g].msgs.size() == 4);
    for (std::size_t m = 0; m < 4; ++m) {
      CHECK(same(out->groups[g].msgs[m].hdr, in.groups[g].msgs[m].hdr));
      CHECK(same(out->groups[g].msgs[m].commit, in.groups[g].msgs[m].commit));
      CHECK(same(out->groups[g].msgs[m].ct, in.groups[g].msgs[m].ct));
      CHECK(out->groups[g].msgs[m].ct_hash.empty());
    }
  }
  CHECK(out->bst.data() > frame.data());
  CHECK(out->bst.data() < frame.data() + frame.size());
}

TEST_CASE("a frame that starts at an odd address decodes to views of itself") {
  const Mail mail(1, 2);
  const Bytes frame = schemas::encode_batch(mail.parts());
  for (std::size_t shift = 1; shift < 8; ++shift) {
    Bytes room(frame.size() + shift);
    std::copy(frame.begin(), frame.end(), room.begin() + static_cast<std::ptrdiff_t>(shift));
    const View moved = View(room).subspan(shift);
    const auto out = schemas::decode_batch(moved);
    REQUIRE(out.ok());
    CHECK(same(out->sig, mail.parts().sig));
    CHECK(out->sig.data() >= moved.data());
    CHECK(out->sig.data() < moved.data() + moved.size());
  }
}

TEST_CASE("a full group of the smallest messages passes the table limit") {
  const Mail mail(1, 1024);
  CHECK(schemas::decode_batch(schemas::encode_batch(mail.parts())).ok());
  const Mail groups(256, 4);
  CHECK(schemas::decode_batch(schemas::encode_batch(groups.parts())).ok());
  const Bytes ent(112, 0xe1), path(64, 0x9a);
  CHECK(schemas::decode_deliver(schemas::encode_deliver(deliver_of(mail.parts(), ent, path))).ok());
}

TEST_CASE("a deliver frame carries one group, its path and its proof") {
  const Mail mail(1, 2);
  const Bytes ent(112, 0xe1), path(64, 0x9a);
  const auto in = deliver_of(mail.parts(), ent, path);
  const Bytes frame = schemas::encode_deliver(in);
  const auto out = schemas::decode_deliver(frame);
  REQUIRE(out.ok());
  CHECK(out->index == 4711);
  CHECK(same(out->ent, ent));
  CHECK(same(out->incl, path));
  CHECK(same(out->batch.groups[0].path, path));
  CHECK(base::text(out->ckpt) == "checkpoint note");
  CHECK(out->end_ent.empty());
  CHECK_FALSE(schemas::decode_batch(frame).ok());
}

TEST_CASE("tombstones come with their end entry, and only they do") {
  const Mail mail(1, 2);
  const Bytes ent(112, 0xe1), path(64, 0x9a);
  auto d = deliver_of(mail.parts(/*tombstones=*/true), ent, path);
  CHECK(schemas::decode_deliver(schemas::encode_deliver(d)).error().kind == Kind::kMalformed);
  d.end_index = 5000;
  d.end_ent = ent;
  d.end_incl = path;
  const Bytes frame = schemas::encode_deliver(d);
  const auto out = schemas::decode_deliver(frame);
  REQUIRE(out.ok());
  CHECK(out->end_index == 5000);
  CHECK(same(out->end_ent, ent));
  CHECK(out->batch.groups[0].msgs[0].ct.empty());
  CHECK(out->batch.groups[0].msgs[0].ct_hash.size() == 32);
  d.batch = deliver_of(mail.parts(), ent, path).batch;
  CHECK(schemas::decode_deliver(schemas::encode_deliver(d)).error().kind == Kind::kMalformed);
}

TEST_CASE("a group that is partly tombstones is refused") {
  const Mail mail(1, 2);
  const Bytes ent(112, 0xe1), path(64, 0x9a), hash(32, 1);
  auto d = deliver_of(mail.parts(), ent, path);
  d.batch.groups[0].msgs[1].ct = {};
  d.batch.groups[0].msgs[1].ct_hash = hash;
  CHECK(schemas::decode_deliver(schemas::encode_deliver(d)).error().kind == Kind::kMalformed);
}

TEST_CASE("a BATCH carries neither paths nor ciphertext hashes, and each message has its ciphertext") {
  const Mail mail(1, 1);
  const Bytes extra(32, 1);
  auto with_path = mail.parts();
  with_path.groups[0].path = extra;
  CHECK_FALSE(schemas::decode_batch(schemas::encode_batch(with_path)).ok());
  CHECK_FALSE(schemas::decode_batch(schemas::encode_batch(mail.parts(/*tombstones=*/true))).ok());
  auto empty = mail.parts();
  empty.groups[0].msgs[0].ct = {};
  CHECK_FALSE(schemas::decode_batch(schemas::encode_batch(empty)).ok());
}

TEST_CASE("empty and overfull batches are refused") {
  CHECK(schemas::decode_batch(schemas::encode_batch(Mail(0, 0).parts())).error().kind == Kind::kMalformed);
  CHECK(schemas::decode_batch(schemas::encode_batch(Mail(1, 0).parts())).error().kind == Kind::kMalformed);
  CHECK(schemas::decode_batch(schemas::encode_batch(Mail(1, 1025).parts())).error().kind == Kind::kTooLarge);
  CHECK(schemas::decode_batch(schemas::encode_batch(Mail(257, 1).parts())).error().kind == Kind::kTooLarge);
  CHECK(schemas::decode_batch(Bytes((4u << 20) + 1)).error().kind == Kind::kTooLarge);
  CHECK(schemas::decode_batch({}).error().kind == Kind::kMalformed);
}

TEST_CASE("a deliver frame with two groups is refused") {
  const Mail mail(2, 1);
  const Bytes ent(112, 0xe1), path(64, 0x9a);
  CHECK(schemas::decode_deliver(schemas::encode_deliver(deliver_of(mail.parts(), ent, path))).error().kind == Kind::kMalformed);
}

TEST_CASE("messages that share bytes are refused, however the frame aliases them") {
  CHECK(schemas::decode_batch(aliased_frame(1, false)).ok());
  CHECK_FALSE(schemas::decode_batch(aliased_frame(2, true)).ok());   // one table twice
  CHECK_FALSE(schemas::decode_batch(aliased_frame(2, false)).ok());  // two tables, one ciphertext
  CHECK_FALSE(schemas::decode_batch(aliased_frame(200, true)).ok());
  CHECK_FALSE(schemas::decode_batch(aliased_frame(1024, false)).ok());
}

TEST_CASE("a 271 KB frame that unfolds to 262144 messages of 256 KiB is refused by the table limit, before any message is looked at") {
  const Bytes frame = aliased_frame(1024, true, 256 * 1024, 256);
  CHECK(frame.size() < 271'000);
  CHECK(schemas::decode_batch(frame).error().what == "not a frame within the protocol's limits");
  CHECK(schemas::decode_batch(aliased_frame(262'144, true)).error().what == "not a frame within the protocol's limits");
}
