// The data behind the inbox, between whole agents and a hub: who has seen what, marks, sections, paper, notices of arrival, what changed.
#include <algorithm>

#include "adapters/agent/mail/loops.h"
#include "adapters/agent/mail/outbox.h"
#include "adapters/agent/mail/reading.h"
#include "schemas/frames.h"
#include "schemas/paper.h"
#include "tests/unit/ops/kit.h"

using namespace rig;

namespace {

using schemas::MsgKind;

constexpr auto kReceipt = static_cast<std::uint16_t>(MsgKind::kReceipt);

Json show(AgentBox& at, const std::string& thread, Json more = Json::object()) {
  more.update({{"op", "inbox.show"}, {"thread", thread}});
  return Counter::ok(at, more);
}
// The thread's row, as a list gives it: no view.
Json row(AgentBox& at, const std::string& thread) {
  const Json list = Counter::ok(at, {{"op", "inbox.list"}, {"threads", {thread}}})["threads"];
  return list.empty() ? Json() : list[0];
}
std::string section(AgentBox& at, const std::string& thread) { return row(at, thread)["section"]; }
bool seen(AgentBox& at, const std::string& thread) { return !row(at, thread)["marks"]["seen"].is_null(); }

// Messages of kind 16 in what an agent has handed the hub.
std::size_t receipts_sent(FakeHub& hub, const base::Id& by) {
  const std::lock_guard lock(hub.mutex);
  std::size_t n = 0;
  for (const base::Bytes& frame : hub.batches) {
    const auto batch = schemas::decode_batch(frame);
    const auto parsed = batch.ok() ? crypto::parse_batch(*batch, crypto::Frame::kBatch) : base::Result<crypto::ParsedBatch>(base::malformed("none", ""));
    if (!parsed.ok() || parsed->bst.sender != by) continue;
    for (const auto& g : parsed->groups) n += static_cast<std::size_t>(std::ranges::count(g.hdrs, kReceipt, &crypto::Hdr1::kind));
  }
  return n;
}

keep::Message first_of(AgentBox& at, const std::string& thread) { return at.messages(*base::parse_uuid(thread)).at(0); }

// What an agency of ill will would send: any receipt, about anything.
void forge(AgentBox& by, const crypto::Rcp1& rcp, const keep::Message& about) {
  const auto sent = County::act<agent::Submitted>(by, [&](keep::Tx& tx, const mail::Desk& desk, crypto::Random& random) -> base::Result<agent::Submitted> {
    keep::Message m;
    m.msg_id = crypto::uuid7(random, desk.now);
    m.thread_id = about.thread_id;
    m.sender = desk.self;
    m.to = {about.sender};
    m.kind = kReceipt;
    m.purpose = about.purpose;
    m.outgoing = true;
    m.created = m.received = desk.now;
    m.thread_seq = 1;
    m.body = base::to_bytes(crypto::encode(rcp));
    schemas::Body none;
    none.payload = schemas::Opaque{"Receipt", {}};
    mail::add_message(tx, desk, m, none);
    mail::enqueue(tx, desk, m);
    return agent::Submitted{m.msg_id, m.thread_id};
  });
  REQUIRE(sent.ok());
}
crypto::Rcp1 reading(AgentBox& by, const keep::Message& about, base::Instant at) {
  crypto::Rcp1 rcp;
  rcp.status = 2;
  rcp.recipient = by.id();
  rcp.recipient_cert = by->office().cert;
  rcp.sender = about.sender;
  rcp.group_leaf = about.group_leaf;
  rcp.ref_leaf = about.leaf;
  rcp.time = at;
  return rcp;
}

}  // namespace

