// The commands of docs/guide/mapping.md, run as they stand there, one after the other, in a folder with a sample.
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/kit/files.h"

namespace fs = std::filesystem;

namespace {

const fs::path kSource = HANDOFF_SOURCE_DIR;

std::vector<std::string> commands() {
  std::vector<std::string> out;
  std::istringstream in(kit::read_file(kSource / "docs/guide/mapping.md"));
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("    $ ")) out.push_back(line.substr(6));
  return out;
}

struct Desk {
  fs::path root;
  Desk() {
    std::string pattern = (fs::temp_directory_path() / "handoff-guide-XXXXXX").string();
    root = ::mkdtemp(pattern.data());
    fs::copy_file(kSource / "tests/corpus/samples/police/alder_cad.csv", root / "sample.csv");
    fs::copy(kSource / "tests/corpus/samples/mapping/cad_csv", root / "samples");
  }
  ~Desk() { fs::remove_all(root); }
  [[nodiscard]] int run(const std::string& command) const {
    const std::string path = std::string("PATH='") + HANDOFF_BIN_DIR + "':\"$PATH\"";
    const int status = std::system(("cd '" + root.string() + "' && " + path + " sh -c '" + command + "' >out 2>&1").c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  [[nodiscard]] std::string said() const { return kit::read_file(root / "out"); }
};

}  // namespace

TEST_CASE("the guide's first hour works as it is written") {
  const Desk desk;
  const auto all = commands();
  REQUIRE(all.size() == 5);
  // inspect finds things (1): a table without a mapping is read in part, and a begun mapping refuses what nobody decided.
  const int codes[] = {1, 0, 0, 1, 0};
  for (std::size_t i = 0; i < all.size(); ++i) {
    CAPTURE(all[i]);
    const int code = desk.run(all[i]);
    CHECK_MESSAGE(code == codes[i], desk.said());
    if (all[i].find("map new") != std::string::npos) CHECK(kit::read_file(kSource / "docs/guide/mapping.md").find(desk.said()) != std::string::npos);
    if (i == 3) CHECK(desk.said().find("\"unmapped\":[\"hold_type\",\"weapons_secured\"]") != std::string::npos);
  }
  CHECK(desk.run(all[1]) == 2);  // a mapping is not written over
}

TEST_CASE("exit codes: a difference is a finding, a file that is not there an error") {
  const Desk desk;
  std::ofstream(desk.root / "samples/welfare.csv", std::ios::app) << "26-2003;05.10.2026 23:50;Suicidal subject;1;Poe;M.;;;+1-555-0101;4A1;\n";
  CHECK(desk.run("handoff-agent map test samples") == 1);
  CHECK(desk.said().find("+ records[2].") != std::string::npos);
  CHECK(desk.said().find("Poe") == std::string::npos);
  CHECK(desk.run("handoff-agent map test --write samples") == 0);
  CHECK(desk.run("handoff-agent inspect nowhere.csv") == 2);
  CHECK(desk.said().find("\"verdict\":\"refused\"") != std::string::npos);
  CHECK(desk.run("handoff-agent inspect --format docx sample.csv") == 2);
  CHECK(desk.run("handoff-agent map new --from out") == 2);
}
