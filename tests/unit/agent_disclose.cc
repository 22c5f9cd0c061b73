// The policy at both ends, between whole agents: what is cut, what is refused and how that is told, consents, break-glass, a stale policy.
#include <algorithm>

#include "adapters/agent/disclose/consents.h"
#include "adapters/agent/mail/effects.h"
#include "adapters/agent/mail/glass.h"
#include "tests/unit/agent_county.h"

using namespace rig;
using schemas::Phase;

namespace {

schemas::Consent consent_for(const std::vector<std::string>& recipients, base::Instant until) {
  schemas::Consent c;
  c.id = "C-1";
  c.form_version = "2024";
  c.discloser = "river";
  c.recipients = recipients;
  c.scope = {"part2"};
  c.purposes = {"TREAT"};
  c.granted_at = kit::kStart.minus(base::kDay);
  c.expires = until;
  c.method = "written";
  c.signer = "patient";
  c.part2 = true;
  c.text = "I agree that Rivermark tells St. Brigid of my treatment.";
  return c;
}

agent::Submission history(const std::string& to) {
  agent::Submission s;
  s.body.payload = schemas::SecureMessage{"Dose and dates", "clinician", "", {}};
  s.body.authority_basis = "consent";
  s.body.consent_ref = "C-1";
  s.to = to;
  s.purpose = schemas::Purpose::kTreat;
  return s;
}

base::Status keep_consent(AgentBox& box, const schemas::Consent& c) {
  return box->office().store.write([&](keep::Tx& tx) { return agent::disclose::put(tx, c); });
}

// A message that its sender's own agent would not have sent: sealed by hand as the rig's police.
base::Id forge(County& t, AgentBox& to, const schemas::Body& body, const base::Id& thread, schemas::MsgKind kind) {
  const std::lock_guard lock(t.hub.mutex);
  const base::Instant now = t.hub.clock.now();
  const crypto::Directory directory = t.hub.hub().journal->directory();
  crypto::SealRequest r;
  r.sender = t.hub.hub().c.agent("police").id();
  r.sender_cert = t.hub.hub().c.agent("police").cert_hash;
  r.batch_seq = now.ms;
  r.created = now;
  r.hub_id = directory.anchor().hub_id();
  r.dir_seq = directory.seq();
  crypto::Draft d;
  d.hdr.kind = static_cast<std::uint16_t>(kind);
  d.hdr.msg_id = base::Id{7, 7, 7};
  d.hdr.thread_id = thread;
  d.hdr.created = now;
  d.hdr.expires = now.plus(schemas::kDefaultExpiryMs);
  d.hdr.policy_version = directory.policy()->version;
  d.hdr.purpose = static_cast<std::uint16_t>(schemas::Purpose::kTreat);
  d.hdr.thread_seq = 1;
  d.body = schemas::encode_body(body);
  const crypto::EpochKey* key = directory.usable_epoch(to.id(), now);
  r.groups = {{{{to.id(), key->epoch, key->key, 1, {}}}, {d}, false}};
  const auto sealed = t.hub.hub().c.seal("police", r);
  const auto o = t.hub.hub().batch(kit::Consortium::frame(sealed));
  REQUIRE_MESSAGE(o.accepted, o.words);
  t.hub.redeliver(to.id(), o.first_index);
  return d.hdr.msg_id;
}

}  // namespace

