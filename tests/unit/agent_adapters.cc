// Adapters under the supervisor: one that hangs, throws or is busy is its own trouble alone.
#include <sys/stat.h>

#include <condition_variable>
#include <fstream>

#include "tests/unit/agent_rig.h"

using namespace rig;

namespace {

// What the fake adapters of one test share with it.
struct Stage {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::string> said;      // "name:thread-letter"
  std::map<std::string, int> busy;    // name -> refuse so often
  int starts = 0;
  bool release = false;               // hanging adapters may go
};
// A thread that was left behind keeps its stage alive.
std::mutex current_mutex;
std::shared_ptr<Stage> current;
std::shared_ptr<Stage> current_stage(std::shared_ptr<Stage> next = nullptr) {
  const std::lock_guard lock(current_mutex);
  if (next) current = std::move(next);
  return current;
}

// The agency's own events come by too (the `received` its agent sends): each kind has its own word.
std::string words_of(const schemas::Body& body) {
  if (const auto* m = std::get_if<schemas::SecureMessage>(&body.payload))
    return m->text + (m->attachments.empty() ? "" : "+" + std::to_string(m->attachments[0].data.size()));
  return std::holds_alternative<schemas::Referral>(body.payload) ? "referral" : "status";
}

class Puppet final : public agent::Adapter {
 public:
  explicit Puppet(std::string name) : name_(std::move(name)), stage_(current_stage()) {}
  base::Status start(agent::Host&) override {
    const std::lock_guard lock(stage_->mutex);
    ++stage_->starts;
    return {};
  }
  base::Status deliver(const agent::Delivery& d) override {
    std::unique_lock lock(stage_->mutex);
    const std::string words = words_of(d.body);
    if (name_ == "hangs") stage_->changed.wait(lock, [this] { return stage_->release; });
    if (name_ == "throws" && words == "bad" && stage_->busy["throws"]++ == 0) throw std::runtime_error("no");
    if (name_ == "picky" && words == "a1" && stage_->busy["picky"]-- > 0) return base::Error{base::Kind::kBusy, "later"};
    stage_->said.push_back(name_ + ":" + words);
    stage_->changed.notify_all();
    return {};
  }
  void stop() override {}
  [[nodiscard]] agent::Health health() const override { return {}; }

 private:
  std::string name_;
  std::shared_ptr<Stage> stage_;
};

base::Result<std::unique_ptr<agent::Adapter>> make_puppet(const schemas::Config&, const std::string& name) { return std::unique_ptr<agent::Adapter>(new Puppet(name)); }

std::vector<agent::AdapterSettings> settings(const std::vector<std::string>& names) {
  std::vector<agent::AdapterSettings> out;
  for (const std::string& n : names) out.push_back({"puppet", n, {}, base::kDay});
  return out;
}

struct Play {
  std::shared_ptr<Stage> shared = current_stage(std::make_shared<Stage>());
  Stage& own = *shared;
  FakeHub hub;
  AgentBox mercy{hub, "mercy", "hospital_ed"};
  AgentBox harbor;
  explicit Play(const std::vector<std::string>& adapters, const std::function<void(agent::Settings&)>& adjust = {})
      : harbor(hub, "harbor", "crisis_center", settings(adapters), {{"puppet", make_puppet}}) {
    harbor.adjust = adjust;
    mercy.start();
    harbor.start();
    REQUIRE(eventually([&] {
      (void)mercy->office().replica.sync(mercy->hub());
      const bool may_write = mercy->office().desk().stale.empty() && harbor->office().desk().stale.empty();
      return may_write && mercy->office().replica.directory().usable_epoch(harbor.id(), hub.clock.now()) != nullptr;
    }));
  }
  ~Play() {
    {
      const std::lock_guard lock(own.mutex);
      own.release = true;
      own.changed.notify_all();
    }
    harbor.stop();
  }
  std::size_t count(const std::string& words) {
    const std::lock_guard lock(own.mutex);
    return static_cast<std::size_t>(std::count(own.said.begin(), own.said.end(), words));
  }
  std::size_t place(const std::string& words) {
    const std::lock_guard lock(own.mutex);
    return static_cast<std::size_t>(std::find(own.said.begin(), own.said.end(), words) - own.said.begin());
  }
};

}  // namespace

