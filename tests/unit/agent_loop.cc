// Loops between whole agents: what the coordinator learns and when, deadlines that fire once and are seen by all, handoffs, the next agency.
#include <algorithm>

#include "adapters/agent/loop/routing.h"
#include "adapters/agent/mail/loops.h"
#include "adapters/agent/mail/outbox.h"
#include "schemas/frames.h"
#include "tests/unit/agent_county.h"

using namespace rig;
using schemas::Phase;

namespace {

schemas::StatusUpdate status(const std::string& to) {
  schemas::StatusUpdate s;
  s.status = to;
  s.actor_role = "clinician";
  s.callback = "+1-555-0142";
  return s;
}

bool same(const schemas::Loop& a, const schemas::Loop& b) {
  return a.phase == b.phase && a.loop == b.loop && a.esc_level == b.esc_level && a.applied.size() == b.applied.size();
}

schemas::HandoffReport handoff(const std::string& phase, const std::string& at) {
  schemas::HandoffReport h;
  h.phase = phase;
  h.at = at;
  h.person.role = "paramedic";
  h.condition = "calm, breathing normally";
  return h;
}

}  // namespace

TEST_CASE("the coordinator sees the loop as both parties do, and nothing of the person") {
  County t;
  t.start({&t.stb, &t.harbor, &t.county});
  const auto sent = County::refer(t.stb, "harbor");
  REQUIRE_MESSAGE(sent.ok(), (sent.ok() ? "" : sent.error().message()));
  const base::Id thread = sent->thread_id;
  REQUIRE(eventually([&] { return t.stb.phase(thread) == Phase::kReceived; }));
  REQUIRE(County::send(t.harbor, status("accepted"), thread).ok());
  REQUIRE(eventually([&] { return County::loop(t.county, thread).phase == Phase::kAccepted; }));
  REQUIRE(eventually([&] { return t.stb.phase(thread) == Phase::kAccepted; }));
  CHECK(same(County::loop(t.county, thread), County::loop(t.stb, thread)));
  CHECK(same(County::loop(t.county, thread), County::loop(t.harbor, thread)));
  const auto row = County::row(t.county, thread);
  CHECK(row.asker == t.stb.id());
  CHECK(row.asked == t.harbor.id());
  CHECK(row.urgency == "emergent");
  CHECK(row.service == "CSU_BED");
  for (const keep::Message& m : t.county.messages(thread)) {
    CHECK(m.kind == static_cast<std::uint16_t>(schemas::MsgKind::kLoopFacts));
    CHECK(base::text(m.body).find("Canaryworth") == std::string_view::npos);
  }
  const auto full = County::refer(t.stb, "county");
  REQUIRE_FALSE(full.ok());
  CHECK(full.error().kind == base::Kind::kDenied);
}

TEST_CASE("a coordinator that is away delays nothing, and afterwards reduces to the same state") {
  County t;
  t.start({&t.stb, &t.harbor});
  const auto sent = County::refer(t.stb, "harbor");
  const base::Id thread = sent->thread_id;
  REQUIRE(eventually([&] { return t.stb.phase(thread) == Phase::kReceived; }));
  REQUIRE(County::send(t.harbor, status("accepted"), thread).ok());
  REQUIRE(eventually([&] { return t.stb.phase(thread) == Phase::kAccepted; }));
  t.start({&t.county});
  REQUIRE(eventually([&] { return County::loop(t.county, thread).phase == Phase::kAccepted; }));
  const auto late = County::loop(t.county, thread), here = County::loop(t.stb, thread);
  CHECK(same(late, here));
  for (std::size_t i = 0; i < here.applied.size(); ++i) {
    CHECK(late.applied[i].msg_id == here.applied[i].msg_id);
    CHECK(late.applied[i].place.index == here.applied[i].place.index);  // facts that come late say where their view stands
  }
}

