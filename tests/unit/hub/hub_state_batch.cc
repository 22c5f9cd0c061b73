// Section 7 of the protocol, one refusal after the other, as a sender sees it.
#include "schemas/frames.h"
#include "schemas/wire.h"
#include "tests/kit/hub_rig.h"

using namespace kit;

namespace {

NackCode group_code(const Outcome& o, std::size_t i = 0) {
  REQUIRE(o.groups.size() > i);
  return o.groups[i].code;
}

}  // namespace

TEST_CASE("a good batch is accepted: one entry a group, mail for each recipient") {
  HubRig hub;
  const std::uint64_t before = hub.size();
  const Outcome o = hub.send("hospital", {{.to = "crisis", .copies = 3}, {.to = "coord", .kind = schemas::MsgKind::kLoopFacts}});
  REQUIRE_MESSAGE(o.accepted, o.words);
  CHECK(o.n == 2);
  CHECK(o.first_index == before);
  REQUIRE(o.deliveries.size() == 2);
  CHECK(o.deliveries[0].recipient == hub.c.agent("crisis").id());
  CHECK(hub.waiting("crisis") == 1);
  CHECK(hub.waiting("coord") == 1);
  const auto ent = hub.ask([&](const auto& r) { return r.entry(before); });
  REQUIRE(ent);
  const auto e = crypto::parse_ent1(*ent);
  REQUIRE(e.ok());
  CHECK(e->count == 3);
  CHECK(e->flags == 0);
  CHECK(e->container == o.batch_hash);
}

TEST_CASE("the ACK proves every entry under the signed checkpoint") {
  HubRig hub;
  const Outcome o = hub.send("hospital", {{.to = "crisis"}, {.to = "coord", .kind = schemas::MsgKind::kLoopFacts}});
  REQUIRE(o.accepted);
  const auto ack = hub.ask([&](const auto& r) { return r.ack(o.first_index, o.n, o.batch_hash); });
  REQUIRE(ack.ok());
  const auto ckpt = crypto::open_checkpoint(ack->checkpoint, hub.c.anchor_values().log);
  REQUIRE(ckpt.ok());
  for (const auto& p : ack->entries) CHECK(crypto::verify_inclusion(p.index, ckpt->size, crypto::merkle_leaf(p.ent), p.path, ckpt->root));
  CHECK(ack->dir_seq == hub.dir_seq());
}

TEST_CASE("the same bytes again give the stored receipt and no new entry") {
  HubRig hub;
  const base::Bytes frame = hub.c.send("hospital", {{.to = "crisis"}}, hub.now, hub.dir_seq());
  const Outcome first = hub.batch(frame);
  const Outcome later = hub.send("hospital", {{.to = "crisis"}});
  REQUIRE(later.accepted);
  const std::uint64_t size = hub.size();
  const Outcome again = hub.batch(frame);
  CHECK(again.accepted);
  CHECK(again.repeat);
  CHECK(again.first_index == first.first_index);
  CHECK(again.n == first.n);
  CHECK(again.batch_hash == first.batch_hash);
  CHECK(hub.size() == size);
}

TEST_CASE("a verified batch is not hashed again but all state rules hold") {
  HubRig hub;
  NackCode code{};
  auto v =
      hub::state::State::verify_batch(hub.c.send("hospital", {{.to = "crisis"}}, hub.now, hub.dir_seq()), hub.journal->directory(), &code);
  REQUIRE(v.ok());
  Item i = item(EntryType::kAccept, {});
  i.verified = *v;
  CHECK(hub.apply(i).accepted);
  CHECK(hub.apply(i).repeat);
}

TEST_CASE("NACK 1: bytes that are no frame; another hub's batch") {
  HubRig hub;
  CHECK(hub.batch(base::to_bytes("not a frame")).code == NackCode::kMalformed);
  auto r = hub.c.request("hospital", {{.to = "crisis"}}, hub.now, hub.dir_seq());
  r.hub_id[0] ^= 1;
  CHECK(hub.send("hospital", r).code == NackCode::kMalformed);
}

