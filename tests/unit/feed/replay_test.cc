// Quarantine, and the way in again.
#include "tests/unit/feed/kit.h"

using namespace rig;

namespace {

Json list(AgentBox& at, Json more = Json::object()) {
  more["op"] = "quarantine.list";
  return Counter::ok(at, more)["items"];
}
Json job(AgentBox& at, std::uint64_t id) {
  const Json all = Counter::ok(at, {{"op", "quarantine.replays"}});
  for (const Json& r : all["replays"]) {
    if (r["id"] == id) return r;
  }
  return {};
}
bool ends(AgentBox& at, std::uint64_t id) {
  return eventually([&] { return job(at, id).at("state") != "running"; });
}
// Referrals that were refused for a policy which has no place for them: `n` items that a better policy lets through.
void fill(Troupe& t, int n) {
  for (int i = 0; i < n; ++i) REQUIRE_FALSE(t.comes_in("stb", "harbor R-" + std::to_string(i) + " urgent hiv").ok());
  REQUIRE(Troupe::count(t.stb, keep::Table::kQuarantine) == static_cast<std::uint64_t>(n));
}
void mend_policy(Troupe& t) {
  t.hub.policy(ops_policy(3, "label_rule = [ {id=\"L1\", label=[\"hiv\"], to=[\"crisis_center\"], decision=\"deny\", cite=\"state law\", words=\"HIV status stays with the hospital.\"} ]", ""));
  for (AgentBox* box : {&t.stb, &t.harbor}) {
    REQUIRE(eventually([&] {
      (void)(*box)->office().replica.sync((*box)->hub());
      const auto desk = (*box)->office().desk();
      return desk.policy != nullptr && desk.policy->version == 3;
    }));
  }
}
constexpr std::uint64_t kFast = 60'000;

}  // namespace

TEST_CASE("quarantine: what cannot be mapped waits where an operator sees why") {
  Troupe t;
  t.start();
  REQUIRE_FALSE(t.comes_in("stb", "rubbish").ok());
  REQUIRE_FALSE(t.comes_in("stb", "harbor A sometimes").ok());
  const Json items = list(t.stb);
  REQUIRE(items.size() == 2);
  CHECK(items[1]["adapter"] == "feed");
  CHECK(items[1]["format"] == "line");
  CHECK(items[1]["why"] == "no line of this kind");
  CHECK(items[1]["where"] == "line 1: line:1");
  CHECK(items[1]["mend"] == "write TO REF");
  CHECK(items[1]["size"] == 7);
  CHECK(items[1].contains("age_s"));
  CHECK(items.dump().find("rubbish") == std::string::npos);  // no contents in a list
  const Json shown = Counter::ok(t.stb, {{"op", "quarantine.show"}, {"id", items[1]["id"]}});
  CHECK(base::to_string(*base::unbase64(shown["bytes"].get<std::string>())) == "rubbish");
  CHECK(list(t.stb, {{"reason_has", "urgency"}}).size() == 1);
  CHECK(list(t.stb, {{"adapter", "other"}}).empty());
  t.restart(t.stb);
  CHECK(list(t.stb).size() == 2);
}