TEST_CASE("when a person opens a referral its sender sees when: a list, a technical look and the machine count for nothing") {
  Counter c;
  const std::string thread = Counter::refer(c.stb, "harbor");
  REQUIRE(c.reaches(c.stb, thread, "received"));
  REQUIRE(eventually([&] { return row(c.stb, thread)["marks"]["state"] == "delivered"; }));
  (void)row(c.harbor, thread);
  (void)show(c.harbor, thread, {{"peek", true}});
  (void)c.harbor->host().events(*base::parse_uuid(thread));
  CHECK(row(c.harbor, thread)["unread"] == true);
  CHECK(receipts_sent(c.hub, c.harbor.id()) == 0);
  const std::size_t events = c.stb.messages(*base::parse_uuid(thread)).size();

  (void)show(c.harbor, thread);
  REQUIRE(eventually([&] { return seen(c.stb, thread); }));
  const Json marks = row(c.stb, thread)["marks"];
  CHECK(marks["state"] == "seen");
  CHECK(marks["sent"].get<std::string>() <= marks["delivered"].get<std::string>());
  CHECK(marks["delivered"].get<std::string>() <= marks["seen"].get<std::string>());
  CHECK(marks["acted"].is_null());
  CHECK_FALSE(marks["due"].is_null());
  CHECK(Counter::event(c.stb, thread, "Referral")["state"] == "read");
  const Json theirs = row(c.harbor, thread)["marks"];
  CHECK(theirs["state"] == "seen");
  CHECK_FALSE(theirs["sent"].is_null());
  CHECK(County::row(c.stb, *base::parse_uuid(thread)).viewed.ms != 0);
  CHECK(c.stb.messages(*base::parse_uuid(thread)).size() == events);  // none of the thread's events
  CHECK(receipts_sent(c.hub, c.harbor.id()) == 1);
  (void)show(c.harbor, thread);
  CHECK(receipts_sent(c.hub, c.harbor.id()) == 1);
  Counter::ok(c.stb, {{"op", "send"}, {"thread", thread}, {"kind", "SecureMessage"}, {"body", {{"kind", "SecureMessage"}, {"secure_message", {{"text", "and"}}}, {"authority_basis", "treatment"}}}});
  REQUIRE(eventually([&] { return row(c.harbor, thread)["unread"] == true; }));
  (void)show(c.harbor, thread);
  REQUIRE(eventually([&] { return Counter::event(c.stb, thread, "SecureMessage")["state"] == "read"; }));
  CHECK(receipts_sent(c.hub, c.harbor.id()) == 2);  // of the new one alone
}

TEST_CASE("police are told when it was seen, and the answer is seen in its turn") {
  Counter c;
  const std::string thread = Counter::refer(c.apd, "harbor");
  REQUIRE(c.reaches(c.apd, thread, "received"));
  (void)show(c.harbor, thread);
  REQUIRE(eventually([&] { return seen(c.apd, thread); }));
  Counter::act(c.harbor, thread, "accept", {{"callback", "+1-555-0142"}});
  REQUIRE(c.reaches(c.apd, thread, "accepted"));
  const Json marks = row(c.apd, thread)["marks"];
  CHECK(marks["state"] == "acted");
  CHECK_FALSE(marks["acted"].is_null());
  CHECK(marks["due"].is_null());
  (void)show(c.apd, thread);
  const auto accepted = [&] {
    const Json shown = show(c.harbor, thread);
    Json out;
    for (const Json& e : shown["events"]) {
      if (e["kind"] == "StatusUpdate" && e["body"]["status_update"]["status"] == "accepted") out = e;
    }
    return out;
  };
  CHECK(eventually([&] { return accepted()["marks"]["state"] == "seen"; }));
}

TEST_CASE("a receipt that is not the reader's own, or of another message, or of a wrong time, is refused and told") {
  Counter c;
  const std::string thread = Counter::refer(c.stb, "harbor");
  REQUIRE(c.reaches(c.stb, thread, "received"));
  REQUIRE(eventually([&] { return row(c.stb, thread)["marks"]["state"] == "delivered"; }));
  const keep::Message m = first_of(c.stb, thread);
  const base::Instant now = c.hub.clock.now();
  std::vector<std::pair<const char*, crypto::Rcp1>> forged;
  const auto add = [&](const char* what, const auto& spoil) {
    crypto::Rcp1 r = reading(c.harbor, m, now);
    spoil(r);
    forged.emplace_back(what, r);
  };
  add("another leaf", [](crypto::Rcp1& r) { r.ref_leaf[0] ^= 1; });
  add("another group", [](crypto::Rcp1& r) { r.group_leaf[0] ^= 1; });
  add("another reader", [&](crypto::Rcp1& r) { r.recipient = c.apd.id(); });
  add("another reader's certificate", [&](crypto::Rcp1& r) { r.recipient_cert = c.apd->office().cert; });
  add("another sender", [&](crypto::Rcp1& r) { r.sender = c.apd.id(); });
  add("the future", [&](crypto::Rcp1& r) { r.time = now.plus(base::kHour); });
  add("before it was sent", [&](crypto::Rcp1& r) { r.time = now.minus(base::kHour); });
  add("a delivery receipt", [](crypto::Rcp1& r) { r.status = 1, r.upto_pair_seq = 1, r.ref_leaf = {}; });
  for (std::size_t i = 0; i < forged.size(); ++i) {
    CAPTURE(forged[i].first);
    forge(c.harbor, forged[i].second, m);
    CHECK(eventually([&] { return County::refusals(c.stb).size() == i + 1; }));
    CHECK_FALSE(seen(c.stb, thread));
  }
  CHECK(c.stb.alarm("apply"));
  forge(c.apd, reading(c.apd, m, now), m);  // a stranger to the message
  CHECK(eventually([&] { return County::refusals(c.stb).size() == forged.size() + 1; }));
  CHECK_FALSE(seen(c.stb, thread));
  CHECK(County::row(c.stb, m.thread_id).viewed.ms == 0);
  forge(c.harbor, reading(c.harbor, m, now), m);
  CHECK(eventually([&] { return seen(c.stb, thread); }));
  CHECK(County::refusals(c.stb).size() == forged.size() + 1);
}