TEST_CASE("NACK 3 and 4: a certificate that is another agent's, unknown, or suspended") {
  HubRig hub;
  auto r = hub.c.request("hospital", {{.to = "crisis"}}, hub.now, hub.dir_seq());
  r.sender_cert = hub.c.agent("coord").cert_hash;
  CHECK(hub.send("hospital", r).code == NackCode::kSenderMismatch);
  r = hub.c.request("hospital", {{.to = "crisis"}}, hub.now, hub.dir_seq());
  r.sender_cert[0] ^= 1;
  CHECK(hub.send("hospital", r).code == NackCode::kCert);
  REQUIRE(hub.apply(note_item({hub.c.revoke("hospital", true), {}})).accepted);
  CHECK(hub.send("hospital", {{.to = "crisis"}}).code == NackCode::kCert);
}

TEST_CASE("NACK 5 and 6: a forged signature, a changed ciphertext") {
  HubRig hub;
  auto sealed = hub.c.seal("hospital", hub.c.request("hospital", {{.to = "crisis"}}, hub.now, hub.dir_seq()));
  auto forged = sealed;
  forged.sig[3] ^= 1;
  CHECK(hub.batch(Consortium::frame(forged)).code == NackCode::kSignature);
  auto changed = sealed;
  changed.groups[0].msgs[0].ct[5] ^= 1;
  CHECK(hub.batch(Consortium::frame(changed)).code == NackCode::kRoot);
  CHECK(hub.batch(Consortium::frame(sealed)).accepted);  // the good one is unharmed
}

TEST_CASE("NACK 7: a number that does not rise, a predecessor that is not the last one; with proof of the last") {
  HubRig hub;
  REQUIRE(hub.send("hospital", {{.to = "crisis"}}).accepted);
  const Agent& a = hub.c.agent("hospital");
  auto r = hub.c.request("hospital", {{.to = "crisis"}}, hub.now, hub.dir_seq());
  r.batch_seq = a.batch_seq - 1;
  CHECK(hub.send("hospital", r).code == NackCode::kBatchSeq);
  r.batch_seq = a.batch_seq;  // other bytes under a used number
  CHECK(hub.send("hospital", r).code == NackCode::kBatchSeq);
  r.batch_seq = a.batch_seq + 1;
  r.prev_batch[0] ^= 1;
  Outcome o = hub.send("hospital", r);
  CHECK(o.code == NackCode::kBatchSeq);
  REQUIRE(o.payload.size() == 52);
  CHECK(base::load_le<std::uint64_t>(o.payload.data()) == a.batch_seq);
  CHECK(base::equal(base::View(o.payload).subspan(8, 32), a.prev_batch));
  hub.ask([&](const auto& reader) { return reader.add_proofs(o), 0; });
  const auto ack = schemas::wire::decode<schemas::wire::Ack>(base::View(o.payload).subspan(52));
  REQUIRE(ack.ok());
  const auto ckpt = crypto::open_checkpoint(ack->checkpoint, hub.c.anchor_values().log);
  REQUIRE(ckpt.ok());
  REQUIRE(ack->entries.size() == 1);
  CHECK(crypto::verify_inclusion(ack->entries[0].index, ckpt->size, crypto::merkle_leaf(ack->entries[0].ent), ack->entries[0].path,
                                 ckpt->root));
}

TEST_CASE("NACK 8: a gap, a fork or an early restart of a pair chain; a gap in one pair leaves the others") {
  HubRig hub;
  REQUIRE(hub.send("hospital", {{.to = "crisis", .copies = 2}}).accepted);
  auto r = hub.c.request("hospital", {{.to = "crisis"}}, hub.now, hub.dir_seq());
  r.groups[0].to[0].pair_seq = 4;  // 3 is next
  Outcome o = hub.send("hospital", r);
  CHECK(group_code(o) == NackCode::kPairChain);
  CHECK(o.code == NackCode::kPairChain);
  CHECK(base::load_le<std::uint64_t>(o.groups[0].payload.data()) == 2);
  r = hub.c.request("hospital", {{.to = "crisis"}}, hub.now, hub.dir_seq());
  r.groups[0].to[0].prev_group_leaf[0] ^= 1;
  CHECK(group_code(hub.send("hospital", r)) == NackCode::kPairChain);
  r = hub.c.request("hospital", {{.to = "crisis"}}, hub.now, hub.dir_seq());
  r.groups[0].chain_restart = true;  // the certificate is still the same
  r.groups[0].to[0].prev_group_leaf = {};
  CHECK(group_code(hub.send("hospital", r)) == NackCode::kPairChain);
  CHECK(hub.send("hospital", {{.to = "crisis"}}).accepted);
}

