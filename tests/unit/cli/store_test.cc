// `handoff audit verify --store`: a sound copy of a hub's store holds; one byte changed in any kind of row does not, and the entry that
// it belongs to is named.
#include <filesystem>
#include <sstream>

#include "cli/audit/commands.h"
#include "hub/store/env.h"
#include "tests/conformance/journal_rig.h"
#include "tests/unit/cli/kit.h"

#include <doctest/doctest.h>  // last: its CHECK takes the place of crypto/base/check.h's

using cli_kit::Json;

namespace {

using Rows = std::vector<std::pair<base::Bytes, base::Bytes>>;

std::uint64_t number(base::View key) { return base::load_be<std::uint64_t>(key.data()); }

// A hub's store after a short history with more than 256 entries, so that the tree has nodes.
struct Copy {
  kit::Folder folder;
  std::string anchor;
  std::uint64_t size = 0;
  Copy() {
    kit::HubRig hub = kit::lmdb_hub(folder.path);
    kit::live_a_little(hub);
    std::vector<hub::state::Item> events;
    for (int i = 0; i < 256; ++i) events.push_back(kit::item(schemas::EntryType::kHub, kit::record_bytes("event " + std::to_string(i))));
    REQUIRE(hub.journal->append(std::move(events), hub.now).ok());
    anchor = hub.c.anchor();
    size = hub.size();
  }
  template <class F>
  void change(const char* table, F how) const {
    auto env = hub::store::Env::open(folder.path + "/core", {.durable = false});  // damage need not last
    REQUIRE(env.ok());
    const auto t = env->table(table);
    auto txn = env->begin_write();
    REQUIRE(txn.ok());
    how(*txn, *t);
    REQUIRE(txn->commit().ok());
  }
  [[nodiscard]] Rows rows(const char* table) const {
    Rows out;
    change(table, [&](hub::store::Txn& txn, hub::store::TableId t) {
      txn.scan(t, {}, [&](base::View k, base::View v) { return out.emplace_back(base::to_bytes(k), base::to_bytes(v)), true; });
    });
    return out;
  }
  void put(const char* table, base::View key, base::View value) const {
    change(table, [&](hub::store::Txn& txn, hub::store::TableId t) { REQUIRE(txn.put(t, key, value).ok()); });
  }
  void erase(const char* table, base::View key) const {
    change(table, [&](hub::store::Txn& txn, hub::store::TableId t) { REQUIRE(txn.erase(t, key).ok()); });
  }
  // The command itself, inside the test.
  [[nodiscard]] Json verify(int expected) const {
    std::istringstream in;
    std::ostringstream out, err;
    const cli::counter::Call call{{{"store", folder.path}, {"json", "1"}}, in, out, err, {}};
    const auto code = cli::audit::verify(call);
    REQUIRE_MESSAGE(code.ok(), (code.ok() ? "" : code.error().message()));
    CHECK(*code == expected);
    return Json::parse(out.str(), nullptr, false);
  }
  // The entry that is named; nullopt: a finding about the whole store.
  [[nodiscard]] std::optional<std::uint64_t> named() const {
    const Json j = verify(1);
    REQUIRE(j.contains("first_bad"));
    CHECK(j["ok"] == false);
    CHECK(j["first_bad"]["why"].get<std::string>().size() > 5);
    const Json& index = j["first_bad"]["index"];
    return index.is_null() ? std::nullopt : std::optional(index.get<std::uint64_t>());
  }
};

// The first entry that has this hash as its subject or container.
std::uint64_t entry_of(const Rows& log, base::View hash, std::uint8_t type = 0) {
  for (const auto& [k, v] : log) {
    if (type != 0 && v[4] != type) continue;
    if (base::equal(base::View(v).subspan(32, 32), hash) || base::equal(base::View(v).subspan(64, 32), hash)) return number(k);
  }
  return ~std::uint64_t{0};
}

// Flips one bit of each `step`-th byte from `from` on, in each `stride`-th row, and puts it back.
template <class Expect>
void sweep(const Copy& copy, const char* table, std::size_t from, std::size_t step, std::size_t stride, Expect expect) {
  const Rows rows = copy.rows(table);
  REQUIRE(!rows.empty());
  for (std::size_t r = 0; r < rows.size(); r += stride) {
    const auto& [key, value] = rows[r];
    for (std::size_t at = from + r % step; at < value.size(); at += step) {
      base::Bytes bad = value;
      bad[at] ^= 4;
      copy.put(table, key, bad);
      const auto index = copy.named();
      CHECK_MESSAGE(index == expect(key), std::string(table) << " row " << r << " byte " << at);
    }
    copy.put(table, key, value);
  }
}

}  // namespace

