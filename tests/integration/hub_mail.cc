// Mail through a real hub: acknowledged with proof, delivered at least once, receipted, kept.
#include <signal.h>

#include "crypto/certificate.h"
#include "tests/integration/hub_kit.h"

using namespace hub_kit;

TEST_CASE("a batch is acknowledged with proof, delivered, and its receipt comes back with its own") {
  World w({"mercy", "crisis"});
  auto mercy = w.line("mercy"), crisis = w.line("crisis");
  REQUIRE(mercy.up());
  REQUIRE(crisis.up());
  const auto ack = acked(mercy->batch(w.send("mercy", {{.to = "crisis"}})));
  check_proofs(w, ack, 1);
  const auto frame = crisis.delivery();
  const auto group = open_group(frame);
  CHECK(group.index == ack.entries[0].index);
  CHECK(group.messages == 1);
  const auto receipt = w.receipt_for("crisis", "mercy", frame);
  check_proofs(w, acked(crisis->receipt(receipt)), 1);
  const auto forwarded = mercy.receipt();
  CHECK(forwarded.rcp == receipt.rcp);
  CHECK(forwarded.sig == receipt.sig);
  wire::Ack as_ack;
  as_ack.entries = {forwarded.entry};
  as_ack.checkpoint = forwarded.checkpoint;
  check_proofs(w, as_ack, 1);
  CHECK(acked(crisis->receipt(receipt)).entries.empty());  // said before: no second entry
}

TEST_CASE("a batch of several groups has one entry a group, in order, and each recipient gets its own") {
  World w({"mercy", "crisis", "police"});
  auto mercy = w.line("mercy"), crisis = w.line("crisis"), police = w.line("police");
  REQUIRE((mercy.up() && crisis.up() && police.up()));
  const auto ack = acked(mercy->batch(w.send("mercy", {{.to = "crisis", .copies = 3}, {.to = "police"}})));
  check_proofs(w, ack, 2);
  acked(mercy->batch(w.send("mercy", {{.to = "crisis"}})));
  CHECK(open_group(crisis.delivery()).messages == 3);
  CHECK(open_group(crisis.delivery()).pair_seq == 4);
  CHECK(open_group(police.delivery()).index == ack.entries[1].index);
}

TEST_CASE("the identical bytes sent again get the same ACK and are delivered once") {
  World w({"mercy", "crisis"});
  auto mercy = w.line("mercy"), crisis = w.line("crisis");
  REQUIRE((mercy.up() && crisis.up()));
  const auto frame = w.send("mercy", {{.to = "crisis"}});
  const auto first = acked(mercy->batch(frame));
  const auto again = acked(mercy->batch(frame));
  check_proofs(w, again, 1);
  CHECK(again.batch_hash == first.batch_hash);
  CHECK(again.entries[0].index == first.entries[0].index);
  CHECK(again.entries[0].ent == first.entries[0].ent);
  const auto next = acked(mercy->batch(w.send("mercy", {{.to = "crisis"}})));
  CHECK(open_group(crisis.delivery()).index == first.entries[0].index);
  CHECK(open_group(crisis.delivery()).index == next.entries[0].index);
}

TEST_CASE("mail waits for a recipient who is away, comes in order as credit allows, and stays until its receipt") {
  World w({"mercy", "crisis"});
  auto mercy = w.line("mercy");
  REQUIRE(mercy.up());
  std::vector<std::uint64_t> sent;
  for (int i = 0; i < 5; ++i) sent.push_back(acked(mercy->batch(w.send("mercy", {{.to = "crisis"}}))).entries[0].index);
  base::Bytes third;
  {
    auto crisis = w.line("crisis", /*credit=*/2);
    REQUIRE(crisis.up());
    CHECK(open_group(crisis.delivery()).index == sent[0]);
    CHECK(open_group(crisis.delivery()).index == sent[1]);
    REQUIRE(crisis->credit(1).ok());
    third = crisis.delivery();
    CHECK(open_group(third).index == sent[2]);
    CHECK(crisis.deliveries_waiting() == 0);
    acked(crisis->receipt(w.receipt_for("crisis", "mercy", third)));  // covers the three
  }
  auto back = w.line("crisis");
  REQUIRE(back.up());
  CHECK(open_group(back.delivery()).index == sent[3]);
  CHECK(open_group(back.delivery()).index == sent[4]);
}

TEST_CASE("what was acknowledged survives SIGKILL, and the new log extends the old one") {
  World w({"mercy", "crisis"});
  auto mercy = w.line("mercy");
  REQUIRE(mercy.up());
  const auto ack = acked(mercy->batch(w.send("mercy", {{.to = "crisis"}})));
  CHECK(w.hub->end(SIGKILL) == 128 + SIGKILL);
  CHECK(mercy.goes_down());
  w.start();
  auto crisis = w.line("crisis");
  REQUIRE(crisis.up());
  CHECK(open_group(crisis.delivery()).index == ack.entries[0].index);
  const auto before = crypto::open_checkpoint(ack.checkpoint, w.c.anchor_values().log);
  const auto head = crisis->log_get({.what = wire::LogGet::What::kCheckpoint});
  REQUIRE(head.ok());
  const auto after = crypto::open_checkpoint(head->checkpoint, w.c.anchor_values().log);
  REQUIRE(after.ok());
  const auto proof = crisis->log_get({.what = wire::LogGet::What::kConsistency, .from = before->size, .to = after->size});
  REQUIRE(proof.ok());
  CHECK(crypto::verify_consistency(before->size, after->size, before->root, after->root, proof->path));
  REQUIRE(mercy.up());  // its client has come back by itself
  acked(mercy->batch(w.send("mercy", {{.to = "crisis"}})));
}

