// Hub and agents are killed with SIGKILL at random moments under load, and start again. Whatever was acknowledged must arrive, once,
// in order, and the log only ever grows. Settings: HANDOFF_CRASH_KILLS (300), HANDOFF_CRASH_SEED (1).
#include <poll.h>
#include <signal.h>

#include <cstdlib>
#include <random>

#include "hub/journal/journal.h"
#include "tests/fault/crash_log.h"
#include "tests/fault/crash_oracle.h"

#include <doctest/doctest.h>  // last: its CHECK is the one that tests mean

using namespace fault;

namespace {

unsigned setting(const char* name, unsigned fallback) {
  return std::getenv(name) ? static_cast<unsigned>(std::atoi(std::getenv(name))) : fallback;
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

}  // namespace

TEST_CASE("killed at random moments under load, nothing acknowledged is lost, repeated or reordered, and the log only grows") {
  const unsigned kills = setting("HANDOFF_CRASH_KILLS", 300), seed = setting("HANDOFF_CRASH_SEED", 1);
  CAPTURE(seed);
  Folder folder;
  County county(folder.path);
  Reaper reaper(county, seed);
  Load load(county);
  while (reaper.kills < kills) {
    reaper.rest();
    reaper.strike();
  }
  const auto messages = load.judge();
  CHECK(county.kill(County::kHub, SIGTERM) == 0);
  CHECK(reaper.witness.look(county.hub_dir()) == "");
  const auto report = hub::journal::check(county.hub_dir() + "/store");
  REQUIRE_MESSAGE(report.ok(), (report.ok() ? "" : report.error().message()));
  MESSAGE(reaper.kills, " kills, ", messages, " messages, ", report->entries, " log entries");
  CHECK(messages > kills);
}
