// Whole agents over the hub's real state machine: the story, its repeats, and what happens when lines break or the hub misbehaves.
#include <filesystem>

#include "tests/unit/agent_two.h"

using namespace rig;
using keep::Progress;
using schemas::NackCode;

namespace {

struct Two : TwoAgents {
  Two() { start(); }
  std::size_t sent() {
    const std::lock_guard lock(hub.mutex);
    return hub.batches.size();
  }
};

wire::Nack nack(NackCode code, std::uint32_t retry_ms = 0) {
  wire::Nack n;
  n.code = code;
  n.retry_ms = retry_ms;
  return n;
}
Answer refused(wire::Nack n) {
  Answer a;
  a.nack = std::move(n);
  return a;
}

}  // namespace

TEST_CASE("a referral is received by the machine, accepted by a person, and both sides see the same loop") {
  Two t;
  const auto sent = t.mercy.refer("harbor");
  REQUIRE(sent.ok());
  const base::Id thread = sent->thread_id;
  REQUIRE(eventually([&] { return t.mercy.phase(thread) == schemas::Phase::kReceived; }));
  REQUIRE(t.harbor.status(thread, "accepted").ok());
  CHECK(eventually([&] { return t.mercy.phase(thread) == schemas::Phase::kAccepted; }));
  CHECK(t.harbor.phase(thread) == schemas::Phase::kAccepted);
  CHECK(eventually([&] { return t.mercy.progress(sent->msg_id) == Progress::kDelivered; }));
  const auto here = t.mercy->host().thread(thread)->loop, there = t.harbor->host().thread(thread)->loop;
  REQUIRE(here.applied.size() == 3);
  REQUIRE(eventually([&] { return t.harbor->host().thread(thread)->loop.applied.back().place.index != keep::kNoIndex; }));
  for (std::size_t i = 0; i < 3; ++i) CHECK(here.applied[i].msg_id == there.applied[i].msg_id);
  CHECK(t.mercy->host().threads_by_ref("R-1").size() == 1);
}

TEST_CASE("both sides find a thread by an identifier of its person, whole and with its system") {
  Two t;
  agent::Submission s;
  s.to = "harbor";
  s.body = referral("R-3");
  std::get<schemas::Referral>(s.body.payload).subject.ids = {{"MERCY", "MRN-1"}};
  const auto sent = t.mercy->host().submit(s);
  REQUIRE(sent.ok());
  REQUIRE(eventually([&] { return t.mercy.phase(sent->thread_id) == schemas::Phase::kReceived; }));
  for (AgentBox* box : {&t.mercy, &t.harbor}) {
    REQUIRE((*box)->host().threads_by_subject_id({"MERCY", "MRN-1"}).size() == 1);
    CHECK((*box)->host().threads_by_subject_id({"MERCY", "MRN-1"})[0].thread_id == sent->thread_id);
    CHECK((*box)->host().threads_by_subject_id({"OTHER", "MRN-1"}).empty());
    CHECK((*box)->host().threads_by_subject_id({"MERCY", ""}).empty());
    CHECK((*box)->host().threads_by_ref("MRN-1").empty());
  }
}

TEST_CASE("the bytes that a referral was made from stay at the agency that made it") {
  Two t;
  agent::Submission s;
  s.to = "harbor";
  s.body = referral("R-2");
  s.body.source = {"hl7v2", base::to_bytes("PID|1||||||||||||||||||000-00-0000")};
  const auto sent = t.mercy->host().submit(s);
  REQUIRE(sent.ok());
  REQUIRE(eventually([&] { return t.mercy.phase(sent->thread_id) == schemas::Phase::kReceived; }));
  const auto source_at = [&](AgentBox& box) { return schemas::decode_body(box.messages(sent->thread_id).front().body)->source; };
  CHECK(source_at(t.mercy).bytes == s.body.source.bytes);
  CHECK(source_at(t.harbor).bytes.empty());
}

