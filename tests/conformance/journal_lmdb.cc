// What only a journal on disk can promise: it is still there afterwards, whatever happened.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "hub/state/rows.h"
#include "hub/store/env.h"
#include "tests/conformance/journal_rig.h"

using namespace kit;

TEST_CASE("a reopened journal goes on where it stopped, with chains, mailboxes and resends") {
  Folder f;
  base::Bytes frame;
  Outcome first;
  std::optional<Consortium> c;
  base::Instant now;
  base::Hash root{};
  {
    HubRig hub = lmdb_hub(f.path);
    live_a_little(hub);
    frame = hub.c.send("hospital", {{.to = "crisis"}}, hub.now, hub.dir_seq());
    first = hub.batch(frame);
    REQUIRE_MESSAGE(first.accepted, first.words);
    root = hub.journal->append({}, hub.now)->root;
    now = hub.now;
    c.emplace(std::move(hub.c));
  }
  auto j = open_at(*c, f.path);
  HubRig hub(std::move(*c), std::move(j));
  hub.now = now;
  CHECK(hub.journal->append({}, now)->root == root);
  const Outcome again = hub.batch(frame);
  CHECK(again.repeat);
  CHECK(again.first_index == first.first_index);
  CHECK(hub.waiting("crisis") == 2);
  CHECK(hub.send("hospital", {{.to = "crisis"}}).accepted);
  CHECK(hub.receipt("crisis", "hospital").accepted);
}

TEST_CASE("one process at a time; another anchor or another log key is refused") {
  Folder f;
  const Consortium c(kThree), other(kThree, {.origin = "sfh.example.org/hub2", .seed = 2});
  {
    auto j = open_at(c, f.path);
    const auto second = hub::journal::open_lmdb(f.path, c.anchor(), c.log_key());
    REQUIRE_FALSE(second.ok());
    CHECK(second.error().kind == base::Kind::kBusy);
    REQUIRE(j->append({note_item(c.notes()[0])}, kStart).ok());
  }
  const auto foreign = hub::journal::open_lmdb(f.path, other.anchor(), other.log_key());
  REQUIRE_FALSE(foreign.ok());
  CHECK(foreign.error().kind == base::Kind::kConflict);
  const auto key = hub::journal::open_lmdb(f.path, c.anchor(), other.log_key());
  REQUIRE_FALSE(key.ok());
  CHECK(key.error().kind == base::Kind::kConflict);
}

TEST_CASE("a store of a newer version is refused and left alone") {
  Folder f;
  const Consortium c(kThree);
  { REQUIRE(open_at(c, f.path)->append({note_item(c.notes()[0])}, kStart).ok()); }
  {
    auto env = hub::store::Env::open(f.path + "/core", {});
    const auto meta = env->table("meta");
    auto txn = env->begin_write();
    base::Fixed<4> v{hub::state::kStoreVersion + 1};
    REQUIRE(txn->put(*meta, base::view("store_version"), v).ok());
    REQUIRE(txn->commit().ok());
  }
  const auto j = hub::journal::open_lmdb(f.path, c.anchor(), c.log_key());
  REQUIRE_FALSE(j.ok());
  CHECK(j.error().kind == base::Kind::kUnsupported);
  CHECK(hub::journal::check(f.path).error().kind == base::Kind::kUnsupported);
}

TEST_CASE("a backup taken while the hub runs is a whole store") {
  Folder f, copy;
  HubRig hub = lmdb_hub(f.path);
  live_a_little(hub);
  REQUIRE(hub.journal->backup(copy.path).ok());
  const std::uint64_t size = hub.size();
  REQUIRE(hub.send("hospital", {{.to = "crisis"}}).accepted);
  const auto report = hub::journal::check(copy.path);
  REQUIRE_MESSAGE(report.ok(), (report.ok() ? "" : report.error().message()));
  CHECK(report->entries == size);
  CHECK(hub::journal::check(f.path)->entries == size + 1);  // beside a running hub
}

TEST_CASE("killed at any moment: what was answered is there, and the store holds together") {
  const Consortium c(kThree);
  std::uint64_t delay = 200;
  for (int round = 0; round < 12; ++round, delay = delay * 3 / 2) {
    Folder f;
    int pipe_fds[2];
    REQUIRE(::pipe(pipe_fds) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {  // appends until it is killed; reports every size that append() answered with
      Consortium mine(kThree);
      auto j = hub::journal::open_lmdb(f.path, mine.anchor(), mine.log_key(), 256u << 20);
      if (!j.ok()) ::_exit(1);
      for (const SignedNote& n : mine.notes()) (void)(*j)->append({note_item(n)}, kStart);
      for (;;) {
        auto applied =
            (*j)->append({item(EntryType::kAccept, mine.send("hospital", {{.to = "crisis"}}, kStart, (*j)->directory().seq()))}, kStart);
        if (!applied.ok() || !applied->outcomes[0].accepted) ::_exit(1);
        if (::write(pipe_fds[1], &applied->size, sizeof applied->size) < 0) ::_exit(1);
      }
    }
    ::close(pipe_fds[1]);
    std::uint64_t acked = 0, got = 0;
    for (std::uint64_t i = 0; i < delay / 200; ++i) {
      if (::read(pipe_fds[0], &got, sizeof got) == sizeof got) acked = got;
    }
    REQUIRE(::kill(child, SIGKILL) == 0);
    int status = 0;
    ::waitpid(child, &status, 0);
    REQUIRE(WIFSIGNALED(status));
    while (::read(pipe_fds[0], &got, sizeof got) == sizeof got) acked = got;
    ::close(pipe_fds[0]);
    const auto report = hub::journal::check(f.path);
    REQUIRE_MESSAGE(report.ok(), (report.ok() ? "" : report.error().message()));
    CHECK(report->entries >= acked);
    CHECK(open_at(c, f.path)->read().ok());
  }
}