TEST_CASE("NACK 9 and 11: epoch keys by signed time, expiry exactly the kind's constant") {
  HubRig hub;
  auto r = hub.c.request("hospital", {{.to = "crisis"}}, hub.now, hub.dir_seq());
  r.groups[0].to[0].epoch = 3;  // published, not yet in use
  r.groups[0].to[0].epoch_key = hub.c.agent("crisis").epochs[2].key;
  Outcome o = hub.send("hospital", r);
  CHECK(group_code(o) == NackCode::kEpochKey);
  CHECK(base::text(o.groups[0].payload) == hub.c.agent("crisis").epoch_note);
  r = hub.c.request("hospital", {{.to = "crisis"}}, hub.now, hub.dir_seq());
  r.groups[0].messages[0].hdr.expires.ms += 1;
  CHECK(group_code(hub.send("hospital", r)) == NackCode::kExpiry);
}

TEST_CASE("NACK 10: kinds, purposes and versions that the signed matrix does not name; a full referral never reaches the coordinator") {
  Options options;
  options.matrix = {{"hospital_ed", "crisis_center", "Referral", "TREAT"}, {"*", "coordinator", "*", "*"}};
  HubRig hub(kThree, options);
  CHECK(hub.send("hospital", {{.to = "crisis"}}).accepted);
  CHECK(group_code(hub.send("hospital", {{.to = "crisis", .kind = schemas::MsgKind::kEncounter}})) == NackCode::kPolicy);
  CHECK(group_code(hub.send("hospital", {{.to = "crisis", .purpose = schemas::Purpose::kAdmin}})) == NackCode::kPolicy);
  CHECK(group_code(hub.send("crisis", {{.to = "hospital"}})) == NackCode::kPolicy);
  CHECK(group_code(hub.send("hospital", {{.to = "coord"}})) == NackCode::kPolicy);
  CHECK(hub.send("hospital", {{.to = "coord", .kind = schemas::MsgKind::kLoopFacts}}).accepted);
  auto r = hub.c.request("hospital", {{.to = "crisis"}}, hub.now, hub.dir_seq());
  r.groups[0].messages[0].hdr.policy_version = 2;
  CHECK(group_code(hub.send("hospital", r)) == NackCode::kPolicy);
}

TEST_CASE("the previous policy version is still good, the one before is not") {
  HubRig hub;
  for (std::uint32_t v = 2; v <= 3; ++v)
    REQUIRE(hub.apply(note_item(hub.c.policy(v, {{"*", "*", "*", "*"}}, hub.now.minus(1000)))).accepted);
  auto r = hub.c.request("hospital", {{.to = "crisis"}}, hub.now, hub.dir_seq());
  CHECK(group_code(hub.send("hospital", r)) == NackCode::kPolicy);
  r.groups[0].messages[0].hdr.policy_version = 2;
  CHECK(hub.send("hospital", r).accepted);
}

TEST_CASE("NACK 12: a recipient that is unknown or suspended") {
  HubRig hub;
  auto r = hub.c.request("hospital", {{.to = "crisis"}}, hub.now, hub.dir_seq());
  r.groups[0].to[0].agent[0] ^= 1;
  CHECK(group_code(hub.send("hospital", r)) == NackCode::kRecipient);
  const std::string note = hub.c.revoke("crisis", true);
  REQUIRE(hub.apply(note_item({note, {}})).accepted);
  const Outcome o = hub.send("hospital", {{.to = "crisis"}});
  CHECK(group_code(o) == NackCode::kRecipient);
  CHECK(base::text(o.groups[0].payload) == note);
}

TEST_CASE("one NACK names every bad group and nothing of the batch stays") {
  HubRig hub({{"a", "hospital_ed"}, {"b", "crisis_center"}, {"c", "crisis_center"}, {"d", "coordinator"}});
  const std::uint64_t size = hub.size();
  auto r = hub.c.request("a", {{.to = "b"}, {.to = "c"}, {.to = "d"}}, hub.now, hub.dir_seq());
  r.groups[0].messages[0].hdr.expires.ms += 1;
  Outcome o = hub.send("a", r);
  CHECK_FALSE(o.accepted);
  REQUIRE(o.groups.size() == 2);
  CHECK(o.groups[0].group_no == 0);
  CHECK(o.groups[0].code == NackCode::kExpiry);
  CHECK(o.groups[1].group_no == 2);
  CHECK(o.groups[1].code == NackCode::kPolicy);
  CHECK(o.code == NackCode::kExpiry);
  CHECK(hub.size() == size);
  CHECK(hub.waiting("c") == 0);
}

