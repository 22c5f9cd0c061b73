// The program handoff-hub from outside: commands, exit codes, files.
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "crypto/note.h"
#include "tests/integration/hub_kit.h"

using namespace hub_kit;

TEST_CASE("keygen prints what the authority needs and keeps the secrets to itself") {
  TempDir dir;
  const auto made = run_hub({"keygen", dir.path("hub"), "--origin", "sfh.example.org/hub1", "--json"});
  CHECK(made.code == 0);
  CHECK(made.out.starts_with("{\"vkey\":\"sfh.example.org/hub1+"));
  for (const char* name : {"hub/log.key", "hub/transport.key"}) {
    struct stat s {};
    REQUIRE(::stat(dir.path(name).c_str(), &s) == 0);
    CHECK((s.st_mode & 0777) == 0600);
  }
  CHECK(run_hub({"keygen", dir.path("hub")}).code == 2);  // never over an old key
}

TEST_CASE("an anchor that names another hub's keys is refused") {
  TempDir dir;
  REQUIRE(run_hub({"keygen", dir.path("hub")}).code == 0);
  const kit::Consortium c({});
  std::ofstream(dir.path("anchor.note")) << c.anchor();
  CHECK(run_hub({"init", dir.path("hub"), "--anchor", dir.path("anchor.note")}).code == 2);
  CHECK_FALSE(std::filesystem::exists(dir.path("hub/anchor.note")));
}

TEST_CASE("wrong words are an error, and help is not") {
  CHECK(run_hub({"frobnicate"}).code == 2);
  CHECK(run_hub({"run"}).code == 2);
  CHECK(run_hub({"run", "x", "--listn", "y"}).code == 2);
  CHECK(run_hub({"--help"}).code == 0);
}

TEST_CASE("SIGTERM ends the hub cleanly, check finds it whole, and a second hub on the folder is refused") {
  World w({"mercy", "crisis"});
  {
    auto mercy = w.line("mercy");
    REQUIRE(mercy.up());
    acked(mercy->batch(w.send("mercy", {{.to = "crisis"}})));
  }
  CHECK(run_hub({"run", w.folder(), "--listen", "tcp://127.0.0.1:*"}).code == 2);
  CHECK(w.hub->end(SIGTERM) == 0);
  CHECK(std::filesystem::exists(w.folder() + "/stopped"));
  CHECK(std::filesystem::exists(w.folder() + "/metrics.prom"));
  const auto checked = run_hub({"check", w.folder(), "--json"});
  CHECK(checked.code == 0);
  CHECK(checked.out.starts_with("{\"ok\":true"));
}

TEST_CASE("a backup of a running hub can be restored into a new folder, which serves the same mail") {
  World w({"mercy", "crisis"});
  std::uint64_t index = 0;
  {
    auto mercy = w.line("mercy");
    REQUIRE(mercy.up());
    index = acked(mercy->batch(w.send("mercy", {{.to = "crisis"}}))).entries[0].index;
  }
  REQUIRE(run_hub({"backup", w.folder(), w.dir.path("copy")}).code == 0);
  CHECK(run_hub({"backup", w.folder(), w.dir.path("copy")}).code == 2);  // never over another
  CHECK(w.hub->end(SIGTERM) == 0);
  REQUIRE(run_hub({"restore", w.dir.path("copy"), w.dir.path("again")}).code == 0);
  CHECK(run_hub({"restore", w.dir.path("copy"), w.dir.path("again")}).code == 2);
  CHECK(run_hub({"check", w.dir.path("again")}).code == 0);
  w.hub.emplace(std::vector<std::string>{"run", w.dir.path("again"), "--listen", "tcp://127.0.0.1:*"});
  auto crisis = w.line("crisis");
  REQUIRE(crisis.up());
  CHECK(open_group(crisis.delivery()).index == index);
}

TEST_CASE("backups of a hub under load stall nothing: every batch is acknowledged, and every copy is whole and of its own moment") {
  World w({"mercy", "crisis"});
  std::vector<base::Bytes> frames;
  for (int i = 0; i < 300; ++i) frames.push_back(w.send("mercy", {{.to = "crisis"}}));
  auto mercy = w.line("mercy");
  REQUIRE(mercy.up());
  std::atomic<bool> loading{true};
  std::vector<std::uint64_t> sizes;
  std::thread operator_at_work([&] {
    for (int n = 0; n < 2 || (loading && n < 50); ++n) {
      const auto copy = w.dir.path("copy-" + std::to_string(n));
      if (run_hub({"backup", w.folder(), copy}).code != 0) return;
      const auto checked = run_hub({"check", copy, "--json"});
      if (checked.code != 0) return;
      const auto at = checked.out.find("\"entries\":");
      sizes.push_back(std::stoull(checked.out.substr(at + 10)));
      std::filesystem::remove_all(copy);
    }
  });
  std::vector<std::uint64_t> indexes;
  for (std::size_t from = 0; from < frames.size(); from += 20) {  // fails the test unless each is acknowledged
    const auto some = send_all(mercy, {frames.begin() + static_cast<std::ptrdiff_t>(from), frames.begin() + static_cast<std::ptrdiff_t>(from + 20)});
    indexes.insert(indexes.end(), some.begin(), some.end());
  }
  loading = false;
  operator_at_work.join();
  CHECK(indexes.size() == 300);
  CHECK(sizes.size() >= 2);
  CHECK(std::is_sorted(sizes.begin(), sizes.end()));
  CHECK(w.hub->end(SIGTERM) == 0);
  CHECK(run_hub({"check", w.folder()}).code == 0);
}

TEST_CASE("a flipped byte in the store is found by check") {
  World w({"mercy", "crisis"});
  {
    auto mercy = w.line("mercy");
    REQUIRE(mercy.up());
    acked(mercy->batch(w.send("mercy", {{.to = "crisis"}})));
  }
  CHECK(w.hub->end(SIGTERM) == 0);
  const auto file = w.folder() + "/store/core/data.mdb";
  std::fstream f(file, std::ios::in | std::ios::out | std::ios::binary);
  std::string all(std::istreambuf_iterator<char>(f), {});
  f.clear();
  unsigned flipped = 0;
  for (auto at = all.find("SFE1"); at != std::string::npos; at = all.find("SFE1", at + 4)) {  // in the subject of every copy of every entry
    f.seekp(static_cast<std::streamoff>(at + 40));
    f.put(static_cast<char>(all[at + 40] ^ 1));
    ++flipped;
  }
  f.close();
  REQUIRE(flipped > 0);
  CHECK(run_hub({"check", w.folder()}).code == 1);
}

TEST_CASE("a note handed in by the operator that is not valid is refused with its reason") {
  World w({"mercy"});
  std::ofstream(w.dir.path("bad.note")) << "this is no note\n";
  CHECK(run_hub({"add", w.folder(), w.dir.path("bad.note"), "--wait"}).code == 1);
}
