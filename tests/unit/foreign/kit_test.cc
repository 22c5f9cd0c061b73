// The conformance kit: it passes what is right (the examples of the guide, our own adapters, in front of simulated systems), and each
// fault is found by its own step.
#include "tests/kit/sanitized.h"
#include "tests/unit/cli/kit.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

using namespace cli_kit;

namespace {

const std::string kSource = HANDOFF_SOURCE_DIR, kSim = "python3 " + kSource + "/tests/kit/sim/", kAgent = std::string(HANDOFF_BIN_DIR) + "/handoff-agent";

const std::string kMemory = kit::kSanitized ? "0" : "512";  // a sanitizer's shadow is larger than any limit

Ran tested(const Folder& home, const std::string& command, std::vector<std::string> more = {}) {
  std::vector<std::string> words{"adapter", "test", command, "--folder", home.path, "--memory-mb", kMemory, "--json"};
  words.insert(words.end(), more.begin(), more.end());
  return run(std::move(words), home.path);
}

// Every step held, and none was skipped.
void holds_all(const Ran& r) {
  REQUIRE_MESSAGE(r.json().is_object(), r.err);
  const Json steps = r.json()["steps"];
  for (const Json& step : steps)
    CHECK_MESSAGE(step["verdict"] == "ok", step["step"] << ": " << step["what"] << "\n" << r.err);
  CHECK(r.code == 0);
}

std::string folders(const Folder& home) {
  std::filesystem::create_directory(home.path + "/in");
  return "in = \"" + home.path + "/in\"\nout = \"" + home.path + "/out\"\nsettle_ms = 0\nrescan_ms = 100\n";
}
std::string ours(const Folder& home, const std::string& type, const std::string& config) {
  return kAgent + " plugin --type " + type + " --config " + home.put("adapter.toml", config);
}

int free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::bind(fd, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0);
  socklen_t size = sizeof at;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size);
  ::close(fd);
  return ntohs(at.sin_port);
}

}  // namespace

TEST_CASE("each fault is found by its own step") {
  const std::pair<const char*, const char*> faults[] = {
      {"silent", "hello"},        {"version", "hello"},           {"hangs", "kinds"},         {"dies_of_same", "again"},
      {"twice", "one-result"},    {"dies_of_unknown", "unknown-kind"}, {"dies_of_unknown", "unknown-op"}, {"strict", "unknown-fields"},
      {"no_health", "health"},    {"small_lines", "long-line"},   {"picky_lie", "submit"},    {"gives_up", "busy"},
      {"new_key", "busy"},        {"changes", "busy"},            {"never_gives_up", "conflict"}, {"new_key_after_restart", "restart"},
      {"ignores_stop", "stop"},   {"ignores_end", "end-of-input"}};
  for (const auto& [fault, step] : faults) {
    CAPTURE(fault);
    const Folder home;
    const bool silent_poke = std::string(fault) == "picky_lie";
    const Ran r = tested(home, kSim + "puppet.py --in " + home.path + " --fault " + fault,
                         {"--step", step, "--seconds", "2", "--poke", silent_poke ? "true" : "echo x > $HANDOFF_POKE.bed"});
    CHECK(r.code == 1);
    REQUIRE(r.json().is_object());
    CHECK(r.json()["steps"].size() == 1);
    CHECK(r.json()["steps"][0]["verdict"] == "bad");
    CHECK_FALSE(r.json()["steps"][0]["mend"].get<std::string>().empty());
  }
  const Folder home;
  const Ran chatty = tested(home, kSim + "puppet.py --fault garbage", {"--seconds", "2"});
  CHECK(chatty.code == 1);
  const Json steps = chatty.json()["steps"];
  for (const Json& step : steps) {
    CHECK(step["verdict"] == (step["step"] == "output" ? "bad" : step["step"] == "submit" || step["step"] == "busy" || step["step"] == "conflict" || step["step"] == "restart" ? "skipped" : "ok"));
    CHECK_FALSE(holds(step["what"], "allergies"));  // the place, never what stands there
  }
}

