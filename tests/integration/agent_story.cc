// The referral story with real processes: told once in peace, and again while hub and agents are killed.
#include <signal.h>

#include <fstream>
#include <set>

#include "tests/integration/agent_kit.h"

using namespace agent_kit;
using hub_kit::eventually;

namespace {

const char* const kHub = "[hub]\nstartup_quiet_ms = 0\n";

struct County {
  hub_kit::World world{{"police"}, {}, kHub};
  AgentProcess mercy{world, "mercy", "hospital_ed"}, harbor{world, "harbor", "crisis_center"};
  County() {
    REQUIRE(eventually([&] { return can(mercy, "harbor") && can(harbor, "mercy"); }));
  }
  static bool can(const AgentProcess& from, const std::string& to) {
    const Json a = from.ask({{"op", "can_send"}, {"to", to}, {"kind", "Referral"}});
    return a.value("allowed", false);
  }
};

Json referral(const std::string& ref) {
  Json r = {{"subject", {{"name", {{"family", "Canaryworth"}}}, {"dob", "1992"}}}, {"urgency", "urgent"}, {"source_ref", ref}, {"authority_basis", "treatment"}};
  r["reasons"] = Json::array({{{"code", "SI"}}});
  r["service"] = {{"code", "CRISIS_EVAL"}};
  r["requester"] = {{"phone", "+1-555-0110"}};
  return {{"op", "send"}, {"to", "harbor"}, {"dedupe_key", ref}, {"body", {{"kind", "Referral"}, {"referral", r}}}};
}

Json note(const std::string& thread, const std::string& text) {
  return {{"op", "send"}, {"thread", thread}, {"dedupe_key", text}, {"body", {{"kind", "SecureMessage"}, {"secure_message", {{"text", text}, {"author_role", "nurse"}}}}}};
}

// Every text once, in order.
void check_texts(const AgentProcess& at, const std::string& thread, int n) {
  int next = 0;
  const Json shown = at.must({{"op", "inbox.show"}, {"thread", thread}});
  for (const Json& e : shown.at("events")) {
    if (e.at("kind") != "SecureMessage") continue;
    CHECK(e.at("body").at("secure_message").at("text") == "note " + std::to_string(next));
    ++next;
  }
  CHECK(next == n);
}

}  // namespace

TEST_CASE("a referral crosses the hub, is accepted, and both sides and the log tell the same story") {
  County c;
  const Json sent = c.mercy.must(referral("R-1"));
  const std::string thread = sent.at("thread");
  CHECK(c.mercy.must(referral("R-1")).at("repeat") == true);
  REQUIRE(eventually([&] { return c.mercy.phase(thread) == "received"; }));
  CHECK(c.harbor.ask({{"op", "inbox.act"}, {"thread", thread}, {"action", "accept"}}).at("error").at("where") == "callback");
  c.harbor.must({{"op", "inbox.act"}, {"thread", thread}, {"action", "accept"}, {"callback", "555-0100"}, {"name", "R. Nurse"}});
  REQUIRE(eventually([&] { return c.mercy.phase(thread) == "accepted"; }));
  CHECK(c.harbor.phase(thread) == "accepted");
  CHECK(c.mercy.ask({{"op", "inbox.act"}, {"thread", thread}, {"action", "accept"}}).at("ok") == false);

  const Json trail = c.mercy.must({{"op", "audit.trail"}, {"thread", thread}});
  REQUIRE(trail.at("rows").size() == 3);
  for (const Json& row : trail.at("rows")) CHECK(row.at("proof") == "ok");
  CHECK(trail.at("rows")[0].at("from") == "mercy");
  CHECK(trail.at("rows")[1].at("kind") == "StatusUpdate");
  const Json verified = c.harbor.must({{"op", "audit.verify"}});
  CHECK(verified.at("holds") == true);
  CHECK(verified.at("entries").get<std::uint64_t>() >= 8);
  const Json since = c.harbor.must({{"op", "audit.verify"}, {"since", verified.at("entries")}, {"since_root", verified.at("root")}});
  CHECK(since.at("holds") == true);
  CHECK(since.at("since") == verified.at("entries"));
  const Json other = c.harbor.must({{"op", "audit.verify"}, {"since", 5}, {"since_root", verified.at("root")}});  // not the root of five entries
  CHECK(other.at("holds") == false);
  CHECK(other.at("first_bad").at("index") == 4);
  CHECK(c.harbor.must({{"op", "audit.verify"}, {"since", 1'000'000}}).at("holds") == false);  // it would have become shorter
  CHECK(c.harbor.must({{"op", "audit.verify"}, {"since_time", "2020-01-01T00:00:00Z"}}).at("holds") == true);

  const Json proof = c.harbor.must({{"op", "audit.prove"}, {"message", sent.at("message")}, {"disclose", true}});
  CHECK(proof.at("bundle").at("format") == "handoff-proof/v1");
  CHECK(proof.at("bundle").at("message").contains("key"));
  CHECK(proof.at("bundle").contains("receipt"));
  CHECK(c.mercy.ask({{"op", "audit.prove"}, {"message", sent.at("message")}, {"disclose", true}}).at("ok") == false);
  CHECK(c.mercy.must({{"op", "audit.prove"}, {"message", sent.at("message")}}).at("bundle").contains("accept"));

  const Json list = c.harbor.must({{"op", "inbox.list"}, {"open", true}});
  REQUIRE(list.at("threads").size() == 1);
  CHECK(list.at("threads")[0].at("subject") == "Canaryworth");
  CHECK(c.harbor.must({{"op", "status"}}).at("alarms").empty());
  CHECK(c.mercy.end(SIGTERM) == 0);
}