TEST_CASE("a sound store holds, with or without the published anchor, from the program") {
  const Copy copy;
  const cli_kit::Folder home;
  const std::string anchor = home.put("anchor.note", copy.anchor);
  const auto own = cli_kit::run({"audit", "verify", "--store", copy.folder.path, "--json"}, home.path);
  REQUIRE_MESSAGE(own.code == 0, own.out << own.err);
  CHECK(own.json()["ok"] == true);
  CHECK(own.json()["entries"] == copy.size);
  CHECK(own.json()["root"].get<std::string>().size() == 44);
  CHECK_FALSE(own.json().contains("first_bad"));
  const auto given = cli_kit::run({"audit", "verify", "--store", copy.folder.path, "--anchor", anchor}, home.path);
  CHECK(given.code == 0);
  CHECK(cli_kit::holds(given.out, "the store holds: " + std::to_string(copy.size) + " entries"));
  CHECK(cli_kit::widest_line(given.out) <= 100);

  const kit::Consortium other(kit::kThree, {.origin = "sfh.example.org/hub2", .seed = 2});
  const auto foreign =
      cli_kit::run({"audit", "verify", "--store", copy.folder.path, "--anchor", home.put("other.note", other.anchor())}, home.path);
  CHECK(foreign.code == 1);
  CHECK(cli_kit::run({"audit", "verify", "--store", home.path}, home.path).code == 2);
  CHECK(cli_kit::run({"audit", "verify", "--store", copy.folder.path, "--anchor", home.put("x", "no note")}, home.path).code == 2);
}

TEST_CASE("one byte of an entry: the entry is named") {
  const Copy copy;
  sweep(copy, "log", 0, 29, 23, [](base::View key) { return std::optional(number(key)); });
}

TEST_CASE("one byte of a tree node or of a checkpoint: the entry that completes it is named") {
  const Copy copy;
  sweep(copy, "node", 0, 7, 1, [](base::View) { return std::optional<std::uint64_t>(255); });
  sweep(copy, "ckpt", 0, 17, 5, [](base::View key) { return std::optional(number(key) - 1); });
}

TEST_CASE("one byte of what an entry binds: notes, records, receipts, rules, groups and contents name their entry") {
  const Copy copy;
  const Rows log = copy.rows("log");
  const Rows notes = copy.rows("dir");
  sweep(copy, "dir", 0, 61, 1, [&](base::View key) {
    const auto at = std::find_if(notes.begin(), notes.end(), [&](const auto& row) { return base::equal(row.first, key); });
    return std::optional(base::load_le<std::uint64_t>(at->second.data()));
  });
  sweep(copy, "rec", 0, 11, 9, [&](base::View key) { return std::optional(entry_of(log, key)); });
  sweep(copy, "rcpt", 0, 13, 1, [&](base::View key) { return std::optional(number(key)); });
  sweep(copy, "blob", 0, 5, 1, [&](base::View) { return std::optional<std::uint64_t>(0); });  // the policy came first
  sweep(copy, "grpm", 4, 19, 1,
        [&](base::View key) { return std::optional(number(key)); });  // the first four number its chain, a matter of mailboxes
  sweep(copy, "grpc", 0, 37, 1, [&](base::View key) { return std::optional(number(key)); });
  CHECK(copy.verify(0)["ok"] == true);
}

