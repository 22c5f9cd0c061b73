// Receipts: what the hub logs, what it drops, and what leaves the mailbox. Protocol section 5.
#include "tests/kit/hub_rig.h"

using namespace kit;
using schemas::ReceiptStatus;

TEST_CASE("delivered: logged once, forwarded to the sender, everything up to it leaves the mailbox") {
  HubRig hub;
  for (int i = 0; i < 3; ++i) REQUIRE(hub.send("hospital", {{.to = "crisis", .copies = 2}}).accepted);
  CHECK(hub.waiting("crisis") == 3);
  const Outcome o = hub.receipt("crisis", "hospital");
  REQUIRE(o.accepted);
  CHECK(o.n == 1);
  CHECK(o.receipt_for == hub.c.agent("hospital").id());
  CHECK(hub.waiting("crisis") == 0);
  const auto rows = hub.ask([&](const auto& r) { return r.rows(o.receipt_group_index - 2); });
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].delivered_index == o.first_index);
  CHECK(rows[0].delivered_time == hub.now.ms);
  const std::uint64_t size = hub.size();
  const Outcome again = hub.receipt("crisis", "hospital");
  CHECK(again.accepted);
  CHECK(again.repeat);
  CHECK(hub.size() == size);
}

TEST_CASE("the sender gets the receipt with its entry, proof and checkpoint") {
  HubRig hub;
  REQUIRE(hub.send("hospital", {{.to = "crisis"}}).accepted);
  const Outcome o = hub.receipt("crisis", "hospital");
  REQUIRE(o.accepted);
  const auto all = hub.ask([&](const auto& r) { return r.receipts(hub.c.agent("hospital").id(), hub.c.agent("crisis").id(), 0, 10); });
  REQUIRE(all.size() == 1);
  const auto ckpt = crypto::open_checkpoint(all[0].checkpoint, hub.c.anchor_values().log);
  REQUIRE(ckpt.ok());
  CHECK(all[0].entry.index == o.first_index);
  CHECK(crypto::verify_inclusion(o.first_index, ckpt->size, crypto::merkle_leaf(all[0].entry.ent), all[0].entry.path, ckpt->root));
  const auto e = crypto::parse_ent1(all[0].entry.ent);
  CHECK(e->subject == crypto::sha256({all[0].rcp, all[0].sig}));
  CHECK(hub.ask([&](const auto& r) { return r.receipts(hub.c.agent("hospital").id(), hub.c.agent("crisis").id(), o.first_index + 1, 10); })
            .empty());
}

TEST_CASE("undecryptable: that group only, once; the delivered receipt after it does not cover it") {
  HubRig hub;
  REQUIRE(hub.send("hospital", {{.to = "crisis"}}).accepted);
  const Outcome bad = hub.receipt("crisis", "hospital", ReceiptStatus::kUndecryptable);
  REQUIRE(bad.accepted);
  CHECK(bad.n == 1);
  CHECK(hub.waiting("crisis") == 0);
  CHECK(hub.receipt("crisis", "hospital", ReceiptStatus::kExpiredUnread).repeat);
  REQUIRE(hub.send("hospital", {{.to = "crisis"}}).accepted);
  const Outcome good = hub.receipt("crisis", "hospital");
  REQUIRE(good.accepted);
  CHECK(hub.ask([&](const auto& r) { return r.rows(bad.receipt_group_index); })[0].delivered_index == 0);
  CHECK(hub.ask([&](const auto& r) { return r.rows(good.receipt_group_index); })[0].delivered_index == good.first_index);
}

TEST_CASE("refused: a read receipt, a stranger's, one for a group that is not there, a forged one") {
  HubRig hub;
  REQUIRE(hub.send("hospital", {{.to = "crisis"}}).accepted);
  const Head head = hub.c.agent("hospital").heads.at(hub.c.agent("crisis").id());
  const std::uint64_t size = hub.size();
  const auto put = [&](base::Bytes b) { return hub.apply(item(EntryType::kReceipt, std::move(b))); };
  CHECK(put(hub.c.receipt("coord", "hospital", head.upto, head.leaf)).code == NackCode::kMalformed);
  CHECK(put(hub.c.receipt("crisis", "hospital", head.upto + 1, head.leaf)).code == NackCode::kMalformed);
  auto other = head.leaf;
  other[0] ^= 1;
  CHECK(put(hub.c.receipt("crisis", "hospital", head.upto, other)).code == NackCode::kMalformed);
  auto forged = hub.c.receipt("crisis", "hospital", head.upto, head.leaf);
  forged[200] ^= 1;
  CHECK(put(forged).code == NackCode::kSignature);
  auto read = hub.c.receipt("crisis", "hospital", head.upto, head.leaf);
  read[34] = 2;
  CHECK(put(read).code == NackCode::kMalformed);
  CHECK(put(base::to_bytes("short")).code == NackCode::kMalformed);
  CHECK(hub.size() == size);
  CHECK(hub.waiting("crisis") == 1);
}

TEST_CASE("groups of a pair are found from any position on") {
  HubRig hub;
  std::vector<std::uint64_t> at;
  for (int i = 0; i < 4; ++i) at.push_back(hub.send("hospital", {{.to = "crisis", .copies = 3}}).first_index);
  const auto from = [&](std::uint64_t seq, std::size_t limit) {
    return hub.ask([&](const auto& r) { return r.pair_groups(hub.c.agent("hospital").id(), hub.c.agent("crisis").id(), seq, limit); });
  };
  CHECK(from(0, 10) == at);
  CHECK(from(1, 10) == at);
  CHECK(from(5, 1) == std::vector<std::uint64_t>{at[1]});  // in the middle of the second group
  CHECK(from(7, 10) == std::vector<std::uint64_t>{at[2], at[3]});
  hub.ask([&](const auto& r) {
    CHECK(r.party_to(at[0], hub.c.agent("hospital").id()));
    CHECK(r.party_to(at[0], hub.c.agent("crisis").id()));
    CHECK_FALSE(r.party_to(at[0], hub.c.agent("coord").id()));
    return 0;
  });
}
