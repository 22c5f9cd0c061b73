// Plugins inside a whole agent: what arrives reaches the one that works, whatever its neighbour does, and what it submits goes out.
#include <filesystem>
#include <fstream>

#include "adapters/foreign/foreign.h"
#include "tests/unit/agent_rig.h"

using namespace rig;

namespace {

agent::AdapterSettings plugin(const std::string& name, const std::string& folder, const std::string& fault) {
  const auto config = schemas::Config::parse("command = [\"python3\", \"" + std::string(HANDOFF_SOURCE_DIR) + "/tests/kit/sim/puppet.py\", \"--in\", \"" + folder +
                                             "\", \"--fault\", \"" + fault + "\"]\nrestart_ms = 1\nhealth_ms = 20\n");
  REQUIRE(config.ok());
  return {"plugin", name, *config, base::kDay};
}

struct Folder {
  std::string path;
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "handoff-plugins-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path = pattern;
    std::filesystem::create_directory(path + "/empty");
  }
  ~Folder() { std::filesystem::remove_all(path); }
};

}  // namespace

TEST_CASE("a plugin that works is not held up by one that dies, and what each is handed stays its own") {
  const Folder folder;
  FakeHub hub;
  AgentBox mercy{hub, "mercy", "hospital_ed"};
  AgentBox harbor{hub, "harbor", "crisis_center", {plugin("works", folder.path, ""), plugin("broken", folder.path + "/empty", "dies")}, {adapters::foreign::plugin()}};
  mercy.start();
  harbor.start();
  REQUIRE(eventually([&] {
    (void)mercy->office().replica.sync(mercy->hub());
    const bool may_write = mercy->office().desk().stale.empty() && harbor->office().desk().stale.empty();
    return may_write && mercy->office().replica.directory().usable_epoch(harbor.id(), hub.clock.now()) != nullptr;
  }));
  const auto status = [&](std::size_t n) { return harbor->supervisor().status().at(n); };
  REQUIRE(mercy.refer("harbor").ok());
  REQUIRE(eventually([&] { return status(0).health.delivered == 1 && status(0).queue == 0; }));
  CHECK(eventually([&] { return status(0).health.words == "1 seen"; }));
  CHECK(eventually([&] { return status(1).health.failed == 1 && status(1).queue == 0; }));
  CHECK(status(1).health.delivered == 0);

  std::ofstream(folder.path + "/one.bed") << "x";
  CHECK(eventually([&] { return status(0).health.accepted == 1; }));
  CHECK(status(1).health.accepted == 0);
  harbor.stop();
  harbor.start();
  CHECK(eventually([&] { return status(0).health.ok && status(0).queue == 0; }));
}
