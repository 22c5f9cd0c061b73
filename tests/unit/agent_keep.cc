// What an agent keeps: keys in the vault, sealed values in the store, the log in order.
#include <filesystem>
#include <fstream>

#include "adapters/agent/keep/records_feed.h"
#include "tests/unit/agent_rig.h"

using namespace rig;
using keep::Table;

namespace {

const base::View kPass = base::view("correct horse");
const crypto::KeyFileCost kCheap{1, 8u << 20};

std::unique_ptr<agent::Vault> vault_in(const std::string& dir) {
  auto made = agent::Vault::create(dir, kPass, kCheap, crypto::system_random());
  REQUIRE(made.ok());
  auto v = agent::Vault::open(dir, kPass, crypto::system_random());
  REQUIRE(v.ok());
  return std::move(v).value();
}

std::unique_ptr<keep::Store> store_in(const std::string& dir, base::Byte key = 7) {
  base::Fixed<32> k{};
  k.fill(key);
  auto s = keep::Store::open(dir, crypto::Secret<32>(k), crypto::system_random(), 64u << 20);
  REQUIRE_MESSAGE(s.ok(), (s.ok() ? "" : s.error().message()));
  return std::move(s).value();
}

std::string bytes_under(const std::string& dir) {
  std::string all;
  for (const auto& f : std::filesystem::recursive_directory_iterator(dir)) {
    if (!f.is_regular_file()) continue;
    std::ifstream in(f.path(), std::ios::binary);
    all.append(std::istreambuf_iterator<char>(in), {});
  }
  return all;
}

crypto::Ent1 entry(schemas::EntryType type, std::uint64_t dir_seq, base::Byte subject, base::Byte container) {
  crypto::Ent1 e;
  e.type = static_cast<std::uint8_t>(type);
  e.hub_time = kit::kStart;
  e.count = type == schemas::EntryType::kAccept ? 1 : 0;
  e.dir_seq = dir_seq;
  e.subject.fill(subject);
  e.container.fill(container);
  return e;
}

}  // namespace

TEST_CASE("the vault opens with its passphrase alone, and knows the same keys again") {
  TempDir dir;
  const auto a = vault_in(dir.path());
  const auto b = agent::Vault::open(dir.path(), kPass, crypto::system_random());
  REQUIRE(b.ok());
  CHECK((*b)->sign().public_key() == a->sign().public_key());
  CHECK((*b)->transport().public_key() == a->transport().public_key());
  CHECK(a->sign().public_key() != a->witness().public_key());
  CHECK(agent::Vault::open(dir.path(), base::view("correct horsf"), crypto::system_random()).error().kind == base::Kind::kBadSignature);
  CHECK(agent::Vault::create(dir.path(), kPass, kCheap, crypto::system_random()).error().kind == base::Kind::kConflict);
}

TEST_CASE("epoch keys reach fourteen days ahead, survive a restart, and are gone after their grace") {
  TempDir dir;
  auto v = vault_in(dir.path());
  REQUIRE(v->extend_epochs(kit::kStart).ok());
  const crypto::EpochNote note = v->epoch_note({}, {}, kit::kStart);
  REQUIRE(note.keys.size() == 15);
  CHECK(crypto::parse_epoch(note.text()).ok());
  CHECK(note.keys.front().from <= kit::kStart);
  CHECK(note.keys.front().destroy_after == note.keys.front().until.plus(7 * base::kDay));
  const auto again = agent::Vault::open(dir.path(), kPass, crypto::system_random());
  REQUIRE(again.ok());
  const auto kid = crypto::epoch_kid(note.keys.front().key);
  CHECK((*again)->epoch_key(note.keys.front().epoch, kid) != nullptr);
  CHECK((*again)->epoch_key(note.keys.back().epoch, kid) == nullptr);
  REQUIRE((*again)->extend_epochs(kit::kStart.plus(base::kDay)).ok());
  CHECK((*again)->epoch_note({}, {}, kit::kStart.plus(base::kDay)).keys.size() == 15);
  REQUIRE((*again)->destroy_due(note.keys.front().destroy_after).ok());
  CHECK((*again)->epoch_key(note.keys.front().epoch, kid) == nullptr);
  const auto later = agent::Vault::open(dir.path(), kPass, crypto::system_random());
  CHECK((*later)->epoch_key(note.keys.front().epoch, kid) == nullptr);
}

TEST_CASE("nothing on the disk can be read: not values, not names in keys") {
  TempDir dir;
  auto s = store_in(dir.path() + "/s");
  const std::string canary = "Canaryworth-on-disk";
  REQUIRE(s->write([&](keep::Tx& tx) {
    tx.put(Table::kMessage, keep::key_of(1), base::view(canary));
    tx.put(Table::kRef, tx.key("ref", base::view(canary)), {});
    return base::Status{};
  }).ok());
  CHECK(bytes_under(dir.path()).find("Canaryworth") == std::string::npos);
  s.reset();
  base::Fixed<32> other{};
  CHECK(keep::Store::open(dir.path() + "/s", crypto::Secret<32>(other), crypto::system_random(), 64u << 20).error().kind == base::Kind::kCorrupt);
  s = store_in(dir.path() + "/s");
  std::string back;
  REQUIRE(s->read([&](keep::Tx& tx) {
    back = base::to_string(tx.get(Table::kMessage, keep::key_of(1)).value());
    return base::Status{};
  }).ok());
  CHECK(back == canary);
}