TEST_CASE("nothing is seen before it is delivered: a receipt that comes first waits") {
  Counter c;
  {
    const std::lock_guard lock(c.hub.mutex);
    c.hub.on_receipt = [](const wire::Receipt&) { return false; };
  }
  const std::string thread = Counter::refer(c.stb, "harbor");
  REQUIRE(c.reaches(c.stb, thread, "received"));
  const keep::Message m = first_of(c.stb, thread);
  (void)show(c.harbor, thread);
  REQUIRE(eventually([&] {  // it is here
    bool here = false;
    (void)c.stb->office().store.read([&](keep::Tx& tx) {
      here = tx.count(keep::Table::kSeen) > 0;
      return base::Status{};
    });
    return here;
  }));
  CHECK_FALSE(seen(c.stb, thread));
  CHECK(row(c.stb, thread)["marks"]["state"] == "sent");
  CHECK(County::row(c.stb, m.thread_id).viewed.ms == 0);
  {
    const std::lock_guard lock(c.hub.mutex);
    c.hub.on_receipt = {};
  }
  c.hub.connection(c.stb.id(), false);
  c.hub.connection(c.stb.id(), true);
  CHECK(eventually([&] { return seen(c.stb, thread); }));
  CHECK(County::row(c.stb, m.thread_id).viewed.ms != 0);
  CHECK(County::refusals(c.stb).empty());
}

TEST_CASE("a stop between opening and sending neither loses nor repeats a receipt, and fills no outbox") {
  Counter c;
  const std::string thread = Counter::refer(c.stb, "harbor");
  REQUIRE(c.reaches(c.stb, thread, "received"));
  c.hub.connection(c.harbor.id(), false);
  (void)show(c.harbor, thread);
  (void)c.harbor->office().store.read([&](keep::Tx& tx) {
    CHECK(mail::mail_waiting(tx) == 0);
    CHECK(mail::waiting(tx, c.hub.clock.now()).waiting == 0);
    CHECK(tx.count(keep::Table::kOut) == 1);
    return base::Status{};
  });
  c.harbor.stop();
  CHECK_FALSE(seen(c.stb, thread));
  c.harbor.start();
  REQUIRE(eventually([&] { return seen(c.stb, thread); }));
  (void)show(c.harbor, thread);
  Counter::act(c.harbor, thread, "accept", {{"callback", "+1-555-0142"}});
  REQUIRE(c.reaches(c.stb, thread, "accepted"));
  CHECK(receipts_sent(c.hub, c.harbor.id()) == 1);
}