TEST_CASE("the police learn of an acceptance what the policy's view names, and the sender's agent keeps what it withheld") {
  County t;
  t.start({&t.apd, &t.harbor});
  const auto sent = County::refer(t.apd, "harbor");
  const base::Id thread = sent->thread_id;
  REQUIRE(eventually([&] { return t.apd.phase(thread) == Phase::kReceived; }));
  schemas::StatusUpdate yes;
  yes.status = "accepted";
  yes.callback = "+1-555-0142";
  yes.actor_name = "Dr. Nobody";
  yes.text = "east door";
  yes.place = "12 Example Way";
  const auto accepted = County::send(t.harbor, yes, thread);
  REQUIRE(eventually([&] { return t.apd.phase(thread) == Phase::kAccepted; }));
  const auto seen = County::held(t.apd, accepted->msg_id);
  REQUIRE(seen.has_value());
  const auto& s = std::get<schemas::StatusUpdate>(seen->payload);
  CHECK(s.callback == "+1-555-0142");
  CHECK(s.place == "12 Example Way");
  CHECK(s.actor_name.empty());
  CHECK(s.text.empty());
  CHECK(seen->view == "police_status");
  CHECK(seen->rules == std::vector<std::string>{"F2"});
  CHECK_FALSE(base::all_zero(seen->policy_hash));
  const auto kept = County::decision(t.harbor, accepted->msg_id);
  REQUIRE(kept.has_value());
  CHECK(kept->version == 2);
  CHECK(std::ranges::find(kept->withheld, "status_update.actor_name") != kept->withheld.end());
  CHECK(std::get<schemas::StatusUpdate>(County::held(t.harbor, accepted->msg_id)->payload).actor_name == "Dr. Nobody");
}

TEST_CASE("Part 2 records go with consent, notice and copy to whom the consent names, and to nobody else") {
  County t;
  t.start({&t.stb, &t.apd, &t.river});
  CHECK(t.river->host().submit(history("stb")).error().kind == base::Kind::kDenied);  // no consent yet
  REQUIRE(keep_consent(t.river, consent_for({"stb"}, t.hub.clock.now().plus(30 * base::kDay))).ok());
  const auto sent = t.river->host().submit(history("stb"));
  REQUIRE_MESSAGE(sent.ok(), (sent.ok() ? "" : sent.error().message()));
  REQUIRE(eventually([&] { return County::held(t.stb, sent->msg_id).has_value(); }));
  const auto seen = County::held(t.stb, sent->msg_id);
  CHECK(seen->labels == std::vector<std::string>{"part2"});
  CHECK(seen->notice.find("42 CFR part 2") == 0);
  CHECK(seen->consent_copy.text.find("Rivermark") != std::string::npos);
  const auto police = t.river->host().submit(history("apd"));
  REQUIRE_FALSE(police.ok());
  CHECK(police.error().kind == base::Kind::kDenied);
  agent::Submission forward;
  forward.body.payload = schemas::SecureMessage{"They are in treatment", "clinician", "", {}};
  forward.body.authority_basis = "emergency";
  forward.body.forwards = sent->msg_id;
  forward.to = "apd";
  forward.purpose = schemas::Purpose::kTreat;
  const auto onward = t.stb->host().submit(forward);
  REQUIRE_FALSE(onward.ok());
  CHECK(onward.error().kind == base::Kind::kDenied);
  REQUIRE(County::refusals(t.stb).size() == 1);
  CHECK(County::refusals(t.stb)[0].to == t.apd.id());
  CHECK(County::refusals(t.stb)[0].rule.starts_with("S-P2"));
}

TEST_CASE("a revocation stops what comes after it, not what was said before") {
  County t;
  t.start({&t.stb, &t.river});
  REQUIRE(keep_consent(t.river, consent_for({"kind:hospital_ed"}, t.hub.clock.now().plus(30 * base::kDay))).ok());
  const auto before = t.river->host().submit(history("stb"));
  REQUIRE(eventually([&] { return County::held(t.stb, before->msg_id).has_value(); }));
  REQUIRE(t.river->office().store.write([&](keep::Tx& tx) { return agent::disclose::revoke(tx, "C-1", t.hub.clock.now()); }).ok());
  t.hub.clock.ahead(base::kMinute);
  CHECK(t.river->host().submit(history("stb")).error().kind == base::Kind::kDenied);
  CHECK(County::held(t.stb, before->msg_id).has_value());
}