TEST_CASE("facts that wait for a coordinator fill no outbox: referrals go on") {
  County t;
  t.stb.outbox_limit = 4;
  t.start({&t.stb, &t.harbor, &t.county});
  const base::Id county = t.county.id();
  t.county.stop();
  {
    const std::lock_guard lock(t.hub.mutex);
    t.hub.on_batch = [&](const base::Id& from, base::View frame) -> std::optional<base::Result<hub::client::Answer>> {  // its mailbox is full
      const auto batch = schemas::decode_batch(frame);
      if (from != t.stb.id() || !batch.ok()) return std::nullopt;
      const auto parsed = crypto::parse_batch(*batch, crypto::Frame::kBatch);
      wire::Nack n;
      for (std::size_t g = 0; parsed.ok() && g < parsed->groups.size(); ++g) {
        if (parsed->groups[g].grp.slot_of(county) != nullptr) n.groups.push_back({static_cast<std::uint32_t>(g), schemas::NackCode::kBusy, {}});
      }
      if (n.groups.empty()) return std::nullopt;
      n.code = schemas::NackCode::kBusy;
      hub::client::Answer a;
      a.nack = std::move(n);
      return a;
    };
  }
  base::Id last{};
  for (int i = 0; i < 12; ++i) {
    agent::Submission s;
    s.body = referral("R-" + std::to_string(i));
    s.to = "harbor";
    s.purpose = schemas::Purpose::kTreat;
    base::Result<agent::Submitted> sent = t.stb->host().submit(s);
    REQUIRE(eventually([&] {  // the mail itself may fill it for a moment
      if (!sent.ok()) sent = t.stb->host().submit(s);
      return sent.ok();
    }));
    last = sent->thread_id;
  }
  REQUIRE(eventually([&] { return t.stb.phase(last) == Phase::kReceived; }));
  CHECK(eventually([&] {  // those of a batch in flight are counted again once the hub has refused it
    std::uint64_t facts = 0;
    (void)t.stb->office().store.read([&](keep::Tx& tx) {
      facts = mail::waiting(tx, t.hub.clock.now()).facts;
      return base::Status{};
    });
    return facts == 12;
  }));
  CHECK_FALSE(t.stb.alarm("loop-facts"));
  t.hub.clock.ahead(16 * base::kMinute);
  CHECK(eventually([&] { return t.stb.alarm("loop-facts"); }));  // the age of that queue is what people hear of
  {
    const std::lock_guard lock(t.hub.mutex);
    t.hub.on_batch = {};
  }
  t.county.start();
  CHECK(eventually([&] { return County::loop(t.county, last).phase == Phase::kReceived; }));
  CHECK(eventually([&] { return !t.stb.alarm("loop-facts"); }));
}

TEST_CASE("nobody decides: levels are raised once, by the requester, and everybody sees them; then the referral expires") {
  County t;
  t.start({&t.stb, &t.harbor, &t.county});
  const auto sent = County::refer(t.stb, "harbor");
  const base::Id thread = sent->thread_id;
  REQUIRE(eventually([&] { return County::loop(t.county, thread).phase == Phase::kReceived; }));
  t.hub.clock.ahead(16 * base::kMinute);
  REQUIRE(eventually([&] { return County::loop(t.stb, thread).esc_level == 1; }));
  REQUIRE(eventually([&] { return County::loop(t.harbor, thread).esc_level == 1 && County::loop(t.county, thread).esc_level == 1; }));
  CHECK(County::loop(t.stb, thread).phase == Phase::kReceived);  // an overlay, never a state
  t.stb.stop();
  t.stb.start();
  t.hub.clock.ahead(10 * base::kMinute);
  REQUIRE(eventually([&] { return County::loop(t.county, thread).esc_level == 2; }));
  REQUIRE(eventually([&] { return !County::notices(t.stb, "offer_next").empty(); }));
  t.hub.clock.ahead(5 * base::kMinute);
  REQUIRE(eventually([&] { return County::loop(t.stb, thread).esc_level == 3; }));
  t.hub.clock.ahead(base::kHour);
  REQUIRE(eventually([&] { return County::loop(t.stb, thread).phase == Phase::kExpired; }));
  REQUIRE(eventually([&] { return same(County::loop(t.stb, thread), County::loop(t.county, thread)) && same(County::loop(t.stb, thread), County::loop(t.harbor, thread)); }));
  std::map<std::string, int> fired;
  for (const keep::TimerRow& f : County::timers(t.stb)) ++fired[f.name];
  for (const char* once : {"decide", "escalate:1", "escalate:2", "escalate:3", "expire"}) CHECK_MESSAGE(fired[once] == 1, once);
  CHECK(County::loop(t.stb, thread).loop == "closed_unresolved");
  const auto late = County::send(t.harbor, status("accepted"), thread);
  REQUIRE_FALSE(late.ok());
  CHECK(late.error().what.find("already expired") != std::string::npos);
}