TEST_CASE("what the virus scan refuses inside a message reaches no system of ours, and its words do") {
  TempDir dir;
  const std::string path = dir.path() + "/scan";
  std::ofstream(path) << "#!/bin/sh\nif grep -q EVIL; then exit 1; fi; exit 0\n";
  REQUIRE(::chmod(path.c_str(), 0700) == 0);
  Play p({"works"}, [&](agent::Settings& s) { s.scan = {path}; });
  const auto sent = p.mercy.refer("harbor");
  REQUIRE(sent.ok());
  const auto letter = [&](const std::string& text, const std::string& file) {
    agent::Submission s;
    s.to = "harbor", s.thread = sent->thread_id;
    s.body.payload = schemas::SecureMessage{.text = text, .author_role = "clinician", .author_name = {}, .attachments = {{.media_type = "text/plain", .title = "a", .sha256 = {}, .data = base::to_bytes(file)}}};
    s.body.authority_basis = "treatment";
    return p.mercy->host().submit(std::move(s));
  };
  REQUIRE(letter("good", "a letter").ok());
  REQUIRE(letter("bad", "an EVIL letter").ok());
  CHECK(eventually([&] { return p.count("works:good+8") == 1 && p.count("works:bad+0") == 1; }));
}

TEST_CASE("an adapter that hangs delays neither another nor the stop") {
  Play p({"hangs", "works"});
  REQUIRE(p.mercy.refer("harbor").ok());
  CHECK(eventually([&] { return p.count("works:referral") == 1; }));
  p.harbor->supervisor().stop(50);
  CHECK(p.count("hangs:referral") == 0);
}

TEST_CASE("an adapter that throws is started anew and handed the event again") {
  Play p({"throws"});
  const auto sent = p.mercy.refer("harbor");
  REQUIRE(p.mercy.say(sent->thread_id, "bad").ok());
  CHECK(eventually([&] { return p.count("throws:bad") == 1; }));
  const std::lock_guard lock(p.own.mutex);
  CHECK(p.own.starts == 2);
}

TEST_CASE("a busy adapter is asked again, in order within the thread, while other threads go on") {
  Play p({"picky"});
  p.own.busy["picky"] = 1;
  const auto a = p.mercy.refer("harbor", "A"), b = p.mercy.refer("harbor", "B");
  REQUIRE(p.mercy.say(a->thread_id, "a1").ok());
  REQUIRE(p.mercy.say(a->thread_id, "a2").ok());
  REQUIRE(p.mercy.say(b->thread_id, "b1").ok());
  REQUIRE(eventually([&] { return p.count("picky:a2") == 1; }));
  CHECK(p.count("picky:a1") == 1);
  CHECK(p.place("picky:b1") < p.place("picky:a1"));
  CHECK(p.place("picky:a1") < p.place("picky:a2"));
}

TEST_CASE("what an adapter has taken it is not handed again after a restart") {
  Play p({"works"});
  REQUIRE(p.mercy.refer("harbor").ok());
  REQUIRE(eventually([&] {
    const auto all = p.harbor->supervisor().status();
    return p.count("works:referral") >= 1 && all[0].queue == 0;
  }));
  p.harbor.stop();
  p.harbor.start();
  const auto again = p.mercy.refer("harbor", "R-2");
  REQUIRE(eventually([&] { return p.count("works:referral") == 2; }));
}

TEST_CASE("what waits behind a busy adapter comes in its order after a restart") {
  Play p({"picky"});
  p.own.busy["picky"] = 1000;
  const auto a = p.mercy.refer("harbor", "A"), b = p.mercy.refer("harbor", "B");
  REQUIRE(p.mercy.say(a->thread_id, "a1").ok());
  REQUIRE(p.mercy.say(a->thread_id, "a2").ok());
  REQUIRE(p.mercy.say(b->thread_id, "b1").ok());
  REQUIRE(eventually([&] { return p.count("picky:b1") == 1; }));
  p.harbor.stop();
  CHECK(p.count("picky:a1") + p.count("picky:a2") == 0);
  {
    const std::lock_guard lock(p.own.mutex);
    p.own.busy["picky"] = 0;
  }
  p.harbor.start();
  REQUIRE(eventually([&] { return p.count("picky:a2") == 1; }));
  CHECK(p.place("picky:a1") < p.place("picky:a2"));
}