TEST_CASE("NACK 13: one sender fills half a mailbox, others the rest; a directory that this hub has not seen") {
  Options options;
  options.limits = {{"mailbox-groups", 4}};
  HubRig hub({{"a", "hospital_ed"}, {"b", "hospital_ed"}, {"c", "crisis_center"}}, options);
  CHECK(hub.send("a", {{.to = "c"}}).accepted);
  CHECK(hub.send("a", {{.to = "c"}}).accepted);
  const Outcome o = hub.send("a", {{.to = "c"}});
  CHECK(group_code(o) == NackCode::kBusy);
  CHECK(o.retry_ms > 0);
  CHECK(hub.send("b", {{.to = "c"}}).accepted);
  REQUIRE(hub.receipt("c", "a").accepted);
  CHECK(hub.send("a", {{.to = "c"}}).accepted);
  auto r = hub.c.request("b", {{.to = "a"}}, hub.now, hub.dir_seq() + 1);
  CHECK(hub.send("b", r).code == NackCode::kBusy);
}

TEST_CASE("NACK 14: more than the anchor allows") {
  Options options;
  options.limits = {{"messages-per-group", 2}};
  HubRig hub(kThree, options);
  CHECK(hub.send("hospital", {{.to = "crisis", .copies = 3}}).code == NackCode::kSize);
  CHECK(hub.send("hospital", {{.to = "crisis", .copies = 2}}).accepted);
}

TEST_CASE("NACK 15: the future, the day before yesterday; ten minutes late is marked") {
  HubRig hub;
  const auto at = [&](std::uint64_t ms) {
    auto r = hub.c.request("hospital", {{.to = "crisis"}}, base::Instant{ms}, hub.dir_seq());
    return hub.send("hospital", r);
  };
  Outcome o = at(hub.now.ms + 2 * base::kMinute + 1);
  CHECK(o.code == NackCode::kClock);
  CHECK(base::load_le<std::uint64_t>(o.payload.data()) == hub.now.ms);
  CHECK(at(hub.now.ms + 2 * base::kMinute).accepted);
  auto old = hub.c.request("crisis", {{.to = "hospital"}}, hub.now, hub.dir_seq());
  hub.now = hub.now.plus(10 * base::kMinute + 1);
  o = hub.send("crisis", old);
  REQUIRE(o.accepted);
  const auto ent = hub.ask([&](const auto& r) { return r.entry(o.first_index); });
  CHECK(crypto::parse_ent1(*ent)->flags == crypto::Ent1::kLate);
  old = hub.c.request("crisis", {{.to = "hospital"}}, hub.now, hub.dir_seq());
  hub.now = hub.now.plus(24 * base::kHour + 1);
  CHECK(hub.send("crisis", old).code == NackCode::kClock);
}

TEST_CASE("NACK 16: a directory whose next note is an hour old") {
  HubRig hub;
  const std::uint64_t seq = hub.dir_seq();
  REQUIRE(hub.apply(note_item(hub.c.policy(2, {{"*", "*", "*", "*"}}, hub.now))).accepted);
  hub.now = hub.now.plus(base::kHour);
  CHECK(hub.send("hospital", hub.c.request("hospital", {{.to = "crisis"}}, hub.now, seq)).accepted);
  hub.now = hub.now.plus(1);
  CHECK(hub.send("hospital", hub.c.request("hospital", {{.to = "crisis"}}, hub.now, seq)).code == NackCode::kDirSeq);
}

TEST_CASE("a broadcast reaches every slot, has no chain, and leaves all mailboxes when it expires") {
  HubRig hub({{"a", "crisis_center"}, {"b", "hospital_ed"}, {"c", "police"}});
  const Outcome o = hub.send("a", hub.c.broadcast("a", {"b", "c"}, hub.now, hub.dir_seq()));
  REQUIRE_MESSAGE(o.accepted, o.words);
  CHECK(o.n == 1);
  CHECK(hub.waiting("b") == 1);
  CHECK(hub.waiting("c") == 1);
  CHECK(hub.send("a", {{.to = "b"}}).accepted);  // pair_seq 1: the broadcast did not count
  hub.now = hub.now.plus(schemas::kCapacityExpiryMs);
  const std::vector<std::uint64_t> gone{o.first_index};
  REQUIRE(hub.apply(hub::state::erase_item(EntryType::kExpire, gone, record_bytes("tick"))).accepted);
  CHECK(hub.waiting("b") == 1);
  CHECK(hub.waiting("c") == 0);
}

