// The directory's rules, protocol section 3: who may sign what, chains, uniqueness, epoch bounds, suspension, revocation, rotation.
#include "crypto/log_keys.h"
#include "tests/unit/trust/trust_kit.h"

using namespace trust_kit;

TEST_CASE("the first anchor needs k of its own signatures, from different keys") {
  Consortium c(3, 2);
  CHECK(Directory::start(c.by(c.anchor.text(), {1, 2})).ok());
  CHECK(Directory::start(c.by(c.anchor.text(), {1})).error().kind == Kind::kBadSignature);
  CHECK(Directory::start(c.by(c.anchor.text(), {1, 1})).error().kind == Kind::kBadSignature);
  CHECK(Directory::start("rubbish").error().kind == Kind::kMalformed);
  auto d = c.directory();
  CHECK(d.seq() == 0);
  CHECK(base::all_zero(View(d.last_subject())));
  c.log(d, c.anchor_note);  // may be logged, once
  CHECK(why(d.check(c.anchor_note, kT0)) == Kind::kConflict);
}

TEST_CASE("a certificate needs k different authorities; one that signs twice counts once") {
  Consortium c(3, 2);
  auto d = c.directory();
  auto a = c.agent("harbor-house");
  auto text = a.cert.text();
  CHECK(why(d.check(c.by(text, {1}), kT0)) == Kind::kBadSignature);
  CHECK(why(d.check(c.by(text, {2, 2}), kT0)) == Kind::kBadSignature);
  auto forged = c.note_by(text, {1, 2});
  forged.signatures[1].sig[7] ^= 1;
  CHECK(why(d.check(forged.whole(), kT0)) == Kind::kBadSignature);
  auto stranger = c.note_by(text, {1, 2});
  stranger.sign(agent_name("alder.test", a.cert.agent), a.sign);  // makes nothing valid
  CHECK(why(d.check(stranger.whole(), kT0)) == Kind::kBadSignature);
  c.log(d, c.by(text, {1, 3, 3}));
  CHECK(d.member(a.cert.agent)->cert.name == "harbor-house");
  CHECK(d.by_slug("harbor-house") == d.member(a.cert.agent));
  CHECK(d.by_transport(a.cert.transport) == d.member(a.cert.agent));
  CHECK(why(d.check(c.by(text, {1, 2}), kT0)) == Kind::kConflict);  // the same text with other signatures is the same note
  CHECK(d.notes() == std::vector<std::string>{c.by(text, {1, 3, 3})});
}

TEST_CASE("a name and a public key have one holder and one role") {
  Consortium c;
  auto d = c.directory();
  auto a = c.enrolled(d, "harbor-house");
  auto refused = [&](auto change) {
    auto b = c.agent("county-ems");
    change(b.cert);
    CHECK(why(d.check(c.by(b.cert.text(), {1, 2}), kT0)) == Kind::kConflict);
  };
  refused([&](Cert& x) { x.name = "harbor-house"; });
  refused([&](Cert& x) { x.sign = a.cert.sign; });
  refused([&](Cert& x) { x.witness = a.cert.sign; });
  refused([&](Cert& x) { x.transport = a.cert.transport; });
  refused([&](Cert& x) { x.recovery = c.anchor.log.key; });
  refused([&](Cert& x) { x.sign = c.anchor.authorities[0].key; });
  refused([&](Cert& x) { x.transport = c.anchor.hub_transport; });
  refused([&](Cert& x) { x.consortium[0] ^= 1; });

  auto swapped = c.renewal(a);  // an agent may not use its own old key for something else either
  std::swap(swapped.sign, swapped.witness);
  auto note = c.note_by(swapped.text(), {1, 2});
  note.sign(agent_name("alder.test", a.cert.agent), a.sign);
  CHECK(why(d.check(note.whole(), kT0)) == Kind::kConflict);

  auto e = c.epochs(a, kT0, 1);
  e.keys[0].key = a.cert.transport;
  CHECK(why(d.check(c.by_agent(e.text(), a), kT0)) == Kind::kConflict);
}

