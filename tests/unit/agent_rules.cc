// The pure rules of sending and opening: the chain table, the checks of an ACK, the NACK table.
#include "adapters/agent/mail/ack_check.h"
#include "adapters/agent/mail/chain.h"
#include "adapters/agent/mail/nack.h"
#include "tests/unit/agent_rig.h"

using namespace rig;
using mail::Standing6;
using schemas::NackCode;

namespace {

base::Hash leaf(base::Byte b) {
  base::Hash h{};
  h.fill(b);
  return h;
}

// A group of the hospital as its outbox would keep it, accepted by the hub.
struct Acked {
  kit::HubRig rig{kit::kThree};
  keep::BatchRow row;
  wire::Ack ack;
  Acked() {
    auto request = rig.c.request("hospital", {{"crisis"}}, kit::kStart, rig.dir_seq());
    const auto sealed = rig.c.seal("hospital", request);
    const auto o = rig.batch(kit::Consortium::frame(sealed));
    REQUIRE_MESSAGE(o.accepted, o.words);
    row.hash = sealed.hash;
    row.created = kit::kStart;
    row.batch_seq = request.batch_seq;
    for (const auto& g : sealed.groups) {
      keep::SentGroup group;
      group.leaf = g.leaf;
      group.recipient = rig.c.agent("crisis").id();
      group.items.resize(g.msgs.size());
      row.groups.push_back(group);
    }
    ack = rig.ask([&](const hub::state::Reader& r) { return *r.ack(o.first_index, o.n, o.batch_hash); });
  }
  bool holds(const wire::Ack& a, base::Instant now = kit::kStart) { return mail::check_ack(a, row, rig.c.anchor_values().log, now).ok(); }
};

}  // namespace

TEST_CASE("the chain table, row by row") {
  keep::ChainRow fresh, going;
  going.started = true;
  going.upto = 7;
  going.last_leaf = leaf(7);
  going.serial = 1;
  const auto at = [](std::uint64_t pair_seq, base::Byte prev, base::Byte own, bool restart = false, std::uint64_t serial = 1) {
    return mail::Link{pair_seq, prev == 0 ? base::Hash{} : leaf(prev), leaf(own), restart, serial};
  };
  CHECK(mail::judge(fresh, at(1, 0, 1), {}) == Standing6::kGoOn);
  CHECK(mail::judge(going, at(8, 7, 8), {}) == Standing6::kGoOn);
  CHECK(mail::judge(going, at(1, 0, 9, true, 2), {}) == Standing6::kRestart);
  CHECK(mail::judge(going, at(1, 0, 9, true, 1), {}) == Standing6::kConflict);
  CHECK(mail::judge(fresh, at(5, 4, 5), {}) == Standing6::kStateLost);
  CHECK(mail::judge(going, at(6, 5, 6), leaf(6)) == Standing6::kRepeat);
  CHECK(mail::judge(going, at(9, 8, 9), {}) == Standing6::kGap);
  CHECK(mail::judge(going, at(8, 6, 8), {}) == Standing6::kConflict);
  CHECK(mail::judge(going, at(6, 5, 66), leaf(6)) == Standing6::kConflict);
  CHECK(mail::judge(going, at(1, 0, 9), {}) == Standing6::kConflict);
}

TEST_CASE("a broadcast is taken once, and never an older one") {
  keep::ChainRow c;
  CHECK(mail::fresh_broadcast(c, 10, 0));
  c.bcast_seq = 10;
  c.bcast_group = 2;
  CHECK_FALSE(mail::fresh_broadcast(c, 10, 2));
  CHECK_FALSE(mail::fresh_broadcast(c, 9, 5));
  CHECK(mail::fresh_broadcast(c, 10, 3));
  CHECK(mail::fresh_broadcast(c, 11, 0));
}

TEST_CASE("a true ACK holds; every wrong one is none") {
  Acked a;
  CHECK(a.holds(a.ack));
  const auto wrong = [&](auto change) {
    wire::Ack copy = a.ack;
    change(copy);
    return !a.holds(copy);
  };
  CHECK(wrong([](wire::Ack& k) { k.batch_hash[0] ^= 1; }));
  CHECK(wrong([](wire::Ack& k) { k.entries.clear(); }));
  CHECK(wrong([](wire::Ack& k) { k.entries.push_back(k.entries[0]); }));
  CHECK(wrong([](wire::Ack& k) { ++k.entries[0].index; }));
  CHECK(wrong([](wire::Ack& k) { k.entries[0].path.pop_back(); }));
  CHECK(wrong([](wire::Ack& k) { k.checkpoint[k.checkpoint.size() - 10] ^= 1; }));
  CHECK(wrong([](wire::Ack& k) { k.checkpoint.clear(); }));
  for (const std::size_t byte : {0, 4, 8, 16, 24, 40, 70}) CHECK(wrong([&](wire::Ack& k) { k.entries[0].ent[byte] ^= 1; }));
  CHECK_FALSE(a.holds(a.ack, kit::kStart.minus(6 * base::kMinute)));  // the hub's time lies in our future
  a.row.created = kit::kStart.plus(6 * base::kMinute);
  CHECK_FALSE(a.holds(a.ack, a.row.created));                         // and before our first send
  Acked b;
  b.row.groups[0].leaf[0] ^= 1;
  CHECK_FALSE(b.holds(b.ack));
  Acked c;
  c.row.groups[0].items.pop_back();
  CHECK_FALSE(c.holds(c.ack));
}

