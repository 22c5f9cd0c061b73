// handoff inbox watch, oncall, notify: what is asked of the agent, what is printed, and how it ends.
#include <atomic>

#include "tests/unit/cli/kit.h"

#include <doctest/doctest.h>  // last

using namespace cli_kit;

namespace {

std::vector<std::string> one(const Json& answer) { return {answer.dump()}; }

Json notice(unsigned seq, const char* urgency) {
  return {{"seq", seq}, {"at", "2026-10-05T14:00:00.000Z"}, {"tell", "on_call"}, {"urgency", urgency}, {"short", std::string("New ") + urgency + " item. Open to view."},
          {"words", "Alder Police asks for CRISIS_EVAL"}, {"thread", kThread}};
}
// The newest first, as the agent lists them.
Json notices(std::initializer_list<Json> list) { return {{"ok", true}, {"notices", list}, {"next", nullptr}}; }

}  // namespace

TEST_CASE("watch prints a line and a bell for each new notice, once, with nothing of its content") {
  std::atomic<int> looks = 0;
  Desk desk(FakeAgent::Answer([&](const Json&) {
    if (looks++ == 0) return one(notices({notice(7, "urgent")}));
    return one(notices({notice(9, "emergent"), notice(8, "routine"), notice(7, "urgent")}));
  }));
  const Ran r = desk.handoff({"inbox", "watch", "--every", "1", "--notices", "3"});
  CHECK(r.code == 0);
  CHECK(r.out ==
        "2026-10-05T14:00:00Z  New urgent item. Open to view.  (for on_call)\n\a"
        "2026-10-05T14:00:00Z  New routine item. Open to view.  (for on_call)\n\a"
        "2026-10-05T14:00:00Z  New emergent item. Open to view.  (for on_call)\n\a\a\a");
  CHECK(desk.agent.requests()[0] == Json{{"op", "notices"}, {"unseen", true}, {"limit", 200}});

  const Ran quiet = desk.handoff({"inbox", "watch", "--notices", "1", "--quiet"});
  CHECK_FALSE(holds(quiet.out, "\a"));
  const Ran json = desk.handoff({"inbox", "watch", "--notices", "1", "--json"});
  CHECK(json.json()["words"] == "New urgent item. Open to view.");
  CHECK_FALSE(holds(json.out, "CRISIS_EVAL"));
}

TEST_CASE("watch goes on when the agent is away, says so, and ends when the session does") {
  std::atomic<int> looks = 0;
  Desk desk(FakeAgent::Answer([&](const Json&) -> std::vector<std::string> {
    const int n = looks++;
    if (n == 0) return one(notices({}));
    if (n == 1) return {};
    if (n == 2) return one(notices({notice(1, "urgent")}));
    return one({{"ok", false}, {"error", {{"kind", "denied"}, {"what", "nobody is signed in"}, {"where", "session"}, {"mend", "handoff login"}}}});
  }));
  const Ran r = desk.handoff({"inbox", "watch", "--every", "1"});
  CHECK(r.code == 1);
  CHECK(holds(r.out, "New urgent item"));
  CHECK(r.err.find("the agent does not answer") < r.err.find("the agent is back"));
  CHECK(holds(r.err, "handoff login"));
  CHECK(desk.handoff({"inbox", "watch", "--every", "0"}).code == 2);
}

TEST_CASE("a list's shifts are said in lines, and what is not said stays") {
  Desk desk(Json{{"ok", true}, {"rota", {{"list", "on_call"}, {"now", {{{"login", "m.okafor"}, {"name", "M. Okafor"}, {"until", nullptr}, {"phone", "+1-555-0163"}}}}, {"shifts", Json::array()}, {"always", Json::array()}, {"phone", ""}}}});
  const Ran r = desk.handoff({"oncall", "set", "on_call", "--shift", "m.okafor 2026-10-05T07:00:00Z 2026-10-05T19:00:00Z", "--shift", "s.holt 2026-10-05T19:00:00Z", "--always", "s.holt"});
  CHECK(r.code == 0);
  CHECK(holds(r.out, "now   M. Okafor (m.okafor) with no end  +1-555-0163"));
  CHECK(desk.handoff({"oncall", "take", "on_call", "--until", "2026-10-05"}).code == 0);
  CHECK(desk.handoff({"oncall", "hand-over", "on_call", "--to", "s.holt"}).code == 0);
  CHECK(desk.handoff({"oncall", "set", "on_call"}).code == 2);
  CHECK(desk.handoff({"oncall", "set", "on_call", "--shift", "m.okafor"}).code == 2);
  const auto asked = desk.agent.requests();
  REQUIRE(asked.size() == 3);
  CHECK(asked[0] == Json{{"op", "oncall.set"}, {"list", "on_call"}, {"always", {"s.holt"}},
                         {"shifts", {{{"login", "m.okafor"}, {"from", "2026-10-05T07:00:00Z"}, {"until", "2026-10-05T19:00:00Z"}}, {{"login", "s.holt"}, {"from", "2026-10-05T19:00:00Z"}}}}});
  CHECK(asked[1]["until"] == "2026-10-05T00:00:00.000Z");
  CHECK(asked[2] == Json{{"op", "oncall.hand_over"}, {"list", "on_call"}, {"to", "s.holt"}});
}

TEST_CASE("a way that does not take the test message is a finding") {
  Desk desk(FakeAgent::Answer([](const Json& in) {
    if (in["op"] == "channels.test") return one({{"ok", true}, {"tested", {{{"id", 1}, {"kind", "email"}, {"label", ""}, {"state", "accepted"}, {"why", ""}}, {{"id", 2}, {"kind", "webhook"}, {"label", "desk"}, {"state", "failed"}, {"why", "the webhook sms answered 500"}}}}});
    if (in["op"] == "channels.list") return one({{"ok", true}, {"channels", {{{"id", 2}, {"kind", "webhook"}, {"label", "desk"}, {"off", true}, {"address", "sms"}}}}});
    return one({{"ok", true}, {"id", 2}});
  }));
  const Ran tested = desk.handoff({"notify", "test"});
  CHECK(tested.code == 1);
  CHECK(holds(tested.out, "webhook desk: failed, the webhook sms answered 500"));
  CHECK(holds(desk.handoff({"notify", "list"}).out, "GONE"));
  CHECK(desk.handoff({"notify", "add", "--webhook", "sms", "--label", "desk"}).code == 0);
  CHECK(desk.handoff({"notify", "add"}).code == 2);
  CHECK(desk.handoff({"notify", "remove", "2", "--login", "m.okafor"}).code == 0);
  const auto asked = desk.agent.requests();
  CHECK(asked[2] == Json{{"op", "channels.add"}, {"kind", "webhook"}, {"address", "sms"}, {"label", "desk"}});
  CHECK(asked.back() == Json{{"op", "channels.remove"}, {"login", "m.okafor"}, {"id", 2}});
}