TEST_CASE("a job that fails leaves no trace, and its neighbours in the same commit are kept") {
  TempDir dir;
  const auto s = store_in(dir.path() + "/s");
  std::vector<std::thread> threads;
  std::atomic<int> kept{0}, failed{0};
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&, i] {
      const base::Status done = s->write([&](keep::Tx& tx) -> base::Status {
        tx.put(Table::kMessage, keep::key_of(static_cast<std::uint64_t>(i)), base::view("x"));
        if (i % 4 == 0) return base::Error{base::Kind::kDenied, "no"};
        return {};
      });
      done.ok() ? ++kept : ++failed;
    });
  }
  for (auto& t : threads) t.join();
  CHECK(kept == 12);
  CHECK(failed == 4);
  REQUIRE(s->read([&](keep::Tx& tx) {
    CHECK(tx.count(Table::kMessage) == 12);
    CHECK_FALSE(tx.has(Table::kMessage, keep::key_of(4)));
    return base::Status{};
  }).ok());
}

TEST_CASE("the scan passes a legal log and names each broken rule") {
  using schemas::EntryType;
  keep::Scan good;
  REQUIRE(keep::scan_entry(good, entry(EntryType::kHub, 0, 1, 0), false).ok());
  REQUIRE(keep::scan_entry(good, entry(EntryType::kDir, 1, 2, 0), false).ok());
  REQUIRE(keep::scan_entry(good, entry(EntryType::kAccept, 1, 3, 9), false).ok());
  REQUIRE(keep::scan_entry(good, entry(EntryType::kAccept, 1, 4, 9), false).ok());
  const auto broken = [&](crypto::Ent1 e, bool seen = false) {
    keep::Scan copy = good;
    return !keep::scan_entry(copy, e, seen).ok();
  };
  CHECK_FALSE(broken(entry(EntryType::kDir, 2, 5, 2)));
  CHECK(broken(entry(EntryType::kDir, 1, 5, 2)));                // does not count itself
  CHECK(broken(entry(EntryType::kDir, 2, 5, 0)));                // chain of notes
  CHECK_FALSE(broken(entry(EntryType::kHub, 1, 5, 1)));
  CHECK(broken(entry(EntryType::kHub, 1, 5, 0)));                // chain of hub events
  CHECK(broken(entry(EntryType::kAccept, 1, 4, 9)));             // a group twice
  CHECK(broken(entry(EntryType::kAccept, 1, 5, 8), true));       // a batch in two places
  CHECK(broken(entry(EntryType::kAccept, 2, 5, 9)));             // dir_seq runs ahead
  crypto::Ent1 e = entry(EntryType::kAccept, 1, 5, 9);
  e.hub_time = kit::kStart.minus(1);
  CHECK(broken(e));                                              // time goes back
  e = entry(EntryType::kReceipt, 1, 5, 9);
  e.count = 1;
  CHECK(broken(e));
}

TEST_CASE("records come back as they were, and cut ones do not come back at all") {
  keep::BatchRow row;
  row.batch_seq = 5;
  row.frame = {1, 2, 3};
  row.groups.resize(2);
  row.groups[1].items.resize(3);
  row.groups[1].items[2].alone = true;
  const base::Bytes bytes = keep::pack(row);
  const auto back = keep::unpack<keep::BatchRow>(bytes);
  REQUIRE(back.has_value());
  CHECK(keep::pack(*back) == bytes);
  for (std::size_t n = 0; n < bytes.size(); ++n) CHECK_FALSE(keep::unpack<keep::BatchRow>(base::View(bytes).first(n)).has_value());
  base::Bytes longer = bytes;
  longer.push_back(0);
  CHECK_FALSE(keep::unpack<keep::BatchRow>(longer).has_value());
}

TEST_CASE("the bytes of a record are those that earlier versions wrote, and what they did not write yet keeps its first value") {
  keep::NoticeRow row;
  row.seq = 1, row.what = "hold", row.words = "now", row.at = {258}, row.phone = true, row.seen = {3}, row.urgency = "emergent";
  row.thread_id.fill(0xaa), row.msg_id.fill(0xbb);
  const std::string older = "0100000000000000" + std::string(32, 'a') + std::string(32, 'b') + "04000000686f6c64" "00000000" "030000006e6f77" "0201000000000000" "01" "00000000" "0300000000000000";
  const std::string newer = older + "08000000656d657267656e74";
  CHECK(base::hex(keep::pack(row)) == newer);
  const auto back = keep::unpack<keep::NoticeRow>(base::View(keep::pack(row)).first(older.size() / 2));
  REQUIRE(back.has_value());
  CHECK(back->seen == row.seen);
  CHECK(back->urgency.empty());
}

TEST_CASE("a record with a value that this version does not know is not read as another one") {
  keep::ModeRow row;
  row.mode = keep::FeedMode::kShadow;
  CHECK(keep::unpack<keep::ModeRow>(keep::pack(row)).has_value());
  row.mode = static_cast<keep::FeedMode>(3);
  CHECK_FALSE(keep::unpack<keep::ModeRow>(keep::pack(row)).has_value());
}