TEST_CASE("a requester that is silent is spoken for by the coordinator, two minutes later") {
  County t;
  t.start({&t.stb, &t.harbor, &t.county});
  const auto sent = County::refer(t.stb, "harbor");
  const base::Id thread = sent->thread_id;
  REQUIRE(eventually([&] { return County::loop(t.county, thread).phase == Phase::kReceived; }));
  t.stb.stop();
  t.hub.clock.ahead(18 * base::kMinute);
  REQUIRE(eventually([&] { return County::loop(t.harbor, thread).esc_level == 1; }));
  t.stb.start();
  REQUIRE(eventually([&] { return County::loop(t.stb, thread).esc_level == 1; }));
  REQUIRE(eventually([&] { return County::loop(t.county, thread).applied.back().place.index != keep::kNoIndex; }));
  const auto spoken_for = [&](AgentBox& box) {  // the requester, back again, may have said so as well
    const auto seen = County::loop(box, thread).applied;
    return std::ranges::any_of(seen, [](const schemas::Event& e) { return e.by == schemas::Party::kCoordinator && e.esc_level == 1; });
  };
  CHECK(eventually([&] { return spoken_for(t.stb) && spoken_for(t.harbor) && spoken_for(t.county); }));
}

TEST_CASE("an agent that was down says by how much it is late") {
  County t;
  t.start({&t.stb, &t.harbor});
  const auto sent = County::refer(t.stb, "harbor");
  REQUIRE(eventually([&] { return t.stb.phase(sent->thread_id) == Phase::kReceived; }));
  t.stb.stop();
  t.hub.clock.ahead(100 * base::kMinute);
  t.stb.start();
  REQUIRE(eventually([&] {
    for (const keep::TimerRow& f : County::timers(t.stb)) {
      if (f.name == "escalate:1") return f.did.find("late by 85 min") != std::string::npos;
    }
    return false;
  }));
}

TEST_CASE("responsibility passes when the other side takes, not before, and an offer that nobody answers escalates") {
  County t;
  t.start({&t.apd, &t.stb});
  const auto sent = County::refer(t.apd, "stb");
  const base::Id thread = sent->thread_id;
  REQUIRE(eventually([&] { return t.apd.phase(thread) == Phase::kReceived; }));
  REQUIRE(County::send(t.stb, status("accepted"), thread).ok());
  REQUIRE(eventually([&] { return t.apd.phase(thread) == Phase::kAccepted; }));
  const auto now = base::rfc3339(t.hub.clock.now());
  const auto offered = County::send(t.apd, handoff("offer", now), thread);
  REQUIRE_MESSAGE(offered.ok(), (offered.ok() ? "" : offered.error().message()));
  REQUIRE(eventually([&] { return County::row(t.stb, thread).handoff_offered.ms != 0; }));
  CHECK(County::row(t.stb, thread).responsible == t.apd.id());
  CHECK(County::send(t.apd, handoff("take", now), thread).error().kind == base::Kind::kDenied);  // nobody takes from themselves
  CHECK(County::send(t.apd, handoff("offer", now), thread).error().kind == base::Kind::kConflict);
  t.hub.clock.ahead(16 * base::kMinute);
  REQUIRE(eventually([&] { return County::loop(t.stb, thread).esc_level == 1; }));
  const auto taken = County::send(t.stb, handoff("take", base::rfc3339(t.hub.clock.now())), thread);
  REQUIRE_MESSAGE(taken.ok(), (taken.ok() ? "" : taken.error().message()));
  REQUIRE(eventually([&] { return County::row(t.apd, thread).responsible == t.stb.id(); }));
  const auto seen = County::held(t.apd, taken->msg_id);
  REQUIRE(seen.has_value());
  const auto& h = std::get<schemas::HandoffReport>(seen->payload);
  CHECK(h.phase == "take");
  CHECK(h.condition.empty());  // the police learn phase and time (D24), not what the clinician found
}

TEST_CASE("after a decline the next agency is offered, and the referral goes on as a child of the first") {
  County t;
  t.start({&t.apd, &t.stb, &t.harbor});
  const auto sent = County::refer(t.apd, "harbor");
  const base::Id thread = sent->thread_id;
  REQUIRE(eventually([&] { return t.apd.phase(thread) == Phase::kReceived; }));
  auto no = status("rejected");
  no.reason = "CAP_NO_BED";
  REQUIRE(County::send(t.harbor, no, thread).ok());
  REQUIRE(eventually([&] { return t.apd.phase(thread) == Phase::kRejected; }));
  REQUIRE(eventually([&] { return !County::notices(t.apd, "offer_next").empty(); }));
  CHECK(County::notices(t.apd, "offer_next")[0].words.find("stb") != std::string::npos);
  const auto child = County::act<agent::Submitted>(t.apd, [&](keep::Tx& tx, const mail::Desk& desk, crypto::Random& random) {
    return agent::loop::reroute(tx, desk, random, thread, "stb", "officer");
  });
  REQUIRE_MESSAGE(child.ok(), (child.ok() ? "" : child.error().message()));
  REQUIRE(eventually([&] { return t.apd.phase(child->thread_id) == Phase::kReceived; }));
  CHECK(County::row(t.apd, thread).child == child->thread_id);
  CHECK(County::row(t.apd, child->thread_id).parent == thread);
  CHECK(County::row(t.stb, child->thread_id).parent == thread);
  const auto twice = County::act<agent::Submitted>(t.apd, [&](keep::Tx& tx, const mail::Desk& desk, crypto::Random& random) {
    return agent::loop::reroute(tx, desk, random, thread, "stb", "officer");
  });
  CHECK(twice.error().kind == base::Kind::kConflict);
}