TEST_CASE("a hub's clock that steps back does not take the log with it") {
  HubRig hub;
  hub.now = hub.now.plus(base::kMinute);
  const Outcome a = hub.send("hospital", {{.to = "crisis"}});
  hub.now = hub.now.minus(30 * base::kSecond);
  const Outcome b = hub.send("hospital", {{.to = "crisis"}});
  REQUIRE(a.accepted);
  REQUIRE(b.accepted);
  const auto time = [&](std::uint64_t i) { return crypto::parse_ent1(*hub.ask([&](const auto& r) { return r.entry(i); }))->hub_time; };
  CHECK(time(a.first_index) == time(b.first_index));
}

TEST_CASE("a record that was proposed on another tree stops the hub") {
  HubRig hub;
  auto memory = hub::journal::open_memory(hub.c.anchor(), hub.c.log_key());
  REQUIRE(memory.ok());
  const auto snapshot = (*memory)->read();
  REQUIRE(snapshot.ok());
  const crypto::SignKey key = hub.c.log_key();
  auto state = hub::state::State::load((*snapshot)->kv(), hub.c.anchor(), key);
  REQUIRE(state.ok());
  hub::state::Record record;
  record.size = 1;
  struct NoKv : hub::state::Kv {
    [[nodiscard]] std::optional<base::View> get(hub::state::Table, base::View) const override { return std::nullopt; }
    void scan(hub::state::Table, base::View, const std::function<bool(base::View, base::View)>&) const override {}
    void scan_back(hub::state::Table, base::View, const std::function<bool(base::View, base::View)>&) const override {}
    base::Status put(hub::state::Table, base::View, base::View) override { return {}; }
    base::Status append(hub::state::Table, base::View, base::View) override { return {}; }
    base::Result<std::span<base::Byte>> room(hub::state::Table, base::View, std::size_t) override { return std::span<base::Byte>(); }
    base::Status erase(hub::state::Table, base::View) override { return {}; }
  } kv;
  const auto applied = state->apply(kv, record);
  REQUIRE_FALSE(applied.ok());
  CHECK(applied.error().kind == base::Kind::kCorrupt);
}

TEST_CASE("a restart with a higher certificate serial begins a new chain; mail of the old one can still be acknowledged") {
  HubRig hub;
  REQUIRE(hub.send("hospital", {{.to = "crisis"}}).accepted);
  Agent& a = hub.c.agent("hospital");
  const Head old = a.heads.at(hub.c.agent("crisis").id());
  crypto::Cert next = a.cert;
  next.serial = 2;
  next.prev = a.cert_hash;
  crypto::Note note;
  note.text = next.text();
  auto signed_note = crypto::parse_note(hub.c.sign_by_authorities(note.text, 2));
  REQUIRE(signed_note.ok());
  signed_note->sign(crypto::agent_name(hub.c.name(), a.id()), a.sign);
  const Outcome renewed = hub.apply(item(EntryType::kDir, base::to_bytes(signed_note->whole())));
  REQUIRE_MESSAGE(renewed.accepted, renewed.words);
  a.cert = next;
  a.cert_hash = note.hash();
  auto r = hub.c.request("hospital", {{.to = "crisis"}}, hub.now, hub.dir_seq());
  r.groups[0].chain_restart = true;
  r.groups[0].to[0].prev_group_leaf = {};
  r.groups[0].to[0].pair_seq = 1;
  const Outcome o = hub.send("hospital", r);
  REQUIRE_MESSAGE(o.accepted, (o.groups.empty() ? o.words : std::to_string(static_cast<int>(o.groups[0].code))));
  CHECK(hub.waiting("crisis") == 2);
  CHECK(hub.apply(item(EntryType::kReceipt, hub.c.receipt("crisis", "hospital", old.upto, old.leaf, hub.now))).n == 1);
  CHECK(hub.waiting("crisis") == 1);
  CHECK(hub.receipt("crisis", "hospital").n == 1);
  CHECK(hub.waiting("crisis") == 0);
}