TEST_CASE("a request that makes no sense is answered, and the next one is served") {
  County c;
  CHECK(c.mercy.ask({{"op", "nonsense"}}).at("error").at("kind") == "unsupported");
  CHECK(c.mercy.ask(Json::array()).at("error").at("kind") == "malformed");
  CHECK(c.mercy.ask({{"op", "inbox.show"}, {"thread", 7}}).at("error").at("where") == "thread");
  CHECK(c.mercy.ask({{"op", "send"}, {"to", "harbor"}, {"body", {{"kind", "Referral"}, {"referral", {{"urgency", 3}}}}}}).at("ok") == false);
  CHECK(c.mercy.ask({{"op", "message"}, {"message", std::string(32, '0')}}).at("error").at("kind") == "not_found");
  c.mercy.must({{"op", "backup"}, {"dir", c.world.dir.path("copy")}});
  c.mercy.must({{"op", "directory"}});
}

TEST_CASE("the hub dies and comes back: what was accepted while it was away arrives, once and in order") {
  County c;
  const std::string thread = c.mercy.must(referral("R-1")).at("thread");
  REQUIRE(eventually([&] { return c.mercy.phase(thread) == "received"; }));
  constexpr int kNotes = 30;
  for (int i = 0; i < kNotes; ++i) {
    if (i == 10) CHECK(c.world.hub->end(SIGKILL) == 128 + SIGKILL);
    if (i == 20) c.world.start();
    c.mercy.must(note(thread, "note " + std::to_string(i)));
  }
  REQUIRE(eventually([&] { return c.harbor.count(thread) == 2 + kNotes; }));
  check_texts(c.harbor, thread, kNotes);
}

TEST_CASE("agents die in mid-flight and come back: nothing acknowledged is lost, nothing is applied twice") {
  County c;
  const std::string thread = c.mercy.must(referral("R-1")).at("thread");
  REQUIRE(eventually([&] { return c.mercy.phase(thread) == "received"; }));
  constexpr int kNotes = 40;
  for (int i = 0; i < kNotes; ++i) {
    c.mercy.must(note(thread, "note " + std::to_string(i)));
    if (i % 10 == 4) {
      CHECK(c.mercy.end(SIGKILL) == 128 + SIGKILL);
      c.mercy.start();
    }
    if (i % 10 == 8) {
      CHECK(c.harbor.end(SIGKILL) == 128 + SIGKILL);
      c.harbor.start();
    }
  }
  REQUIRE(eventually([&] { return c.harbor.count(thread) == 2 + kNotes; }));
  check_texts(c.harbor, thread, kNotes);
  REQUIRE(eventually([&] {
    const Json shown = c.mercy.must({{"op", "inbox.show"}, {"thread", thread}});
    for (const Json& e : shown.at("events")) {
      if (e.at("outgoing").get<bool>() && e.at("state") != "delivered" && e.at("state") != "read") return false;
    }
    return true;
  }));
}
