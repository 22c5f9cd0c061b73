// The hub's journal on a disk that fails, and on one that loses power: nothing acknowledged is ever lost or lied about.
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "crypto/merkle.h"
#include "hub/journal/journal.h"
#include "hub/store/env.h"
#include "tests/fault/power_loss.h"

#include <doctest/doctest.h>  // after ours: it has a CHECK of its own

namespace fs = std::filesystem;

namespace {

struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "handoff-fault-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
};

int run_writer(const fs::path& top, const std::string& environment, int batches) {
  fs::create_directories(top / "hub");
  const std::string command = "FAULT_DIR=" + (top / "hub").string() + " " + environment + " LD_PRELOAD=" HANDOFF_FAULT_SHIM " " HANDOFF_BIN_DIR "/fault_writer " +
                              (top / "hub").string() + " " + (top / "marks").string() + " " + std::to_string(batches);
  const int rc = std::system(command.c_str());
  REQUIRE(WIFEXITED(rc));
  return WEXITSTATUS(rc);
}

struct Mark {
  std::uint64_t size = 0;
  std::string root;
};
Mark last_mark(const std::string& text) {
  Mark m;
  std::istringstream in(text);
  for (Mark next; in >> next.size >> next.root;) m = next;
  return m;
}
std::string read_file(const fs::path& p) {
  std::ifstream in(p, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The oracle: the whole-store check holds, and the tree that was acknowledged is a prefix of the one that is there. "" or what is wrong.
std::string fault_in(const fs::path& hub, const Mark& acknowledged) {
  auto report = hub::journal::check(hub.string());
  if (!report.ok()) return acknowledged.size == 0 ? "" : report.error().message();  // nothing was promised: an unfinished store may be refused
  if (report->entries < acknowledged.size) return "acknowledged entries are missing";
  auto env = hub::store::Env::open((hub / "core").string(), {.map_size = 64 << 20, .read_only = true});
  if (!env.ok()) return env.error().message();
  auto table = env->table("log");
  auto txn = env->begin_read();
  if (!table.ok() || !txn.ok()) return "the log cannot be read";
  crypto::Frontier tree;
  txn->scan(*table, {}, [&](base::View, base::View row) {
    if (tree.size() < acknowledged.size) tree.append(crypto::merkle_leaf(row.first(112)));
    return tree.size() < acknowledged.size;
  });
  if (tree.size() != acknowledged.size) return "the log is shorter than what was acknowledged";
  return tree.size() == 0 || base::hex(tree.root()) == acknowledged.root ? "" : "another tree than the one that was acknowledged";
}

// Lays the files of one moment out in a folder and asks the oracle.
std::string fault_at(const fault::Moment& m, const std::string& hub) {
  Folder after;
  fs::create_directories(after.path / "hub");
  for (const auto& [path, bytes] : m.files) {
    const fs::path to = after.path / "hub" / path.substr(hub.size() + 1);
    fs::create_directories(to.parent_path());
    std::ofstream(to, std::ios::binary) << bytes;
  }
  std::string marks;
  for (const auto& line : m.marks) marks += line;
  return fault_in(after.path / "hub", last_mark(marks));
}

}  // namespace

TEST_CASE("whichever write or sync fails, the hub refuses, stops with 3, and what it acknowledged is there") {
  for (const std::string kind : {"FAULT_ERRNO=EIO", "FAULT_ERRNO=ENOSPC", "FAULT_ONLY=sync", "FAULT_ONLY=write"}) {
    for (int at = 1, done = 0; !done; at += 1 + at / 12) {
      CAPTURE(kind);
      CAPTURE(at);
      Folder top;
      const int rc = run_writer(top.path, kind + " FAULT_AT=" + std::to_string(at), 6);
      done = rc == 0;  // the failure lies beyond the last call
      if (!done) REQUIRE(rc == 3);
      CHECK(fault_in(top.path / "hub", last_mark(read_file(top.path / "marks"))) == "");
      REQUIRE(at < 2000);
    }
  }
}

TEST_CASE("after every power loss that POSIX allows, the store holds together and all acknowledged entries are in it") {
  Folder top;
  const auto trace_file = top.path / "trace";
  REQUIRE(run_writer(top.path, "FAULT_TRACE=" + trace_file.string() + " FAULT_MARKS=" + (top.path / "marks").string(), 4) == 0);
  const auto trace = fault::read_trace(trace_file.string());
  std::size_t syncs = 0;
  for (const auto& e : trace) syncs += e.op == fault::Op::kSync || e.op == fault::Op::kSyncWrite;
  REQUIRE(syncs > 10);  // the recorder sees LMDB's O_DSYNC descriptor and its fdatasync
  const std::string hub = (top.path / "hub").string();
  const std::size_t states = fault::every_power_loss(trace, 3, 7, [&](const fault::Moment& m) {
    CAPTURE(m.event);
    REQUIRE(fault_at(m, hub) == "");
    return true;
  });
  MESSAGE(states << " states of the disk judged");
  CHECK(states > 100);
}

TEST_CASE("the power-loss replay itself can fail: a store that skips its sync is caught") {
  // The same trace with every sync taken out: what was acknowledged was never durable, and the oracle must see it.
  Folder top;
  const auto trace_file = top.path / "trace";
  REQUIRE(run_writer(top.path, "FAULT_TRACE=" + trace_file.string() + " FAULT_MARKS=" + (top.path / "marks").string(), 2) == 0);
  auto trace = fault::read_trace(trace_file.string());
  std::erase_if(trace, [](const fault::TraceEvent& e) { return e.op == fault::Op::kSync; });
  for (auto& e : trace) {
    if (e.op == fault::Op::kSyncWrite) e.op = fault::Op::kWrite;
  }
  bool caught = false;
  fault::every_power_loss(trace, 0, 7, [&](const fault::Moment& m) {
    caught = fault_at(m, (top.path / "hub").string()) != "";
    return !caught;
  });
  CHECK(caught);
}
