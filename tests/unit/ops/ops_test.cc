// What people ask of their agent about loops, policy, consents, break-glass, capacity and handoffs: whole agents, asked in JSON.
#include "tests/unit/ops/kit.h"

using namespace rig;

namespace {

const std::string kNobody = "0199a1b2-0000-7000-8000-00000000ffff";

bool holds(const Json& j, const std::string& part) { return j.dump().find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a loop is open at both parties and the coordinator, late after its deadline, and viewed once somebody has looked") {
  Counter c;
  const std::string thread = Counter::refer(c.stb, "harbor");
  REQUIRE(c.reaches(c.stb, thread, "received"));
  const Json here = Counter::row(c.harbor, {{"op", "loops"}, {"open", true}}, "loops", "thread", thread);
  CHECK(here["from"] == "stb");
  CHECK(here["to"] == "harbor");
  CHECK(here["urgency"] == "urgent");
  CHECK(here["service"] == "CRISIS_EVAL");
  CHECK(here["next"]["name"] == "view");
  CHECK(here["overdue"].empty());
  const Json there = Counter::row(c.county, {{"op", "loops"}}, "loops", "phase", "received");
  CHECK(there["thread"] == thread);
  CHECK(there["to"] == "harbor");
  CHECK_FALSE(holds(there, "Canaryworth"));
  CHECK(Counter::row(c.stb, {{"op", "loops"}}, "loops", "thread", thread)["next"]["name"] ==
        "decide");  // who looked is known at harbor alone

  SUBCASE("looking") {
    const Json shown = Counter::ok(c.harbor, {{"op", "inbox.show"}, {"thread", thread}});
    CHECK(shown["responsible"] == "stb");
    CHECK(shown["escalation"] == 0);
    CHECK(shown["deadlines"][0]["name"] == "view");
    CHECK(Counter::row(c.harbor, {{"op", "loops"}}, "loops", "thread", thread)["next"]["name"] == "decide");
  }
  SUBCASE("nobody decides") {
    c.hub.clock.ahead(5 * base::kHour);
    const Json late = Counter::ok(c.harbor, {{"op", "loops"}, {"overdue", true}})["loops"];
    REQUIRE(late.size() == 1);
    CHECK(late[0]["overdue"][0]["name"] == "view");
    CHECK(late[0]["overdue"][1]["name"] == "decide");
    CHECK(late[0]["overdue"][1]["late_s"] >= 3600);
    (*c.stb).office().wake_clock();
    CHECK(Counter::row(c.stb, {{"op", "timers"}, {"thread", thread}}, "timers", "name", "escalate:1")["tell"] == "target.supervisor");
    CHECK(Counter::ok(c.stb, {{"op", "timers"}, {"thread", kNobody}})["timers"].empty());
    const Json page = Counter::ok(c.stb, {{"op", "timers"}, {"limit", 1}});
    CHECK(page["next"] == page["timers"][0]["seq"]);
    CHECK(Counter::ok(c.stb, {{"op", "timers"}, {"limit", 1}, {"after", page["next"]}})["timers"][0]["seq"] < page["next"]);
    CHECK(Counter::row(c.county, {{"op", "loops"}, {"open", true}}, "loops", "esc_level", 1)["thread"] == thread);
    const Json status = Counter::ok(c.harbor, {{"op", "status"}});
    CHECK(status["loops"] == Json{{"open", 1}, {"overdue", 1}});
    CHECK(status["policy"] == Json{{"version", 2}, {"stale", nullptr}});
    CHECK(status.contains("facts"));
  }
  CHECK(Counter::refused(c.harbor, {{"op", "loops"}, {"limit", 0}}, "limit") == "usage");
  CHECK(Counter::refused(c.harbor, {{"op", "timers"}, {"thread", "x"}}, "thread") == "usage");
}

TEST_CASE("a notice is seen by whoever says so first") {
  Counter c;
  const std::string thread = Counter::refer(c.stb, "harbor");
  const Json notice = Counter::row(c.harbor, {{"op", "notices"}, {"unseen", true}}, "notices", "what", "referral");
  CHECK(notice["thread"] == thread);
  CHECK(notice["tell"] == "on_call");
  CHECK(Counter::ok(c.harbor, {{"op", "status"}})["notices"]["unseen"] >= 1);
  const Json seen = Counter::ok(c.harbor, {{"op", "notices.seen"}, {"seq", notice["seq"]}}, "okonjo");
  CHECK(seen["notice"]["seen_by"] == "okonjo");
  CHECK(Counter::ok(c.harbor, {{"op", "notices.seen"}, {"seq", notice["seq"]}}, "reyes")["notice"]["seen_by"] == "okonjo");
  const Json unseen = Counter::ok(c.harbor, {{"op", "notices"}, {"unseen", true}});
  for (const Json& n : unseen["notices"]) CHECK(n["seq"] != notice["seq"]);
  CHECK(Counter::refused(c.harbor, {{"op", "notices.seen"}, {"seq", 9999}}, "seq") == "not_found");
  CHECK(Counter::refused(c.harbor, {{"op", "notices.seen"}, {"seq", "one"}}, "seq") == "usage");
}

TEST_CASE("why a message went or did not, and what another policy would have said") {
  Counter c;
  const std::string thread = Counter::refer(c.stb, "harbor");
  REQUIRE(c.reaches(c.stb, thread, "received"));
  const std::string message = Counter::event(c.stb, thread, "Referral")["message"];
  const Json sent = Counter::ok(c.stb, {{"op", "policy.explain"}, {"message", message}});
  CHECK(sent["version"] == 2);
  CHECK(sent["allowed"] == true);
  CHECK(sent["view"] == "brief");
  CHECK(sent["rules"][0]["rule"] == "F3");
  CHECK_FALSE(sent["rules"][0]["words"].get<std::string>().empty());
  CHECK(holds(sent["withheld"], "referral.notes"));
  const Json came = Counter::ok(c.harbor, {{"op", "policy.explain"}, {"message", message}});
  CHECK(came["outgoing"] == false);
  CHECK(came["rules"][0]["rule"] == "F3");
  const Json decision = Counter::event(c.stb, thread, "Referral")["decision"];
  CHECK(decision["view"] == "brief");
  CHECK(decision["refused"] == false);
  CHECK(Counter::refused(c.stb, {{"op", "policy.explain"}, {"message", kNobody}}, "message") == "not_found");

  const Json show = Counter::ok(c.stb, {{"op", "policy.show"}});
  CHECK(show["version"] == 2);
  CHECK(show["toml"] == ops_policy(2));
  CHECK(show["stale"] == nullptr);

  const Json same = Counter::ok(c.stb, {{"op", "policy.whatif"}, {"toml", ops_policy(3)}});
  CHECK(same["decisions"] == 1);
  CHECK(same["changed"].empty());
  const std::string without =
      ops_policy(3, R"(kinds=["*"], purpose=["CRISIS","TREAT"], basis=["emergency","treatment"], decision="allow", view="brief")",
                 R"(kinds=["*"], purpose=["CRISIS","TREAT"], basis=["treatment"], decision="allow", view="brief")");
  const Json denied = Counter::ok(c.stb, {{"op", "policy.whatif"}, {"toml", without}})["changed"];
  REQUIRE(denied.size() == 1);
  CHECK(denied[0]["message"] == message);
  CHECK(denied[0]["before"] == "allow, view brief");
  CHECK(denied[0]["after"] == "deny");
  CHECK(denied[0]["rules"] == Json::array({"F3"}));
  const std::string later = base::rfc3339(c.hub.clock.now().plus(base::kHour));
  CHECK(Counter::ok(c.stb, {{"op", "policy.whatif"}, {"toml", without}, {"since", later}})["decisions"] == 0);
  CHECK(Counter::ask(c.stb, {{"op", "policy.whatif"}, {"toml", "nonsense ="}})["error"]["kind"] == "malformed");
  CHECK(Counter::refused(c.stb, {{"op", "policy.whatif"}}, "toml") == "usage");
}

TEST_CASE("what the policy or the life of a referral forbids is recorded with its rule, and without its content") {
  Counter c;
  const Json letter = {
      {"op", "send"},
      {"to", "apd"},
      {"kind", "SecureMessage"},
      {"body", {{"kind", "SecureMessage"}, {"secure_message", {{"text", "about Canaryworth"}}}, {"authority_basis", "treatment"}}}};
  CHECK(Counter::refused(c.stb, letter, "none") == "denied");
  CHECK(Counter::ask(c.stb, {{"op", "reroute"}, {"thread", kNobody}, {"to", "harbor"}})["error"]["kind"] == "not_found");
  const std::string thread = Counter::refer(c.stb, "harbor", {{"labels", Json::array()}});
  REQUIRE(c.reaches(c.stb, thread, "received"));
  CHECK(Counter::ask(c.stb, {{"op", "inbox.act"}, {"thread", thread}, {"action", "accept"}, {"callback", "1"}})["error"]["kind"] ==
        "denied");
  const Json denials = Counter::ok(c.stb, {{"op", "denials"}})["denials"];
  REQUIRE(denials.size() == 2);
  CHECK(denials[1]["rule"] == "none");
  CHECK(denials[1]["code"] == "no_rule");
  CHECK(denials[1]["to"] == "apd");
  CHECK(denials[1]["kind"] == "SecureMessage");
  CHECK(denials[1]["person"] == "okonjo");
  CHECK(denials[0]["code"] == "lifecycle");
  CHECK(denials[0]["thread"] == thread);
  CHECK_FALSE(holds(denials, "Canaryworth"));
  CHECK(Counter::ok(c.stb, {{"op", "denials"}, {"days", 7}})["denials"].size() == 2);
  CHECK(Counter::ok(c.stb, {{"op", "denials"}, {"until", "2026-10-05T13:00:00Z"}})["denials"].empty());
  const Json page = Counter::ok(c.stb, {{"op", "denials"}, {"limit", 1}});
  CHECK(Counter::ok(c.stb, {{"op", "denials"}, {"after", page["next"]}})["denials"] == Json::array({denials[1]}));
  CHECK(Counter::refused(c.stb, {{"op", "denials"}, {"since", "yesterday"}}, "since") == "usage");
}

TEST_CASE("the requester alone refers on, in the policy's order, when the first has said no") {
  Counter c;
  Counter::ok(c.stb, {{"op", "capacity.set"}, {"service", "CRISIS_EVAL"}, {"state", "has"}, {"count", 2}});
  REQUIRE_FALSE(Counter::row(c.apd, {{"op", "capacity.list"}}, "capacity", "agency", "stb").is_null());
  const std::string thread = Counter::refer(c.apd, "harbor");
  REQUIRE(c.reaches(c.apd, thread, "received"));
  Counter::act(c.harbor, thread, "decline", {{"reason", "CAP_NO_BED"}});
  REQUIRE(c.reaches(c.apd, thread, "rejected"));
  const Json list = Counter::ok(c.apd, {{"op", "reroute.list"}, {"thread", thread}})["candidates"];
  REQUIRE(list.size() == 1);
  CHECK(list[0] == Json{{"agency", "stb"}, {"name", "St. Brigid"}, {"capacity", "has"}, {"allowed", true}, {"why", ""}});
  CHECK(Counter::refused(c.harbor, {{"op", "reroute.list"}, {"thread", thread}}, "thread") == "denied");
  CHECK(Counter::refused(c.apd, {{"op", "reroute.list"}, {"thread", kNobody}}, "thread") == "not_found");
  CHECK(Counter::refused(c.apd, {{"op", "reroute"}, {"thread", thread}, {"to", "nowhere"}}, "to") == "not_found");
  const Json next = Counter::ok(c.apd, {{"op", "reroute"}, {"thread", thread}, {"to", "stb"}});
  CHECK(next["parent"] == thread);
  CHECK(c.reaches(c.stb, next["thread"], "received"));
  const Json child = Counter::row(c.apd, {{"op", "loops"}}, "loops", "thread", next["thread"]);
  CHECK(child["parent"] == thread);
  CHECK(Counter::refused(c.apd, {{"op", "reroute"}, {"thread", thread}, {"to", "stb"}}, "thread") == "conflict");
}

TEST_CASE("consents: recorded, listed without the person, revoked once and for all") {
  Counter c;
  const std::string soon = base::rfc3339(c.hub.clock.now().plus(10 * base::kDay));
  const Json consent = {{"id", "C-1"},
                        {"subject", {{"name", {{"family", "Canaryworth"}}}}},
                        {"recipients", {"harbor"}},
                        {"scope", {"*"}},
                        {"purposes", {"TREAT"}},
                        {"expires", soon},
                        {"method", "written"}};
  CHECK(Counter::ok(c.stb, {{"op", "consent.add"}, {"consent", consent}})["state"] == "expires_soon");
  const Json row = Counter::ok(c.stb, {{"op", "consent.list"}})["consents"][0];
  CHECK(row["discloser"] == "stb");
  CHECK_FALSE(holds(row, "Canaryworth"));
  CHECK(holds(Counter::ok(c.stb, {{"op", "consent.list"}, {"names", true}}), "Canaryworth"));
  CHECK(holds(Counter::ok(c.stb, {{"op", "consent.show"}, {"id", "C-1"}})["consent"], "Canaryworth"));
  Json half = consent, odd = consent, other = consent;
  half.erase("recipients");
  odd["method"] = "by nod";
  other["recipients"] = {"apd"};
  CHECK(Counter::refused(c.stb, {{"op", "consent.add"}, {"consent", half}}, "consent.recipients") == "malformed");
  CHECK(Counter::refused(c.stb, {{"op", "consent.add"}, {"consent", odd}}, "consent.method") == "usage");
  CHECK(Counter::refused(c.stb, {{"op", "consent.add"}, {"consent", other}}, "consent.id") == "conflict");
  CHECK(Counter::refused(c.stb, {{"op", "consent.add"}}, "consent") == "usage");
  CHECK(Counter::refused(c.stb, {{"op", "consent.show"}, {"id", "C-2"}}, "id") == "not_found");
  CHECK(Counter::refused(c.stb, {{"op", "consent.revoke"}, {"id", "C-2"}}, "id") == "not_found");
  CHECK(Counter::ok(c.stb, {{"op", "consent.revoke"}, {"id", "C-1"}})["state"] == "revoked");
  CHECK(Counter::refused(c.stb, {{"op", "consent.add"}, {"consent", consent}}, "consent.id") == "conflict");
  CHECK(Counter::ok(c.stb, {{"op", "consent.list"}})["consents"][0]["state"] == "revoked");
}

TEST_CASE("break-glass: what was withheld is shown until its time, and somebody else reviews it") {
  Counter c;
  const std::string thread = Counter::refer(c.stb, "harbor");
  REQUIRE(c.reaches(c.stb, thread, "received"));
  const Json referral = Counter::event(c.harbor, thread, "Referral");
  CHECK_FALSE(holds(referral, "penicillin"));
  Json open = {
      {"op", "btg.open"}, {"message", referral["message"]}, {"reason", "LIFE_THREAT"}, {"text", "not breathing"}, {"role", "clinician_rn"}};
  Json wrong = open;
  wrong["reason"] = "CURIOUS";
  CHECK(Counter::refused(c.harbor, wrong, "reason") == "usage");
  wrong["reason"] = "SYSTEM_DOWN";  // a code, but not one of this policy's
  CHECK(Counter::refused(c.harbor, wrong, "reason") == "usage");
  wrong["reason"] = "LIFE_THREAT", wrong["text"] = "";
  CHECK(Counter::refused(c.harbor, wrong, "text") == "usage");
  wrong["text"] = "x", wrong["message"] = kNobody;
  CHECK(Counter::refused(c.harbor, wrong, "message") == "not_found");
  const std::string id = Counter::ok(c.harbor, open)["id"];
  REQUIRE(eventually([&] { return Counter::event(c.harbor, thread, "BreakGlass").contains("opened"); }));
  const Json opened = Counter::event(c.harbor, thread, "BreakGlass")["opened"];
  CHECK(opened["closed"] == false);
  CHECK(holds(opened["body"], "penicillin"));
  CHECK_FALSE(Counter::event(c.harbor, thread, "BreakGlass")["body"]["break_glass"].contains("content"));
  CHECK(Counter::row(c.stb, {{"op", "btg.list"}, {"unreviewed", true}}, "uses", "id", id)["by"] == "harbor");
  CHECK(Counter::row(c.harbor, {{"op", "notices"}}, "notices", "what", "break_glass")["tell"] == "privacy_officer");

  c.hub.clock.ahead(31 * base::kMinute);
  const Json after = Counter::event(c.harbor, thread, "BreakGlass");
  CHECK(after["opened"]["closed"] == true);
  CHECK_FALSE(holds(after, "penicillin"));
  const Json use = Counter::ok(c.harbor, {{"op", "btg.list"}})["uses"][0];
  CHECK(use["person"] == "okonjo");
  CHECK(use["overdue"] == false);
  CHECK_FALSE(use.contains("text"));
  CHECK(Counter::ok(c.harbor, {{"op", "btg.list"}, {"names", true}})["uses"][0]["text"] == "not breathing");
  c.hub.clock.ahead(base::kHour);
  CHECK(Counter::ok(c.harbor, {{"op", "btg.list"}, {"unreviewed", true}})["uses"][0]["overdue"] == true);
  const Json review = {{"op", "btg.review"}, {"id", id}, {"finding", "justified"}};
  CHECK(Counter::refused(c.harbor, review, "person") == "denied");  // nobody reviews their own
  CHECK(Counter::ok(c.harbor, review, "privacy")["reviewed_by"] == "privacy");
  CHECK(Counter::refused(c.harbor, review, "id") == "conflict");
  CHECK(Counter::ok(c.harbor, {{"op", "btg.list"}, {"unreviewed", true}})["uses"].empty());
  CHECK(Counter::refused(c.harbor, {{"op", "btg.review"}, {"id", kNobody}, {"finding", "justified"}}, "id") == "not_found");
  CHECK(Counter::refused(c.harbor, {{"op", "btg.review"}, {"id", id}, {"finding", "fine"}}, "finding") == "usage");
}

TEST_CASE("capacity: told to all, kept as one's own word, and the answer to who asks") {
  Counter c;
  Counter::ok(c.harbor, {{"op", "capacity.set"}, {"service", "CSU_BED"}, {"state", "has"}, {"count", 3}, {"phone", "+1-555-0142"}});
  CHECK(Counter::ok(c.harbor, {{"op", "capacity.list"}})["capacity"][0]["agency"] == "harbor");
  const Json heard = Counter::row(c.stb, {{"op", "capacity.list"}, {"service", "CSU_BED"}}, "capacity", "agency", "harbor");
  CHECK(heard["state"] == "has");
  CHECK(heard["count"] == 3);
  CHECK(heard["stale"] == false);
  c.hub.clock.ahead(61 * base::kMinute);
  CHECK(Counter::ok(c.stb, {{"op", "capacity.list"}})["capacity"][0]["stale"] == true);
  Counter::ok(c.harbor, {{"op", "capacity.set"}, {"service", "CSU_BED"}, {"state", "none"}});
  CHECK(Counter::row(c.stb, {{"op", "capacity.list"}}, "capacity", "state", "none")["count"] == nullptr);
  const Json asked = Counter::ok(c.stb, {{"op", "capacity.ask"}, {"to", "harbor"}, {"service", "CSU_BED"}, {"urgency", "urgent"}});
  REQUIRE(eventually([&] { return !Counter::event(c.stb, asked["thread"], "CapacityReply").is_null(); }));
  CHECK(Counter::event(c.stb, asked["thread"], "CapacityReply")["body"]["capacity_reply"]["state"] == "none");
  const Json wrong = Counter::ask(c.harbor, {{"op", "capacity.set"}, {"service", "CSU_BED"}, {"state", "lots"}});
  CHECK(wrong["error"]["where"] == "state");
  CHECK(wrong["error"]["mend"] == "has, none, waitlist, divert");
  CHECK(Counter::refused(c.harbor, {{"op", "capacity.set"}, {"service", "BED"}, {"state", "has"}}, "service") == "usage");
  CHECK(Counter::refused(c.harbor, {{"op", "capacity.set"}, {"service", "CSU_BED"}, {"state", "has"}, {"count", -1}}, "count") == "usage");
  CHECK(Counter::refused(c.harbor, {{"op", "capacity.set"}, {"service", "CSU_BED"}, {"state", "has"}, {"ttl_minutes", 0}}, "ttl_minutes") ==
        "usage");
  CHECK(Counter::refused(c.stb, {{"op", "capacity.ask"}, {"to", "nowhere"}, {"service", "CSU_BED"}}, "to") == "not_found");
}

TEST_CASE("a warm handoff: offered, taken, and the police who asked are told when, and no more") {
  Counter c;
  const std::string police = Counter::refer(c.apd, "stb");
  REQUIRE(c.reaches(c.apd, police, "received"));
  const std::string thread = Counter::ok(c.harbor, {{"op", "handoff"},
                                                    {"to", "stb"},
                                                    {"phase", "offer"},
                                                    {"basis", "emergency"},
                                                    {"condition", "calm"},
                                                    {"place", "Bay 2"},
                                                    {"role", "paramedic"}})["thread"];
  REQUIRE(eventually([&] { return !Counter::event(c.stb, thread, "HandoffReport").is_null(); }));
  CHECK(Counter::row(c.stb, {{"op", "notices"}}, "notices", "what", "handoff")["phone"] == true);
  CHECK(Counter::ok(c.stb, {{"op", "inbox.show"}, {"thread", thread}})["responsible"] == "harbor");
  CHECK(Counter::refused(c.stb, {{"op", "handoff"}, {"to", "harbor"}, {"phase", "take"}}, "thread") == "usage");
  CHECK(Counter::refused(c.stb, {{"op", "handoff"}, {"thread", thread}, {"phase", "keep"}}, "phase") == "usage");
  CHECK(Counter::refused(c.stb, {{"op", "handoff"}, {"thread", thread}, {"phase", "take"}, {"tell", {kNobody}}}, "tell") == "not_found");
  CHECK(Counter::refused(c.stb, {{"op", "handoff"}, {"thread", thread}, {"phase", "refuse"}}, "handoff_report.reason") == "usage");
  CHECK(Counter::refused(c.stb, {{"op", "handoff"}, {"thread", thread}, {"phase", "take"}, {"hold", 7}}, "handoff_report.hold") ==
        "malformed");
  CHECK(Counter::refused(c.harbor, {{"op", "handoff"}, {"thread", thread}, {"phase", "take"}}, "handoff_report.phase") == "denied");
  const Json taken = Counter::ok(
      c.stb,
      {{"op", "handoff"}, {"thread", thread}, {"phase", "take"}, {"role", "clinician_rn"}, {"condition", "agitated"}, {"tell", {police}}});
  CHECK(taken["told"] == Json::array({Json{{"thread", police}, {"ok", true}, {"why", nullptr}}}));
  REQUIRE(eventually([&] { return Counter::ok(c.harbor, {{"op", "inbox.show"}, {"thread", thread}})["responsible"] == "stb"; }));
  const Json take = Counter::event(c.harbor, thread, "HandoffReport")["body"]["handoff_report"];
  CHECK(take["phase"] == "take");
  CHECK(take["condition"] == "agitated");
  const std::string offer = Counter::events(c.harbor, thread)[0]["message"], taken_up = take["offer"];
  CHECK(base::uuid(*base::parse_uuid(taken_up)) == offer);
  REQUIRE(eventually([&] { return !Counter::event(c.apd, police, "HandoffReport").is_null(); }));
  const Json told = Counter::event(c.apd, police, "HandoffReport")["body"]["handoff_report"];
  CHECK(told["phase"] == "take");
  CHECK(told["at"] == taken["at"]);
  CHECK_FALSE(told.contains("condition"));
  CHECK_FALSE(told.contains("person"));
}

TEST_CASE("what is passed on is cut to its reader's view, and its labels decide") {
  Counter c;
  const std::string first = Counter::refer(c.apd, "stb"), labelled = Counter::refer(c.apd, "stb", {{"labels", {"hiv"}}});
  REQUIRE(c.reaches(c.apd, first, "received"));
  REQUIRE(c.reaches(c.apd, labelled, "received"));
  const std::string message = Counter::event(c.stb, first, "Referral")["message"],
                    secret = Counter::event(c.stb, labelled, "Referral")["message"];
  const std::string thread =
      Counter::ok(c.stb, {{"op", "forward"}, {"message", message}, {"to", "harbor"}, {"text", "for your intake"}})["thread"];
  REQUIRE(eventually([&] { return !Counter::event(c.harbor, thread, "SecureMessage").is_null(); }));
  const Json body = Counter::event(c.harbor, thread, "SecureMessage")["body"];
  const std::string forwards = body["forwards"];
  CHECK(base::uuid(*base::parse_uuid(forwards)) == message);
  CHECK(body["secure_message"]["text"] == "for your intake");
  const auto bytes = base::unbase64(body["secure_message"]["attachments"][0]["data"].get<std::string>());
  REQUIRE(bytes);
  CHECK(base::to_string(*bytes).find("Canaryworth") != std::string::npos);
  CHECK(base::to_string(*bytes).find("penicillin") == std::string::npos);  // view brief
  CHECK(Counter::refused(c.stb, {{"op", "forward"}, {"message", secret}, {"to", "harbor"}}, "L1") == "denied");
  CHECK(Counter::ok(c.stb, {{"op", "denials"}})["denials"][0]["code"] == "privacy");
  CHECK(Counter::refused(c.stb, {{"op", "forward"}, {"message", kNobody}, {"to", "harbor"}}, "message") == "not_found");
  CHECK(Counter::refused(c.stb, {{"op", "forward"}, {"message", message}, {"to", "nowhere"}}, "to") == "not_found");
}

TEST_CASE("a follow-up is recorded at its mark; a message that is taken back counts for nothing") {
  Counter c;
  const std::string thread = Counter::refer(c.apd, "harbor");
  REQUIRE(c.reaches(c.apd, thread, "received"));
  const Json said = {{"op", "follow_up"}, {"thread", thread}, {"mark", "FU24"}, {"result", "not_reached"}, {"attempts", 2}};
  Counter::ok(c.harbor, said);
  REQUIRE(eventually([&] { return !Counter::event(c.apd, thread, "FollowUp").is_null(); }));
  Json wrong = said;
  wrong["mark"] = "FU1";
  CHECK(Counter::refused(c.harbor, wrong, "mark") == "usage");
  wrong["mark"] = "FU24", wrong["result"] = "gone";
  CHECK(Counter::refused(c.harbor, wrong, "result") == "usage");
  wrong["thread"] = kNobody, wrong["result"] = "na";
  CHECK(Counter::refused(c.harbor, wrong, "thread") == "not_found");

  const Json cancelled = Counter::act(c.apd, thread, "cancel", {{"reason", "IMPROVED"}});
  REQUIRE(c.reaches(c.harbor, thread, "cancelled"));
  const Json retract = {{"op", "retract"}, {"message", cancelled["message"]}, {"reason", "wrong person"}};
  CHECK(Counter::refused(c.harbor, retract, "correction.target") == "denied");
  CHECK(Counter::refused(c.apd, {{"op", "retract"}, {"message", kNobody}, {"reason", "x"}}, "message") == "not_found");
  CHECK(Counter::refused(c.apd, {{"op", "retract"}, {"message", cancelled["message"]}, {"reason", ""}}, "reason") == "usage");
  Counter::ok(c.apd, retract);
  CHECK(c.reaches(c.harbor, thread, "received"));
  CHECK(c.reaches(c.apd, thread, "received"));
}

TEST_CASE("a file that came with a message is listed with its state and handed out in pieces") {
  Counter c;
  const std::string file(9u << 20, 'x');
  const Json sent = Counter::ok(c.stb, {{"op", "send"}, {"to", "harbor"}, {"purpose", "TREAT"}, {"body", {{"kind", "SecureMessage"}, {"authority_basis", "treatment"}, {"secure_message", {{"text", "see"}, {"attachments", {{{"title", "a.txt"}, {"media_type", "text/plain"}, {"data", base::base64(base::view(file))}}}}}}}}});
  const Json shown = Counter::event(c.stb, sent["thread"], "SecureMessage")["attachments"];
  REQUIRE(shown.size() == 1);
  CHECK(shown[0]["number"] == 1);
  CHECK(shown[0]["title"] == "a.txt");
  CHECK(shown[0]["size"] == file.size());
  REQUIRE(eventually([&] {
    const Json there = Counter::event(c.harbor, sent["thread"], "SecureMessage");
    return !there.is_null() && there["attachments"][0]["state"] == "here";
  }));
  REQUIRE(eventually([&] { return Counter::event(c.stb, sent["thread"], "SecureMessage")["attachments"][0]["state"] == "sent"; }));
  const Json first = Counter::ok(c.harbor, {{"op", "attachment.save"}, {"message", sent["message"]}, {"number", 1}});
  CHECK(first["size"] == file.size());
  CHECK(first["next"] == (8u << 20));
  const Json second = Counter::ok(c.harbor, {{"op", "attachment.save"}, {"message", sent["message"]}, {"number", 1}, {"from", first["next"]}});
  CHECK(second["next"].is_null());
  CHECK(base::unbase64(first["data"].get<std::string>())->size() + base::unbase64(second["data"].get<std::string>())->size() == file.size());
  CHECK(Counter::refused(c.stb, {{"op", "attachment.save"}, {"message", sent["message"]}, {"number", 2}}, "number") == "not_found");
  CHECK(Counter::refused(c.stb, {{"op", "attachment.save"}, {"message", kNobody}, {"number", 1}}, "message") == "not_found");
}

TEST_CASE("a coordinator's report counts loops, tells no name and no small number, and a published one is held against the next") {
  Counter c;
  const std::string thread = Counter::refer(c.stb, "harbor");
  REQUIRE(c.reaches(c.county, thread, "received"));
  const std::string year = base::rfc3339(c.hub.clock.now()).substr(0, 4);
  const Json list = Counter::ok(c.county, {{"op", "report.list"}});
  CHECK(list["reports"][0]["name"] == "quarterly");
  for (const bool publish : {true, false}) {
    const Json report = Counter::ok(c.county, {{"op", "report.run"}, {"name", "volume"}, {"by", "partner"}, {"period", year}, {"publish", publish}});
    CHECK(report["published"] == publish);
    CHECK(report["policy"]["version"] == 2);
    CHECK(report["tables"][0]["rows"].back()["cells"][0] == Json{{"value", nullptr}, {"shown", "1-10"}, {"suppressed", true}});
    CHECK_FALSE(holds(report, "Canaryworth"));
  }
  const Json days = Counter::ok(c.harbor, {{"op", "report.run"}, {"name", "acceptance"}, {"since", year + "-01-01"}, {"until", year + "-12-31"}});
  CHECK(days["period"] == year + "-01-01.." + year + "-12-30");
  CHECK(Counter::refused(c.county, {{"op", "report.run"}, {"name", "nonsense"}, {"period", year}}, "name") == "not_found");
  CHECK(Counter::refused(c.county, {{"op", "report.run"}, {"name", "volume"}, {"period", "soon"}}, "period") == "usage");
  const Json board = Counter::ok(c.county, {{"op", "board.show"}});
  CHECK(board["open"] == Json{{"all", 1}, {"emergent", 0}, {"urgent", 1}, {"routine", 0}});
  CHECK(board["age_level"][0]["level"][0] == 1);
  CHECK(board["by_day"].size() == 7);
}
