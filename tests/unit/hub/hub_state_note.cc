// Directory notes and ledger heads in the log. Protocol sections 3 and 6.
#include "crypto/log_keys.h"
#include "crypto/note.h"
#include "tests/kit/hub_rig.h"

using namespace kit;

TEST_CASE("every note is one entry that names the one before; a note again is no new entry") {
  HubRig hub;
  const auto got = hub.ask([](const auto& r) { return r.notes(0, 100); });
  REQUIRE(got.notes.size() == hub.c.notes().size());
  base::Hash prev{};
  for (std::size_t i = 0; i < got.notes.size(); ++i) {
    const auto e = crypto::parse_ent1(*hub.ask([&](const auto& r) { return r.entry(got.notes[i].log_index); }));
    REQUIRE(e.ok());
    CHECK(e->subject == crypto::sha256(base::view(got.notes[i].note)));
    CHECK(e->container == prev);
    CHECK(e->dir_seq == i + 1);
    prev = e->subject;
  }
  const std::uint64_t size = hub.size();
  const Outcome o = hub.apply(note_item(hub.c.notes()[1]));
  CHECK(o.accepted);
  CHECK(o.repeat);
  CHECK(o.first_index == got.notes[1].log_index);
  CHECK(hub.size() == size);
  CHECK(hub.ask([](const auto& r) { return r.notes(2, 1); }).notes.size() == 1);
}

TEST_CASE("a policy comes with exactly the rules that it names") {
  HubRig hub;
  SignedNote p = hub.c.policy(2, {{"*", "*", "*", "*"}}, hub.now);
  SignedNote wrong = p;
  wrong.blob.push_back('x');
  CHECK(hub.apply(note_item(wrong)).code == NackCode::kRoot);
  CHECK(hub.apply(note_item({p.whole, {}})).code == NackCode::kRoot);
  REQUIRE(hub.apply(note_item(p)).accepted);
  CHECK(hub.ask([&](const auto& r) { return r.blob(crypto::sha256(p.blob)); }) == p.blob);
}

TEST_CASE("a note with too few signatures is refused and leaves no trace") {
  HubRig hub;
  const std::uint64_t size = hub.size(), seq = hub.dir_seq();
  crypto::RevokeNote note;
  note.cert = hub.c.agent("crisis").cert_hash;
  note.reason = "test";
  CHECK(hub.apply(item(EntryType::kDir, base::to_bytes(hub.c.sign_by_authorities(note.text(), 1)))).code == NackCode::kSignature);
  CHECK(hub.apply(item(EntryType::kDir, base::to_bytes("garbage"))).code == NackCode::kMalformed);
  CHECK(hub.size() == size);
  CHECK(hub.dir_seq() == seq);
}

TEST_CASE("a ledger head: one a day, each naming the last, signed by its agent") {
  HubRig hub;
  const auto head = [&](std::uint64_t size, base::Hash prev, const std::string& by = "crisis") {
    crypto::LedgerNote n;
    n.cert = hub.c.agent("crisis").cert_hash;
    n.size = size;
    n.root = base::Hash{9};
    n.prev = prev;
    return hub.c.sign_by_agent(n.text(), by);
  };
  const auto put = [&](const std::string& whole) { return hub.apply(item(EntryType::kHead, base::to_bytes(whole))); };
  const std::string first = head(5, {});
  CHECK(put(head(5, {}, "hospital")).code == NackCode::kSignature);
  REQUIRE(put(first).accepted);
  CHECK(put(first).repeat);
  const base::Hash prev = crypto::parse_note(first)->hash();
  CHECK(put(head(6, prev)).code == NackCode::kPolicy);  // the same day
  hub.now = hub.now.plus(base::kDay);
  CHECK(put(head(4, prev)).code == NackCode::kPolicy);  // shorter
  CHECK(put(head(6, base::Hash{1})).code == NackCode::kPolicy);
  CHECK(put(head(6, prev)).accepted);
}

TEST_CASE("an anchor with other keys: refused by a hub that does not hold them, and from its entry on the tree is signed with the new one") {
  Consortium c(kThree);
  SeededRandom random(99);
  const crypto::SignKey next_log = c.next_log_key(), strange = crypto::SignKey::generate(random);
  const crypto::BoxKey next_box = c.next_hub_transport();
  hub::state::LogKeys keys{c.log_key(), c.next_log_key(), {c.hub_transport().public_key(), next_box.public_key()}};
  auto journal = hub::journal::open_memory(c.anchor(), std::move(keys));
  REQUIRE(journal.ok());
  HubRig hub(std::move(c), std::move(*journal));
  hub.enrol();
  crypto::Anchor next = hub.journal->directory().anchor();
  next.prev = crypto::sha256(base::view(next.text()));
  next.version = 2;
  const auto put = [&](const crypto::Anchor& a, unsigned signers = 2) { return hub.apply(item(EntryType::kDir, base::to_bytes(hub.c.sign_by_authorities(a.text(), signers)))); };
  auto other = next;
  other.log.key = strange.public_key();
  CHECK(put(other).code == NackCode::kPolicy);
  CHECK(put(other).words.find("keygen --next") != std::string::npos);
  CHECK(put(other, 1).code == NackCode::kSignature);  // what is not valid is told that
  other = next;
  other.hub_transport = crypto::BoxKey::generate(random).public_key();
  CHECK(put(other).code == NackCode::kPolicy);
  other = next;
  other.log = {"sfh.example.org/hub2", crypto::NoteAlg::kEd25519, next_log.public_key()};
  CHECK(put(other).words.find("keeps its name") != std::string::npos);

  const auto checkpoint = [&] { return hub.ask([](const auto& r) { return r.checkpoint(); }); };
  const std::string before = checkpoint();
  next.log.key = next_log.public_key();
  next.hub_transport = next_box.public_key();
  const crypto::VerifierKey old_key = hub.c.anchor_values().log, new_key = next.log;
  CHECK(crypto::open_checkpoint(before, old_key).ok());
  const auto size = hub.size();
  REQUIRE(put(next).accepted);
  CHECK(crypto::open_checkpoint(checkpoint(), new_key)->size == size + 1);
  CHECK_FALSE(crypto::open_checkpoint(checkpoint(), old_key).ok());
  CHECK(hub.send("hospital", {{.to = "crisis"}}).accepted);  // mail goes on under the same log
  CHECK(crypto::open_checkpoint(checkpoint(), new_key)->size == size + 2);
  CHECK(crypto::open_checkpoint(before, hub.journal->directory()).ok());
}
