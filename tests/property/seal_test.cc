// Sealing and opening over random shapes, and what no bent byte and no dishonest sender may achieve.
#include <algorithm>

#include "tests/vectors/cast.h"
#include "tests/vectors/loose_batch.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

using base::Bytes;
using crypto::Frame;
using vectors::filled;
using vectors::LooseBatch;
using vectors::Reader;

namespace {

constexpr int kReaders = 5;
Reader reader(int n) { return {0x10 + n, 0x60 + n, static_cast<std::uint32_t>(n)}; }

Bytes any_body() {
  const auto size = *rc::gen::weightedOneOf<std::size_t>(
      {{8, rc::gen::inRange<std::size_t>(0, 2100)}, {1, rc::gen::element<std::size_t>(508, 509, 65532, 65533, 70000)}});
  Bytes body(size);
  for (std::size_t i = 0; i < size; ++i) body[i] = static_cast<base::Byte>(i * 31 + size);
  return body;
}

crypto::SealRequest any_request() {
  crypto::SealRequest r = vectors::request(*rc::gen::inRange<std::uint64_t>(1, 1000000));
  const int groups = *rc::gen::inRange(1, 6);
  for (int g = 0; g < groups; ++g) {
    const bool broadcast = *rc::gen::arbitrary<bool>();
    crypto::DraftGroup group;
    const int readers = broadcast ? *rc::gen::inRange(1, kReaders + 1) : 1;
    const int first = *rc::gen::inRange(0, kReaders), step = *rc::gen::inRange(1, kReaders);  // any order: five is prime
    for (int j = 0; j < readers; ++j) {
      const int n = (first + j * step) % kReaders;
      group.to.push_back(vectors::to(reader(n), broadcast ? 0 : *rc::gen::inRange<std::uint64_t>(1, 99)));
    }
    const int messages = *rc::gen::inRange(1, 7);
    for (int i = 0; i < messages; ++i) {
      crypto::Draft d = vectors::draft(i, broadcast ? 6 : 3, "");
      d.body = any_body();
      group.messages.push_back(d);
    }
    r.groups.push_back(group);
  }
  return r;
}

crypto::SealedBatch seal(const crypto::SealRequest& r) {
  const crypto::Secret<32> hedge(filled<32>(0x77));
  auto sealed = crypto::seal(r, vectors::sign_key(vectors::kSenderSeed), {hedge, crypto::system_random(), 1});
  RC_ASSERT(sealed.ok());
  return std::move(sealed).value();
}

const crypto::PublicKey& sender() {
  static const crypto::PublicKey key = vectors::sign_key(vectors::kSenderSeed).public_key();
  return key;
}

std::string outcome_for(const LooseBatch& delivered, int n) {
  return outcome(delivered, Frame::kDeliver, sender(), filled<16>(reader(n).id), vectors::epoch_key(reader(n).epoch_secret));
}

base::Result<std::vector<Bytes>> open_for(const LooseBatch& delivered, int n) {
  const auto parts = delivered.parts();
  auto parsed = crypto::parse_batch(parts, Frame::kDeliver);
  RC_ASSERT(parsed.ok());
  return crypto::open(parts.groups[0], parsed->groups[0], filled<16>(reader(n).id), vectors::epoch_key(reader(n).epoch_secret));
}

// All byte strings of a delivered frame, so that a property can pick one of all its bytes.
std::vector<Bytes*> pieces(LooseBatch& b) {
  std::vector<Bytes*> out{&b.bst, &b.sig, &b.groups[0].grp, &b.groups[0].path};
  for (auto& m : b.groups[0].msgs) out.insert(out.end(), {&m.hdr, &m.commit, &m.ct});
  return out;
}

}  // namespace

TEST_CASE("whatever is sealed opens for every reader as it was, and for no other") {
  CHECK(rc::check([] {
    const crypto::SealRequest r = any_request();
    const LooseBatch batch = LooseBatch::of(seal(r));
    RC_ASSERT(outcome(batch, Frame::kBatch, sender(), {}, vectors::epoch_key(1)) == "accepted");
    for (std::size_t g = 0; g < r.groups.size(); ++g) {
      const LooseBatch one = batch.deliver(g);
      for (int n = 0; n < kReaders; ++n) {
        const bool invited =
            std::any_of(r.groups[g].to.begin(), r.groups[g].to.end(), [&](const auto& t) { return t.agent == filled<16>(reader(n).id); });
        RC_ASSERT(outcome_for(one, n) == (invited ? "accepted" : "open not_found"));
        if (!invited) continue;
        const auto bodies = open_for(one, n);
        RC_ASSERT(bodies->size() == r.groups[g].messages.size());
        for (std::size_t i = 0; i < bodies->size(); ++i) RC_ASSERT((*bodies)[i] == r.groups[g].messages[i].body);
      }
    }
  }));
}

TEST_CASE("no single altered bit of a delivered group is accepted") {
  CHECK(rc::check([] {
    const crypto::SealRequest r = any_request();
    LooseBatch one = LooseBatch::of(seal(r)).deliver(0);
    const auto all = pieces(one);
    Bytes* piece = *rc::gen::elementOf(all);
    RC_PRE(!piece->empty());
    const auto bit = *rc::gen::inRange<std::size_t>(0, piece->size() * 8);
    (*piece)[bit / 8] ^= static_cast<base::Byte>(1 << (bit % 8));
    for (int n = 0; n < kReaders; ++n) RC_ASSERT(outcome_for(one, n) != "accepted");
  }));
}

TEST_CASE("a sender who wraps another G for one reader convinces only the others") {
  CHECK(rc::check([] {
    crypto::SealRequest r = vectors::request(*rc::gen::inRange<std::uint64_t>(1, 1000000));
    crypto::DraftGroup group;
    const int readers = *rc::gen::inRange(2, kReaders + 1);
    for (int n = 0; n < readers; ++n) group.to.push_back(vectors::to(reader(n), 0));
    group.messages.push_back(vectors::draft(1, 6, "beds"));
    r.groups.push_back(group);
    const int victim = *rc::gen::inRange(0, readers);
    LooseBatch batch = LooseBatch::of(vectors::seal_fixed(r));

    auto prepared = crypto::internal::prepare(r);
    auto other = vectors::secrets(1);
    other.g[0].bytes = filled<32>(0x99);
    const auto lie = crypto::internal::finish(std::move(prepared).value(), r, other, vectors::sign_key(vectors::kSenderSeed));
    const auto at = 112 + 128 * victim + 72;
    std::copy_n(lie->groups[0].grp.begin() + at, 48, batch.groups[0].grp.begin() + at);
    auto again = crypto::internal::prepare(r);
    const auto secrets = vectors::secrets(1);
    batch.groups[0].msgs[0].ct =
        crypto::internal::encrypt(*crypto::find_sealing(crypto::kSuite1), std::move(again->groups[0].msgs[0]), secrets.g[0], crypto::group_context(batch.groups[0].grp), 0).ct;
    batch.restamp(vectors::sign_key(vectors::kSenderSeed));

    for (int n = 0; n < readers; ++n) RC_ASSERT(outcome_for(batch.deliver(0), n) == (n == victim ? "open bad_signature" : "accepted"));
    const auto refused = open_for(batch.deliver(0), victim);
    RC_ASSERT(refused.error().what == "the key is not the committed one");
  }));
}