TEST_CASE("a broadcast reaches every slot, needs no receipt, and comes again after each HELLO") {
  World w({"mercy", "crisis", "police"});
  auto mercy = w.line("mercy"), police = w.line("police");
  REQUIRE((mercy.up() && police.up()));
  const auto batch = w.c.seal("mercy", w.c.broadcast("mercy", {"crisis", "police"}, w.now(), w.dir_seq));
  w.c.accepted("mercy", batch);
  const auto ack = acked(mercy->batch(kit::Consortium::frame(batch)));
  CHECK(open_group(police.delivery()).index == ack.entries[0].index);
  for (int i = 0; i < 2; ++i) {
    auto crisis = w.line("crisis");
    REQUIRE(crisis.up());
    CHECK(open_group(crisis.delivery()).index == ack.entries[0].index);
  }
}

TEST_CASE("a sender who was away fetches the receipts, and a party its groups") {
  World w({"mercy", "crisis", "police"});
  auto crisis = w.line("crisis"), police = w.line("police");
  REQUIRE((crisis.up() && police.up()));
  {
    auto mercy = w.line("mercy");
    REQUIRE(mercy.up());
    acked(mercy->batch(w.send("mercy", {{.to = "crisis"}})));
  }
  const auto frame = crisis.delivery();
  acked(crisis->receipt(w.receipt_for("crisis", "mercy", frame)));
  auto mercy = w.line("mercy");
  REQUIRE(mercy.up());
  wire::Fetch f{.what = wire::Fetch::What::kReceipts, .sender = w.c.agent("mercy").id(), .recipient = w.c.agent("crisis").id()};
  const auto receipts = mercy->fetch(f);
  REQUIRE(receipts.ok());
  CHECK(receipts->receipts.size() == 1);
  f.what = wire::Fetch::What::kPairFrom;
  f.from = 1;
  const auto groups = crisis->fetch(f);
  REQUIRE(groups.ok());
  REQUIRE(groups->delivers.size() == 1);
  CHECK(open_group(groups->delivers[0]).leaf == open_group(frame).leaf);
  const auto nosy = police->fetch(f);
  REQUIRE_FALSE(nosy.ok());
  CHECK(nosy.error().kind == base::Kind::kDenied);
  f = {.what = wire::Fetch::What::kIndex, .from = open_group(frame).index};
  CHECK(mercy->fetch(f)->delivers.size() == 1);
  CHECK(police->fetch(f).error().kind == base::Kind::kDenied);
}

TEST_CASE("mail that nobody fetched before it expired gets its entry, and only a tombstone is handed out") {
  World w({"mercy", "crisis"});
  auto mercy = w.line("mercy");
  REQUIRE(mercy.up());
  const auto first = crypto::parse_note(w.c.policy(2, {{"*", "*", "*", "*"}}, w.now().minus(1000)).whole);
  auto policy = crypto::parse_policy_note(first->text);
  REQUIRE(policy.ok());
  policy->rules = crypto::sha256(base::view("short lives\n"));
  for (auto& [kind, ms] : policy->expiry) ms = 500;
  ++w.dir_seq;
  acked(mercy->dir_put({w.c.sign_by_authorities(policy->text(), 2), base::to_bytes("short lives\n")}));
  auto r = w.c.request("mercy", {{.to = "crisis"}}, w.now(), w.dir_seq);
  r.groups[0].messages[0].hdr.policy_version = 2;
  r.groups[0].messages[0].hdr.expires = r.created.plus(500);
  const auto index = acked(mercy->batch(kit::Consortium::frame(w.c.seal("mercy", r)))).entries[0].index;
  CHECK(eventually([&] {
    const auto log = mercy->log_get({.what = wire::LogGet::What::kEntries, .from = index + 1, .to = index + 10});
    bool expired = false;
    for (std::size_t at = 0; log.ok() && at + 112 <= log->data.size(); at += 112) {
      expired |= log->data[at + 4] == static_cast<base::Byte>(schemas::EntryType::kExpire);
    }
    return expired;
  }));
  auto crisis = w.line("crisis");
  REQUIRE(crisis.up());
  const auto frame = crisis.delivery();
  const auto d = schemas::decode_deliver(frame);
  REQUIRE(d.ok());
  CHECK(d->batch.groups[0].msgs[0].ct.empty());
  CHECK_FALSE(d->end_ent.empty());
  CHECK(open_group(frame).index == index);
}