TEST_CASE("a receipt counts only with its signer, its entry and its proof") {
  kit::HubRig rig(kit::kThree);
  REQUIRE(rig.send("hospital", std::vector<kit::Mail>{{"crisis"}}).accepted);
  const auto o = rig.receipt("crisis", "hospital");
  REQUIRE_MESSAGE(o.accepted, o.words);
  const wire::Receipt good = rig.ask([&](const hub::state::Reader& r) { return *r.receipt(o.first_index); });
  const crypto::Directory directory = rig.journal->directory();
  const base::Id self = rig.c.agent("hospital").id();
  CHECK(mail::check_receipt(good, self, directory).ok());
  CHECK_FALSE(mail::check_receipt(good, rig.c.agent("coord").id(), directory).ok());
  const auto wrong = [&](auto change) {
    wire::Receipt copy = good;
    change(copy);
    return !mail::check_receipt(copy, self, directory).ok();
  };
  CHECK(wrong([](wire::Receipt& r) { r.rcp[104] ^= 1; }));
  CHECK(wrong([](wire::Receipt& r) { r.sig[3] ^= 1; }));
  CHECK(wrong([](wire::Receipt& r) { r.entry.ent[40] ^= 1; }));
  CHECK(wrong([](wire::Receipt& r) { r.entry.path[0][0] ^= 1; }));
  CHECK(wrong([](wire::Receipt& r) { ++r.entry.index; }));
}

TEST_CASE("the NACK table: stop, the same bytes later, or sealed anew") {
  kit::HubRig rig(kit::kThree);
  const auto& me = rig.c.agent("hospital");
  mail::Desk desk{me.id(), me.cert_hash, "hospital", "hospital_ed", rig.journal->directory(), kit::kStart, {}, 100};
  keep::BatchRow row;
  row.groups.resize(2);
  row.groups[0].recipient = rig.c.agent("crisis").id();
  row.groups[1].recipient = base::Id{9};
  using Act = mail::Plan::Act;
  const auto batch = [&](NackCode code, std::uint32_t retry = 0) {
    wire::Nack n;
    n.code = code;
    n.retry_ms = retry;
    return mail::plan_nack(n, row, desk, 0);
  };
  for (const NackCode code : {NackCode::kMalformed, NackCode::kSuite, NackCode::kSenderMismatch, NackCode::kSignature, NackCode::kRoot, NackCode::kSize, NackCode::kBatchSeq}) {
    CHECK(batch(code).act == Act::kStop);
    CHECK_FALSE(batch(code).alarm.empty());
  }
  CHECK(batch(NackCode::kBusy, 700).act == Act::kResend);
  CHECK(batch(NackCode::kBusy, 700).wait_ms == 700);
  CHECK(batch(NackCode::kStorageFull).act == Act::kResend);
  CHECK(batch(NackCode::kClock).act == Act::kReseal);
  CHECK(batch(NackCode::kDirSeq).act == Act::kReseal);
  CHECK(batch(NackCode::kCert).act == Act::kResend);  // the own directory does not agree: the hub's word is not enough
  const auto group = [&](std::uint32_t no, NackCode code, unsigned repeats = 0) {
    wire::Nack n;
    n.code = code;
    n.groups.push_back({no, code, {}});
    return mail::plan_nack(n, row, desk, repeats);
  };
  CHECK(group(0, NackCode::kEpochKey).act == Act::kReseal);
  CHECK(group(0, NackCode::kPairChain).act == Act::kStop);
  CHECK(group(5, NackCode::kEpochKey).act == Act::kStop);
  CHECK(group(0, NackCode::kRecipient).verdicts[0].people.empty());        // the directory says active: not believed
  CHECK_FALSE(group(1, NackCode::kRecipient).verdicts[0].people.empty());  // unknown here too: people
  CHECK(group(0, NackCode::kExpiry, 9).verdicts[0].not_before > group(0, NackCode::kExpiry, 1).verdicts[0].not_before);
}