TEST_CASE("the store's own rows about itself: no entry is to blame, and it does not hold") {
  const Copy copy;
  for (const auto& [key, value] : copy.rows("meta")) {
    const std::string name(base::text(key));
    if (name != "state" && name != "anchor") continue;
    for (std::size_t at = 0; at < value.size(); at += 3) {
      if (name == "state" && at >= 52 && at < 56) continue;  // the mailboxes' numbers
      base::Bytes bad = value;
      bad[at] ^= 4;
      copy.put("meta", key, bad);
      CHECK_MESSAGE(copy.verify(1)["ok"] == false, name << " byte " << at);
    }
    copy.put("meta", key, value);
  }
  CHECK(copy.verify(0)["ok"] == true);
}

TEST_CASE("a deleted entry, note, record or group, a shortened log, entries exchanged: the first one hit is named") {
  const Copy copy;
  const Rows log = copy.rows("log");
  copy.erase("log", log[9].first);
  CHECK(copy.named() == 9);
  copy.put("log", log[9].first, log[9].second);
  copy.put("log", log[3].first, log[4].second);
  copy.put("log", log[4].first, log[3].second);
  CHECK(copy.named() == 3);
  copy.put("log", log[3].first, log[3].second);
  copy.put("log", log[4].first, log[4].second);
  for (const char* table : {"grpm", "grpc", "rcpt"}) {
    const auto row = copy.rows(table).back();
    copy.erase(table, row.first);
    CHECK(copy.named() == number(row.first));
    copy.put(table, row.first, row.second);
  }
  const auto record = copy.rows("rec").front();
  copy.erase("rec", record.first);
  CHECK(copy.named() == entry_of(log, record.first));
  copy.put("rec", record.first, record.second);
  for (std::uint64_t i = copy.size - 2; i < copy.size; ++i) copy.erase("log", log[i].first);
  CHECK(copy.named() == copy.size - 2);
}

TEST_CASE("a log that was rewritten with matching hashes is still not the one that was signed") {
  const Copy copy;
  const Rows log = copy.rows("log");
  base::Bytes forged = log[20].second;
  forged[40] ^= 1;
  const base::Hash leaf = crypto::merkle_leaf(base::View(forged).first(112));
  std::copy(leaf.begin(), leaf.end(), forged.begin() + 112);
  copy.put("log", log[20].first, forged);
  const auto index = copy.named();
  REQUIRE(index);
  CHECK(*index >= 20);  // the first signed checkpoint after it
  CHECK(*index < copy.size);
}

TEST_CASE("a store that was put back to an earlier day is whole in itself; a checkpoint kept elsewhere shows what is missing") {
  const kit::Folder folder;
  const cli_kit::Folder home;
  std::uint64_t size = 0;
  std::string kept, forked;
  {
    kit::HubRig hub = kit::lmdb_hub(folder.path);
    kit::live_a_little(hub);
    REQUIRE(hub.journal->backup(folder.path + "/earlier").ok());
    size = hub.size();
    REQUIRE(hub.apply(kit::item(schemas::EntryType::kHub, kit::record_bytes("later"))).accepted);
    kept = hub.ask([](const hub::state::Reader& r) { return r.checkpoint(); });
    const auto own = crypto::parse_checkpoint(crypto::parse_note(kept)->text);
    forked = crypto::sign_checkpoint({own->origin, size, base::Hash{9}}, hub.c.log_key());
  }
  const std::string note = home.put("kept.note", kept), fork = home.put("fork.note", forked);
  CHECK(cli_kit::run({"audit", "verify", "--store", folder.path, "--known", note}, home.path).code == 0);
  const std::string earlier = folder.path + "/earlier";
  CHECK(cli_kit::run({"audit", "verify", "--store", earlier}, home.path).code == 0);
  const auto back = cli_kit::run({"audit", "verify", "--store", earlier, "--known", note, "--json"}, home.path);
  CHECK(back.code == 1);
  CHECK(back.json()["first_bad"]["index"] == size);
  CHECK(cli_kit::holds(back.out, "rolled back"));
  const auto other = cli_kit::run({"audit", "verify", "--store", earlier, "--known", fork, "--json"}, home.path);
  CHECK(other.code == 1);
  CHECK(other.json()["first_bad"]["index"] == size - 1);
  CHECK(cli_kit::run({"audit", "verify", "--store", earlier, "--known", home.put("x.note", "none")}, home.path).code == 2);
  CHECK(cli_kit::run({"audit", "verify", "--known", note}, home.path).code == 2);
}
