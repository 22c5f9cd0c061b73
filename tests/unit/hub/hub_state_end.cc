// Expiry and erasure: the content goes, the proof stays. Protocol 4.1 (tombstones) and 6.
#include "crypto/seal.h"
#include "schemas/frames.h"
#include "tests/kit/hub_rig.h"

using namespace kit;

namespace {

// Opens a stored group as its recipient would, up to the log and hash checks of protocol 4.2.
schemas::Deliver checked(const HubRig& hub, const base::Bytes& frame, bool tombstone) {
  auto d = schemas::decode_deliver(frame);
  REQUIRE_MESSAGE(d.ok(), (d.ok() ? "" : d.error().message()));
  auto parsed = crypto::parse_batch(d->batch, crypto::Frame::kDeliver);
  REQUIRE_MESSAGE(parsed.ok(), (parsed.ok() ? "" : parsed.error().message()));
  REQUIRE(crypto::check_hashes(d->batch, *parsed, crypto::Frame::kDeliver).ok());
  CHECK(parsed->groups[0].tombstone == tombstone);
  const auto ckpt = crypto::open_checkpoint(base::text(d->ckpt), hub.c.anchor_values().log);
  REQUIRE(ckpt.ok());
  const auto proven = [&](std::uint64_t index, base::View ent, base::View path) {
    return crypto::verify_inclusion(index, ckpt->size, crypto::merkle_leaf(ent), *crypto::split_hashes(path), ckpt->root);
  };
  CHECK(proven(d->index, d->ent, d->incl));
  CHECK(crypto::parse_ent1(d->ent)->subject == parsed->groups[0].leaf);
  if (tombstone) {
    CHECK(proven(d->end_index, d->end_ent, d->end_incl));
    CHECK(crypto::parse_ent1(d->end_ent)->subject == parsed->groups[0].leaf);
  }
  return *d;
}

}  // namespace

TEST_CASE("mail that nobody fetched expires: a tombstone that still proves what it was") {
  HubRig hub;
  const Outcome o = hub.send("hospital", {{.to = "crisis", .copies = 3}});
  REQUIRE(o.accepted);
  checked(hub, *hub.ask([&](const auto& r) { return r.deliver_frame(o.first_index); }), false);
  const auto leaf = hub.ask([&](const auto& r) { return r.rows(o.first_index); })[2].message_leaf;
  const auto due = [&] { return hub.ask([&](const auto& r) { return r.due(EntryType::kExpire, hub.now, 10); }); };
  const auto expire = [&] {
    return hub.apply(hub::state::erase_item(EntryType::kExpire, std::vector{o.first_index}, record_bytes("tick")));
  };
  CHECK(due().empty());
  hub.now = kStart.plus(schemas::kDefaultExpiryMs - 1);
  CHECK_FALSE(expire().accepted);
  hub.now = hub.now.plus(1);
  CHECK(due() == std::vector{o.first_index});
  REQUIRE(expire().accepted);
  CHECK(due().empty());
  CHECK_FALSE(expire().accepted);
  checked(hub, *hub.ask([&](const auto& r) { return r.deliver_frame(o.first_index); }), true);
  const auto rows = hub.ask([&](const auto& r) { return r.rows(o.first_index); });
  CHECK(rows[2].message_leaf == leaf);
  CHECK(rows[2].end_type == 6);
  CHECK(hub.waiting("crisis") == 1);  // the tombstone waits for its answer
  REQUIRE(hub.receipt("crisis", "hospital", schemas::ReceiptStatus::kExpiredUnread).accepted);
  CHECK(hub.waiting("crisis") == 0);
}

TEST_CASE("delivered mail never expires; its content is erased some days later") {
  HubRig hub;
  const Outcome o = hub.send("hospital", {{.to = "crisis"}});
  REQUIRE(hub.receipt("crisis", "hospital").accepted);
  hub.now = hub.now.plus(8 * base::kDay);
  CHECK_FALSE(hub.apply(hub::state::erase_item(EntryType::kExpire, std::vector{o.first_index}, record_bytes("tick"))).accepted);
  const auto due = [&] { return hub.ask([&](const auto& r) { return r.due(EntryType::kErase, hub.now, 10); }); };
  CHECK(due() == std::vector{o.first_index});
  REQUIRE(hub.apply(hub::state::erase_item(EntryType::kErase, due(), record_bytes("retention"))).accepted);
  CHECK(due().empty());
  checked(hub, *hub.ask([&](const auto& r) { return r.deliver_frame(o.first_index); }), true);
}

TEST_CASE("groups that no longer qualify are passed over, the rest still goes") {
  HubRig hub;
  const Outcome a = hub.send("hospital", {{.to = "crisis"}});
  REQUIRE(hub.receipt("crisis", "hospital").accepted);
  const Outcome b = hub.send("hospital", {{.to = "crisis"}});
  hub.now = hub.now.plus(schemas::kDefaultExpiryMs);
  const Outcome o = hub.apply(hub::state::erase_item(
      EntryType::kExpire, std::vector<std::uint64_t>{a.first_index, b.first_index, 0, 1'000'000}, record_bytes("tick")));
  CHECK(o.accepted);
  CHECK(o.n == 1);
}