TEST_CASE("what the lifecycle or the policy forbids is refused before anything is written") {
  Two t;
  CHECK(t.mercy.refer("nobody").error().kind == base::Kind::kNotFound);
  CHECK(t.mercy.refer("mercy").error().kind == base::Kind::kUsage);
  const auto sent = t.mercy.refer("harbor");
  REQUIRE(eventually([&] { return t.mercy.phase(sent->thread_id) == schemas::Phase::kReceived; }));
  CHECK_FALSE(t.mercy.status(sent->thread_id, "accepted").ok());   // only the target accepts
  CHECK(t.harbor.status(sent->thread_id, "sleeping").error().kind == base::Kind::kUsage);
  CHECK_FALSE(t.harbor.status(sent->thread_id, "completed").ok());  // not from received
  CHECK(t.mercy.messages(sent->thread_id).size() == 2);
}

TEST_CASE("the same key with the same bytes is one message, with other bytes a conflict") {
  Two t;
  agent::Submission s;
  s.body = referral("R-7");
  s.to = "harbor";
  s.dedupe_key = "mllp:mercy:42";
  const auto first = t.mercy->host().submit(s), again = t.mercy->host().submit(s);
  REQUIRE(again.ok());
  CHECK(again->repeat);
  CHECK(again->msg_id == first->msg_id);
  s.body = referral("R-8");
  CHECK(t.mercy->host().submit(s).error().kind == base::Kind::kConflict);
}

TEST_CASE("an agent accepts while the hub is away, keeps its order, and refuses only when its outbox is full") {
  Two t;
  t.hub.connection(t.mercy.id(), false);
  t.mercy.stop();
  t.mercy.outbox_limit = 3;
  t.mercy.start();
  t.hub.connection(t.mercy.id(), false);
  const auto opening = t.mercy.refer("harbor");
  REQUIRE(opening.ok());
  REQUIRE(t.mercy.say(opening->thread_id, "one").ok());
  REQUIRE(t.mercy.say(opening->thread_id, "two").ok());
  CHECK(t.mercy.say(opening->thread_id, "three").error().kind == base::Kind::kBusy);
  t.hub.connection(t.mercy.id(), true);
  REQUIRE(eventually([&] { return t.harbor.messages(opening->thread_id).size() >= 3; }));
  const auto there = t.harbor.messages(opening->thread_id);
  std::uint32_t last = 0;
  for (const keep::Message& m : there) {
    if (m.outgoing) continue;
    CHECK(m.thread_seq == last + 1);
    last = m.thread_seq;
  }
}

TEST_CASE("without an answer the identical bytes are sent again, and the hub's first answer counts") {
  int lost = 0;
  Two t;
  t.with_hub([&] {
    t.hub.on_batch = [&](const base::Id& from, base::View frame) -> std::optional<base::Result<Answer>> {
      if (from != t.mercy.id() || lost++ > 0) return std::nullopt;
      const auto o = t.hub.hub().batch(base::to_bytes(frame));  // the hub has it; its answer is lost
      CHECK(o.accepted);
      return base::Result<Answer>(base::Error{base::Kind::kBusy, "no answer in time"});
    };
  });
  const std::size_t before = t.sent();
  const auto sent = t.mercy.refer("harbor");
  REQUIRE(eventually([&] { return t.mercy.progress(sent->msg_id) >= Progress::kSent; }));
  t.with_hub([&] {
    REQUIRE(t.hub.batches.size() >= before + 2);
    CHECK(t.hub.batches[before] == t.hub.batches[before + 1]);
  });
}

TEST_CASE("a receipt that overtakes the hub's acknowledgement is not lost") {
  bool receipted = false;
  Two t;
  t.with_hub([&] {
    t.hub.on_receipt = [&](const wire::Receipt&) { return receipted = true; };
    t.hub.loses_answer = [&](const base::Id& from) { return from == t.mercy.id() && !receipted; };
  });
  const auto sent = t.mercy.refer("harbor");
  CHECK(eventually([&] { return t.mercy.progress(sent->msg_id) == Progress::kDelivered; }));
}