TEST_CASE("a rotation follows the chain and is signed by the old sign key") {
  Consortium c;
  auto d = c.directory();
  auto a = c.enrolled(d, "harbor-house");
  c.log(d, c.by_agent(c.epochs(a, kT0, 2).text(), a));
  auto next = c.renewal(a);
  auto fresh = SignKey::generate(c.random);
  next.sign = fresh.public_key();
  auto rotation = c.note_by(next.text(), {1, 2});
  CHECK(why(d.check(rotation.whole(), kT0)) == Kind::kBadSignature);  // the old key has not agreed
  rotation.sign(agent_name("alder.test", a.cert.agent), a.sign);

  auto other = next;
  other.serial = 3;
  CHECK(why(d.check(c.by(other.text(), {1, 2}), kT0)) == Kind::kConflict);
  other = next;
  other.prev[3] ^= 1;
  CHECK(why(d.check(c.by(other.text(), {1, 2}), kT0)) == Kind::kConflict);
  other = next;
  other.agency[0] ^= 1;
  CHECK(why(d.check(c.by(other.text(), {1, 2}), kT0)) == Kind::kConflict);

  auto old_hash = d.member(a.cert.agent)->cert_hash;
  auto at = c.index;
  c.log(d, rotation.whole());
  auto new_hash = d.member(a.cert.agent)->cert_hash;
  CHECK(d.standing(old_hash, at, kT0) == Standing::kActive);
  CHECK(d.standing(old_hash, at + 1, kT0) == Standing::kSuperseded);
  CHECK(d.standing(new_hash, at, kT0) == Standing::kUnknown);
  CHECK(d.standing(new_hash, at + 1, kT0) == Standing::kActive);
  CHECK(d.cert(old_hash)->serial == 1);
  CHECK(d.usable_epoch(a.cert.agent, kT0) == nullptr);  // the new certificate has no epoch note yet
}

TEST_CASE("after a revocation the authorities rotate without the old key, which has no say any more") {
  Consortium c(4, 2, 3);
  auto d = c.directory();
  auto a = c.enrolled(d, "harbor-house");
  auto hash = d.member(a.cert.agent)->cert_hash;
  RevokeNote revoke{hash, "key-compromised", false, kT0.minus(kDay)};
  CHECK(why(d.check(c.by(revoke.text(), {1, 2}), kT0)) == Kind::kBadSignature);
  CHECK(why(d.check(c.by_agent(revoke.text(), a), kT0)) == Kind::kBadSignature);
  auto at = c.index;
  c.log(d, c.by(revoke.text(), {1, 2, 3}));
  CHECK(d.standing(hash, at, kT0) == Standing::kActive);
  CHECK(d.standing(hash, at + 1, kT0) == Standing::kRevoked);
  CHECK(d.by_transport(a.cert.transport) == nullptr);
  CHECK(why(d.check(c.by_agent(c.epochs(a, kT0, 1).text(), a), kT0)) == Kind::kStale);

  auto next = c.renewal(a);
  next.sign = SignKey::generate(c.random).public_key();
  CHECK(why(d.check(c.by(next.text(), {1, 2}), kT0)) == Kind::kBadSignature);  // r = 3
  auto with_thief = c.note_by(next.text(), {1, 2});
  with_thief.sign(agent_name("alder.test", a.cert.agent), a.sign);
  CHECK(why(d.check(with_thief.whole(), kT0)) == Kind::kBadSignature);
  c.log(d, c.by(next.text(), {1, 2, 4}));
  CHECK(d.standing_now(d.member(a.cert.agent)->cert_hash, kT0) == Standing::kActive);
}

TEST_CASE("a certificate is valid between its dates, by hub_time") {
  Consortium c;
  auto d = c.directory();
  auto a = c.enrolled(d, "harbor-house");
  auto hash = d.member(a.cert.agent)->cert_hash;
  CHECK(d.standing_now(hash, a.cert.not_before.minus(1)) == Standing::kNotYet);
  CHECK(d.standing_now(hash, a.cert.not_before) == Standing::kActive);
  CHECK(d.standing_now(hash, a.cert.not_after.minus(1)) == Standing::kActive);
  CHECK(d.standing_now(hash, a.cert.not_after) == Standing::kExpired);
  CHECK(d.standing_now(Hash{}, kT0) == Standing::kUnknown);
}

