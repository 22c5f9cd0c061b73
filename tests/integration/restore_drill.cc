// The day a disk dies, with real processes: an agent comes back from its backup (T41); a hub is rebuilt from its backup and what agents
// return, to the very tree that it had signed, or not at all (T46).
#include <signal.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "crypto/note.h"
#include "hub/journal/journal.h"
#include "hub/state/rows.h"
#include "tests/integration/drill_county.h"

using namespace agent_kit;
using hub_kit::eventually;
using hub_kit::run_hub;
namespace fs = std::filesystem;

namespace {

struct County : DrillCounty {
  void note(const AgentProcess& from, const std::string& thread, const std::string& text) {
    from.must({{"op", "send"}, {"thread", thread}, {"dedupe_key", text}, {"body", {{"kind", "SecureMessage"}, {"secure_message", {{"text", text}, {"author_role", "nurse"}}}}}});
  }
  void accept(const std::string& thread) {
    harbor.must({{"op", "inbox.act"}, {"thread", thread}, {"action", "accept"}, {"callback", "555-0100"}, {"name", "R. Nurse"}});
    REQUIRE(eventually([&] { return mercy.phase(thread) == "accepted"; }));
  }
  std::string checkpoint() {
    auto line = world.line("police");
    REQUIRE(line.up());
    const auto got = line->log_get({hub_kit::wire::LogGet::What::kCheckpoint, 0, 0, 0});
    REQUIRE(got.ok());
    return got->checkpoint;
  }
  crypto::Checkpoint tree(const std::string& note) {
    const auto c = crypto::open_checkpoint(note, world.c.anchor_values().log);
    REQUIRE(c.ok());
    return *c;
  }
  // Nothing is under way: both agents hold the whole log. Its checkpoint.
  std::string quiet() {
    std::string note;
    REQUIRE(eventually([&] {
      note = checkpoint();
      const auto size = tree(note).size;
      for (const AgentProcess* a : {&mercy, &harbor}) {
        const Json v = a->ask({{"op", "audit.verify"}});
        if (!v.value("ok", false) || v.at("entries").get<std::uint64_t>() != size) return false;
        if (a->must({{"op", "status"}}).at("log").at("scanned").get<std::uint64_t>() != size) return false;  // its own copy, which it gives back
      }
      return checkpoint() == note;
    }));
    return note;
  }
  std::string given_back(const AgentProcess& a, const std::string& name, const std::string& from = "0") {
    std::string file = world.dir.path(name);
    const auto f = run_agent({"return", a.dir(), "-o", file, "--from", from});
    REQUIRE(f.code == 0);
    struct stat st {};
    REQUIRE(::stat(file.c_str(), &st) == 0);
    CHECK((st.st_mode & 0777) == 0600);
    return file;
  }
  void lose_hub() {
    CHECK(world.hub->end(SIGKILL) == 128 + SIGKILL);
    fs::remove_all(world.folder());
  }
  std::uint64_t backed_up() {
    const auto made = run_hub({"backup", world.folder(), world.dir.path("backup")});
    REQUIRE(made.code == 0);
    const auto checked = run_hub({"check", world.dir.path("backup"), "--json"});
    REQUIRE(checked.code == 0);
    return Json::parse(checked.out).at("entries").get<std::uint64_t>();
  }
};

// The checkpoint that a store holds for a size, and the root that its entries give there.
std::string stored_checkpoint(const County& c, const std::string& folder, std::uint64_t size) {
  const auto journal = hub::journal::open_lmdb(folder + "/store", c.world.c.anchor(), c.world.c.log_key(), 1ULL << 30);
  REQUIRE(journal.ok());
  const auto snapshot = (*journal)->read();
  REQUIRE(snapshot.ok());
  const auto v = (*snapshot)->kv().get(hub::state::Table::kCheckpoint, hub::state::key(size));
  return v ? base::to_string(*v) : "";
}

std::set<std::string> texts(const AgentProcess& at, const std::string& thread) {
  std::set<std::string> out;
  const Json shown = at.must({{"op", "inbox.show"}, {"thread", thread}, {"peek", true}});
  for (const Json& e : shown.at("events")) {
    if (e.at("kind").get<std::string>() == "SecureMessage") CHECK(out.insert(e.at("body").at("secure_message").at("text").get<std::string>()).second);
  }
  return out;
}

}  // namespace