TEST_CASE("sections: what waits for a decision, a handoff, what is late, and what is done; counts are of what was asked of us") {
  Counter c;
  const std::string thread = Counter::refer(c.stb, "harbor", {{"reasons", {{{"code", "SI"}, {"text", "named a plan"}}}}, {"location_now", "Bay 2"}});
  REQUIRE(c.reaches(c.stb, thread, "received"));
  const Json r = row(c.harbor, thread);
  CHECK(r["side"] == "to_us");
  CHECK(r["section"] == "decide");
  CHECK(r["who"] == Json{{"initials", "C"}, {"age", "~34"}, {"words", "Canaryworth, ~34"}});
  CHECK(r["reason_codes"] == Json{"SI"});
  CHECK(r["reason_text"] == "named a plan");
  CHECK(r["from_name"] == "St. Brigid");
  CHECK(r["clock"]["name"] == "view");
  CHECK(row(c.stb, thread)["side"] == "from_us");
  CHECK(row(c.stb, thread)["clock"]["name"] == "decide");
  CHECK(section(c.stb, thread) == "decide");
  const auto list = [&](Json more) {
    more["op"] = "inbox.list";
    return Counter::ok(c.harbor, more);
  };
  CHECK(list({})["counts"]["decide"] == 1);
  CHECK(list({{"section", "decide"}})["threads"].size() == 1);
  CHECK(list({{"section", "done"}})["threads"].empty());
  CHECK(list({{"side", "from_us"}})["threads"].empty());
  CHECK(list({{"search", "BRIGID"}})["threads"].size() == 1);
  CHECK(list({{"search", "canaryw"}})["threads"].size() == 1);
  CHECK(list({{"search", "a plan"}})["threads"].size() == 1);
  CHECK(list({{"search", "nobody"}})["threads"].empty());
  CHECK(list({{"search", "nobody"}})["counts"]["decide"] == 1);
  CHECK(Counter::refused(c.harbor, {{"op", "inbox.list"}, {"section", "later"}}, "section") == "usage");
  CHECK(Counter::refused(c.harbor, {{"op", "inbox.list"}, {"search", std::string(101, 'x')}}, "search") == "usage");

  (void)show(c.harbor, thread);
  CHECK(row(c.harbor, thread)["clock"]["name"] == "decide");
  c.hub.clock.ahead(4 * base::kHour + base::kMinute);
  CHECK(section(c.harbor, thread) == "overdue");
  CHECK(section(c.stb, thread) == "overdue");
  Counter::act(c.harbor, thread, "accept", {{"callback", "+1-555-0142"}, {"expected_at", "2026-10-05T20:00:00Z"}});
  REQUIRE(c.reaches(c.stb, thread, "accepted"));
  CHECK(section(c.harbor, thread) == "active");
  CHECK(row(c.stb, thread)["expected_at"] == "2026-10-05T20:00:00.000Z");

  Counter::ok(c.stb, {{"op", "handoff"}, {"thread", thread}, {"phase", "offer"}, {"place", "bay"}, {"basis", "treatment"}});
  REQUIRE(eventually([&] { return row(c.harbor, thread)["handoff"] == "offered"; }));
  CHECK(section(c.harbor, thread) == "handoff");
  CHECK(section(c.stb, thread) == "handoff");  // theirs to take
  Counter::ok(c.harbor, {{"op", "handoff"}, {"thread", thread}, {"phase", "take"}, {"name", "R. Nurse"}});
  REQUIRE(eventually([&] { return row(c.stb, thread)["handoff"] == "taken"; }));
  Counter::act(c.harbor, thread, "start");
  Counter::act(c.harbor, thread, "complete", {{"outcome", "ADMITTED"}});
  REQUIRE(c.reaches(c.stb, thread, "completed"));
  CHECK(section(c.harbor, thread) == "done");
  CHECK(row(c.harbor, thread)["follow_ups"][0]["mark"] == "FU24");
  CHECK(row(c.harbor, thread)["follow_ups"][0]["result"] == "");
  c.hub.clock.ahead(25 * base::kHour);
  CHECK(section(c.harbor, thread) == "overdue");
  Counter::ok(c.harbor, {{"op", "follow_up"}, {"thread", thread}, {"mark", "FU24"}, {"result", "reached"}});
  CHECK(section(c.harbor, thread) == "done");
  CHECK(row(c.harbor, thread)["follow_ups"][0]["result"] == "reached");
}

TEST_CASE("a declined request stays in sight of whoever asked until somebody has looked") {
  Counter c;
  const std::string thread = Counter::refer(c.apd, "harbor");
  REQUIRE(c.reaches(c.apd, thread, "received"));
  (void)show(c.apd, thread);
  Counter::act(c.harbor, thread, "decline", {{"reason", "CAP_NO_BED"}, {"alternatives", {"stb"}}});
  REQUIRE(c.reaches(c.apd, thread, "rejected"));
  CHECK(section(c.harbor, thread) == "done");
  CHECK(section(c.apd, thread) == "active");
  const Json shown = show(c.apd, thread);
  CHECK(shown["next_agencies"][0]["agency"] == "stb");
  CHECK(shown["next_agencies"][0]["name"] == "St. Brigid");
  CHECK(section(c.apd, thread) == "done");
  const std::string next = Counter::ok(c.apd, {{"op", "reroute"}, {"thread", thread}, {"to", "stb"}})["thread"];
  const Json before = show(c.apd, next)["asked_before"];
  REQUIRE(before.size() == 1);
  CHECK(before[0]["agency"] == "harbor");
  CHECK(before[0]["reason_class"] == "capacity");
  CHECK(before[0]["phase"] == "rejected");
}