TEST_CASE("epoch keys keep their bounds") {
  Consortium c;
  auto d = c.directory();
  auto a = c.enrolled(d, "harbor-house");
  auto verdict = [&](auto change) {
    auto n = c.epochs(a, kT0, 2);
    change(n);
    return d.check(c.by_agent(n.text(), a), kT0);
  };
  CHECK(verdict([](EpochNote&) {}).ok());
  CHECK(verdict([](EpochNote& n) {
          n.keys[0].until = n.keys[0].from.plus(7 * kDay), n.keys[0].destroy_after = n.keys[0].until.plus(30 * kDay);
        }).ok());
  CHECK(why(verdict([](EpochNote& n) { n.keys[0].until = n.keys[0].from.plus(7 * kDay + 1); })) == Kind::kStale);
  CHECK(why(verdict([](EpochNote& n) { n.keys[0].destroy_after = n.keys[0].until.plus(30 * kDay + 1); })) == Kind::kStale);
  auto start = [](Instant from) {
    return [from](EpochNote& n) {
      n.keys.resize(1), n.keys[0].from = from, n.keys[0].until = from.plus(1), n.keys[0].destroy_after = from.plus(2);
    };
  };
  CHECK(verdict(start(kT0.plus(31 * kDay))).ok());
  CHECK(why(verdict(start(kT0.plus(31 * kDay + 1)))) == Kind::kStale);
  CHECK(why(verdict([](EpochNote& n) { n.suites = {2}; })) == Kind::kUnsupported);
  CHECK(why(verdict([](EpochNote& n) { n.prev[0] = 1; })) == Kind::kConflict);
  CHECK(why(verdict([](EpochNote& n) { n.cert[0] ^= 1; })) == Kind::kNotFound);
  CHECK(why(verdict([](EpochNote& n) { n.keys[1].key = n.keys[0].key; })) == Kind::kConflict);
  auto b = c.enrolled(d, "county-ems");
  CHECK(why(d.check(c.by_agent(c.epochs(a, kT0, 1).text(), b), kT0)) == Kind::kBadSignature);
}

TEST_CASE("a published epoch keeps its key and may only be shortened") {
  Consortium c;
  auto d = c.directory();
  auto a = c.enrolled(d, "harbor-house");
  auto first = c.epochs(a, kT0, 3);
  c.log(d, c.by_agent(first.text(), a));
  auto next = first;
  next.prev = *d.last_epoch_note(a.cert.agent);
  auto verdict = [&](auto change) {
    auto n = next;
    change(n);
    return d.check(c.by_agent(n.text(), a), kT0);
  };
  CHECK(verdict([](EpochNote& n) { n.keys.erase(n.keys.begin()); }).ok());
  CHECK(why(verdict([&](EpochNote& n) { n.keys[1].key = BoxKey::generate(c.random).public_key(); })) == Kind::kConflict);
  CHECK(why(verdict([](EpochNote& n) { n.keys[1].until.ms++; })) == Kind::kConflict);
  CHECK(why(verdict([](EpochNote& n) { n.keys[1].destroy_after.ms++; })) == Kind::kConflict);
  CHECK(why(verdict([](EpochNote& n) { n.keys[1].from.ms--; })) == Kind::kConflict);
  CHECK(why(verdict([](EpochNote& n) { std::swap(n.keys[1].key, n.keys[2].key); })) == Kind::kConflict);
  CHECK(why(verdict([](EpochNote& n) { n.prev = {}, n.keys.pop_back(); })) == Kind::kConflict);

  CHECK(d.usable_epoch(a.cert.agent, kT0.minus(1)) == nullptr);
  CHECK(d.usable_epoch(a.cert.agent, kT0)->epoch == 1);
  CHECK(d.usable_epoch(a.cert.agent, kT0.plus(kDay))->epoch == 2);
  CHECK(d.usable_epoch(a.cert.agent, kT0.plus(3 * kDay)) == nullptr);
  next.keys.erase(next.keys.begin());
  next.keys[0].until = next.keys[0].from.plus(kHour);
  next.keys[0].destroy_after = next.keys[0].until;
  c.log(d, c.by_agent(next.text(), a));
  CHECK(d.usable_epoch(a.cert.agent, kT0) == nullptr);  // the newest note no longer names epoch 1
  CHECK(d.usable_epoch(a.cert.agent, kT0.plus(kDay + 2 * kHour)) == nullptr);
  CHECK(d.find_epoch(a.cert.agent, 1, epoch_kid(first.keys[0].key)) != nullptr);
  CHECK(d.find_epoch(a.cert.agent, 2, epoch_kid(first.keys[1].key))->until == next.keys[0].until);
  CHECK(d.find_epoch(a.cert.agent, 2, epoch_kid(first.keys[0].key)) == nullptr);
}