TEST_CASE("what cannot be tried is an error, and people get a table") {
  const Folder home;
  CHECK(tested(home, "true", {"--config", home.path + "/none.toml"}).code == 2);
  CHECK(tested(home, "true", {"--step", "none"}).code == 2);
  CHECK(tested(home, "true", {"--seconds", "0"}).code == 2);
  const Ran r = run({"adapter", "test", "exit 5", "--seconds", "2", "--folder", home.path}, home.path);
  CHECK(r.code == 1);
  CHECK(holds(r.out, "BAD     hello"));
  CHECK(holds(r.out, "exit code 5"));
  CHECK(holds(r.out, "mend: "));
  CHECK(widest_line(r.out) <= 100);
}

TEST_CASE("a plugin that does everything right passes") {
  const Folder home;
  holds_all(tested(home, kSim + "puppet.py --in .", {"--poke", "echo x > $HANDOFF_POKE.bed"}));
}

TEST_CASE("the Python example passes") {
  const Folder home;
  std::filesystem::create_directory(home.path + "/in");
  const std::string config = home.put("bridge.toml", "in = \"" + home.path + "/in\"\nto = \"harbor\"\n");
  home.put("poke.sh",
           "printf 'id,family,given,dob,reason,service,urgency,callback\\nR-%s,Doe,Sam,1992-02-14,SI,CRISIS_EVAL,urgent,+1-555-0142\\n' $HANDOFF_POKE > rows\n"
           "mv rows in/$HANDOFF_POKE.csv\n");
  holds_all(tested(home, "python3 " + kSource + "/docs/examples/bridge.py", {"--config", config, "--poke", "sh poke.sh"}));
  std::size_t done = 0;
  for (const auto& f : std::filesystem::directory_iterator(home.path + "/in")) done += f.path().extension() == ".done" ? 1 : 0;
  CHECK(done == 4);
}

TEST_CASE("the plugin that the guide shows passes") {
  const Folder home;
  std::ifstream page(kSource + "/docs/guide/plugins.md");
  std::string script;
  for (std::string line; std::getline(page, line) && !holds(line, "## 2.");)
    if (line.starts_with("    ")) script += line.substr(4) + "\n";
  home.put("mine.py", script);
  const Ran r = tested(home, "python3 mine.py");
  CHECK(r.code == 0);
  CHECK_MESSAGE(std::ranges::count_if(r.json()["steps"], [](const Json& s) { return s["verdict"] == "ok"; }) == 14, r.out << r.err);
}

TEST_CASE("the shell example passes") {
  const Folder home;
  holds_all(tested(home, "sh " + kSource + "/docs/examples/board.sh", {"--seconds", "30", "--poke", "printf 'CSU_BED has %s\\n' $HANDOFF_POKE > beds.tmp; mv beds.tmp beds"}));
  CHECK(std::filesystem::file_size(home.path + "/deliveries.jsonl") > 1000);
}

TEST_CASE("our own adapters pass, in front of simulated systems") {
  SUBCASE("police-folder and a records system") {
    const Folder home;
    const std::string mapping = "to = \"harbor\"\nmapping = \"" + kSource + "/tests/corpus/samples/police/alder_cad.toml\"\n";
    holds_all(tested(home, ours(home, "police-folder", folders(home) + mapping), {"--poke", kSim + "rms.py --folder in --name cad_$HANDOFF_POKE.csv 26-$HANDOFF_POKE"}));
  }
  SUBCASE("ems-folder and a charting system") {
    const Folder home;
    holds_all(tested(home, ours(home, "ems-folder", folders(home) + "to = \"harbor\"\n"), {"--poke", kSim + "ems.py --folder in --number $HANDOFF_POKE"}));
  }
  SUBCASE("behavioral-folder and a clinic") {
    const Folder home;
    holds_all(tested(home, ours(home, "behavioral-folder", folders(home) + "callback = \"+1-555-0142\"\n"),
                     {"--poke", kSim + "clinic.py answer --folder in --thread 0199a1b2-0000-7000-8000-000000000001 --note $HANDOFF_POKE --name a$HANDOFF_POKE.json"}));
  }
  SUBCASE("hospital-mllp and a hospital") {
    const Folder home;
    const std::string at = "127.0.0.1:" + std::to_string(free_port());
    holds_all(tested(home, ours(home, "hospital-mllp", "listen = \"" + at + "\"\nto = \"harbor\"\n"),
                     {"--poke", kSim + "hospital.py send --to " + at + " --retry 60 --control K$HANDOFF_POKE " + kSource + "/tests/corpus/samples/ref_i12_full.hl7"}));
  }
}