TEST_CASE("show: weapons first and always, what is not known says so, whom to call, what was withheld, what may be done") {
  Counter c;
  const std::string bare = Counter::refer(c.stb, "harbor");
  const std::string thread = Counter::refer(c.apd, "stb", {{"risk", {{"weapons", "yes"}, {"others", "no"}}},
                                                            {"hold", {{"form", "M-1"}, {"start", "2026-10-05T13:00:00Z"}, {"expires", "2026-10-08T13:00:00Z"}}},
                                                            {"requester", {{"name", {{"family", "Vance"}, {"given", "R."}}}, {"role", "officer"}, {"phone", "+1-555-0117"}}}});
  REQUIRE(c.reaches(c.apd, thread, "received"));
  REQUIRE(c.reaches(c.stb, bare, "received"));
  const Json shown = show(c.stb, thread);
  const Json& safety = shown["safety"];
  CHECK(safety[0] == Json{{"what", "weapons"}, {"known", true}, {"danger", true}, {"words", "yes"}, {"at", nullptr}});
  CHECK(safety[1] == Json{{"what", "hold"}, {"known", true}, {"danger", false}, {"words", "M-1"}, {"at", "2026-10-08T13:00:00.000Z"}});
  CHECK(safety[2]["what"] == "interpreter");
  CHECK(safety[2]["known"] == false);
  CHECK(safety[3]["what"] == "risk_others");
  CHECK(safety[3]["danger"] == false);
  CHECK(shown["call"] == Json{{"name", "R. Vance"}, {"role", "officer"}, {"phone", "+1-555-0117"}});
  CHECK(shown["row"]["thread"] == thread);
  CHECK(shown["read_only"].is_null());
  CHECK(shown["part2_notice"].is_null());
  const auto moves = [&](AgentBox& at, const std::string& t) { return show(at, t)["moves"].get<std::vector<std::string>>(); };
  const auto has = [](const std::vector<std::string>& all, const char* one) { return std::ranges::find(all, one) != all.end(); };
  CHECK(has(moves(c.stb, thread), "accept"));
  CHECK(has(moves(c.stb, thread), "decline"));
  CHECK_FALSE(has(moves(c.stb, thread), "start"));
  CHECK_FALSE(has(moves(c.stb, thread), "reroute"));
  CHECK(has(moves(c.apd, thread), "cancel"));
  CHECK(has(moves(c.apd, thread), "reroute"));
  CHECK_FALSE(has(moves(c.apd, thread), "accept"));
  // Of one that says nothing, cut to a view.
  const Json cut = show(c.harbor, bare);
  CHECK(cut["safety"][0] == Json{{"what", "weapons"}, {"known", false}, {"danger", false}, {"words", ""}, {"at", nullptr}});
  CHECK(cut["withheld"][0]["rule"] == "F3");
  CHECK(cut["withheld"][0]["words"] == "");  // a flow has no words of its own
  CHECK(has(moves(c.harbor, bare), "break_glass"));
  const Json ours = show(c.stb, bare)["withheld"];
  CHECK(ours[0]["what"] == Json{"referral.notes"});
  CHECK(ours[0]["outgoing"] == true);
  CHECK(cut["withheld"][0]["outgoing"] == false);
  Counter::act(c.harbor, bare, "accept", {{"callback", "+1-555-0142"}, {"name", "M. Okafor"}, {"role", "charge nurse"}});
  REQUIRE(c.reaches(c.stb, bare, "accepted"));
  CHECK(show(c.stb, bare)["call"] == Json{{"name", "M. Okafor"}, {"role", "charge nurse"}, {"phone", "+1-555-0142"}});
  CHECK(show(c.stb, bare)["desk_phone"] == "+1-555-0142");
}