TEST_CASE("what goes by a consent brings its terms along, so that the reader's agent can judge it: not the person, not the words") {
  County t;
  t.start({&t.apd, &t.stb});
  const auto sent = County::refer(t.apd, "stb");
  const base::Id thread = sent->thread_id;
  REQUIRE(eventually([&] { return t.apd.phase(thread) == Phase::kReceived; }));
  auto agreed = consent_for({"apd"}, t.hub.clock.now().plus(30 * base::kDay));
  agreed.discloser = "stb";
  agreed.scope = {"*"};
  agreed.purposes = {"COORD"};
  agreed.part2 = false;
  agreed.subject.name = {"Canaryworth", "Jo", "", ""};
  REQUIRE(keep_consent(t.stb, agreed).ok());
  agent::Submission s;
  s.body.payload = schemas::FollowUp{"FU24", "reached", 1, {}, "peer", "slept well"};
  s.body.authority_basis = "consent";
  s.body.consent_ref = "C-1";
  s.thread = thread;
  s.purpose = schemas::Purpose::kCoord;
  const auto told = t.stb->host().submit(s);
  REQUIRE_MESSAGE(told.ok(), (told.ok() ? "" : told.error().message()));
  REQUIRE(eventually([&] { return County::loop(t.apd, thread).follow_ups.contains("FU24"); }));
  const auto seen = County::held(t.apd, told->msg_id);
  CHECK(seen->consent_copy.id == "C-1");
  CHECK(seen->consent_copy.subject.name.family.empty());
  CHECK(seen->consent_copy.text.empty());
  CHECK(std::get<schemas::FollowUp>(seen->payload).text.empty());
  CHECK(County::refusals(t.apd).empty());
}

TEST_CASE("a consent that names another person covers nothing") {
  County t;
  t.start({&t.stb, &t.river});
  auto other = consent_for({"stb"}, t.hub.clock.now().plus(30 * base::kDay));
  other.subject.name = {"Someone", "Else", "", ""};
  other.subject.dob = "1950-01-01";
  REQUIRE(keep_consent(t.river, other).ok());
  agent::Submission s;
  s.body = referral("R-9");
  auto& r = std::get<schemas::Referral>(s.body.payload);
  r.authority_basis = "consent";
  r.consent_ref = "C-1";
  s.to = "stb";
  s.purpose = schemas::Purpose::kTreat;
  const auto sent = t.river->host().submit(s);
  REQUIRE_FALSE(sent.ok());
  CHECK(sent.error().kind == base::Kind::kDenied);
  CHECK(sent.error().what.find("another person") != std::string::npos);
}

TEST_CASE("a sender that does not keep the rules is refused by the recipient: no content is kept, and it is told why") {
  County t;
  t.start({&t.harbor});
  schemas::Body body;
  body.payload = schemas::SecureMessage{"Canaryworth takes methadone", "officer", "", {}};
  body.authority_basis = "emergency";
  body.labels = {"part2"};
  const base::Id thread{9};
  const base::Id msg = forge(t, t.harbor, body, thread, schemas::MsgKind::kMessage);
  REQUIRE(eventually([&] { return !t.harbor.messages(thread).empty(); }));
  const auto kept = t.harbor.messages(thread);
  CHECK(base::text(kept[0].body).find("methadone") == std::string_view::npos);
  CHECK_FALSE(kept[0].why.empty());
  const auto refused = County::refusals(t.harbor);
  REQUIRE(refused.size() == 1);
  CHECK(refused[0].incoming);
  CHECK(refused[0].msg_id == msg);
  const auto told = County::held(t.harbor, kept.back().msg_id);
  REQUIRE(told.has_value());
  const auto* ack = std::get_if<schemas::Acknowledgement>(&told->payload);
  REQUIRE(ack != nullptr);
  CHECK(ack->level == "content-rejected");
  CHECK(ack->ack_of == msg);
}

