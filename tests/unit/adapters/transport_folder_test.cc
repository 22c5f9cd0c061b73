// The watched folder on a real file system; the clock belongs to the test.
#include "adapters/transport/files.h"
#include "adapters/transport/folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <mutex>

#include <doctest/doctest.h>

using namespace adapters::transport;
namespace fs = std::filesystem;

namespace {

struct Folder {
  std::string path;
  std::atomic<std::uint64_t> now{1000};
  std::mutex lock;
  std::vector<std::string> seen;
  base::Status verdict;
  std::unique_ptr<FolderWatch> watch;

  Folder() {
    std::string pattern = (fs::temp_directory_path() / "handoff-folder-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path = pattern;
  }
  ~Folder() {
    watch.reset();
    fs::remove_all(path);
  }
  void start(bool keep = true) {
    FolderOptions o;
    o.path = path, o.suffixes = {".json"}, o.keep_done = keep, o.max_bytes = 1000;
    o.clock = [this] { return base::Instant{now.load()}; };
    watch = std::make_unique<FolderWatch>(o, [this](const std::string& name, std::string_view bytes) {
      const std::lock_guard held(lock);
      seen.push_back(name + "=" + std::string(bytes));
      return verdict;
    });
    REQUIRE(watch->start().ok());
  }
  std::vector<std::string> handed() {
    const std::lock_guard held(lock);
    return seen;
  }
  void say(base::Status s) {
    const std::lock_guard held(lock);
    verdict = std::move(s);
  }
  // Waits for something the watcher does in its own time; the clock moves on meanwhile if asked to.
  template <class F>
  bool eventually(F done, std::uint64_t clock_step = 0) {
    for (int i = 0; i < 2000; ++i) {
      if (done()) return true;
      now += clock_step;
      ::usleep(5000);
    }
    return false;
  }
  [[nodiscard]] bool has(const std::string& name) const { return fs::exists(path + "/" + name); }
  [[nodiscard]] std::string read(const std::string& name) const { return read_file(path + "/" + name, 1u << 20).value(); }
};

}  // namespace

TEST_CASE("a file renamed into place is handed in and moved to done") {
  Folder f;
  f.start();
  REQUIRE(write_file(f.path, "a.json", "{}").ok());
  CHECK(f.eventually([&] { return f.has("done/a.json"); }));
  CHECK(f.handed() == std::vector<std::string>{"a.json={}"});
  REQUIRE(write_file(f.path, "a.json", "[]").ok());
  CHECK(f.eventually([&] { return f.has("done/a.json.2"); }));
  CHECK(f.read("done/a.json") == "{}");
}

TEST_CASE("processed files are removed when the configuration says so") {
  Folder f;
  f.start(false);
  REQUIRE(write_file(f.path, "a.json", "{}").ok());
  CHECK(f.eventually([&] { return f.watch->processed() == 1 && !f.has("a.json"); }));
  CHECK_FALSE(f.has("done/a.json"));
}

TEST_CASE("a file that is still being written is not read, however long it takes") {
  Folder f;
  f.start();
  {
    const Descriptor writer(::open((f.path + "/slow.json").c_str(), O_WRONLY | O_CREAT, 0600));
    REQUIRE(::write(writer.get(), "{\"half\":", 8) == 8);
    REQUIRE(write_file(f.path, "z.json", "{}").ok());
    CHECK(f.eventually([&] { return f.has("done/z.json"); }));
    const std::uint64_t until = f.now + 60000;
    f.eventually([&] { return f.now > until; }, 1000);
    CHECK(f.handed() == std::vector<std::string>{"z.json={}"});
    REQUIRE(::write(writer.get(), "1}", 2) == 2);
  }
  CHECK(f.eventually([&] { return f.has("done/slow.json"); }));
  CHECK(f.read("done/slow.json") == "{\"half\":1}");
}

TEST_CASE("a file that lay there before the start is taken once it has settled") {
  Folder f;
  REQUIRE(write_file(f.path, "old.json", "{}").ok());
  f.start();
  CHECK(f.eventually([&] { return f.has("done/old.json"); }, 100));
}

TEST_CASE("a bad file goes to quarantine with its reason beside it") {
  Folder f;
  f.say(base::malformed("not JSON", "offset 3", "write JSON"));
  f.start();
  REQUIRE(write_file(f.path, "bad.json", "{x}").ok());
  CHECK(f.eventually([&] { return f.has("quarantine/bad.json.reason.txt"); }));
  CHECK(f.read("quarantine/bad.json") == "{x}");
  CHECK(f.read("quarantine/bad.json.reason.txt") == "offset 3: not JSON; write JSON\n");
}

TEST_CASE("a file over the limit is quarantined unread") {
  Folder f;
  f.start();
  REQUIRE(write_file(f.path, "big.json", std::string(2000, ' ')).ok());
  CHECK(f.eventually([&] { return f.has("quarantine/big.json.reason.txt"); }));
  CHECK(f.handed().empty());
}

TEST_CASE("what cannot be settled now stays and is offered again") {
  Folder f;
  f.say(base::Error{base::Kind::kBusy, "the outbox is full"});
  f.start();
  REQUIRE(write_file(f.path, "a.json", "{}").ok());
  CHECK(f.eventually([&] { return f.handed().size() >= 2; }, 100));
  CHECK(f.has("a.json"));
  f.say({});
  CHECK(f.eventually([&] { return f.has("done/a.json"); }, 100));
}

TEST_CASE("temporary names, other suffixes and folders are left alone") {
  Folder f;
  f.start();
  fs::create_directory(f.path + "/folder.json");
  for (const std::string name : {"x.json.tmp", "x.part", "x.json~", "note.txt"}) REQUIRE(write_file(f.path, name, "{}").ok());
  REQUIRE(write_file(f.path, "z.json", "{}").ok());
  CHECK(f.eventually([&] { return f.has("done/z.json"); }, 1000));
  CHECK(f.handed().size() == 1);
}

TEST_CASE("a written file is there whole, and nothing temporary remains") {
  Folder f;
  REQUIRE(write_file(f.path, "out.json", "{\"a\":1}").ok());
  REQUIRE(write_file(f.path, "out.json", "{\"a\":2}").ok());
  CHECK(f.read("out.json") == "{\"a\":2}");
  CHECK(std::distance(fs::directory_iterator(f.path), fs::directory_iterator()) == 1);
  CHECK(write_file(f.path + "/missing", "x", "y").error().kind == base::Kind::kNotFound);
}