TEST_CASE("paper: its own time and when it was typed in, at both; it counts from then on; never of the future, never older than a week") {
  Counter c;
  const base::Instant now = c.hub.clock.now(), two_hours = now.minus(2 * base::kHour);
  const std::string thread = Counter::refer(c.stb, "harbor");
  REQUIRE(c.reaches(c.stb, thread, "received"));
  Json accept = {{"op", "inbox.act"}, {"thread", thread}, {"action", "accept"}, {"callback", "+1-555-0142"}};
  accept["paper_at"] = base::rfc3339(now.plus(base::kHour));
  CHECK(Counter::refused(c.harbor, accept, "paper_at") == "usage");
  accept["paper_at"] = base::rfc3339(now.minus(8 * base::kDay));
  CHECK(Counter::refused(c.harbor, accept, "paper_at") == "usage");
  accept["paper_at"] = "this morning";
  CHECK(Counter::refused(c.harbor, accept, "paper_at") == "usage");
  accept["paper_at"] = base::rfc3339(two_hours);
  accept["dedupe_key"] = "k1";
  const Json done = Counter::ok(c.harbor, accept);
  CHECK(Counter::ok(c.harbor, accept)["message"] == done["message"]);  // its answer was lost: the same again
  REQUIRE(c.reaches(c.stb, thread, "accepted"));
  const Json e = Counter::event(c.stb, thread, "StatusUpdate");
  CHECK(e["message"] == done["message"]);
  CHECK(e["at"] == base::rfc3339(two_hours));
  CHECK(e["entered_at"].get<std::string>() >= base::rfc3339(now));
  CHECK(County::loop(c.stb, *base::parse_uuid(thread)).accepted >= now);
  CHECK(County::loop(c.harbor, *base::parse_uuid(thread)).accepted >= now);
  REQUIRE(eventually([&] { return County::loop(c.county, *base::parse_uuid(thread)).phase == schemas::Phase::kAccepted; }));
  CHECK(County::loop(c.county, *base::parse_uuid(thread)).accepted >= now);
  CHECK(row(c.stb, thread)["marks"]["acted"].get<std::string>() >= base::rfc3339(now));

  const Json letter = {{"op", "send"}, {"thread", thread}, {"kind", "SecureMessage"}, {"paper_at", base::rfc3339(two_hours)}, {"body", {{"kind", "SecureMessage"}, {"secure_message", {{"text", "x"}}}}}};
  CHECK(Counter::refused(c.stb, letter, "paper_at") == "usage");
  const Json offer = Counter::ok(c.stb, {{"op", "handoff"}, {"thread", thread}, {"phase", "offer"}, {"paper_at", base::rfc3339(two_hours)}, {"basis", "treatment"}});
  CHECK(offer["at"] == base::rfc3339(two_hours));
  REQUIRE(eventually([&] { return row(c.harbor, thread)["handoff"] == "offered"; }));
  CHECK(section(c.harbor, thread) == "handoff");  // not late, though the paper is
  CHECK_FALSE(Counter::event(c.harbor, thread, "HandoffReport")["entered_at"].is_null());
}

TEST_CASE("paper that its sender's agent did not check is refused where it arrives") {
  Counter c;
  const std::string thread = Counter::refer(c.stb, "harbor");
  REQUIRE(c.reaches(c.stb, thread, "received"));
  const auto sent = County::act<agent::Submitted>(c.harbor, [&](keep::Tx& tx, const mail::Desk& desk, crypto::Random& random) -> base::Result<agent::Submitted> {
    agent::Submission s;
    schemas::StatusUpdate u;
    u.status = "accepted";
    u.callback = "+1-555-0142";
    s.body.payload = u;
    s.thread = base::parse_uuid(thread);
    auto done = mail::compose(tx, desk, random, s);
    if (!done.ok()) return done;
    keep::Message m = mail::messages_by_id(tx, done->msg_id).at(0);
    schemas::Body body = *schemas::decode_body(m.body);
    std::get<schemas::StatusUpdate>(body.payload).at = desk.now.minus(9 * base::kDay);
    body.entered_at = desk.now;
    m.body = schemas::encode_body(body);
    mail::save_message(tx, desk.self, m);
    return done;
  });
  REQUIRE(sent.ok());
  REQUIRE(eventually([&] { return !County::refusals(c.stb).empty(); }));
  CHECK(County::refusals(c.stb)[0].rule == "paper");
  CHECK(schemas::name(c.stb.phase(*base::parse_uuid(thread))) == "received");
}

