// The behavioral health adapter between a host and its two folders.
#include "adapters/behavioral/behavioral.h"

#include <unistd.h>

#include <filesystem>

#include "adapters/transport/files.h"
#include "tests/kit/watch.h"
#include "tests/unit/adapters_fake_host.h"

#include <doctest/doctest.h>

using namespace adapters;
namespace fs = std::filesystem;

namespace {

struct Centre {
  std::string root;
  fake::Host host;
  std::unique_ptr<agent::Adapter> adapter;

  Centre() {
    std::string pattern = (fs::temp_directory_path() / "handoff-centre-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    root = pattern;
    host.own = "hcc", host.kind = "crisis_center";
    host.known.push_back({fake::Host::id(0), "stb", false, {}});
    host.known[0].loop.phase = schemas::Phase::kReceived;
    const auto config = schemas::Config::parse("out = \"" + root + "/out\"\nin = \"" + root + "/in\"\ncallback = \"555-0142\"\n");
    auto made = behavioral::behavioral_folder().make(*config, "harborlight");
    REQUIRE_MESSAGE(made.ok(), made.error().message());
    adapter = std::move(made).value();
    REQUIRE(adapter->start(host).ok());
  }
  ~Centre() {
    adapter->stop();
    fs::remove_all(root);
  }
  void drop(const std::string& name, const std::string& bytes) const { REQUIRE(transport::write_file(root + "/in", name, bytes).ok()); }
  [[nodiscard]] bool has(const std::string& name) const { return fs::exists(root + "/" + name); }
  [[nodiscard]] std::string read(const std::string& name) const { return transport::read_file(root + "/" + name, 1 << 20).value(); }
  [[nodiscard]] bool eventually(const std::string& name) const {
    return kit::after_changes(fs::path(root + "/" + name).parent_path(), [&] { return has(name); });
  }
};

std::string task(const std::string& status, const base::Id& thread = fake::Host::id(0)) {
  return R"({"resourceType":"Task","intent":"order","identifier":[{"system":"urn:ietf:rfc:3986","value":"urn:uuid:)" + base::uuid(thread) +
         R"("}],"status":")" + status + "\"}";
}

agent::Delivery referral() {
  agent::Delivery d;
  d.kind = schemas::MsgKind::kReferral;
  d.msg_id = fake::Host::id(3), d.thread_id = fake::Host::id(0);
  d.from = "stb", d.from_kind = "hospital_ed", d.to = "hcc", d.opening_from = "stb", d.opening_to = "hcc", d.received = {1791208924000};
  schemas::Referral r;
  r.subject.name.family = "Testcase";
  d.body.payload = r;
  return d;
}

}  // namespace

TEST_CASE("a referral appears as a whole Bundle, and a retry writes the same file") {
  Centre c;
  CHECK(c.adapter->deliver(referral()).ok());
  const std::string name = "out/" + base::uuid(fake::Host::id(0)) + ".referral.json";
  const std::string first = c.read(name);
  CHECK(first.find("\"Testcase\"") != std::string::npos);
  CHECK(c.adapter->deliver(referral()).ok());
  CHECK(c.read(name) == first);
  CHECK(std::distance(fs::directory_iterator(c.root + "/out"), fs::directory_iterator()) == 1);
}

TEST_CASE("a Task dropped in is the answer") {
  Centre c;
  c.drop("answer.json", task("accepted"));
  CHECK(c.eventually("in/done/answer.json"));
  REQUIRE(c.host.count() == 1);
  const auto& s = c.host.submitted[0];
  CHECK(s.to == "stb");
  CHECK(s.thread == fake::Host::id(0));
  const auto& u = std::get<schemas::StatusUpdate>(s.body.payload);
  CHECK(u.status == "accepted");
  CHECK(u.callback == "555-0142");
  CHECK(u.at == c.host.now());
  CHECK(base::text(s.body.source.bytes) == task("accepted"));
}

TEST_CASE("bad JSON, a half-written file, an unknown Task, an illegal move and a duplicate go to quarantine, each with its reason") {
  Centre c;
  c.drop("bad.json", "{not json}");
  c.drop("half.json", task("accepted").substr(0, 40));
  c.drop("stranger.json", task("accepted", fake::Host::id(5)));
  CHECK(c.eventually("in/quarantine/bad.json.reason.txt"));
  CHECK(c.eventually("in/quarantine/half.json.reason.txt"));
  CHECK(c.eventually("in/quarantine/stranger.json.reason.txt"));
  CHECK(c.read("in/quarantine/stranger.json.reason.txt").find("Task.identifier: no referral here has this Task") == 0);
  c.drop("one.json", task("accepted"));
  CHECK(c.eventually("in/done/one.json"));
  c.drop("two.json", task("accepted"));
  CHECK(c.eventually("in/quarantine/two.json.reason.txt"));
  c.host.refuse = base::Error{base::Kind::kDenied, "from accepted to rejected is not a move of the target"};
  c.drop("illegal.json", R"({"resourceType":"Task","id":")" + base::uuid(fake::Host::id(0)) + R"(","status":"on-hold"})");
  CHECK(c.eventually("in/quarantine/illegal.json.reason.txt"));
  CHECK(c.read("in/quarantine/illegal.json.reason.txt") == "from accepted to rejected is not a move of the target\n");
  CHECK(c.host.count() == 1);
  CHECK(c.adapter->health().refused == 5);
}

TEST_CASE("a Task that only says received changes nothing, because the agent has said so itself") {
  Centre c;
  c.drop("received.json", task("received"));
  CHECK(c.eventually("in/done/received.json"));
  CHECK(c.host.count() == 0);
}

TEST_CASE("a later status of the other side is written as a Task of its own") {
  Centre c;
  auto d = referral();
  d.kind = schemas::MsgKind::kStatus;
  schemas::StatusUpdate u;
  u.status = "cancelled", u.reason = "IMPROVED";
  d.body.payload = u;
  CHECK(c.adapter->deliver(d).ok());
  CHECK(c.read("out/" + base::uuid(d.thread_id) + ".status-" + base::uuid(d.msg_id) + ".json").find("\"cancelled\"") != std::string::npos);
}

TEST_CASE("own messages and other kinds are not for the folder; a refused event is not written") {
  Centre c;
  auto own = referral();
  own.outgoing = true;
  CHECK(c.adapter->deliver(own).error().kind == base::Kind::kUnsupported);
  auto note = referral();
  note.body.payload = schemas::SecureMessage{};
  CHECK(c.adapter->deliver(note).error().kind == base::Kind::kUnsupported);
  auto refused = referral();
  refused.loop.refused.push_back({refused.msg_id, "late"});
  CHECK(c.adapter->deliver(refused).error().kind == base::Kind::kStale);
  CHECK(fs::is_empty(c.root + "/out"));
}

TEST_CASE("an output folder that cannot be written makes the host try again") {
  Centre c;
  fs::remove_all(c.root + "/out");
  CHECK(c.adapter->deliver(referral()).error().kind == base::Kind::kBusy);
  CHECK_FALSE(c.adapter->health().ok);
  fs::create_directory(c.root + "/out");
  CHECK(c.adapter->deliver(referral()).ok());
  CHECK(c.adapter->health().ok);
}

TEST_CASE("a configuration error names its key") {
  for (const char* bad :
       {"out = \"a\"", "out = \"a\"\nin = \"a\"", "out = \"a\"\nin = \"b\"\nrescan_ms = 0", "out = \"a\"\nin = \"b\"\nwhere = 1"})
    CHECK_FALSE(behavioral::behavioral_folder().make(schemas::Config::parse(bad).value(), "x").ok());
}
