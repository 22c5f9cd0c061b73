// Somebody on the network between agents and hub: what they can read off a whole run, and what a recording is good for.
#include "tests/integration/evil/tap.h"

#include <algorithm>
#include <set>

#include "tests/integration/agent_kit.h"

namespace wire = schemas::wire;
using agent_kit::AgentProcess;
using agent_kit::Json;
using hub_kit::eventually;

namespace {

struct Tapped {
  hub_kit::World world{{"police"}, {}, "[hub]\nstartup_quiet_ms = 0\n"};
  evil::Tap tap{world.hub->endpoint()};
  agent_kit::Road road{tap.endpoint(), [](const std::string&, const std::string&) {}};
  AgentProcess mercy{world, "mercy", "hospital_ed", road}, harbor{world, "harbor", "crisis_center", road};
  Tapped() {
    REQUIRE(eventually([&] { return can(mercy, "harbor") && can(harbor, "mercy"); }));
  }
  static bool can(const AgentProcess& from, const std::string& to) {
    return from.ask({{"op", "can_send"}, {"to", to}, {"kind", "Referral"}}).value("allowed", false);
  }
  Json refer() const {
    Json r = {{"subject", {{"name", {{"family", "Canaryworth"}}}, {"dob", "1992"}}}, {"urgency", "urgent"}, {"source_ref", "REF-CANARY-77"}, {"authority_basis", "treatment"}};
    r["reasons"] = Json::array({{{"code", "SI"}}});
    r["service"] = {{"code", "CRISIS_EVAL"}};
    r["requester"] = {{"phone", "+1-555-0110"}};
    return mercy.must({{"op", "send"}, {"to", "harbor"}, {"body", {{"kind", "Referral"}, {"referral", r}}}});
  }
  static bool connected(const AgentProcess& at) { return at.must({{"op", "status"}}).at("hub").at("connected").get<bool>(); }
  static std::uint64_t log_size(const AgentProcess& at) { return at.must({{"op", "status"}}).at("hub").at("log_size").get<std::uint64_t>(); }
};

bool holds(base::View haystack, base::View needle) { return std::search(haystack.begin(), haystack.end(), needle.begin(), needle.end()) != haystack.end(); }

// Every 16 bytes in a row that say something: mostly zeros are in a greeting as well.
void add_windows(std::vector<std::pair<std::string, base::Bytes>>& needles, const std::string& name, base::View bytes) {
  for (std::size_t at = 0; at + 16 <= bytes.size(); at += 8) {
    const base::View window = bytes.subspan(at, 16);
    if (std::set<base::Byte>(window.begin(), window.end()).size() >= 6) needles.emplace_back(name, base::to_bytes(window));
  }
}

}  // namespace