TEST_CASE("people hear of what came, again at half and at all of its time while nobody has looked, in words that say nothing") {
  Counter c;
  const std::string thread = Counter::refer(c.stb, "harbor"), looked_at = Counter::refer(c.stb, "harbor");
  REQUIRE(c.reaches(c.stb, thread, "received"));
  REQUIRE(c.reaches(c.stb, looked_at, "received"));
  const auto of = [&](AgentBox& at, const std::string& what) {
    auto all = County::notices(at, what);
    std::erase_if(all, [&](const keep::NoticeRow& n) { return n.thread_id != *base::parse_uuid(thread); });
    return all;
  };
  REQUIRE(of(c.harbor, "referral").size() == 1);
  const keep::NoticeRow first = of(c.harbor, "referral")[0];
  CHECK(first.words == "New urgent item. Open to view.");
  CHECK(first.urgency == "urgent");
  CHECK(first.tell == "on_call");
  (void)show(c.harbor, looked_at);
  REQUIRE(eventually([&] { return seen(c.stb, looked_at); }));
  c.hub.clock.ahead(31 * base::kMinute);
  REQUIRE(eventually([&] { return of(c.harbor, "view:50").size() == 1; }));
  CHECK(of(c.harbor, "view:50")[0].words.starts_with("New urgent item, not opened yet"));
  c.hub.clock.ahead(30 * base::kMinute);
  REQUIRE(eventually([&] { return of(c.harbor, "view").size() == 1; }));
  CHECK(County::notices(c.harbor, "view").size() == 1);  // not of the other
  CHECK(County::notices(c.harbor, "view:50").size() == 1);
  CHECK(County::notices(c.stb, "view").empty());
  CHECK(County::notices(c.stb, "view:50").empty());
  Counter::act(c.harbor, thread, "accept", {{"callback", "+1-555-0142"}});
  REQUIRE(eventually([&] { return of(c.stb, "answer").size() == 1; }));
  Counter::ok(c.stb, {{"op", "send"}, {"thread", thread}, {"kind", "SecureMessage"}, {"body", {{"kind", "SecureMessage"}, {"secure_message", {{"text", "about Canaryworth"}}}, {"authority_basis", "treatment"}}}});
  REQUIRE(eventually([&] { return of(c.harbor, "message").size() == 1; }));
  Counter::act(c.stb, looked_at, "cancel", {{"reason", "IMPROVED"}});
  REQUIRE(eventually([&] { return County::notices(c.harbor, "cancelled").size() == 1; }));
  for (AgentBox* at : {&c.harbor, &c.stb}) {
    const std::string all = Counter::ok(*at, {{"op", "notices"}}).dump();
    for (const char* word : {"Canaryworth", "Harborlight", "Brigid", "CRISIS_EVAL"}) CHECK_MESSAGE(all.find(word) == std::string::npos, word);
  }
}

TEST_CASE("catch up: what changed since then, newest first, and the numbers to call") {
  Counter c;
  const std::string before = Counter::refer(c.stb, "harbor");
  REQUIRE(c.reaches(c.stb, before, "received"));
  (void)show(c.harbor, before);
  c.hub.clock.ahead(base::kHour);
  const std::string since = base::rfc3339(c.hub.clock.now());
  c.hub.clock.ahead(base::kMinute);
  const std::string thread = Counter::refer(c.stb, "harbor");
  REQUIRE(c.reaches(c.stb, thread, "received"));
  const Json out = Counter::ok(c.harbor, {{"op", "catch_up"}, {"since", since}});
  REQUIRE(out["threads"].size() == 1);
  CHECK(out["threads"][0]["thread"] == thread);
  CHECK(out["threads"][0]["row"]["section"] == "decide");
  CHECK(out["threads"][0]["events"][0]["words"] == "new request");
  CHECK(row(c.harbor, thread)["unread"] == true);
  CHECK(Counter::ok(c.harbor, {{"op", "catch_up"}})["threads"].size() == 2);
  CHECK(Counter::refused(c.harbor, {{"op", "catch_up"}, {"since", "noon"}}, "since") == "usage");
  CHECK(Counter::ok(c.harbor, {{"op", "phone_tree"}})["phones"] == Json::array({{{"agency", "harbor"}, {"name", "Harborlight"}, {"what", "on_call"}, {"phone", "+1-555-0142"}}}));
}