TEST_CASE("a suspension lasts 72 hours; one authority has one a month for an agent; the owner any time") {
  Consortium c;
  auto d = c.directory();
  auto a = c.enrolled(d, "harbor-house");
  auto hash = d.member(a.cert.agent)->cert_hash;
  auto suspend = [&](const std::string& reason) { return RevokeNote{hash, reason, true, {}}.text(); };
  auto at = c.index;
  c.log(d, c.by(suspend("first"), {1}), kT0);
  CHECK(d.standing(hash, at, kT0) == Standing::kActive);
  CHECK(d.standing(hash, at + 1, kT0) == Standing::kSuspended);
  CHECK(d.standing(hash, at + 1, kT0.plus(72 * kHour)) == Standing::kSuspended);
  CHECK(d.standing(hash, at + 1, kT0.plus(72 * kHour + 1)) == Standing::kActive);
  CHECK(d.by_transport(a.cert.transport) != nullptr);
  CHECK(why(d.check(c.by_agent(c.epochs(a, kT0, 1).text(), a), kT0)) == Kind::kStale);

  auto later = kT0.plus(30 * kDay - 1);
  CHECK(why(d.check(c.by(suspend("second"), {1}), later)) == Kind::kConflict);
  CHECK(why(d.check(c.by(suspend("first"), {1}), kT0.plus(40 * kDay))) == Kind::kConflict);  // an old note replayed
  CHECK(d.check(c.by(suspend("second"), {1}), later.plus(1)).ok());
  CHECK(d.check(c.by(suspend("second"), {1, 2}), later).ok());
  auto b = c.enrolled(d, "county-ems");
  CHECK(d.check(c.by(RevokeNote{d.member(b.cert.agent)->cert_hash, "x", true, {}}.text(), {1}), kT0).ok());

  auto owner = [&](const std::string& reason, const SignKey& key) {
    Note n{suspend(reason), {}};
    n.sign(agent_name("alder.test", a.cert.agent), key);
    return n.whole();
  };
  CHECK(why(d.check(owner("own-1", a.sign), kT0)) == Kind::kBadSignature);  // the everyday key may not
  c.log(d, owner("own-1", a.recovery));
  c.log(d, owner("own-2", a.recovery));
  CHECK(why(d.check(c.by(RevokeNote{Hash{}, "x", true, {}}.text(), {1}), kT0)) == Kind::kNotFound);
}