TEST_CASE("a busy hub gets identical bytes later; a refused group is sealed anew under the same message id") {
  int asked = 0;
  std::vector<base::Bytes> seen;
  Two t;
  t.with_hub([&] {
    t.hub.on_batch = [&](const base::Id& from, base::View frame) -> std::optional<base::Result<Answer>> {
      if (from != t.mercy.id()) return std::nullopt;
      seen.push_back(base::to_bytes(frame));
      if (asked == 0) {
        ++asked;
        return base::Result<Answer>(refused(nack(NackCode::kBusy, 10)));
      }
      if (asked == 1) {
        ++asked;
        wire::Nack n = nack(NackCode::kEpochKey);
        n.groups.push_back({0, NackCode::kEpochKey, {}});
        return base::Result<Answer>(refused(n));
      }
      return std::nullopt;
    };
  });
  const auto sent = t.mercy.refer("harbor");
  REQUIRE(eventually([&] { return t.mercy.progress(sent->msg_id) >= Progress::kSent; }));
  t.with_hub([&] {
    REQUIRE(seen.size() == 3);
    CHECK(seen[0] == seen[1]);
    CHECK(seen[1] != seen[2]);
    const auto a = schemas::decode_batch(seen[1]), b = schemas::decode_batch(seen[2]);
    const auto one = crypto::parse_batch(*a, crypto::Frame::kBatch), two = crypto::parse_batch(*b, crypto::Frame::kBatch);
    CHECK(one->groups[0].hdrs[0].msg_id == two->groups[0].hdrs[0].msg_id);
    CHECK(one->groups[0].grp.slots[0].pair_seq == two->groups[0].grp.slots[0].pair_seq);
    CHECK(two->bst.batch_seq > one->bst.batch_seq);
    CHECK(two->bst.prev_batch == one->bst.prev_batch);
  });
  CHECK(eventually([&] { return t.harbor.messages(sent->thread_id).size() == 2; }));
}

TEST_CASE("a hub that refuses what it has logged is found out by the scan: nothing is sent twice") {
  bool lied = false;
  Two t;
  t.with_hub([&] {
    t.hub.spoil = [&](Answer& a) {
      if (lied || !a.ack || a.ack->entries.empty()) return;
      lied = true;
      a = refused(nack(NackCode::kRoot));
    };
  });
  const auto sent = t.mercy.refer("harbor");
  REQUIRE(eventually([&] { return t.mercy.progress(sent->msg_id) >= Progress::kSent; }));
  CHECK(eventually([&] { return t.mercy.alarm("hub-lied"); }));
}

TEST_CASE("a refusal that nobody can mend stops sending, loudly, and keeps the message") {
  Two t;
  t.with_hub([&] {
    t.hub.on_batch = [&](const base::Id& from, base::View) -> std::optional<base::Result<Answer>> {
      if (from != t.mercy.id()) return std::nullopt;
      return base::Result<Answer>(refused(nack(NackCode::kSignature)));
    };
  });
  const auto sent = t.mercy.refer("harbor");
  REQUIRE(eventually([&] { return !t.mercy->courier().stopped().empty(); }));
  CHECK(t.mercy.progress(sent->msg_id) == Progress::kSealed);
  CHECK(t.mercy.alarm("nack"));
}

TEST_CASE("an acknowledgement whose proof does not hold is none") {
  Two t;
  t.with_hub([&] {
    t.hub.spoil = [&](Answer& a) {
      if (a.ack && !a.ack->entries.empty()) a.ack->entries[0].ent[40] ^= 1;
    };
  });
  const auto sent = t.mercy.refer("harbor");
  REQUIRE(eventually([&] { return t.mercy.alarm("ack"); }));
  CHECK(t.mercy.progress(sent->msg_id) == Progress::kSealed);
}

TEST_CASE("mail that comes twice is applied once, and its receipt is sent again") {
  Two t;
  const auto sent = t.mercy.refer("harbor");
  REQUIRE(eventually([&] { return t.mercy.phase(sent->thread_id) == schemas::Phase::kReceived; }));
  std::size_t receipts = 0;
  std::uint64_t index = 0;
  for (const keep::Message& m : t.mercy.messages(sent->thread_id)) {
    if (m.msg_id == sent->msg_id) index = m.index;
  }
  t.with_hub([&] { receipts = t.hub.receipts; });
  t.hub.redeliver(t.harbor.id(), index);
  CHECK(eventually([&] {
    const std::lock_guard lock(t.hub.mutex);
    return t.hub.receipts > receipts;
  }));
  CHECK(t.harbor.messages(sent->thread_id).size() == 2);
}

