// What an agent knows of the directory before the log does: suspensions and anchors that came by file; and a log whose key is exchanged.
#include "adapters/agent/keep/offers.h"
#include "tests/unit/agent_two.h"

using namespace rig;
using keep::Progress;
using crypto::Standing;

namespace {

struct Two : TwoAgents {
  bool hidden = true;  // the hub logs no suspension

  Two() {
    hub.on_dir_put = [this](const base::Id&, const wire::DirPut& p) { return !hidden || !std::string_view(p.note).starts_with("sfh-revoke/"); };
    start();
  }
  // Of mercy's certificate, by so many authorities.
  std::string note(bool suspend, unsigned signers, const char* reason = "stolen") {
    const std::lock_guard lock(hub.mutex);
    crypto::RevokeNote n;
    n.cert = hub.hub().journal->directory().member(mercy.id())->cert_hash;
    n.suspend = suspend;
    n.reason = reason;
    return hub.hub().c.sign_by_authorities(n.text(), signers);
  }
  base::Result<keep::Offered> offer(const std::string& note) { return keep::take_offer(harbor->office().store, note, harbor->office().replica.directory(), hub.clock.now()); }
  Standing standing(AgentBox& at, const base::Id& of) {
    const auto directory = at->office().replica.directory();
    return directory.standing_now(directory.member(of)->cert_hash, hub.clock.now());
  }
  std::uint64_t size() {
    const std::lock_guard lock(hub.mutex);
    return hub.hub().size();
  }
  std::size_t receipts() {
    const std::lock_guard lock(hub.mutex);
    return hub.receipts;
  }
  bool waits_at_hub(const base::Id& who) {
    const std::lock_guard lock(hub.mutex);
    return hub.hub().ask([&](const hub::state::Reader& r) { return r.waiting_count(who); }) > 0;
  }
};

base::Kind why(const base::Result<keep::Offered>& r) {
  REQUIRE_FALSE(r.ok());
  return r.error().kind;
}

}  // namespace

TEST_CASE("a suspension by file, unlogged: nothing is sealed to it, its mail waits unopened, and after 72 hours both go on") {
  Two t;
  REQUIRE(t.offer(t.note(true, 1)).ok());
  CHECK(t.standing(t.harbor, t.mercy.id()) == Standing::kSuspended);
  CHECK(t.standing(t.mercy, t.mercy.id()) == Standing::kActive);  // nobody else has heard of it
  const auto out = t.harbor.refer("mercy", "H-1");
  REQUIRE(out.ok());
  const auto in = t.mercy.refer("harbor", "M-1");
  REQUIRE(eventually([&] { return t.mercy.progress(in->msg_id) == Progress::kSent; }));
  const auto before = t.receipts();
  CHECK(eventually([&] { return t.harbor.alarm("epoch") && t.harbor.alarm("offered"); }));
  CHECK(t.harbor.progress(out->msg_id) == Progress::kWaiting);
  t.hub.clock.ahead(10 * base::kMinute);
  CHECK(eventually([&] { return t.mercy.alarm("no-delivery") || t.waits_at_hub(t.harbor.id()); }));
  CHECK(t.harbor.messages(in->thread_id).empty());
  CHECK(t.receipts() == before);
  CHECK_FALSE(t.harbor.alarm("gap"));
  SUBCASE("it lapses") {
    t.hub.clock.ahead(72 * base::kHour);
    CHECK(eventually([&] { return !t.harbor.messages(in->thread_id).empty(); }));
    CHECK(eventually([&] { return t.harbor.progress(out->msg_id) >= Progress::kSent; }));
    CHECK(t.standing(t.harbor, t.mercy.id()) == Standing::kActive);
    const auto again = t.offer(t.note(true, 1));  // the same note begins no new 72 hours
    REQUIRE(again.ok());
    CHECK_FALSE(again->suspends(t.hub.clock.now()));
  }
  SUBCASE("it is kept across a restart") {
    t.harbor.stop();
    t.harbor.start();
    CHECK(t.standing(t.harbor, t.mercy.id()) == Standing::kSuspended);
    CHECK(eventually([&] { return t.harbor.alarm("offered"); }));
    CHECK(t.harbor.messages(in->thread_id).empty());
  }
}

TEST_CASE("a suspension by file reaches the log as soon as the hub takes it: mail that was logged before it opens, and the hub refuses the rest") {
  Two t;
  REQUIRE(t.offer(t.note(true, 1)).ok());
  const auto in = t.mercy.refer("harbor", "M-1");
  REQUIRE(eventually([&] { return t.mercy.progress(in->msg_id) == Progress::kSent; }));
  CHECK(t.harbor.messages(in->thread_id).empty());
  {
    const std::lock_guard lock(t.hub.mutex);
    t.hidden = false;
  }
  CHECK(eventually([&] { return !t.harbor.messages(in->thread_id).empty(); }));
  CHECK(keep::offers(t.harbor->office().store).empty());
  CHECK(t.standing(t.harbor, t.mercy.id()) == Standing::kSuspended);
  CHECK(eventually([&] { return !t.harbor.alarm("offered"); }));
  CHECK(why(t.offer(t.note(true, 1))) == base::Kind::kConflict);  // already logged
  (void)t.mercy.refer("harbor", "M-2");
  CHECK(eventually([&] { return !t.mercy->courier().stopped().empty() || t.mercy.alarm("nack"); }));
}