TEST_CASE("an anchor rotates with k of the old and k of the new authorities, by version and hash") {
  Consortium c(3, 2);
  auto d = c.directory();
  std::vector<SignKey> fresh;
  Anchor next = c.anchor;
  next.version = 2;
  next.prev = d.consortium();
  next.authorities.resize(1);  // authority 1 stays, 4 and 5 are new
  for (unsigned i : {4U, 5U}) {
    fresh.push_back(SignKey::generate(c.random));
    next.authorities.push_back({authority_name("alder.test", i), NoteAlg::kEd25519, fresh.back().public_key()});
  }
  auto signed_by = [&](const Anchor& a, std::initializer_list<unsigned> old_ones, std::initializer_list<unsigned> new_ones) {
    auto n = c.note_by(a.text(), old_ones);
    for (unsigned i : new_ones) n.sign(authority_name("alder.test", i), fresh[i - 4]);
    return n.whole();
  };
  CHECK(why(d.check(signed_by(next, {1}, {4, 5}), kT0)) == Kind::kBadSignature);
  CHECK(why(d.check(signed_by(next, {1, 1}, {4, 5}), kT0)) == Kind::kBadSignature);
  CHECK(why(d.check(signed_by(next, {2, 3}, {4}), kT0)) == Kind::kBadSignature);
  CHECK(d.check(signed_by(next, {1, 2}, {4}), kT0).ok());
  auto other = next;
  other.version = 3;
  CHECK(why(d.check(signed_by(other, {1, 2}, {4}), kT0)) == Kind::kConflict);
  other = next;
  other.test = false;
  CHECK(why(d.check(signed_by(other, {1, 2}, {4}), kT0)) == Kind::kConflict);
  auto a = c.enrolled(d, "harbor-house");
  other = next;
  other.log.key = a.cert.sign;
  CHECK(why(d.check(signed_by(other, {1, 2}, {4}), kT0)) == Kind::kConflict);

  c.log(d, signed_by(next, {1, 2}, {4}));
  CHECK(d.anchor().version == 2);
  auto b = c.agent("county-ems");  // still names the first anchor
  CHECK(why(d.check(c.by(b.cert.text(), {1, 2}), kT0)) == Kind::kBadSignature);
  CHECK(d.check(signed_by(c.anchor, {1, 2}, {}), kT0).ok());  // the first anchor may be logged late; it changes nothing
  auto note = c.note_by(b.cert.text(), {1});
  note.sign(authority_name("alder.test", 5), fresh[1]);
  c.log(d, note.whole());

  const std::string chain[] = {c.anchor_note, signed_by(next, {1, 2}, {4})};
  CHECK(verify_anchor_chain(chain)->version == 2);
  const std::string broken[] = {c.anchor_note, signed_by(next, {2, 3}, {4})};
  CHECK(verify_anchor_chain(broken).error().kind == Kind::kBadSignature);
  CHECK_FALSE(verify_anchor_chain(std::span(chain).subspan(1)).ok());
  CHECK_FALSE(verify_anchor_chain({}).ok());
}

TEST_CASE("a policy needs k authorities, its version rises, and it is in force from its time") {
  Consortium c;
  auto d = c.directory();
  auto policy = [&](std::uint32_t v, Instant from) { return PolicyNote{v, Hash{}, {{"*", "*", "*", "*"}}, {}, from}.text(); };
  CHECK(d.policy() == nullptr);
  CHECK(why(d.check(c.by(policy(1, kT0), {1}), kT0)) == Kind::kBadSignature);
  c.log(d, c.by(policy(2, kT0), {1, 2}));
  CHECK(d.policy()->version == 2);
  CHECK(why(d.check(c.by(policy(2, kT0.plus(1)), {1, 2}), kT0)) == Kind::kConflict);
  CHECK(why(d.check(c.by(policy(1, kT0), {1, 2}), kT0)) == Kind::kConflict);
  c.log(d, c.by(policy(5, kT0.plus(kDay)), {2, 3}));
  CHECK(d.policy()->version == 2);
  CHECK(d.policy_at(kT0.plus(kDay))->version == 5);
  CHECK(d.policy_version(5) != nullptr);
  CHECK(d.policy_version(4) == nullptr);
}

TEST_CASE("a ledger head is no note of the directory but is checked by it") {
  Consortium c;
  auto d = c.directory();
  auto a = c.enrolled(d, "harbor-house");
  auto b = c.enrolled(d, "county-ems");
  LedgerNote n{d.member(a.cert.agent)->cert_hash, 3, c.random.bytes<32>(), {}};
  CHECK(why(d.check(c.by_agent(n.text(), a), kT0)) == Kind::kMalformed);
  CHECK(d.check_ledger(c.by_agent(n.text(), a), kT0)->size == 3);
  CHECK(d.check_ledger(c.by_agent(n.text(), b), kT0).error().kind == Kind::kBadSignature);
  CHECK(d.check_ledger(c.by_agent(n.text(), a), a.cert.not_after).error().kind == Kind::kStale);
  n.cert[0] ^= 1;
  CHECK(d.check_ledger(c.by_agent(n.text(), a), kT0).error().kind == Kind::kNotFound);
}

