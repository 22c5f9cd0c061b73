// People are told of what waits, between whole agents and a real gateway on loopback: nobody without an account, nothing with content, each
// way in its turn, and nobody twice.
#include "tests/unit/notify/kit.h"

using namespace notify_kit;

TEST_CASE("who is on call gets words without content; opening the thread ends it, and all of it is on record") {
  Desk d;
  const auto nurse = person(d.harbor, "m.okafor", {"clinician"}, "+1-555-0163");
  done(d.harbor, nurse, "channels.add", {{"kind", "webhook"}, {"address", "sms"}, {"label", "phone"}});
  done(d.harbor, nurse, "oncall.take", {{"list", "on_call"}});
  const std::string thread = Counter::refer(d.stb, "harbor", {{"urgency", "emergent"}, {"location_now", "Canary Street"}});
  REQUIRE(d.came(1));
  const std::string said = d.sms.got()[0];
  const Json body = Json::parse(said.substr(said.find("\n\n") + 2));
  CHECK(body["text"] == "New emergent item. Open to view.");
  CHECK(body["to"] == "+1-555-0163");
  CHECK(body["waiting"] == 1);
  for (const char* canary : {"Canary", "Brigid", "stb", "CRISIS_EVAL", "named a plan"}) CHECK_MESSAGE(said.find(canary) == std::string::npos, canary);
  CHECK(eventually([&] { return !d.told(nurse, "referral").empty() && d.told(nurse, "referral")[0]["state"] == "accepted"; }));
  done(d.harbor, nurse, "inbox.show", {{"thread", thread}});
  CHECK(d.told(nurse, "referral")[0]["state"] == "opened");
  CHECK(d.told(nurse, "referral")[0]["login"] == "m.okafor");
}

TEST_CASE("what nobody opens goes to the next way, then to the next person, and is not said twice on one") {
  Desk d;
  const auto nurse = person(d.harbor, "m.okafor", {"clinician"}, "+1-555-0163"), chief = person(d.harbor, "s.holt", {"supervisor"}, "+1-555-0164");
  for (const auto& who : {nurse, chief}) done(d.harbor, who, "channels.add", {{"kind", "webhook"}, {"address", "sms"}});
  done(d.harbor, nurse, "oncall.take", {{"list", "on_call"}});
  done(d.harbor, chief, "oncall.take", {{"list", "supervisor"}});
  (void)Counter::refer(d.stb, "harbor", {{"urgency", "emergent"}});
  REQUIRE(d.came(1));
  CHECK(d.sms.got()[0].find("555-0163") != std::string::npos);
  REQUIRE(eventually([&] { return !d.told(nurse, "referral").empty() && d.told(nurse, "referral")[0]["state"] == "accepted"; }));
  d.harbor.stop();  // a restart in between tells nobody again
  d.harbor.start();
  d.hub.clock.ahead(2 * base::kMinute + base::kSecond);
  d.harbor->notifier().wake();
  REQUIRE(eventually([&] {
    const auto got = d.sms.got();
    return std::ranges::any_of(got, [](const std::string& s) { return s.find("555-0164") != std::string::npos; });
  }));
  std::size_t first = 0;
  for (const std::string& s : d.sms.got()) first += s.find("555-0163") != std::string::npos && s.find("New emergent") != std::string::npos;
  CHECK(first == 1);
}

TEST_CASE("a push worker's question: counts for who is signed in, nothing for anybody else, and no id can be guessed") {
  Desk d;
  const auto nurse = person(d.harbor, "m.okafor", {"clinician"}, "+1-555-0163");
  done(d.harbor, nurse, "channels.add", {{"kind", "webhook"}, {"address", "sms"}});
  (void)Counter::refer(d.stb, "harbor", {{"urgency", "urgent"}});
  REQUIRE(d.came(1));
  for (const char* id : {"", "nonsense", "00000000000000000000000000000000"}) {
    const auto r = adapters::agent::notify::wake(d.harbor->office(), id, true);
    CHECK(r.status == 204);
    CHECK(r.body.empty());
  }
}

TEST_CASE("lists and channels: one's own, checked, and kept from who may not") {
  Desk d;
  const auto nurse = person(d.harbor, "m.okafor", {"clinician"}, ""), it = person(d.harbor, "i.tran", {"it_admin"}, "");
  Json out;
  CHECK_FALSE(perform(d.harbor, nurse, "channels.list", {{"login", "i.tran"}}, out).ok());
  CHECK_FALSE(perform(d.harbor, nurse, "oncall.set", {{"list", "on_call"}, {"always", {"m.okafor"}}}, out).ok());
  CHECK_FALSE(perform(d.harbor, it, "oncall.set", {{"list", "on_call"}, {"always", {"nobody"}}}, out).ok());
  CHECK_FALSE(perform(d.harbor, it, "oncall.set", {{"list", "everybody"}}, out).ok());
  CHECK_FALSE(perform(d.harbor, nurse, "channels.add", {{"kind", "push"}, {"address", "http://127.0.0.1:9/x"}, {"p256dh", "x"}, {"auth", "y"}}, out).ok());
  CHECK_FALSE(perform(d.harbor, nurse, "channels.add", {{"kind", "webhook"}, {"address", "none"}}, out).ok());
  CHECK_FALSE(perform(d.harbor, nurse, "oncall.take", {{"list", "on_call"}, {"until", "2020-01-01T00:00:00Z"}}, out).ok());
  done(d.harbor, it, "oncall.set", {{"list", "on_call"}, {"always", {"m.okafor"}}, {"phone", "+1-555-0142"}});
  done(d.harbor, nurse, "oncall.take", {{"list", "on_call"}});
  CHECK_FALSE(perform(d.harbor, it, "oncall.hand_over", {{"list", "on_call"}, {"to", "m.okafor"}}, out).ok());
  done(d.harbor, nurse, "oncall.hand_over", {{"list", "on_call"}, {"to", "i.tran"}});
  const Json lists = done(d.harbor, nurse, "oncall.show", Json::object())["lists"];
  CHECK(lists[0]["now"].size() == 1);
  CHECK(lists[0]["now"][0]["login"] == "i.tran");
  CHECK(lists[0]["phone"] == "+1-555-0142");
}