TEST_CASE("a revocation needs its signatures by file as in the log: too few, a stranger's, another consortium's and unfit notes are refused") {
  Two t;
  CHECK(why(t.offer(t.note(false, 1))) == base::Kind::kBadSignature);
  CHECK(why(t.offer("sfh-revoke/v1\n")) == base::Kind::kMalformed);
  crypto::RevokeNote stranger;
  stranger.cert = base::Hash{7};
  stranger.reason = "x";
  CHECK(why(t.offer(t.hub.hub().c.sign_by_authorities(stranger.text(), 2))) == base::Kind::kNotFound);
  auto forged = *crypto::parse_note(t.note(true, 1));
  forged.signatures[0].sig[9] ^= 1;
  CHECK(why(t.offer(forged.whole())) == base::Kind::kBadSignature);
  auto twice = *crypto::parse_note(t.note(false, 1));
  twice.signatures.push_back(twice.signatures[0]);
  CHECK(why(t.offer(twice.whole())) == base::Kind::kBadSignature);  // one key that signs twice counts once
  CHECK(why(t.offer(t.hub.hub().c.policy(9, {}, t.hub.clock.now()).whole)) == base::Kind::kUnsupported);
  CHECK(t.standing(t.harbor, t.mercy.id()) == Standing::kActive);
  REQUIRE(t.offer(t.note(false, 2)).ok());
  CHECK(t.standing(t.harbor, t.mercy.id()) == Standing::kSuspended);  // until it is logged
}

TEST_CASE("the log's key is exchanged: agents follow, also one that was away, mail in flight arrives, and the stolen key is worth nothing") {
  Two t;
  const auto in = t.mercy.refer("harbor", "M-1");
  REQUIRE(eventually([&] { return !t.harbor.messages(in->thread_id).empty(); }));
  t.harbor.stop();
  const auto flying = t.mercy.refer("harbor", "M-2");
  REQUIRE(eventually([&] { return t.mercy.progress(flying->msg_id) == Progress::kSent; }));
  crypto::Anchor next = t.hub.hub().journal->directory().anchor();
  {
    const std::lock_guard lock(t.hub.mutex);
    next.prev = crypto::sha256(base::view(next.text()));
    next.version = 2;
    next.log.key = t.hub.hub().c.next_log_key().public_key();
    const auto o = t.hub.hub().apply(kit::item(kit::EntryType::kDir, base::to_bytes(t.hub.hub().c.sign_by_authorities(next.text(), 2))));
    REQUIRE_MESSAGE(o.accepted, o.words);
  }
  const auto after = t.mercy.refer("harbor", "M-3");
  REQUIRE(eventually([&] { return t.mercy.progress(after->msg_id) >= Progress::kSent; }));
  t.harbor.start();
  CHECK(eventually([&] { return !t.harbor.messages(flying->thread_id).empty() && !t.harbor.messages(after->thread_id).empty(); }));
  CHECK(eventually([&] { return t.mercy.progress(after->msg_id) >= Progress::kDelivered; }));
  for (AgentBox* box : {&t.mercy, &t.harbor}) {
    CHECK((*box)->office().replica.directory().anchor().version == 2);
    for (const char* key : {"delivery-frame", "log", "hub-lied", "scan"}) CHECK_MESSAGE(!box->alarm(key), key);
  }
  // The thief signs a longer tree, and another one of before the exchange.
  auto& replica = t.harbor->office().replica;
  REQUIRE(eventually([&] { return replica.sync(t.harbor->hub()).ok(); }));
  const auto thief = t.hub.hub().c.log_key();
  const std::string longer = crypto::sign_checkpoint({next.log.name, replica.size() + 3, base::Hash{5}}, thief);
  const std::string other = crypto::sign_checkpoint({next.log.name, 5, base::Hash{5}}, thief);
  for (const std::string& note : {longer, other}) {
    const auto turn = replica.turn();
    const auto step = replica.fetch(t.harbor->hub(), {&note, 1});
    REQUIRE_FALSE(step.ok());
    CHECK(step.error().kind == base::Kind::kBadSignature);
    CHECK_FALSE(replica.stopped());
  }
  const std::string honest = crypto::sign_checkpoint({next.log.name, 5, *replica.root_at(5)}, thief);  // as it was signed then
  const auto turn = replica.turn();
  CHECK(replica.fetch(t.harbor->hub(), {&honest, 1}).ok());
}
