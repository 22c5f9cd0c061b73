// The disclosure ledger's chain, and somebody who holds the store's key and writes into it.
#include "tests/unit/api/kit.h"

using namespace rig;
using keep::Table;
using ledger::Access;

namespace {

const base::Id kThread{7}, kOther{8};

struct Book {
  TempDir dir;
  std::unique_ptr<keep::Store> store;
  Book() {
    auto opened = keep::Store::open(dir.path() + "/store", crypto::Secret<32>{}, crypto::system_random(), 64u << 20);
    REQUIRE(opened.ok());
    store = std::move(opened).value();
    for (int i = 0; i < 6; ++i) add(i % 2 == 0 ? kThread : kOther, "row " + std::to_string(i));
  }
  void add(const base::Id& thread, const std::string& words) {
    write([&](keep::Tx& tx) {
      people::Actor mo;
      mo.login = "m.okafor";
      mo.roles = {"intake"};
      ledger::LedgerRow r;
      r.access = Access::kOpen;
      r.thread_id = thread;
      r.words = words;
      ledger::record(tx, mo, {1'000}, r);
    });
  }
  void write(const std::function<void(keep::Tx&)>& what) {
    REQUIRE(store->write([&](keep::Tx& tx) {
      what(tx);
      return base::Status{};
    }).ok());
  }
  template <class T>
  T read(const std::function<T(keep::Tx&)>& what) {
    T out{};
    REQUIRE(store->read([&](keep::Tx& tx) {
      out = what(tx);
      return base::Status{};
    }).ok());
    return out;
  }
  std::optional<std::uint64_t> first_bad() { return read<std::optional<std::uint64_t>>([](keep::Tx& tx) { return ledger::first_bad(tx); }); }
  ledger::LedgerRow row(std::uint64_t seq) { return *read<std::optional<ledger::LedgerRow>>([&](keep::Tx& tx) { return ledger::row(tx, seq); }); }
};

}  // namespace

TEST_CASE("rows follow from each other, and a thread's rows are found") {
  Book b;
  CHECK_FALSE(b.first_bad());
  CHECK(base::all_zero(b.row(1).prev));
  CHECK(b.row(2).prev == b.read<base::Hash>([](keep::Tx& tx) { return ledger::hash_at(tx, 1); }));
  CHECK(b.row(4).words == "row 3");
  CHECK(b.row(4).role == "intake");
  CHECK(b.read<std::vector<std::uint64_t>>([](keep::Tx& tx) { return ledger::rows_of(tx, kThread); }) == std::vector<std::uint64_t>{1, 3, 5});
  const auto head = b.read<ledger::Head>([](keep::Tx& tx) { return ledger::head(tx); });
  CHECK(head.size == 6);
  CHECK(head.hash == b.read<base::Hash>([](keep::Tx& tx) { return ledger::hash_at(tx, 6); }));
}

TEST_CASE("a row changed, taken out, exchanged, cut off or hidden from its thread is found") {
  Book b;
  const auto put = [&](std::uint64_t at, ledger::LedgerRow r) { b.write([&](keep::Tx& tx) { tx.put(Table::kLedger, keep::key_of(at), keep::pack(r)); }); };
  SUBCASE("changed, in the middle: the next one does not follow") {
    auto r = b.row(3);
    r.login = "somebody.else";
    put(3, r);
    CHECK(b.first_bad() == 4u);
  }
  SUBCASE("changed, the last one: the head knows it") {
    auto r = b.row(6);
    r.words = "nothing";
    put(6, r);
    CHECK(b.first_bad() == 6u);
  }
  SUBCASE("taken out") {
    b.write([](keep::Tx& tx) { tx.erase(Table::kLedger, keep::key_of(3)); });
    CHECK(b.first_bad() == 3u);
  }
  SUBCASE("taken out, and the rest moved up") {
    for (std::uint64_t i = 3; i < 6; ++i) put(i, b.row(i + 1));
    b.write([](keep::Tx& tx) { tx.erase(Table::kLedger, keep::key_of(6)); });
    CHECK(b.first_bad() == 3u);
  }
  SUBCASE("exchanged") {
    const auto two = b.row(2), four = b.row(4);
    put(2, four);
    put(4, two);
    CHECK(b.first_bad() == 2u);
  }
  SUBCASE("cut off at the end") {
    b.write([](keep::Tx& tx) {
      tx.erase(Table::kLedger, keep::key_of(6));
      tx.erase(Table::kLedger, keep::key_of(5));
    });
    CHECK(b.first_bad() == 5u);
  }
  SUBCASE("cut off at the beginning") {
    b.write([](keep::Tx& tx) { tx.erase(Table::kLedger, keep::key_of(1)); });
    CHECK(b.first_bad() == 1u);
  }
  SUBCASE("added behind the head") {
    auto r = b.row(6);
    r.seq = 7;
    r.prev = b.read<base::Hash>([](keep::Tx& tx) { return ledger::hash_at(tx, 6); });
    put(7, r);
    CHECK(b.first_bad() == 7u);
  }
  SUBCASE("hidden from its thread") {
    b.write([](keep::Tx& tx) { tx.erase(Table::kLedgerOf, keep::key_of(tx.key("ledger", kThread), 3)); });
    CHECK(b.first_bad() == 3u);
  }
}

TEST_CASE("a ledger written anew, head and all, is whole by itself, and found out by the head that somebody else kept") {
  Book before, after;
  const auto kept = before.read<ledger::Head>([](keep::Tx& tx) { return ledger::head(tx); });
  after.write([](keep::Tx& tx) {
    for (std::uint64_t i = 1; i <= 6; ++i) tx.erase(Table::kLedger, keep::key_of(i));
    tx.erase(Table::kMeta, base::view("ledger_head"));
  });
  for (int i = 0; i < 6; ++i) after.add(kOther, "nobody looked");
  CHECK_FALSE(after.first_bad());
  CHECK(after.read<base::Hash>([](keep::Tx& tx) { return ledger::hash_at(tx, 6); }) != kept.hash);

  Desk d;
  const Browser mo = d.enter(d.harbor, "m.okafor", {"intake"}), privacy = d.enter(d.harbor, "p.privacy", {"privacy"});
  const Json head = privacy.ok("ledger.verify");
  mo.ok("inbox.list");
  CHECK(privacy.ok("ledger.verify", {{"size", head["size"]}, {"head", head["head"]}})["holds"] == true);  // it only grew
  const Json no = privacy.ok("ledger.verify", {{"size", head["size"]}, {"head", base::hex(kept.hash)}});
  CHECK(no["holds"] == false);
  CHECK(no["first_bad"]["seq"] == head["size"]);
}

TEST_CASE("what rides along with a write happens with it or not at all") {
  Book b;
  const auto size = [&] { return b.read<ledger::Head>([](keep::Tx& tx) { return ledger::head(tx); }).size; };
  const keep::Job also = [&](keep::Tx& tx) {
    ledger::record(tx, people::unix_user("mo"), {2'000}, {});
    return base::Status{};
  };
  {
    keep::Store::Along along(*b.store, also);
    CHECK_FALSE(b.store->write([](keep::Tx&) { return base::Status(base::Error{base::Kind::kDenied, "no", "rule"}); }).ok());
    CHECK_FALSE(along.written());
    CHECK(size() == 6);
    b.write([](keep::Tx& tx) { tx.put(Table::kMeta, base::view("a"), {}); });
    CHECK(along.written());
    CHECK(size() == 7);
    b.write([](keep::Tx& tx) { tx.put(Table::kMeta, base::view("b"), {}); });  // once
  }
  CHECK(size() == 7);
  {
    keep::Store::Along along(*b.store, [](keep::Tx&) { return base::Status(base::Error{base::Kind::kConflict, "cannot be recorded", "ledger"}); });
    CHECK_FALSE(b.store->write([](keep::Tx& tx) {
      tx.put(Table::kMeta, base::view("c"), {});
      return base::Status{};
    }).ok());
  }
  CHECK_FALSE(b.read<bool>([](keep::Tx& tx) { return tx.has(Table::kMeta, base::view("c")); }));
}