TEST_CASE("where the policy says so, a declined referral goes on to the next agency by itself") {
  std::string policy = county_policy();
  const std::string before = "mode=\"sequential\"}", after = "mode=\"sequential\", automatic=true}";
  policy.replace(policy.find(before), before.size(), after);
  County t(policy);
  t.start({&t.apd, &t.stb, &t.harbor});
  const auto sent = County::refer(t.apd, "harbor");
  REQUIRE(eventually([&] { return t.apd.phase(sent->thread_id) == Phase::kReceived; }));
  auto no = status("rejected");
  no.reason = "CAP_NO_STAFF";
  REQUIRE(County::send(t.harbor, no, sent->thread_id).ok());
  REQUIRE(eventually([&] { return !base::all_zero(County::row(t.apd, sent->thread_id).child); }));
  const base::Id child = County::row(t.apd, sent->thread_id).child;
  CHECK(eventually([&] { return t.apd.phase(child) == Phase::kReceived; }));
  CHECK(County::row(t.apd, child).asked == t.stb.id());
}

TEST_CASE("an outcome that stays away is asked for every day, and of the coordinator every week") {
  County t;
  t.start({&t.stb, &t.harbor, &t.county});
  const auto sent = County::refer(t.stb, "harbor");
  REQUIRE(eventually([&] { return t.stb.phase(sent->thread_id) == Phase::kReceived; }));
  REQUIRE(County::send(t.harbor, status("accepted"), sent->thread_id).ok());
  REQUIRE(eventually([&] { return County::loop(t.county, sent->thread_id).phase == Phase::kAccepted; }));
  const auto asked = [&](AgentBox& box) { return County::notices(box, "outcome").size(); };
  t.hub.clock.ahead(25 * base::kHour);
  REQUIRE(eventually([&] { return asked(t.harbor) == 1; }));  // the deadline itself
  for (std::size_t day = 2; day < 5; ++day) {
    t.hub.clock.ahead(base::kDay);
    REQUIRE(eventually([&] { return asked(t.harbor) == day; }));
  }
  const std::size_t before = asked(t.county);
  t.hub.clock.ahead(5 * base::kDay);
  CHECK(eventually([&] { return asked(t.county) == before + 1; }));
}

TEST_CASE("a status that lies in the future is refused: deadlines count from it") {
  County t;
  t.start({&t.stb, &t.harbor});
  const auto sent = County::refer(t.stb, "harbor");
  REQUIRE(eventually([&] { return t.stb.phase(sent->thread_id) == Phase::kReceived; }));
  auto early = status("accepted");
  early.at = t.hub.clock.now().plus(base::kDay);
  CHECK(County::send(t.harbor, early, sent->thread_id).error().where == "status_update.at");
  CHECK(County::send(t.harbor, status("accepted"), sent->thread_id).ok());
  CHECK(County::loop(t.harbor, sent->thread_id).accepted.ms != 0);
}

TEST_CASE("what its author takes back counts for nobody") {
  County t;
  t.start({&t.stb, &t.harbor, &t.county});
  const auto sent = County::refer(t.stb, "harbor");
  const base::Id thread = sent->thread_id;
  REQUIRE(eventually([&] { return t.stb.phase(thread) == Phase::kReceived; }));
  const auto accepted = County::send(t.harbor, status("accepted"), thread);
  REQUIRE(eventually([&] { return County::loop(t.county, thread).phase == Phase::kAccepted && t.stb.phase(thread) == Phase::kAccepted; }));
  CHECK(County::send(t.stb, schemas::Correction{accepted->msg_id, {}, "retract", "ERROR", {}}, thread).error().kind == base::Kind::kDenied);
  REQUIRE(County::send(t.harbor, schemas::Correction{accepted->msg_id, {}, "retract", "ERROR", {}}, thread).ok());
  CHECK(eventually([&] { return t.stb.phase(thread) == Phase::kReceived && County::loop(t.county, thread).phase == Phase::kReceived; }));
}