TEST_CASE("a copy does not change when the original goes on, and a refused note changes nothing") {
  Consortium c;
  auto d = c.directory();
  auto a = c.enrolled(d, "harbor-house");
  auto before = d;
  auto subject = d.last_subject();
  CHECK_FALSE(d.add(c.by(c.agent("county-ems").cert.text(), {1}), 9, kT0).ok());
  CHECK(d.last_subject() == subject);
  CHECK_FALSE(d.add(c.by(c.agent("county-ems").cert.text(), {1, 2}), 9, {UINT64_MAX}).ok());
  c.enrolled(d, "county-ems");
  CHECK(d.seq() == 2);
  CHECK(d.last_subject() == parse_note(d.notes(1).at(0))->whole_hash());
  CHECK(d.members().size() == 2);
  CHECK(d.members()[0]->cert.name == "county-ems");
  CHECK(before.seq() == 1);
  CHECK(before.members().size() == 1);
  CHECK(before.by_slug("county-ems") == nullptr);
  CHECK(before.last_subject() == subject);
}

TEST_CASE("the log's key changes with an anchor's entry: trees that hold it are signed with the new one, and the old one accuses nobody any more") {
  Consortium c;
  auto d = c.directory();
  c.enrolled(d, "harbor-house");
  const auto thief = std::move(c.log_key);
  const auto fresh = SignKey::generate(c.random);
  Anchor next = c.anchor;
  next.version = 2;
  next.prev = d.consortium();
  next.log.key = fresh.public_key();
  const auto tree = [&](std::uint64_t size, const SignKey& key) { return sign_checkpoint({next.log.name, size, Hash{3}}, key); };
  CHECK(open_checkpoint(tree(9, thief), d).ok());
  CHECK_FALSE(open_checkpoint(tree(9, fresh), d).ok());
  CHECK_FALSE(log_key_replaced(d, 9));
  const auto at = c.index;  // its entry
  c.log(d, c.by(next.text(), {1, 2}));
  CHECK(open_checkpoint(tree(at, thief), d).ok());
  CHECK(open_checkpoint(tree(at + 1, fresh), d).ok());
  CHECK(open_checkpoint(tree(at + 1, thief), d).error().kind == Kind::kBadSignature);
  CHECK(open_checkpoint(tree(at + 100, thief), d).error().kind == Kind::kBadSignature);
  CHECK(open_checkpoint(tree(at, fresh), d).error().kind == Kind::kBadSignature);
  CHECK(log_key_replaced(d, at));
  CHECK_FALSE(log_key_replaced(d, at + 1));
  CHECK_FALSE(open_checkpoint("no note", d).ok());
  auto third = next;  // other things of an anchor may change: the key goes on
  third.version = 3;
  third.prev = Note{next.text(), {}}.hash();
  third.tlog_policy = {"quorum none"};
  c.log(d, c.by(third.text(), {1, 2}));
  CHECK_FALSE(log_key_replaced(d, at + 1));
}

TEST_CASE("a suspension that the log does not hold counts for now, for 72 hours, and for no place in the log") {
  Consortium c;
  auto d = c.directory();
  auto a = c.enrolled(d, "harbor-house");
  const Hash cert = d.member(a.cert.agent)->cert_hash;
  const auto before = d;
  REQUIRE(suspend_unlogged(d, cert, kT0).ok());
  CHECK(d.standing_now(cert, kT0) == Standing::kSuspended);
  CHECK(d.standing_now(cert, kT0.plus(72 * kHour)) == Standing::kSuspended);
  CHECK(d.standing_now(cert, kT0.plus(72 * kHour + 1)) == Standing::kActive);
  CHECK(d.standing(cert, c.index + 5, kT0) == Standing::kActive);
  CHECK(before.standing_now(cert, kT0) == Standing::kActive);
  CHECK(d.seq() == before.seq());
  CHECK(why(suspend_unlogged(d, Hash{1}, kT0)) == Kind::kNotFound);
}
