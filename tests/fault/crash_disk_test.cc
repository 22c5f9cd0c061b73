// Whole programs on a disk that fails (decisions D16): hub or agent stops with exit code 3 at the first write or sync that fails, and
// after a restart on a good disk everything acknowledged is there.
#include <signal.h>

#include "hub/journal/journal.h"
#include "tests/fault/crash_log.h"
#include "tests/fault/crash_oracle.h"

#include <doctest/doctest.h>  // last: its CHECK is the one that tests mean

using namespace fault;

namespace {

std::vector<std::string> broken_disk(const std::string& dir, const std::string& how, int at) {
  return {"LD_PRELOAD=" HANDOFF_FAULT_SHIM, "FAULT_DIR=" + dir, how, "FAULT_AT=" + std::to_string(at)};
}

}  // namespace

TEST_CASE("a program whose disk fails stops with 3 at once, and what it acknowledged before is there afterwards") {
  Folder folder;
  County county(folder.path);
  LogWitness witness;
  Load load(county);
  for (const auto who : {County::kHub, County::kMercy}) {
    const std::string dir = who == County::kHub ? county.hub_dir() : county.agent_dir(who);
    for (const char* how : {"FAULT_ONLY=sync", "FAULT_ONLY=write", "FAULT_ERRNO=ENOSPC"}) {
      for (int at : {1, 2, 5, 12, 30, 90}) {
        CAPTURE(dir);
        CAPTURE(how);
        CAPTURE(at);
        REQUIRE(county.kill(who, SIGTERM) == 0);
        county.start(who, broken_disk(dir, how, at));
        REQUIRE(county.wait(who) == 3);
        if (who == County::kHub) {
          const std::string wrong = witness.look(dir);
          REQUIRE_MESSAGE(wrong.empty(), wrong);
        }
        county.start(who);
        county.wait_ready(who);
      }
    }
  }
  const auto messages = load.judge();
  CHECK(county.kill(County::kHub, SIGTERM) == 0);
  CHECK(witness.look(county.hub_dir()) == "");
  const auto report = hub::journal::check(county.hub_dir() + "/store");
  REQUIRE_MESSAGE(report.ok(), (report.ok() ? "" : report.error().message()));
  MESSAGE(messages, " messages, ", report->entries, " log entries");
}
