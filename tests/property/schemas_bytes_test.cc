// Frames and wire payloads under random contents and random damage: what is accepted means one thing only.
#include "schemas/frames.h"
#include "tests/property/schemas_mutate.h"
#include "tests/unit/schemas_samples.h"

#include <doctest/doctest.h>

namespace wire = schemas::wire;
using base::Bytes;
using base::View;

namespace {

bool same(const crypto::BatchParts& a, const crypto::BatchParts& b) {
  if (!base::equal(a.bst, b.bst) || !base::equal(a.sig, b.sig) || a.groups.size() != b.groups.size()) return false;
  for (std::size_t g = 0; g < a.groups.size(); ++g) {
    const auto &x = a.groups[g], &y = b.groups[g];
    if (!base::equal(x.grp, y.grp) || !base::equal(x.path, y.path) || x.msgs.size() != y.msgs.size()) return false;
    for (std::size_t m = 0; m < x.msgs.size(); ++m) {
      const auto &p = x.msgs[m], &q = y.msgs[m];
      if (!base::equal(p.hdr, q.hdr) || !base::equal(p.commit, q.commit) || !base::equal(p.ct, q.ct) || !base::equal(p.ct_hash, q.ct_hash))
        return false;
    }
  }
  return true;
}
bool same(const schemas::Deliver& a, const schemas::Deliver& b) {
  return same(a.batch, b.batch) && a.index == b.index && base::equal(a.ent, b.ent) && base::equal(a.incl, b.incl) &&
         base::equal(a.ckpt, b.ckpt) && a.end_index == b.end_index && base::equal(a.end_ent, b.end_ent) &&
         base::equal(a.end_incl, b.end_incl);
}

std::size_t total(const crypto::BatchParts& b) {
  std::size_t n = b.bst.size() + b.sig.size();
  for (const auto& g : b.groups) {
    n += g.grp.size() + g.path.size();
    for (const auto& m : g.msgs) n += m.hdr.size() + m.commit.size() + m.ct.size() + m.ct_hash.size();
  }
  return n;
}

samples::Mail any_mail() {
  return samples::Mail(*rc::gen::inRange<std::size_t>(1, 6), *rc::gen::inRange<std::size_t>(1, 9), *rc::gen::inRange<std::size_t>(1, 3000));
}

template <class T>
void survives_damage(const T& sample) {
  const auto out = wire::decode<T>(damaged(wire::encode(sample)));
  if (!out.ok()) return;
  const auto once = wire::encode(*out);
  const auto again = wire::decode<T>(once);
  RC_ASSERT(again.ok());
  RC_ASSERT(wire::encode(*again) == once);
}

}  // namespace

TEST_CASE("any batch survives its frame") {
  CHECK(rc::check([] {
    const auto mail = any_mail();
    const auto frame = schemas::encode_batch(mail.parts());
    const auto out = schemas::decode_batch(frame);
    RC_ASSERT(out.ok());
    RC_ASSERT(same(*out, mail.parts()));
  }));
}

TEST_CASE("a damaged batch frame is refused, or means exactly what its re-encoding means, within its own bytes") {
  CHECK(rc::check([] {
    const auto mail = any_mail();
    const auto frame = damaged(schemas::encode_batch(mail.parts()));
    const auto out = schemas::decode_batch(frame);
    if (!out.ok()) return;
    RC_ASSERT(total(*out) <= frame.size());
    const auto again_frame = schemas::encode_batch(*out);
    const auto again = schemas::decode_batch(again_frame);
    RC_ASSERT(again.ok());
    RC_ASSERT(same(*again, *out));
  }));
}

TEST_CASE("a damaged deliver frame is refused, or means exactly what its re-encoding means") {
  CHECK(rc::check([] {
    const bool tombstones = *rc::gen::arbitrary<bool>();
    const samples::Mail mail(1, *rc::gen::inRange<std::size_t>(1, 9));
    const Bytes ent(112, 1), path(96, 2);
    schemas::Deliver d{mail.parts(tombstones), 7, ent, path, base::view("note"), 0, {}, {}};
    if (tombstones) d.end_index = 9, d.end_ent = ent, d.end_incl = path;
    const auto whole = schemas::encode_deliver(d);
    const auto first = schemas::decode_deliver(whole);
    RC_ASSERT(first.ok());
    RC_ASSERT(same(*first, d));
    const auto frame = damaged(whole);
    const auto out = schemas::decode_deliver(frame);
    if (!out.ok()) return;
    RC_ASSERT(total(out->batch) <= frame.size());
    const auto again_frame = schemas::encode_deliver(*out);
    const auto again = schemas::decode_deliver(again_frame);
    RC_ASSERT(again.ok());
    RC_ASSERT(same(*again, *out));
  }));
}

TEST_CASE("damaged wire payloads are refused, or stand still under re-encoding") {
  CHECK(rc::check([] {
    survives_damage(samples::hello());
    survives_damage(samples::ack());
    survives_damage(samples::nack());
    survives_damage(samples::receipt());
    survives_damage(samples::fetched());
    survives_damage(samples::dir_got());
    survives_damage(samples::search());
    survives_damage(samples::found());
    survives_damage(wire::Fetch{wire::Fetch::What::kIndex, {}, {}, 3, 4});
    survives_damage(wire::LogGet{wire::LogGet::What::kEntries, 3, 4, 0});
    survives_damage(wire::LogGot{"c", Bytes(64, 1), samples::proven().path});
    survives_damage(wire::DirPut{"note", Bytes(64, 1)});
  }));
}