TEST_CASE("replay is previewed, capped and can be stopped") {
  Troupe t;
  t.start();
  fill(t, 12);
  CHECK(Counter::refused(t.stb, {{"op", "quarantine.replay"}}, "ids") == "usage");
  const Json denied = Counter::ok(t.stb, {{"op", "quarantine.preview"}, {"all", true}});
  CHECK(denied["verdicts"] == Json({{"refused", 12}}));
  mend_policy(t);
  REQUIRE_FALSE(t.comes_in("stb", "rubbish").ok());
  const std::string before = Troupe::message_tables(t.stb);
  const Json seen = Counter::ok(t.stb, {{"op", "quarantine.preview"}, {"adapter", "feed"}});
  CHECK(seen["count"] == 13);
  CHECK(seen["verdicts"] == Json({{"refused", 1}, {"would_send", 12}}));
  CHECK(seen["destinations"] == Json({{"harbor", 12}}));
  CHECK(seen["stale"] == 0);
  CHECK(Troupe::message_tables(t.stb) == before);

  const std::uint64_t capped = Counter::ok(t.stb, {{"op", "quarantine.replay"}, {"adapter", "feed"}, {"limit", 4}, {"per_minute", kFast}})["replay"]["id"];
  REQUIRE(ends(t.stb, capped));
  CHECK(job(t.stb, capped)["sent"] == 4);
  CHECK(list(t.stb).size() == 9);
  const std::uint64_t slow = Counter::ok(t.stb, {{"op", "quarantine.replay"}, {"adapter", "feed"}, {"per_minute", 1}})["replay"]["id"];
  REQUIRE(eventually([&] { return job(t.stb, slow)["sent"] == 1; }));
  CHECK(Counter::ok(t.stb, {{"op", "quarantine.stop"}, {"id", slow}})["replay"]["state"] == "stopped");
  CHECK(job(t.stb, slow)["sent"] == 1);
  CHECK(job(t.stb, slow)["left"] == 8);
  CHECK(list(t.stb).size() == 8);
  const std::uint64_t rest = Counter::ok(t.stb, {{"op", "quarantine.replay"}, {"all", true}, {"per_minute", kFast}})["replay"]["id"];
  REQUIRE(ends(t.stb, rest));
  CHECK(job(t.stb, rest)["sent"] == 7);
  CHECK(job(t.stb, rest)["kept"] == 1);
  const Json left = list(t.stb);
  REQUIRE(left.size() == 1);
  CHECK(left[0]["why"] == "no line of this kind");
  const Json gone = Counter::ok(t.stb, {{"op", "quarantine.discard"}, {"ids", {left[0]["id"]}}, {"reason", "sent by fax"}})["replay"];
  CHECK(gone["state"] == "discarded");
  CHECK(gone["by"] == "okonjo");
  CHECK(job(t.stb, gone["id"])["reason"] == "sent by fax");
  CHECK(list(t.stb).empty());
}

TEST_CASE("a retry never floods") {
  Troupe t;
  t.start();
  fill(t, 30);
  mend_policy(t);
  t.hub.connection(t.stb.id(), false);
  const std::uint64_t id = Counter::ok(t.stb, {{"op", "quarantine.replay"}, {"all", true}, {"per_minute", kFast}, {"most_waiting", 5}})["replay"]["id"];
  REQUIRE(eventually([&] { return job(t.stb, id)["words"] == "the outbox holds enough for now"; }));
  CHECK(Troupe::waiting(t.stb) <= 6);  // a batch that was being sent when the line was cut may be among them
  CHECK(job(t.stb, id)["sent"].get<int>() <= 6);
  t.hub.connection(t.stb.id(), true);
  REQUIRE(ends(t.stb, id));
  CHECK(job(t.stb, id)["sent"] == 30);
}

TEST_CASE("a replay goes on after a restart, and what was in mid-flight is sent once") {
  Troupe t;
  t.start();
  fill(t, 6);
  mend_policy(t);
  // As a stop between the submission and its settlement leaves it: on its way already, and still in quarantine.
  const auto twice = t.comes_in("stb", "harbor R-0 urgent hiv");
  REQUIRE(twice.ok());
  const std::uint64_t id = Counter::ok(t.stb, {{"op", "quarantine.replay"}, {"all", true}, {"per_minute", 1}})["replay"]["id"];
  t.restart(t.stb);
  REQUIRE(eventually([&] { return job(t.stb, id)["sent"].get<int>() >= 1; }));
  t.hub.clock.ahead(10 * base::kMinute);
  (void)Counter::ok(t.stb, {{"op", "quarantine.stop"}, {"id", id}});
  const std::uint64_t rest = Counter::ok(t.stb, {{"op", "quarantine.replay"}, {"all", true}, {"per_minute", kFast}})["replay"]["id"];
  REQUIRE(ends(t.stb, rest));
  CHECK(list(t.stb).empty());
  CHECK(t.stb.messages(twice->thread_id).size() >= 1);
  const auto referrals = [&] {
    std::size_t n = 0;
    for (const std::string& s : t.said("harbor")) n += s == "R-0";
    return n;
  };
  REQUIRE(eventually([&] {
    std::size_t n = 0;
    for (const std::string& s : t.said("harbor")) n += s.starts_with("R-");
    return n == 6;
  }));
  CHECK(referrals() == 1);
}

