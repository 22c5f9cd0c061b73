// What coordinators, clinicians and compliance officers type about loops, consents, break-glass, capacity and handoffs: what is asked of
// the agent, what they see, and with which exit code a script goes on.
#include "tests/unit/cli/kit.h"

#include <doctest/doctest.h>

using namespace cli_kit;

namespace {

Json loop(std::uint64_t late_s) {
  Json overdue = Json::array();
  if (late_s != 0) overdue.push_back({{"name", "decide"}, {"at", "2026-10-05T14:00:00.000Z"}, {"late_s", late_s}});
  return {{"thread", kThread},        {"from", "apd"},
          {"to", "harbor"},           {"urgency", "urgent"},
          {"service", "CRISIS_EVAL"}, {"phase", "received"},
          {"loop", "open"},           {"esc_level", late_s != 0 ? 1 : 0},
          {"age_s", 17'000},          {"next", {{"name", "contact"}, {"at", "2026-10-05T18:00:00.000Z"}}},
          {"overdue", overdue},       {"test", false}};
}
Json sent() { return {{"ok", true}, {"thread", kThread}, {"message", kMessage}}; }

// One command: what it asks, and how it ends.
void asks(const std::vector<std::string>& words, const Json& answer, const Json& request, const std::string& shows, int code = 0) {
  Desk desk(answer);
  const Ran r = desk.handoff(words);
  CAPTURE(words[0] + " " + words[1] + ": " + r.err);
  CHECK(r.code == code);
  REQUIRE(desk.agent.requests().size() == 1);
  CHECK(desk.agent.requests()[0] == request);
  CHECK_MESSAGE(holds(r.out, shows), r.out);
  CHECK(widest_line(r.out) <= 100);
  std::vector<std::string> json = words;
  json.emplace_back("--json");
  CHECK(desk.handoff(json).json().is_object());
}

}  // namespace

TEST_CASE("loops: exit 1 and the word OVERDUE when something is late, 0 otherwise") {
  const Json late{{"ok", true}, {"loops", {loop(3700), loop(0)}}, {"more", false}},
      well{{"ok", true}, {"loops", {loop(0)}}, {"more", true}};
  asks({"loops", "--open"}, late, {{"op", "loops"}, {"open", true}, {"overdue", false}, {"limit", 100}}, "OVERDUE decide by 61 min", 1);
  asks({"loops", "--limit", "1"}, well, {{"op", "loops"}, {"open", false}, {"overdue", false}, {"limit", 1}},
       "next: contact at 2026-10-05T18:00:00Z");
  Desk desk(well);
  CHECK(holds(desk.handoff({"loops"}).out, "1 loop(s), 0 overdue; more: raise --limit"));
  CHECK(holds(desk.handoff({"loops"}).out, "urgent CRISIS_EVAL, 4 h old"));
  Desk none(Json{{"ok", true}, {"loops", Json::array()}, {"more", false}});
  CHECK(none.handoff({"loops", "--overdue"}).out == "nothing is overdue\n");
}

TEST_CASE("timers and notices say what happened, in whose name, and how to go on") {
  const Json timer{{"seq", 7},
                   {"thread", kThread},
                   {"name", "escalate:1"},
                   {"tell", "target.supervisor"},
                   {"did", "escalated to level 1, late by 5 min"},
                   {"at", "2026-10-05T14:00:00.000Z"}};
  asks({"timers", "--thread", kThread}, {{"ok", true}, {"timers", {timer}}, {"next", 7}},
       {{"op", "timers"}, {"limit", 100}, {"thread", kThread}}, "--after 7");
  const Json notice{{"seq", 3},
                    {"thread", kThread},
                    {"what", "handoff"},
                    {"tell", "on_call"},
                    {"words", "a warm handoff is offered"},
                    {"at", "2026-10-05T14:00:00.000Z"},
                    {"phone", true},
                    {"seen_by", ""},
                    {"seen", nullptr}};
  asks({"notices", "--unseen"}, {{"ok", true}, {"notices", {notice}}, {"next", nullptr}},
       {{"op", "notices"}, {"unseen", true}, {"limit", 100}}, "for on_call, by PHONE");
  Json seen = notice;
  seen["seen_by"] = "okonjo", seen["seen"] = "2026-10-05T14:01:00.000Z";
  asks({"notices", "--seen", "3"}, {{"ok", true}, {"notice", seen}}, {{"op", "notices.seen"}, {"seq", 3}}, "seen by okonjo");
}

TEST_CASE("reroute shows whom to ask next and why not, or asks") {
  const Json list{{"ok", true},
                  {"thread", kThread},
                  {"candidates",
                   {{{"agency", "stb"}, {"capacity", "has"}, {"allowed", true}, {"why", ""}},
                    {{"agency", "river"}, {"capacity", "unknown"}, {"allowed", false}, {"why", "Denied. L2: needs a consent."}}}}};
  asks({"reroute", kThread}, list, {{"op", "reroute.list"}, {"thread", kThread}}, "river  capacity unknown  MAY NOT BE ASKED");
  asks({"reroute", kThread, "--to", "stb"}, sent(), {{"op", "reroute"}, {"thread", kThread}, {"to", "stb"}}, "referred on to stb");
  Desk denied(Json{{"ok", false}, {"error", {{"kind", "denied"}, {"what", "no"}, {"where", "L2"}, {"mend", "ask for a consent"}}}});
  const Ran r = denied.handoff({"reroute", kThread, "--to", "river"});
  CHECK(r.code == 1);
  CHECK(holds(r.err, "mend: ask for a consent"));
}

TEST_CASE("a warm handoff from the terminal; whoever may not be told of a take is named") {
  asks({"handoff", "offer", "--to", "stb", "--place", "Bay 2", "--condition", "calm", "--weapons", "yes", "--basis", "emergency",
        "--hold-form", "M-1", "--hold-start", "2026-10-05"},
       {{"ok", true}, {"thread", kThread}, {"message", kMessage}, {"phase", "offer"}, {"at", "2026-10-05T14:00:00.000Z"}},
       {{"op", "handoff"},
        {"phase", "offer"},
        {"to", "stb"},
        {"place", "Bay 2"},
        {"condition", "calm"},
        {"weapons_screened", "yes"},
        {"basis", "emergency"},
        {"hold", {{"form", "M-1"}, {"start", "2026-10-05T00:00:00.000Z"}}}},
       "you stay responsible until the other side takes");
  asks({"handoff", "take", kThread, "--role", "clinician_rn", "--differs", "awake", "--tell", kMessage},
       {{"ok", true},
        {"thread", kThread},
        {"message", kMessage},
        {"at", "2026-10-05T14:00:00.000Z"},
        {"told", {{{"thread", kMessage}, {"ok", false}, {"why", "F2: no"}}}}},
       {{"op", "handoff"},
        {"phase", "take"},
        {"thread", kThread},
        {"role", "clinician_rn"},
        {"disagreements", "awake"},
        {"tell", {kMessage}}},
       "NOT TOLD: thread");
  asks({"handoff", "refuse", kThread, "--reason", "no bed"},
       {{"ok", true}, {"thread", kThread}, {"message", kMessage}, {"at", "2026-10-05T14:00:00.000Z"}},
       {{"op", "handoff"}, {"phase", "refuse"}, {"thread", kThread}, {"reason", "no bed"}}, "stays where it was");
  Desk desk(sent());
  CHECK(holds(desk.handoff({"handoff", "offer"}).err, "--to"));
  CHECK(desk.handoff({"handoff", "take", kThread, "--tell", "x"}).code == 2);
  CHECK(desk.handoff({"handoff", "offer", "--to", "stb", "--basis", "because"}).code == 2);
  CHECK(desk.agent.requests().empty());
}

TEST_CASE("forward, follow-up, retract") {
  asks({"forward", kMessage, "--to", "river", "--text", "for you"}, sent(),
       {{"op", "forward"}, {"message", kMessage}, {"to", "river"}, {"text", "for you"}}, "passed on to river");
  asks({"inbox", "follow-up", kThread, "--mark", "FU24", "--result", "not_reached", "--attempts", "2"}, sent(),
       {{"op", "follow_up"}, {"thread", kThread}, {"mark", "FU24"}, {"result", "not_reached"}, {"attempts", 2}},
       "FU24 is recorded as not_reached");
  asks({"inbox", "retract", kMessage, "--reason", "wrong person"}, sent(),
       {{"op", "retract"}, {"message", kMessage}, {"reason", "wrong person"}}, "taken back");
}

TEST_CASE("an unknown code is answered with the codes there are, in words, and nothing is sent") {
  Desk desk(sent());
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong{
      {{"inbox", "decline", kThread, "--reason", "full"}, "CAP_NO_BED (No bed)"},
      {{"inbox", "cancel", kThread, "--reason", "changed"}, "IMPROVED"},
      {{"inbox", "complete", kThread, "--outcome", "well"}, "ADMITTED"},
      {{"inbox", "follow-up", kThread, "--mark", "FU1", "--result", "na"}, "FU72"},
      {{"capacity", "set", "--service", "CSU_BED", "--state", "lots"}, "waitlist (Waiting list)"},
      {{"capacity", "ask", "--to", "h", "--service", "bed"}, "CSU_BED"},
      {{"btg", "open", kMessage, "--reason", "CURIOUS", "--text", "x"}, "LIFE_THREAT"}};
  for (const auto& [words, known] : wrong) {
    const Ran r = desk.handoff(words);
    CAPTURE(words[1]);
    CHECK(r.code == 2);
    CHECK_MESSAGE(holds(r.err, known), r.err);
    CHECK(widest_line(r.err) <= 100);
  }
  CHECK(desk.agent.requests().empty());
  CHECK(desk.handoff({"inbox", "decline", kThread, "--reason", "x-no-van"}).code == 0);  // a local code
}

TEST_CASE("capacity: a table in which an old word is called stale") {
  const Json row{{"agency", "harbor"},
                 {"service", "CSU_BED"},
                 {"state", "has"},
                 {"count", 3},
                 {"as_of", "2026-10-05T14:00:00.000Z"},
                 {"ttl_minutes", 60},
                 {"stale", true},
                 {"accepts", "adults"},
                 {"phone", "+1-555-0142"}};
  asks({"capacity", "list", "--service", "CSU_BED"}, {{"ok", true}, {"capacity", {row}}}, {{"op", "capacity.list"}, {"service", "CSU_BED"}},
       "STALE");
  asks({"capacity", "set", "--service", "CSU_BED", "--state", "has", "--count", "3", "--minutes", "30"}, sent(),
       {{"op", "capacity.set"}, {"service", "CSU_BED"}, {"state", "has"}, {"count", 3}, {"ttl_minutes", 30}}, "will be told");
  asks({"capacity", "ask", "--to", "harbor", "--service", "CSU_BED", "--age-band", "adult", "--urgency", "urgent"}, sent(),
       {{"op", "capacity.ask"}, {"to", "harbor"}, {"service", "CSU_BED"}, {"age_band", "adult"}, {"urgency", "urgent"}},
       "asked; the answer comes into thread");
}

TEST_CASE("consents: the report is a finding while one ends within 30 days") {
  Json row{{"id", "C-1"},
           {"state", "expires_soon"},
           {"discloser", "river"},
           {"recipients", {"stb", "kind:ems"}},
           {"scope", {"part2"}},
           {"purposes", {"TREAT"}},
           {"granted_at", "2026-01-01T00:00:00.000Z"},
           {"expires", "2026-10-15T00:00:00.000Z"},
           {"expires_event", ""},
           {"revoked_at", nullptr}};
  asks({"consent", "report"}, {{"ok", true}, {"consents", {row}}}, {{"op", "consent.list"}}, "1 in force, 1 of them end within 30 days", 1);
  asks({"consent", "list"}, {{"ok", true}, {"consents", {row}}}, {{"op", "consent.list"}, {"names", false}}, "stb, kind:ems");
  row["state"] = "revoked", row["revoked_at"] = "2026-09-01T00:00:00.000Z";
  asks({"consent", "report"}, {{"ok", true}, {"consents", {row}}}, {{"op", "consent.list"}}, "REVOKED");
  row["subject"] = {{"name", {{"family", "Quillfeather"}, {"given", "Jordan"}}}};
  asks({"consent", "list", "--names"}, {{"ok", true}, {"consents", {row}}}, {{"op", "consent.list"}, {"names", true}},
       "Quillfeather, Jordan");
  asks({"consent", "show", "C-1"}, {{"ok", true}, {"state", "active"}, {"consent", row}}, {{"op", "consent.show"}, {"id", "C-1"}},
       "subject.name.family: Quillfeather");
  asks({"consent", "revoke", "C-1"}, {{"ok", true}, {"id", "C-1"}, {"state", "revoked"}, {"revoked_at", "2026-09-01T00:00:00.000Z"}},
       {{"op", "consent.revoke"}, {"id", "C-1"}}, "revoked since");
  Desk desk(Json{{"ok", true}, {"id", "C-1"}, {"state", "active"}});
  CHECK(holds(desk.handoff({"consent", "add", "-"}, R"({"id":"C-1"})").out, "recorded: consent C-1"));
  CHECK(desk.agent.requests().at(0) == Json{{"op", "consent.add"}, {"consent", {{"id", "C-1"}}}});
  const Ran broken = desk.handoff({"consent", "add", "-"}, "{\"subject\": Quillfeather");
  CHECK(broken.code == 2);
  CHECK_FALSE(holds(broken.err, "Quillfeather"));
}

TEST_CASE("break-glass: an overdue review is a finding") {
  Json use{{"id", kMessage},
           {"thread", kThread},
           {"message", kMessage},
           {"by", "harbor"},
           {"reason", "LIFE_THREAT"},
           {"person", "okonjo"},
           {"role", "clinician_rn"},
           {"at", "2026-10-05T14:00:00.000Z"},
           {"until", "2026-10-05T14:30:00.000Z"},
           {"review_due", "2026-10-07T14:00:00.000Z"},
           {"overdue", true},
           {"reviewed", nullptr},
           {"reviewed_by", ""},
           {"finding", ""}};
  asks({"btg", "list", "--unreviewed"}, {{"ok", true}, {"uses", {use}}}, {{"op", "btg.list"}, {"unreviewed", true}, {"names", false}},
       "REVIEW OVERDUE since 2026-10-07T14:00:00Z", 1);
  use["overdue"] = false, use["reviewed"] = "2026-10-06T09:00:00.000Z", use["reviewed_by"] = "privacy", use["finding"] = "justified";
  asks({"btg", "list", "--names"}, {{"ok", true}, {"uses", {use}}}, {{"op", "btg.list"}, {"unreviewed", false}, {"names", true}},
       "justified, reviewed by privacy");
  asks({"btg", "open", kMessage, "--reason", "LIFE_THREAT", "--text", "not breathing"},
       {{"ok", true},
        {"id", kMessage},
        {"thread", kThread},
        {"until", "2026-10-05T14:30:00.000Z"},
        {"review_due", "2026-10-07T14:00:00.000Z"}},
       {{"op", "btg.open"}, {"message", kMessage}, {"reason", "LIFE_THREAT"}, {"text", "not breathing"}},
       "shown until 2026-10-05T14:30:00Z");
  asks({"btg", "review", kMessage, "--finding", "justified"},
       {{"ok", true}, {"id", kMessage}, {"finding", "justified"}, {"reviewed_by", "privacy"}},
       {{"op", "btg.review"}, {"id", kMessage}, {"finding", "justified"}}, "reviewed by privacy: justified");
}

TEST_CASE("denials are counted by rule, or told one by one") {
  const Json one{{"seq", 9},
                 {"at", "2026-10-05T14:00:00.000Z"},
                 {"incoming", false},
                 {"from", "stb"},
                 {"to", "apd"},
                 {"thread", nullptr},
                 {"message", nullptr},
                 {"kind", "SecureMessage"},
                 {"rule", "S-P2-LE"},
                 {"code", "privacy"},
                 {"words", "Records of substance use treatment do not go to police."},
                 {"person", "okonjo"}};
  Json two = one;
  two["seq"] = 8;
  const Json answer{{"ok", true}, {"denials", {one, two}}, {"next", nullptr}};
  asks({"audit", "denials", "--week"}, answer, {{"op", "denials"}, {"limit", 1000}, {"days", 7}}, "#9");
  Desk desk(answer);
  CHECK(holds(desk.handoff({"audit", "denials"}).out, "2 denial(s)"));
  CHECK(holds(desk.handoff({"audit", "denials", "--each", "--since", "2026-10-01"}).out, "do not go to police."));
}

TEST_CASE("show says who is responsible, what is late, by which rule a message went, and what break-glass opened until when") {
  const Json decision{{"version", 14}, {"rules", {"F3", "L2"}}, {"view", "brief"}, {"withheld", {"referral.notes"}}, {"refused", false}};
  Json event{{"message", kMessage},
             {"kind", "BreakGlass"},
             {"from", "stb"},
             {"outgoing", true},
             {"at", "2026-10-05T14:00:00.000Z"},
             {"state", "sent"},
             {"entered_at", "2026-10-05T14:20:00.000Z"},
             {"marks",
              {{"state", "seen"},
               {"sent", "2026-10-05T14:20:01.000Z"},
               {"delivered", "2026-10-05T14:20:02.000Z"},
               {"seen", "2026-10-05T14:25:00.000Z"},
               {"acted", nullptr},
               {"due", "2026-10-05T18:00:00.000Z"}}},
             {"decision", decision},
             {"opened", {{"until", "2026-10-05T14:30:00.000Z"}, {"closed", false}, {"body", {{"referral", {{"notes", {"penicillin"}}}}}}}}};
  Json show{{"ok", true},
            {"thread", kThread},
            {"phase", "received"},
            {"loop", "open"},
            {"requester", true},
            {"other", "harbor"},
            {"escalation", 2},
            {"responsible", "stb"},
            {"deadlines", {{{"name", "decide"}, {"at", "2026-10-05T14:00:00.000Z"}, {"overdue", true}, {"late_s", 600}, {"phone", true}}}},
            {"events", {event}}};
  asks({"inbox", "show", kThread}, show, {{"op", "inbox.show"}, {"thread", kThread}},
       "Due    decide at 2026-10-05T14:00:00Z, OVERDUE by 10 min; by phone as well");
  Desk desk(show);
  const std::string out = desk.handoff({"inbox", "show", kThread}).out;
  CHECK(holds(out, "Level  2"));
  CHECK(holds(out, "sent 2026-10-05T14:20:01Z, delivered 2026-10-05T14:20:02Z"));
  CHECK(holds(out, "seen 2026-10-05T14:25:00Z"));
  CHECK(holds(out, "WRITTEN ON PAPER, typed in at 2026-10-05T14:20:00Z"));
  CHECK(holds(out, "With   stb"));
  CHECK(holds(out, "policy 14 by F3, L2, view brief"));
  CHECK(holds(out, "withheld from the other side: referral.notes"));
  CHECK(holds(out, "OPENED BY BREAK-GLASS until 2026-10-05T14:30:00Z"));
  CHECK(holds(out, "penicillin"));
}

TEST_CASE("status tells of late loops, unseen notices and a policy that is not here") {
  Desk desk(Json{{"ok", true},
                 {"agency", "stb"},
                 {"policy", {{"version", 2}, {"stale", "it has not arrived"}}},
                 {"facts", {{"waiting", 3}, {"age_ms", 600'000}}},
                 {"notices", {{"unseen", 4}}},
                 {"loops", {{"open", 5}, {"overdue", 1}}}});
  const std::string out = desk.handoff({"status"}).out;
  CHECK(holds(out, "version 2, STALE: it has not arrived"));
  CHECK(holds(out, "3 loop facts wait, oldest 10 min"));
  CHECK(holds(out, "5 open, 1 OVERDUE"));
  CHECK(holds(out, "4 unseen"));
}

TEST_CASE("an answer without its list is no answer") {
  Desk desk(Json{{"ok", true}});
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{{"loops"},
                                                                                     {"timers"},
                                                                                     {"notices"},
                                                                                     {"capacity", "list"},
                                                                                     {"consent", "list"},
                                                                                     {"btg", "list"},
                                                                                     {"audit", "denials"},
                                                                                     {"reroute", kThread}}) {
    CHECK(desk.handoff(words).code == 2);
  }
}

TEST_CASE("matches: what waits, one of them, and each answer to it") {
  const Json candidate{{"thread", kThread}, {"score", 80}, {"why", "name, dob"}, {"other", "harbor"}, {"requester", false}, {"phase", "received"}};
  const Json row{{"id", 7},
                 {"at", "2026-10-05T14:00:00.000Z"},
                 {"adapter", "st-brigid"},
                 {"kind", "EncounterNotification"},
                 {"state", "waiting"},
                 {"thread", nullptr},
                 {"person", ""},
                 {"reason", ""},
                 {"decided", nullptr},
                 {"candidates", {candidate}}};
  asks({"matches", "list"}, {{"ok", true}, {"matches", {row}}, {"next", nullptr}}, {{"op", "match.list"}, {"waiting", true}, {"limit", 100}},
       "agree: name, dob");
  Json shown = row;
  shown["ok"] = true, shown["who"] = {{"name", {{"family", "Canaryworth"}, {"given", "Ana"}}}, {"dob", "1992-03-14"}};
  shown["candidates"][0]["subject"] = {{"name", {{"family", "Canaryworth"}}}};
  asks({"matches", "show", "7"}, shown, {{"op", "match.show"}, {"id", 7}}, "about Ana Canaryworth, 1992-03-14");
  asks({"matches", "dismiss", "7", "--reason", "no"}, {{"ok", true}, {"id", 7}}, {{"op", "match.dismiss"}, {"id", 7}, {"reason", "no"}}, "dismissed");
  asks({"matches", "undo", "7", "--reason", "another"}, {{"ok", true}, {"id", 7}, {"retracted", {kMessage, kThread}}},
       {{"op", "match.undo"}, {"id", 7}, {"reason", "another"}}, "2 message(s) taken back");
  asks({"matches", "confirm", "7", "--thread", kThread}, {{"ok", true}, {"thread", kThread}, {"message", kMessage}, {"with", Json::array()}},
       {{"op", "match.confirm"}, {"id", 7}, {"thread", kThread}}, "sent into that thread");
  Desk partly(Json{{"ok", true}, {"thread", kThread}, {"message", kMessage}, {"with", {{{"id", 8}, {"ok", false}, {"why", "F2: no"}}}}});
  const Ran r = partly.handoff({"matches", "confirm", "7", "--thread", kThread});
  CHECK(r.code == 1);
  CHECK(holds(r.out, "#8 of the same visit STILL WAITS: F2: no"));
}