TEST_CASE("what the newest rules on labels forbid is refused on arrival, and then counts for nobody") {
  County t;
  t.start({&t.stb, &t.harbor, &t.county});
  const auto sent = County::refer(t.stb, "harbor");
  const base::Id thread = sent->thread_id;
  REQUIRE(eventually([&] { return County::loop(t.county, thread).phase == Phase::kReceived; }));
  {
    const std::lock_guard lock(t.hub.mutex);
    t.hub.on_deliver = [&](const base::Id& to, base::Bytes&) { return to != t.stb.id(); };  // it is still on its way when the rules change
  }
  agent::Submission s;
  schemas::StatusUpdate yes;
  yes.status = "accepted";
  yes.callback = "+1-555-0142";
  s.body.payload = yes;
  s.body.labels = {"hiv"};
  s.thread = thread;
  s.purpose = schemas::Purpose::kTreat;
  const auto accepted = t.harbor->host().submit(s);
  REQUIRE_MESSAGE(accepted.ok(), (accepted.ok() ? "" : accepted.error().message()));
  REQUIRE(eventually([&] { return County::loop(t.county, thread).phase == Phase::kAccepted; }));
  t.hub.policy(county_policy(3, "label_rule = [{id=\"L9\", label=[\"hiv\"], to=[\"hospital_ed\"], decision=\"deny\", cite=\"test\"}]"));
  REQUIRE(eventually([&] {
    (void)t.stb->office().replica.sync(t.stb->hub());
    const auto desk = t.stb->office().desk();
    return desk.policy != nullptr && desk.policy->version == 3;
  }));
  std::uint64_t index = keep::kNoIndex;
  for (const keep::Message& m : t.harbor.messages(thread)) {
    if (m.msg_id == accepted->msg_id) index = m.index;
  }
  {
    const std::lock_guard lock(t.hub.mutex);
    t.hub.on_deliver = {};
  }
  t.hub.redeliver(t.stb.id(), index);
  REQUIRE(eventually([&] { return !County::refusals(t.stb).empty(); }));
  CHECK(County::refusals(t.stb)[0].rule == "L9");
  CHECK(t.stb.phase(thread) == Phase::kReceived);
  CHECK(eventually([&] { return t.harbor.phase(thread) == Phase::kReceived; }));
  CHECK(eventually([&] { return County::loop(t.county, thread).phase == Phase::kReceived; }));
  CHECK(County::notices(t.harbor, "refused").size() == 1);
}

TEST_CASE("a status from an agency that is no party is refused, recorded and explained") {
  County t;
  t.start({&t.stb, &t.harbor});
  const auto sent = County::refer(t.stb, "harbor");
  REQUIRE(eventually([&] { return t.stb.phase(sent->thread_id) == Phase::kReceived; }));
  schemas::Body body;
  schemas::StatusUpdate s;
  s.status = "cancelled";
  s.reason = "DUP";
  body.payload = s;
  body.authority_basis = "treatment";
  forge(t, t.harbor, body, sent->thread_id, schemas::MsgKind::kStatus);
  REQUIRE(eventually([&] { return !County::refusals(t.harbor).empty(); }));
  CHECK(County::refusals(t.harbor)[0].words == "the sender is no party to this referral");
  CHECK(t.harbor.phase(sent->thread_id) == Phase::kReceived);
}

TEST_CASE("an agent without the text of the policy in force reads, says so, and writes again when it has come") {
  County t;
  t.start({&t.stb, &t.harbor});
  {
    const std::lock_guard lock(t.hub.mutex);
    t.hub.withholds_texts = true;
  }
  t.hub.policy(county_policy(3));
  REQUIRE(eventually([&] {
    (void)t.stb->office().replica.sync(t.stb->hub());
    return !t.stb->office().desk().stale.empty();
  }));
  const auto sent = County::refer(t.stb, "harbor");
  REQUIRE_FALSE(sent.ok());
  CHECK(sent.error().kind == base::Kind::kBusy);
  CHECK(sent.error().what.find("only reads") != std::string::npos);
  REQUIRE(eventually([&] { return t.stb.alarm("policy-stale"); }));
  {
    const std::lock_guard lock(t.hub.mutex);
    t.hub.withholds_texts = false;
  }
  REQUIRE(eventually([&] { return t.stb->office().desk().stale.empty() && t.harbor->office().desk().stale.empty(); }));
  CHECK(County::refer(t.stb, "harbor").ok());
}