TEST_CASE("while an adapter only rehearses, nothing leaves quarantine") {
  Troupe t;
  t.start();
  fill(t, 2);
  mend_policy(t);
  Troupe::mode(t.stb, "shadow");
  CHECK(Counter::refused(t.stb, {{"op", "quarantine.replay"}, {"all", true}}, "feed") == "conflict");
  Troupe::mode(t.stb, "shadow", {"CapacityUpdate"});  // referrals are in shadow still
  const std::uint64_t id = Counter::ok(t.stb, {{"op", "quarantine.replay"}, {"all", true}, {"per_minute", kFast}})["replay"]["id"];
  REQUIRE(ends(t.stb, id));
  CHECK(job(t.stb, id)["kept"] == 2);
  CHECK(list(t.stb).size() == 2);
}

TEST_CASE("an event that could not be handed out can be, once the other system is mended") {
  Troupe t;
  t.start();
  t.refuse("harbor", base::Error{base::Kind::kDenied, "the other system said no"});
  REQUIRE(t.comes_in("stb", "harbor R-1").ok());
  // The referral, and the agency's own word that it has it.
  REQUIRE(eventually([&] { return list(t.harbor, {{"reason_has", "the other system said no"}}).size() == 2; }));
  t.refuse("harbor", std::nullopt);
  const Json seen = Counter::ok(t.harbor, {{"op", "quarantine.preview"}, {"all", true}});
  CHECK(seen["items"][0]["verdict"] == "would_hand_out");
  CHECK(t.said("harbor").empty());
  const std::uint64_t id = Counter::ok(t.harbor, {{"op", "quarantine.replay"}, {"all", true}, {"per_minute", kFast}})["replay"]["id"];
  REQUIRE(ends(t.harbor, id));
  const auto said = t.said("harbor");
  CHECK(std::count(said.begin(), said.end(), "R-1") == 1);
  CHECK(list(t.harbor).empty());
}

TEST_CASE("one dead destination never starves another") {
  Troupe t;
  AgentBox river(t.hub, "river", "hospital_ed");  // in the directory, and never seen: it has no key to seal to
  t.hub.policy(ops_policy(4, "{id=\"county\",", "{id=\"river\", kind=\"hospital_ed\", name=\"River\"},\n {id=\"county\","));
  t.start();
  for (int i = 0; i < 20; ++i) {
    REQUIRE(t.comes_in("stb", "river D-" + std::to_string(i)).ok());
    REQUIRE(t.comes_in("stb", "harbor R-" + std::to_string(i)).ok());
  }
  const auto arrived = [&] {
    auto said = t.said("harbor");
    std::erase_if(said, [](const std::string& s) { return !s.starts_with("R-"); });
    return said.size();
  };
  CHECK(eventually([&] { return arrived() == 20; }));
  CHECK(Troupe::waiting(t.stb) >= 20);
  CHECK(Counter::ok(t.stb, {{"op", "status"}})["outbox"]["stopped"] == "");
}

TEST_CASE("order per thread survives restarts") {
  Troupe t;
  t.start();
  const auto opened = t.comes_in("stb", "harbor R-1");
  REQUIRE(opened.ok());
  std::vector<std::string> sent;
  for (int i = 0; i < 24; ++i) {
    sent.push_back("m" + std::to_string(i));
    REQUIRE(t.comes_in("stb", "say " + base::uuid(opened->thread_id) + " " + sent.back()).ok());
    if (i % 6 == 2) t.restart(t.harbor);
    if (i % 6 == 5) t.restart(t.stb);
  }
  const auto heard = [&] {
    auto said = t.said("harbor");
    std::erase_if(said, [](const std::string& s) { return !s.starts_with("m"); });
    return said;
  };
  REQUIRE(eventually([&] { return heard().size() >= sent.size(); }));
  auto once = heard();
  once.erase(std::unique(once.begin(), once.end()), once.end());  // an event that was being handed out at a stop may come again
  CHECK(once == sent);
}