TEST_CASE("one message id is one message: the same again is nothing new, another under it is shown as a conflict") {
  Two t;
  const kit::Agent& police = t.hub.hub().c.agent("police");
  crypto::SealRequest r;
  r.sender = police.id();
  r.sender_cert = police.cert_hash;
  base::Id message{1}, thread{2};
  const auto send = [&](const std::string& text) {  // a batch of its own each time, as after a re-seal whose first try was logged too
    const std::lock_guard lock(t.hub.mutex);
    const base::Instant now = t.hub.clock.now();
    const crypto::Directory directory = t.hub.hub().journal->directory();
    r.batch_seq = std::max(r.batch_seq + 1, now.ms);
    r.created = now;
    r.hub_id = directory.anchor().hub_id();
    r.dir_seq = directory.seq();
    crypto::Draft d;
    d.hdr.kind = static_cast<std::uint16_t>(schemas::MsgKind::kMessage);
    d.hdr.msg_id = message;
    d.hdr.thread_id = thread;
    d.hdr.created = now;
    d.hdr.expires = now.plus(schemas::kDefaultExpiryMs);
    d.hdr.policy_version = directory.policy()->version;
    d.hdr.purpose = static_cast<std::uint16_t>(schemas::Purpose::kTreat);
    d.hdr.thread_seq = 1;
    schemas::Body body;
    body.payload = schemas::SecureMessage{text, "officer", "", {}};
    body.authority_basis = "emergency";
    d.body = schemas::encode_body(body);
    const crypto::EpochKey* key = directory.usable_epoch(t.harbor.id(), now);
    const std::uint64_t next = r.groups.empty() ? 1 : r.groups[0].to[0].pair_seq + 1;
    const base::Hash prev = r.groups.empty() ? base::Hash{} : r.groups[0].to[0].prev_group_leaf;
    r.groups = {{{{t.harbor.id(), key->epoch, key->key, next, prev}}, {d}, false}};
    const auto sealed = t.hub.hub().c.seal("police", r);
    const auto o = t.hub.hub().batch(kit::Consortium::frame(sealed));
    REQUIRE_MESSAGE(o.accepted, o.words);
    r.prev_batch = sealed.hash;
    r.groups[0].to[0].prev_group_leaf = sealed.groups[0].leaf;
    t.hub.redeliver(t.harbor.id(), o.first_index);
  };
  const auto receipted = [&](std::size_t n) {
    return eventually([&] {
      const std::lock_guard lock(t.hub.mutex);
      return t.hub.receipts >= n;
    });
  };
  send("one");
  REQUIRE(receipted(1));
  send("one");
  REQUIRE(receipted(2));
  CHECK(t.harbor.messages(thread).size() == 1);
  send("two");
  REQUIRE(receipted(3));
  const auto both = t.harbor.messages(thread);
  REQUIRE(both.size() == 2);
  CHECK_FALSE(both[0].conflict);
  CHECK(both[1].conflict);
  CHECK(eventually([&] { return t.harbor.alarm("apply"); }));
}

TEST_CASE("a group that the hub withheld is fetched before the next one is taken") {
  int withheld = 0;
  Two t;
  const auto opening = t.mercy.refer("harbor");
  REQUIRE(eventually([&] { return t.mercy.phase(opening->thread_id) == schemas::Phase::kReceived; }));
  t.with_hub([&] {
    t.hub.on_deliver = [&](const base::Id& to, base::Bytes&) { return to != t.harbor.id() || withheld++ > 0; };
  });
  const auto one = t.mercy.say(opening->thread_id, "one");
  REQUIRE(eventually([&] { return t.mercy.progress(one->msg_id) >= Progress::kSent; }));
  const auto two = t.mercy.say(opening->thread_id, "two");
  REQUIRE(eventually([&] { return t.harbor.messages(opening->thread_id).size() == 4; }));
  const auto there = t.harbor.messages(opening->thread_id);
  CHECK(there[2].msg_id == one->msg_id);
  CHECK(there[3].msg_id == two->msg_id);
  CHECK(eventually([&] { return t.mercy.progress(two->msg_id) == Progress::kDelivered; }));
}