TEST_CASE("an agent that lost its disk comes back from its hot backup: everything once at its peer, and it goes on") {
  County c;
  const std::string thread = c.received("R-1");
  const std::string backup = c.world.dir.path("agent-backup");
  c.note(c.mercy, thread, "before");
  const auto made = run_agent({"backup", c.mercy.dir(), backup});  // beside the running agent
  REQUIRE(made.code == 0);
  c.note(c.mercy, thread, "after the backup");
  const std::string unknown = c.received("R-2");
  c.accept(thread);
  REQUIRE(eventually([&] { return texts(c.harbor, thread).size() == 2; }));
  (void)c.quiet();
  CHECK(c.mercy.end(SIGKILL) == 128 + SIGKILL);
  fs::remove_all(c.mercy.dir());
  REQUIRE(run_agent({"restore", backup, c.mercy.dir()}).code == 0);
  CHECK(run_agent({"restore", backup, c.mercy.dir()}).code == 2);  // never over another
  c.mercy.start();
  CHECK(eventually([&] { return c.mercy.phase(thread) == "accepted"; }));  // received since the backup
  c.note(c.mercy, thread, "and on");
  const std::string more = c.received("R-3");
  REQUIRE(eventually([&] { return texts(c.harbor, thread).contains("and on"); }));
  CHECK(texts(c.harbor, thread) == std::set<std::string>{"before", "after the backup", "and on"});
  CHECK(c.harbor.count(unknown) == 2);
  CHECK(c.harbor.count(more) == 2);
  for (const AgentProcess* a : {&c.mercy, &c.harbor}) {
    CHECK(a->must({{"op", "audit.verify"}}).at("holds") == true);
    const std::string status = schemas::dump(a->must({{"op", "status"}}));
    for (const char* words : {"claim one place", "started its chain anew", "refuses our batch", "nothing is sent"}) CHECK_MESSAGE(status.find(words) == std::string::npos, status);
  }
}

TEST_CASE("a hub that lost its disk is rebuilt from its backup and what agents return: the tree is the one that it had signed, and agents go on") {
  County c;
  const std::string thread = c.received("R-1");
  (void)c.quiet();
  const std::uint64_t backed = c.backed_up();
  c.accept(thread);
  const std::string second = c.received("R-2");
  for (int i = 0; i < 5; ++i) {
    c.note(c.mercy, thread, "note " + std::to_string(i));
    c.note(c.harbor, second, "answer " + std::to_string(i));
  }
  REQUIRE(eventually([&] { return texts(c.harbor, thread).size() == 5 && texts(c.mercy, second).size() == 5; }));
  const std::string recorded = c.quiet();
  const auto tree = c.tree(recorded);
  REQUIRE(tree.size > backed + 10);
  c.lose_hub();
  c.note(c.mercy, thread, "while it was away");
  const std::string m = c.given_back(c.mercy, "mercy.return", std::to_string(backed)), h = c.given_back(c.harbor, "harbor.return");
  const auto done = run_hub({"rebuild", c.world.folder(), "--from", c.world.dir.path("backup"), m, h});
  REQUIRE_MESSAGE(done.code == 0, done.out);
  const auto checked = run_hub({"check", c.world.folder(), "--json"});
  CHECK_MESSAGE(checked.code == 0, checked.out);
  CHECK(Json::parse(checked.out).at("entries").get<std::uint64_t>() == tree.size + 1);  // the rebuild is an entry itself
  CHECK(stored_checkpoint(c, c.world.folder(), tree.size) == recorded);                 // byte for byte, signature and all
  std::ofstream(c.world.folder() + "/hub.toml") << kDrillHub;
  c.world.start();
  REQUIRE(eventually([&] { return texts(c.harbor, thread).contains("while it was away"); }));
  const std::string third = c.received("R-3");
  c.accept(third);
  const auto now = c.tree(c.quiet());
  CHECK(now.size > tree.size);
  for (const AgentProcess* a : {&c.mercy, &c.harbor}) CHECK(a->must({{"op", "audit.verify"}}).at("holds") == true);
  CHECK(run_hub({"run", c.world.folder()}).code == 2);  // it runs: nobody else may
  CHECK(c.world.hub->end(SIGTERM) == 0);
  CHECK(run_hub({"check", c.world.folder()}).code == 0);
}