TEST_CASE("break-glass opens what the view withheld, tells both privacy officers, and waits for a review by somebody else") {
  County t;
  t.start({&t.stb, &t.harbor, &t.river});
  agent::Submission s;
  s.body = referral("R-3");
  auto& r = std::get<schemas::Referral>(s.body.payload);
  r.urgency = "emergent";
  r.authority_basis = "emergency";
  s.body.custom["x-le-unit"] = "B12";
  s.to = "harbor";
  s.purpose = schemas::Purpose::kTreat;
  const auto sent = t.stb->host().submit(s);
  REQUIRE_MESSAGE(sent.ok(), (sent.ok() ? "" : sent.error().message()));
  REQUIRE(eventually([&] { return County::held(t.harbor, sent->msg_id).has_value(); }));
  CHECK(County::held(t.harbor, sent->msg_id)->custom.empty());
  const auto ask = [&](const std::string& reason, const std::string& text) {
    return County::act<agent::Submitted>(t.harbor, [&](keep::Tx& tx, const mail::Desk& desk, crypto::Random& random) {
      return mail::break_glass(tx, desk, random, {sent->msg_id, reason, text, "nurse", "clinician"});
    });
  };
  CHECK(ask("LIFE_THREAT", "").error().kind == base::Kind::kUsage);
  CHECK(ask("CURIOUS", "let me see").error().kind == base::Kind::kUsage);
  const auto asked = ask("LIFE_THREAT", "not breathing well, need the full history");
  REQUIRE_MESSAGE(asked.ok(), (asked.ok() ? "" : asked.error().message()));
  CHECK(County::notices(t.harbor, "break_glass").size() == 1);
  REQUIRE(eventually([&] { return County::notices(t.stb, "break_glass").size() == 1; }));
  CHECK(County::notices(t.stb, "break_glass")[0].tell == "privacy_officer");
  REQUIRE(eventually([&] {
    for (const keep::Message& m : t.harbor.messages(sent->thread_id)) {
      const auto body = schemas::decode_body(m.body);
      const auto* g = body.ok() ? std::get_if<schemas::BreakGlass>(&body->payload) : nullptr;
      if (g != nullptr && !g->content.empty()) return schemas::decode_body(g->content).ok();
    }
    return false;
  }));
  const auto review = [&](const std::string& person) {
    return t.harbor->office().store.write([&](keep::Tx& tx) { return mail::review_glass(tx, t.harbor.id(), asked->msg_id, "justified", person, t.hub.clock.now()); });
  };
  CHECK(review("nurse").error().kind == base::Kind::kDenied);
  CHECK(review("privacy").ok());
  CHECK(review("privacy").error().kind == base::Kind::kConflict);
}

TEST_CASE("free beds are asked for without a person, and answered from the agency's own last word") {
  County t;
  t.start({&t.stb, &t.harbor});
  schemas::Capacity c;
  c.service = "CSU_BED";
  c.state = "has";
  c.count = 2;
  c.as_of = t.hub.clock.now();
  agent::Submission told;
  told.body.payload = c;
  told.to = "*";
  told.purpose = schemas::Purpose::kCapacity;
  REQUIRE(t.harbor->host().submit(told).ok());
  const auto known = [&] {
    std::optional<keep::CapacityRow> row;
    (void)t.stb->office().store.read([&](keep::Tx& tx) {
      row = mail::capacity_of(tx, t.harbor.id(), "CSU_BED");
      return base::Status{};
    });
    return row;
  };
  REQUIRE(eventually([&] { return known().has_value(); }));
  CHECK(known()->count == 2);
  CHECK_FALSE(known()->stale(t.hub.clock.now()));
  CHECK(known()->stale(t.hub.clock.now().plus(61 * base::kMinute)));
  agent::Submission q;
  q.body.payload = schemas::CapacityInquiry{"CSU_BED", "adult", "emergent", {}};
  q.to = "harbor";
  q.purpose = schemas::Purpose::kCapacity;
  const auto asked = t.stb->host().submit(q);
  REQUIRE_MESSAGE(asked.ok(), (asked.ok() ? "" : asked.error().message()));
  CHECK(eventually([&] {
    for (const keep::Message& m : t.stb.messages(asked->thread_id)) {
      const auto body = schemas::decode_body(m.body);
      const auto* reply = body.ok() ? std::get_if<schemas::CapacityReply>(&body->payload) : nullptr;
      if (reply != nullptr) return reply->state == "has" && reply->count == 2;
    }
    return false;
  }));
}