TEST_CASE("something that is not the sender's word is discarded: no receipt, no trace, an alarm") {
  Two t;
  t.with_hub([&] {
    t.hub.on_deliver = [&](const base::Id& to, base::Bytes& frame) {
      if (to == t.harbor.id()) frame[frame.size() / 2] ^= 1;
      return true;
    };
  });
  const auto sent = t.mercy.refer("harbor");
  // The agent asks for the group once more by FETCH, and that copy is whole.
  CHECK(eventually([&] { return t.mercy.phase(sent->thread_id) == schemas::Phase::kReceived || t.harbor.alarm("delivery-frame"); }));
}

// The epoch keys of an agency are gone, and those that it makes for the same days reach nobody.
void lose_epochs(Two& t) {
  t.with_hub([&] { t.hub.on_dir_put = [&](const base::Id& from, const wire::DirPut&) { return from != t.harbor.id(); }; });
  t.harbor.stop();
  std::filesystem::remove(t.harbor.dir() + "/epochs.sealed");
}

TEST_CASE("a message that cannot be opened is answered with 5, sent once more alone, and then shown to people") {
  Two t;
  const auto opening = t.mercy.refer("harbor");
  REQUIRE(eventually([&] { return t.mercy.phase(opening->thread_id) == schemas::Phase::kReceived; }));
  lose_epochs(t);
  const auto lost = t.mercy.say(opening->thread_id, "unreadable");
  REQUIRE(eventually([&] { return t.mercy.progress(lost->msg_id) >= Progress::kSent; }));
  t.harbor.start();
  CHECK(eventually([&] { return t.mercy.progress(lost->msg_id) == Progress::kFailed; }));
  CHECK(eventually([&] { return t.mercy.alarm("delivery"); }));
  CHECK(eventually([&] { return t.harbor.alarm("undecryptable"); }));
  CHECK(t.harbor.messages(opening->thread_id).size() == 2);
}

TEST_CASE("what could not be opened is sealed once more under the recipient's newest key, and arrives") {
  bool told = false;
  Two t;
  const auto opening = t.mercy.refer("harbor");
  REQUIRE(eventually([&] { return t.mercy.phase(opening->thread_id) == schemas::Phase::kReceived; }));
  const auto published = [&] { return t.mercy->office().replica.directory().last_epoch_note(t.harbor.id()); };
  const auto before = published();
  lose_epochs(t);
  const auto lost = t.mercy.say(opening->thread_id, "once more");
  REQUIRE(eventually([&] { return t.mercy.progress(lost->msg_id) >= Progress::kSent; }));
  t.with_hub([&] {
    t.hub.on_dir_put = nullptr;
    t.hub.on_receipt = [&](const wire::Receipt&) { return told; };  // until its new keys are known
  });
  t.harbor.start();
  REQUIRE(eventually([&] { return published() != before; }));
  t.with_hub([&] { told = true; });
  t.hub.connection(t.mercy.id(), false);  // after a cut line, receipts are asked for
  t.hub.connection(t.mercy.id(), true);
  CHECK(eventually([&] { return t.mercy.progress(lost->msg_id) == Progress::kDelivered; }));
  CHECK(t.harbor.messages(opening->thread_id).size() == 3);
}