TEST_CASE("a recording of a whole run holds no text, no name, no id and no header byte") {
  Tapped t;
  const Json sent = t.refer();
  const std::string thread = sent.at("thread"), message = sent.at("message");
  REQUIRE(eventually([&] { return t.mercy.phase(thread) == "received"; }));
  t.harbor.must({{"op", "inbox.act"}, {"thread", thread}, {"action", "accept"}, {"callback", "555-0100"}, {"name", "R. Canarynurse"}});
  REQUIRE(eventually([&] { return t.mercy.phase(thread) == "accepted"; }));

  base::Bytes all;
  std::size_t curve = 0;
  for (const evil::Tap::Session& s : t.tap.sessions()) {
    all.insert(all.end(), s.up.begin(), s.up.end());
    all.insert(all.end(), s.down.begin(), s.down.end());
    curve += holds(s.up, base::view("CURVE")) ? 1 : 0;  // the greeting is in the clear: the search finds what is there
  }
  CHECK(curve >= 2);
  CHECK(all.size() > 10'000);

  std::vector<std::pair<std::string, base::Bytes>> needles;
  for (const char* text : {"Canaryworth", "Canarynurse", "CANARY", "CRISIS_EVAL", "555-01", "mercy", "harbor", "hospital_ed", "crisis_center", "sfh.example.org", "sfh-cert/", "sfh-epoch/", "SFH1/batch", "SFH1/receipt", "handoff/"}) {
    needles.emplace_back(text, base::to_bytes(base::view(std::string(text))));
  }
  const auto id = [&](const std::string& name, std::string hex) {
    needles.emplace_back(name + " as text", base::to_bytes(base::view(hex)));
    std::erase(hex, '-');
    needles.emplace_back(name, *base::unhex(hex));
  };
  id("thread", thread);
  id("message", message);
  id("mercy's id", t.mercy.must({{"op", "status"}}).at("agent"));
  id("harbor's id", t.harbor.must({{"op", "status"}}).at("agent"));
  const Json bundle = t.harbor.must({{"op", "audit.prove"}, {"message", message}, {"disclose", true}}).at("bundle");
  std::size_t structures = 0;
  const std::function<void(const Json&, const std::string&)> walk = [&](const Json& j, const std::string& at) {
    if (j.is_object() || j.is_array()) {
      std::size_t n = 0;
      for (const Json& child : j) walk(child, at + "." + std::to_string(n++));
    } else if (j.is_string()) {
      const auto raw = base::unbase64(j.get<std::string>());
      const std::string text = j.get<std::string>();
      add_windows(needles, at, raw ? base::View(*raw) : base::view(text));
      structures += raw && raw->size() >= 112 ? 1 : 0;
    }
  };
  walk(bundle, "bundle");
  CHECK(structures >= 5);  // BST1, GRP1, HDR1, ciphertext, entries
  const crypto::Hash hub = t.world.c.anchor_values().hub_id();
  add_windows(needles, "hub_id", hub);
  CHECK(needles.size() > 200);
  for (const auto& [name, bytes] : needles) {
    if (holds(all, bytes)) FAIL_CHECK("on the wire: " << name);
  }
}

TEST_CASE("a recorded session that is played again, to the hub or to an agent, is worth nothing") {
  Tapped t;
  const std::string thread = t.refer().at("thread");
  REQUIRE(eventually([&] { return t.mercy.phase(thread) == "received"; }));
  auto kept = t.tap.sessions();
  std::erase_if(kept, [](const auto& s) { return s.down.size() < 2'000; });  // one that never came up
  REQUIRE(kept.size() >= 2);

  // To the hub: whole, byte for byte. A session that the hub takes for real answers WELCOME and READY, and then HELLO.
  auto police = t.world.line("police");
  REQUIRE(police.up());
  wire::LogGet q;
  q.what = wire::LogGet::What::kCheckpoint;
  const std::string before = police->log_get(q)->checkpoint;
  for (const auto& s : kept) {
    const base::Bytes answer = t.tap.play_up(s.up);
    CHECK(answer.size() < 512);  // its greeting, a WELCOME with a new cookie, and nothing after
  }
  CHECK(police->log_get(q)->checkpoint == before);
  CHECK(Tapped::connected(t.mercy));
  CHECK(Tapped::connected(t.harbor));

  // To the agents: they dial, and somebody who is not the hub says all that the hub once said.
  const auto longest = std::max_element(kept.begin(), kept.end(), [](const auto& a, const auto& b) { return a.down.size() < b.down.size(); });
  t.tap.play_down(longest->down);
  REQUIRE(eventually([&] { return !Tapped::connected(t.mercy) && !Tapped::connected(t.harbor); }));
  const std::uint64_t size = Tapped::log_size(t.harbor);
  const unsigned before_these = t.tap.played();
  REQUIRE(eventually([&] { return t.tap.played() >= before_these + 4; }));  // each of them has tried
  CHECK_FALSE(Tapped::connected(t.mercy));
  CHECK_FALSE(Tapped::connected(t.harbor));
  t.mercy.must({{"op", "send"}, {"thread", thread}, {"body", {{"kind", "SecureMessage"}, {"secure_message", {{"text", "meanwhile"}, {"author_role", "nurse"}}}}}});
  CHECK(t.harbor.count(thread) == 2);
  CHECK(Tapped::log_size(t.harbor) == size);
  t.tap.relay_again();
  CHECK(eventually([&] { return t.harbor.count(thread) == 3; }));
}
