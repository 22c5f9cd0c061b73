// Hub and agents are killed with SIGKILL at random moments under load, and start again. Whatever was acknowledged must arrive, once,
// in order, and the log only ever grows. Settings: HANDOFF_CRASH_KILLS (300), HANDOFF_CRASH_SEED (1).
#include <poll.h>
#include <signal.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <random>

#include "hub/journal/journal.h"
#include "tests/fault/crash_county.h"
#include "tests/fault/crash_load.h"
#include "tests/fault/crash_log.h"

#include <doctest/doctest.h>  // last: its CHECK is the one that tests mean

using namespace fault;

namespace {

struct Folder {
  std::string path;
  Folder() {
    path = (std::filesystem::temp_directory_path() / "handoff-crash-XXXXXX").string();
    REQUIRE(mkdtemp(path.data()) != nullptr);
  }
  ~Folder() {
    if (std::uncaught_exceptions() == 0 && !std::getenv("HANDOFF_CRASH_KEEP")) std::filesystem::remove_all(path);
  }
};

unsigned setting(const char* name, unsigned fallback) {
  return std::getenv(name) ? static_cast<unsigned>(std::atoi(std::getenv(name))) : fallback;
}

bool eventually(const std::function<bool()>& holds) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::minutes(3);  // ends only a story that has gone wrong
  while (!holds()) {
    if (std::chrono::steady_clock::now() > limit) return false;
    ::poll(nullptr, 0, 50);
  }
  return true;
}

class Reaper {
 public:
  Reaper(County& county, unsigned seed) : county_(county), random_(seed) {}
  LogWitness witness;
  unsigned kills = 0;

  void strike() {
    const unsigned dice = random_() % 20;
    if (dice < 9) return kill({County::kHub});
    if (dice < 14) return kill({County::kMercy});
    if (dice < 19) return kill({County::kHarbor});
    kill({County::kHub, County::kMercy, County::kHarbor});
  }
  void rest() { ::poll(nullptr, 0, static_cast<int>(random_() % 200)); }

 private:
  void kill(const std::vector<County::Who>& victims) {
    for (auto who : victims) dead(who);
    if (random_() % 5 == 0) {  // and once more while they start
      for (auto who : victims) county_.start(who);
      ::poll(nullptr, 0, static_cast<int>(random_() % 60));
      for (auto who : victims) dead(who);
    }
    for (auto who : victims) county_.start(who);
    for (auto who : victims) county_.wait_ready(who);
  }
  void dead(County::Who who) {
    REQUIRE(county_.kill(who, SIGKILL) == 128 + SIGKILL);  // anything else: it had ended by itself
    ++kills;
    if (who != County::kHub) return;
    const std::string wrong = witness.look(county_.hub_dir());
    REQUIRE_MESSAGE(wrong.empty(), wrong);
  }

  County& county_;
  std::mt19937 random_;
};

bool can_send(const County& county, std::size_t from) {
  const auto answer =
      ask(county.agent_dir(from), {{"op", "can_send"}, {"to", kSlugs[1 - from]}, {"kind", "SecureMessage"}, {"purpose", "TREAT"}});
  return answer && answer->value("allowed", false) && answer->value("epoch_key", false);
}

// Everything that waits has been sent, and every message is known to be delivered.
bool settled(const County& county, std::size_t agent) {
  const auto status = ask(county.agent_dir(agent), {{"op", "status"}});
  if (!status || !status->value("ok", false)) return false;
  const auto& outbox = status->at("outbox");
  return outbox.at("waiting") == 0 && outbox.at("in_flight") == 0;
}

std::string texts(const nlohmann::json& shown, bool outgoing) {
  std::string out;
  for (const auto& e : shown.at("events")) {
    if (e.at("outgoing") == outgoing) out += e.at("body").at("secure_message").at("text").get<std::string>() + " ";
  }
  return out;
}

std::string numbers(unsigned n) {
  std::string out;
  for (unsigned i = 1; i <= n; ++i) out += std::to_string(i) + " ";
  return out;
}

// The oracle of one thread, asked at both ends.
void judge(const County& county, const Thread& thread) {
  if (thread.acknowledged == 0) return;
  CAPTURE(thread.id);
  const auto expected = numbers(thread.acknowledged);
  nlohmann::json shown;
  const auto arrived = [&] {
    const auto answer = ask(county.agent_dir(1 - thread.from), {{"op", "inbox.show"}, {"thread", thread.id}});
    if (answer && answer->value("ok", false)) shown = *answer;
    return shown.is_object() && texts(shown, false).size() >= expected.size();
  };
  eventually(arrived);
  REQUIRE(shown.is_object());
  CHECK(texts(shown, false) == expected);  // each once, in order, none missing
  const auto sent = ask(county.agent_dir(thread.from), {{"op", "inbox.show"}, {"thread", thread.id}});
  REQUIRE(sent);
  CHECK(texts(*sent, true) == expected);
}

}  // namespace

TEST_CASE("killed at random moments under load, nothing acknowledged is lost, repeated or reordered, and the log only grows") {
  const unsigned kills = setting("HANDOFF_CRASH_KILLS", 300), seed = setting("HANDOFF_CRASH_SEED", 1);
  CAPTURE(seed);
  Folder folder;
  County county(folder.path);
  for (std::size_t from : {0, 1}) REQUIRE(eventually([&] { return can_send(county, from); }));
  Reaper reaper(county, seed);
  std::vector<std::unique_ptr<Writer>> writers;
  for (std::size_t from : {0, 1}) {
    for (const char* name : {"a", "b"})
      writers.push_back(std::make_unique<Writer>(county.agent_dir(from), from, kSlugs[1 - from], kSlugs[from] + std::string(name)));
  }
  while (reaper.kills < kills) {
    reaper.rest();
    reaper.strike();
  }
  std::size_t messages = 0;
  for (auto& w : writers) {
    w->stop();
    CHECK(w->refused() == "");
  }
  for (std::size_t agent : {0, 1}) {
    CAPTURE(agent);
    CHECK(eventually([&] { return settled(county, agent); }));
    const auto status = ask(county.agent_dir(agent), {{"op", "status"}});
    REQUIRE(status);
    MESSAGE(std::string(kSlugs[agent]), " alarms: ", status->at("alarms").dump());
  }
  for (const auto& w : writers) {
    for (const auto& thread : w->threads()) {
      judge(county, thread);
      messages += thread.acknowledged;
    }
  }
  CHECK(county.kill(County::kHub, SIGTERM) == 0);
  CHECK(reaper.witness.look(county.hub_dir()) == "");
  const auto report = hub::journal::check(county.hub_dir() + "/store");
  REQUIRE_MESSAGE(report.ok(), (report.ok() ? "" : report.error().message()));
  MESSAGE(reaper.kills, " kills, ", messages, " messages, ", report->entries, " log entries");
  CHECK(messages > kills);
}