TEST_CASE("what nobody returns is named, and the origin is not continued") {
  County c;
  const std::string thread = c.received("R-1");
  (void)c.quiet();
  const std::uint64_t backed = c.backed_up();
  c.note(c.mercy, thread, "one");
  REQUIRE(eventually([&] { return texts(c.harbor, thread).size() == 1; }));
  const auto early_tree = c.tree(c.quiet());
  const std::string early_m = c.given_back(c.mercy, "early-mercy.return"), early_h = c.given_back(c.harbor, "early-harbor.return");
  c.note(c.harbor, thread, "two");
  REQUIRE(eventually([&] { return texts(c.mercy, thread).size() == 2; }));
  const std::string recorded = c.quiet();
  std::ofstream(c.world.dir.path("known.note")) << recorded;
  const std::string m = c.given_back(c.mercy, "mercy.return"), h = c.given_back(c.harbor, "harbor.return");
  c.lose_hub();
  const std::string to = c.world.folder(), backup = c.world.dir.path("backup");

  // One agent's return alone: every entry is there, the other's frames are not.
  const auto half = run_hub({"rebuild", to, "--from", backup, m});
  CHECK(half.code == 1);
  CHECK_MESSAGE(half.out.find("missing  entry ") != std::string::npos, half.out);
  CHECK(half.out.find("the batch ") != std::string::npos);
  CHECK_FALSE(fs::exists(to));
  // Returns from before the last mail, and somebody who holds a later checkpoint: the entries between are named.
  const auto late = run_hub({"rebuild", to, "--from", backup, early_m, early_h, "--known", c.world.dir.path("known.note")});
  CHECK(late.code == 1);
  const auto range = "entries " + std::to_string(early_tree.size) + " to " + std::to_string(c.tree(recorded).size - 1);
  CHECK_MESSAGE(late.out.find(range) != std::string::npos, late.out);
  CHECK_FALSE(fs::exists(to));
  // A return that somebody altered: one entry of it contradicts the signed root.
  std::ifstream in(h, std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(in), {});
  const auto at = bytes.rfind("SFE1");
  REQUIRE(at != std::string::npos);
  bytes[at + 40] = static_cast<char>(bytes[at + 40] ^ 1);
  std::ofstream(c.world.dir.path("forged.return"), std::ios::binary) << bytes;
  CHECK(run_hub({"rebuild", to, "--from", backup, m, c.world.dir.path("forged.return")}).code == 1);
  CHECK_FALSE(fs::exists(to));
  CHECK(run_hub({"rebuild", to, "--from", backup, c.world.dir.path("known.note")}).code == 2);  // no return at all
  // An agent that knows more than the rebuilt log: the hub does not write.
  REQUIRE(run_hub({"rebuild", to, "--from", backup, early_m, early_h}).code == 0);
  std::ofstream(to + "/hub.toml") << kDrillHub;
  c.world.start();
  REQUIRE(eventually([&] {
    auto line = c.world.line("police", 64, recorded);
    return line.up() && line.hello().read_only;
  }));
  CHECK(c.world.hub->end(SIGKILL) == 128 + SIGKILL);
  fs::remove_all(to);
  // All of them: it goes on.
  CHECK(run_hub({"rebuild", to, "--from", backup, early_m, m, h, "--known", c.world.dir.path("known.note")}).code == 0);
  CHECK(stored_checkpoint(c, to, c.tree(recorded).size) == recorded);
  CHECK(backed < early_tree.size);
}
