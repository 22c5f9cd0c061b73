// LMDB behind its door: transactions, snapshots, scans, full maps, one process a folder.
#include "hub/store/env.h"

#include <sys/resource.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "hub/store/lock.h"

#include <doctest/doctest.h>

using namespace hub::store;

namespace {

struct Folder {
  std::string path;
  Folder() {
    char name[] = "/tmp/handoff-store-XXXXXX";
    REQUIRE(::mkdtemp(name) != nullptr);
    path = name;
  }
  ~Folder() { std::filesystem::remove_all(path); }
};

Env open(const Folder& f, Options o = {}) {
  auto env = Env::open(f.path, o);
  REQUIRE(env.ok());
  return std::move(env).value();
}

void put(Env& env, TableId t, std::string_view k, std::string_view v) {
  auto txn = env.begin_write();
  REQUIRE(txn.ok());
  REQUIRE(txn->put(t, base::view(k), base::view(v)).ok());
  REQUIRE(txn->commit().ok());
}

}  // namespace

TEST_CASE("what was committed is there after reopening; what was not is gone") {
  Folder f;
  {
    Env env = open(f);
    const TableId t = *env.table("t");
    put(env, t, "a", "1");
    auto txn = env.begin_write();
    REQUIRE(txn->put(t, base::view("b"), base::view("2")).ok());
  }
  Env env = open(f);
  const TableId t = *env.table("t");
  auto txn = env.begin_read();
  CHECK(base::text(*txn->get(t, base::view("a"))) == "1");
  CHECK_FALSE(txn->get(t, base::view("b")));
}

TEST_CASE("a snapshot does not see later commits, on whichever thread it is used") {
  Folder f;
  Env env = open(f);
  const TableId t = *env.table("t");
  put(env, t, "a", "1");
  auto old = env.begin_read();
  put(env, t, "a", "2");
  std::thread([&] { CHECK(base::text(*old->get(t, base::view("a"))) == "1"); }).join();
  CHECK(base::text(*env.begin_read()->get(t, base::view("a"))) == "2");
}

TEST_CASE("scans run both ways from anywhere") {
  Folder f;
  Env env = open(f);
  const TableId t = *env.table("t");
  for (const char* k : {"b", "d", "f"}) put(env, t, k, k);
  auto txn = env.begin_read();
  const auto walk = [&](bool back, std::string_view from) {
    std::string out;
    const auto visit = [&](base::View k, base::View) { return out += base::text(k), true; };
    back ? txn->scan_back(t, base::view(from), visit) : txn->scan(t, base::view(from), visit);
    return out;
  };
  CHECK(walk(false, "") == "bdf");
  CHECK(walk(false, "c") == "df");
  CHECK(walk(false, "g") == "");
  CHECK(walk(true, "") == "fdb");
  CHECK(walk(true, "d") == "db");
  CHECK(walk(true, "e") == "db");
  CHECK(walk(true, "z") == "fdb");
  CHECK(walk(true, "a") == "");
  CHECK(txn->count(t) == 3);
  CHECK(base::text(txn->first(t)->first) == "b");
  CHECK(base::text(txn->last(t)->first) == "f");
}

TEST_CASE("append and reserved room accept only the greatest key") {
  Folder f;
  Env env = open(f);
  const TableId t = *env.table("t");
  auto txn = env.begin_write();
  REQUIRE(txn->append(t, key(2), base::view("x")).ok());
  auto room = txn->reserve(t, key(3), 4, true);
  REQUIRE(room.ok());
  std::memcpy(room->data(), "room", 4);
  CHECK(base::text(*txn->get(t, key(3))) == "room");
  CHECK_FALSE(txn->append(t, key(1), base::view("x")).ok());
}

TEST_CASE("a full map is refused by name and the store reads on") {
  Folder f;
  Options o;
  o.map_size = 1 << 20;
  Env env = open(f, o);
  const TableId t = *env.table("t");
  put(env, t, "a", "1");
  {
    auto txn = env.begin_write();
    const base::Status s = txn->put(t, base::view("big"), base::Bytes(2 << 20));
    REQUIRE_FALSE(s.ok());
    CHECK(s.error().kind == base::Kind::kFull);
  }
  CHECK(base::text(*env.begin_read()->get(t, base::view("a"))) == "1");
  CHECK(env.fill() > 0);
  CHECK(env.fill() <= 1);
}

TEST_CASE("after the disk has refused once, nothing is written again though the disk would take it") {
  Folder f;
  Env env = open(f);
  const TableId t = *env.table("t");
  put(env, t, "a", "1");
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  std::signal(SIGXFSZ, SIG_IGN);  // a write beyond the limit then fails with an error
  {
    auto txn = env.begin_write();
    REQUIRE(txn->put(t, base::view("big"), base::Bytes(1 << 20)).ok());
    rlimit tight = before;
    tight.rlim_cur = 64 << 10;
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &tight) == 0);
    const base::Status s = txn->commit();
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
    REQUIRE_FALSE(s.ok());
    CHECK(s.error().kind == base::Kind::kIo);
  }
  CHECK(env.poisoned());
  const auto again = env.begin_write();
  REQUIRE_FALSE(again.ok());
  CHECK(again.error().kind == base::Kind::kIo);
  CHECK(base::text(*env.begin_read()->get(t, base::view("a"))) == "1");
}

TEST_CASE("a hot copy opens as a store of its own") {
  Folder f, copy;
  Env env = open(f);
  put(env, *env.table("t"), "a", "1");
  REQUIRE(env.copy_to(copy.path).ok());
  Env other = open(copy, {.read_only = true});
  const auto t = other.table("t");
  REQUIRE(t.ok());
  CHECK(base::text(*other.begin_read()->get(*t, base::view("a"))) == "1");
  CHECK_FALSE(other.table("missing").ok());
}

TEST_CASE("a second process is turned away from a folder in use") {
  Folder f;
  auto lock = FileLock::take(f.path + "/lock");
  REQUIRE(lock.ok());
  const auto second = FileLock::take(f.path + "/lock");
  REQUIRE_FALSE(second.ok());
  CHECK(second.error().kind == base::Kind::kBusy);
}