TEST_CASE("delivered means every failure is accounted for: a withheld 5 keeps the plaintext") {
  bool withheld = false, told_in_order = true;
  Two t;
  const auto opening = t.mercy.refer("harbor");
  REQUIRE(eventually([&] { return t.mercy.progress(opening->msg_id) == Progress::kDelivered; }));
  t.with_hub([&] {
    t.hub.on_receipt = [&](const wire::Receipt& r) {
      const auto rcp = crypto::parse_rcp1(r.rcp);
      if (rcp->status == 1 && rcp->n_failed > 0 && !withheld) told_in_order = false;
      if (rcp->status != 5) return true;
      withheld = true;
      return false;
    };
  });
  lose_epochs(t);
  const auto lost = t.mercy.say(opening->thread_id, "unreadable");
  REQUIRE(eventually([&] { return t.mercy.progress(lost->msg_id) >= Progress::kSent; }));
  t.harbor.start();
  CHECK(eventually([&] { return t.mercy.progress(lost->msg_id) == Progress::kFailed; }));  // fetched, because n_failed said so
  t.with_hub([&] {
    CHECK(withheld);
    CHECK(told_in_order);
  });
}

TEST_CASE("free beds are told to every member at once, and no receipt is asked for") {
  Two t;
  agent::Submission s;
  s.body.payload = schemas::Capacity{"CSU_BED", "has", 3, t.hub.clock.now(), 60, "", ""};
  s.to = "*";
  s.purpose = schemas::Purpose::kCapacity;
  const auto told = t.harbor->host().submit(s);
  REQUIRE_MESSAGE(told.ok(), (told.ok() ? "" : told.error().message()));
  REQUIRE(eventually([&] { return t.mercy.messages(told->thread_id).size() == 1; }));
  CHECK(eventually([&] { return t.harbor.progress(told->msg_id) == Progress::kSent; }));
  t.mercy.stop();
  t.mercy.start();  // the hub hands broadcasts out again after each HELLO
  const auto sent = t.mercy.refer("harbor");
  REQUIRE(eventually([&] { return t.mercy.phase(sent->thread_id) == schemas::Phase::kReceived; }));
  CHECK(t.mercy.messages(told->thread_id).size() == 1);
  s.body = referral("R-9");
  CHECK(t.harbor->host().submit(s).error().kind == base::Kind::kUsage);
}

TEST_CASE("a restarted agent goes on where it was: nothing lost, nothing twice, in order") {
  Two t;
  const auto opening = t.mercy.refer("harbor");
  REQUIRE(eventually([&] { return t.mercy.phase(opening->thread_id) == schemas::Phase::kReceived; }));
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 5; ++i) REQUIRE(t.mercy.say(opening->thread_id, "m").ok());
    t.mercy.stop();
    t.harbor.stop();
    t.harbor.start();
    t.mercy.start();
  }
  REQUIRE(eventually([&] { return t.harbor.messages(opening->thread_id).size() == 17; }));
  std::uint32_t last = 0;
  for (const keep::Message& m : t.harbor.messages(opening->thread_id)) {
    if (m.outgoing) continue;
    CHECK(m.thread_seq == last + 1);
    last = m.thread_seq;
  }
  CHECK(last == 16);
}

TEST_CASE("an agent whose clock is 40 days ahead destroys no key and says so; when the log's time is as late, they go") {
  FakeHub hub;
  AgentBox stb(hub, "stb", "hospital_ed");
  stb.start();
  const auto key = [&] {
    const crypto::Directory d = stb->office().replica.directory();
    return d.usable_epoch(stb.id(), hub.clock.now());
  };
  REQUIRE(eventually([&] { return key() != nullptr; }));
  const crypto::EpochKey first = *key();
  const auto held = [&] { return stb->office().vault.epoch_key(first.epoch, crypto::epoch_kid(first.key)) != nullptr; };
  REQUIRE(held());
  {
    const std::lock_guard lock(hub.mutex);
    hub.stands = true;
  }
  hub.clock.ahead(40 * base::kDay);
  REQUIRE(eventually([&] { return stb.alarm("destroy"); }));
  CHECK(held());
  stb.stop();  // a restart does not help the thief of time either
  stb.start();
  REQUIRE(eventually([&] { return stb.alarm("destroy"); }));
  CHECK(held());
  {
    const std::lock_guard lock(hub.mutex);
    hub.stands = false;
  }
  CHECK(eventually([&] { return !held(); }));
  CHECK_FALSE(stb.alarm("destroy"));
}
