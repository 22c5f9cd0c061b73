// Plugins as the agent meets them: one that behaves, and one for each way not to. Real processes (tests/kit/sim/puppet.py).
#include "adapters/foreign/foreign.h"
#include "adapters/foreign/words.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/unit/adapters_fake_host.h"
#include "tests/unit/schemas_samples.h"

#include <doctest/doctest.h>

using namespace adapters;
using base::Kind;
namespace fs = std::filesystem;

namespace {

struct Stage {
  fake::Host host;
  std::string folder;
  std::unique_ptr<agent::Adapter> adapter;

  explicit Stage(const std::string& fault = "", const std::string& more = "") {
    std::string pattern = (fs::temp_directory_path() / "handoff-plugin-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    folder = pattern;
    const std::string script = std::string(HANDOFF_SOURCE_DIR) + "/tests/kit/sim/puppet.py";
    const auto config = schemas::Config::parse("command = [\"python3\", \"" + script + "\", \"--in\", \"" + folder + "\", \"--fault\", \"" + fault +
                                               "\"]\nrestart_ms = 1\nhealth_ms = 20\n" + more);
    REQUIRE(config.ok());
    auto made = foreign::plugin().make(*config, "beds");
    REQUIRE_MESSAGE(made.ok(), made.error().message());
    adapter = std::move(made).value();
    REQUIRE(adapter->start(host).ok());
  }
  ~Stage() {
    adapter->stop();
    adapter.reset();
    fs::remove_all(folder);
  }
  template <class F>
  bool eventually(F done) {
    for (int i = 0; i < 4000; ++i) {
      if (done()) return true;
      ::usleep(5000);
    }
    return false;
  }
  bool runs() {
    return eventually([&] { return adapter->health().ok; });
  }
  // As the supervisor does: a busy one is asked again.
  base::Status deliver(std::size_t n = 0) {
    base::Status s = base::Error{Kind::kBusy, ""};
    for (int i = 0; i < 2000 && !s.ok() && s.error().kind == Kind::kBusy; ++i) {
      s = adapter->deliver(delivery(n));
      if (!s.ok()) ::usleep(2000);
    }
    return s;
  }
  static agent::Delivery delivery(std::size_t n = 0) {
    agent::Delivery d;
    d.msg_id = fake::Host::id(n), d.thread_id = fake::Host::id(n + 50);
    d.kind = schemas::MsgKind::kMessage;
    d.from = "harbor", d.to = "stb", d.received = {1791208924000};
    d.body.payload = schemas::SecureMessage{"Canaryworth is here", "clinician", "", {}};
    return d;
  }
  void drop(const std::string& name) const { std::ofstream(folder + "/" + name) << "x"; }
};

}  // namespace

TEST_CASE("a plugin takes what is delivered and tells how it is") {
  Stage s;
  REQUIRE(s.runs());
  for (std::size_t i = 0; i < 20; ++i) CHECK(s.adapter->deliver(Stage::delivery(i)).ok());
  CHECK(s.adapter->health().delivered == 20);
  CHECK(s.eventually([&] { return s.adapter->health().words == "20 seen"; }));
  CHECK(s.adapter->take_again("bed", base::view("bytes")).error().kind == Kind::kUnsupported);
  auto own = Stage::delivery();
  own.outgoing = true;
  CHECK(s.adapter->deliver(own).error().kind == Kind::kUnsupported);
}

TEST_CASE("what a plugin submits is submitted once, under keys that are its own") {
  Stage s;
  s.host.refuse_with(base::Error{Kind::kBusy, "the outbox is full"});
  s.drop("a.bed");
  s.drop("b.bed");
  REQUIRE(s.runs());
  CHECK(s.host.count() == 0);
  s.host.refuse_with(std::nullopt);
  CHECK(s.eventually([&] { return s.host.count() == 2 && fs::is_empty(s.folder); }));
  CHECK(s.host.submitted[0].dedupe_key.starts_with("plugin:beds:"));
  CHECK(std::get<schemas::Capacity>(s.host.submitted[0].body.payload).count == 3);
  CHECK(s.host.submitted[0].purpose == schemas::Purpose::kCapacity);
  CHECK(s.adapter->health().accepted == 2);
  s.host.refuse_with(base::Error{Kind::kDenied, "rule F9"});
  s.drop("c.bed");
  CHECK(s.eventually([&] { return s.adapter->health().refused == 1; }));
}

TEST_CASE("verdicts are the plugin's; a failure is final whatever it says") {
  CHECK(Stage("busy").adapter->deliver(Stage::delivery()).error().kind == Kind::kBusy);
  Stage s("fails");
  const auto failed = s.deliver();
  CHECK(failed.error().kind == Kind::kDenied);
  CHECK(failed.error().where == "body.kind");
  CHECK(s.adapter->health().failed == 1);
  Stage picky("picky");
  REQUIRE(picky.runs());
  CHECK(picky.deliver().error().kind == Kind::kUnsupported);
}

TEST_CASE("a plugin that dies, writes garbage or too much, or answers twice is ended, started again, and its delivery given up in the end") {
  for (const auto& [fault, words] : {std::pair{"dies", "exit code 3"}, {"garbage", "none of the protocol's"}, {"huge", "longer than"}}) {
    CAPTURE(fault);
    Stage s(fault);
    const auto verdict = s.deliver();
    REQUIRE_FALSE(verdict.ok());
    CHECK(verdict.error().kind == Kind::kMalformed);
    CHECK(verdict.error().what.find("ended 5 times") != std::string::npos);
    CHECK(s.eventually([&] { return s.host.said_anything(words); }));
    CHECK_FALSE(s.host.said_anything("Canaryworth"));
    CHECK(s.runs());  // and goes on with what comes next
  }
  Stage twice("twice");
  CHECK(twice.deliver().ok());
  CHECK(twice.eventually([&] { return twice.host.said_anything("answered what was not asked"); }));
}

TEST_CASE("one that hangs, eats memory or floods is ended; deliveries wait meanwhile") {
  for (const auto& [fault, words] : {std::pair{"hangs", "did not answer in time (deliver)"}, {"silent", "did not say hello"}, {"no_health", "did not answer in time (health)"},
                                     {"flood", "did not answer in time (deliver)"}}) {
    CAPTURE(fault);
    Stage s(fault, "timeout_s = 1\nhello_s = 1\n");
    if (std::string(fault) != "silent") REQUIRE(s.runs());
    const bool taken = s.adapter->deliver(Stage::delivery()).ok();
    CHECK((!taken || std::string(fault) == "no_health"));
    CHECK(s.eventually([&] { return s.host.said_anything(words); }));
  }
  Stage memory("memory", "memory_mb = 300\n");
  CHECK(memory.deliver().error().what.find("5 times") != std::string::npos);
  CHECK(memory.host.said_anything("lines on its standard error, which are not kept"));
}

TEST_CASE("standard error is counted and never read") {
  Stage s("stderr");
  CHECK(s.deliver().ok());
  s.adapter->stop();
  CHECK_FALSE(s.host.said_anything("Canaryworth"));
}

TEST_CASE("another version, and a program that is not there") {
  Stage version("version");
  CHECK(version.eventually([&] { return version.host.said_anything("another version"); }));
  CHECK_FALSE(version.adapter->health().ok);
  const auto config = schemas::Config::parse("command = [\"no-such-program\"]\n");
  const auto made = foreign::plugin().make(*config, "x");
  REQUIRE(made.ok());
  fake::Host host;
  REQUIRE((*made)->start(host).ok());
  (*made)->stop();
  for (const char* bad : {"", "command = []\n", "command = [\"x\"]\nmemory_mb = -1\n", "command = [\"x\"]\ntimeout_s = 0\n", "command = [\"x\"]\nsurprise = 1\n"})
    CHECK_FALSE(foreign::plugin().make(*schemas::Config::parse(bad), "x").ok());
}

TEST_CASE("what a plugin starts does not outlive it") {
  Stage s("fork");
  CHECK(s.eventually([&] { return s.host.said_anything("forked"); }));
  s.adapter->stop();  // returns although a grandchild holds the pipes
}

TEST_CASE("a plugin may ask, and quarantine; an answer that fails says why") {
  Stage s("asks");
  s.host.names["Harborlight"] = "harbor";
  CHECK(s.deliver().ok());
  CHECK(s.eventually([&] { return s.host.said_anything("\"slug\": \"harbor\""); }));
  CHECK(s.eventually([&] { return s.host.said_anything("nothing of that name"); }));
  CHECK(s.eventually([&] { return s.host.quarantined.size() == 1; }));
  CHECK(s.host.quarantined[0].bytes == std::string("\0\1\2", 3));
  CHECK(s.host.quarantined[0].why.where == "line 1");
}

TEST_CASE("values travel both ways and stay the same") {
  agent::Delivery d = Stage::delivery();
  d.body = samples::referral();
  d.opening = std::make_shared<schemas::Body>(samples::message());
  d.opening_from = "apd", d.loop.phase = schemas::Phase::kAccepted, d.loop.refused = {{fake::Host::id(3), "late"}};
  const auto j = foreign::delivery_json(d);
  const auto back = foreign::delivery_from(j);
  REQUIRE_MESSAGE(back.ok(), back.error().message());
  CHECK(foreign::delivery_json(*back) == j);
  CHECK(back->loop.refused.at(0).why == "late");
  CHECK(std::get<schemas::Referral>(back->body.payload).attachments.at(0).data.empty());  // by its digest
  CHECK(foreign::submission_from(schemas::Json::object()).error().where == "dedupe_key");
  for (const char* bad : {"", "x", "[]", "{}", "{\"op\":1}", "{\"op\":\"\"}", "{\"op\":\"say\"} x"}) CHECK_FALSE(foreign::read_line(bad).ok());
}
