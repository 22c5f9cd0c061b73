// check(): a sound store passes; each kind of damage is named with the entry that it hit.
#include "hub/state/rows.h"
#include "hub/store/env.h"
#include "tests/conformance/journal_rig.h"

using namespace kit;
using hub::state::Table;

namespace {

// Two members have cosigned the newest checkpoint.
void witness(HubRig& hub, const std::string& one, const std::string& other) {
  std::string note = hub.ask([](const hub::state::Reader& r) { return r.checkpoint(); });
  const auto checkpoint = crypto::parse_checkpoint(crypto::parse_note(note)->text);
  for (const std::string& slug : {one, other}) note += crypto::cosign_line(*checkpoint, crypto::witness_name(hub.c.name(), hub.c.agent(slug).id()), hub.c.agent(slug).witness, kStart);
  REQUIRE(hub.journal->keep_witnessed(checkpoint->size, kStart, note).ok());
}

struct Damaged {
  Folder f;
  std::uint64_t size = 0;
  Damaged() {
    HubRig hub = lmdb_hub(f.path);
    live_a_little(hub);
    witness(hub, "hospital", "crisis");
    size = hub.size();
  }
  // Rewrites rows of a table behind the hub's back.
  template <class F>
  void change(Table table, F how) {
    auto env = hub::store::Env::open(f.path + "/core", {.durable = false});  // damage need not last
    REQUIRE(env.ok());
    const auto t = env->table(hub::state::table_name(table));
    auto txn = env->begin_write();
    REQUIRE(txn.ok());
    how(*txn, *t);
    REQUIRE(txn->commit().ok());
  }
  std::string fault() {
    const auto report = hub::journal::check(f.path);
    if (report.ok()) return "";
    CHECK(report.error().kind == base::Kind::kCorrupt);
    return report.error().what;
  }
};

bool names(const std::string& fault, std::uint64_t entry) { return fault.starts_with("entry " + std::to_string(entry) + ":"); }

}  // namespace

TEST_CASE("a sound store passes and is counted") {
  Damaged d;
  std::uint64_t said = 0;
  const auto report = hub::journal::check(d.f.path, [&](std::uint64_t done, std::uint64_t) { said = done; });
  REQUIRE_MESSAGE(report.ok(), (report.ok() ? "" : report.error().message()));
  CHECK(report->entries == d.size);
  CHECK(report->notes == Consortium(kThree).notes().size());
  CHECK(report->groups == 6);
  CHECK(report->messages == 7);
  CHECK(said == d.size);
}

TEST_CASE("any flipped byte of any entry is found and its entry named") {
  Damaged d;
  for (std::uint64_t entry = 0; entry < d.size; ++entry) {
    for (std::size_t byte = entry % 5; byte < hub::state::kLogRow; byte += 11) {
      const auto flip = [&](hub::store::Txn& txn, hub::store::TableId t) {
        base::Bytes row = base::to_bytes(*txn.get(t, hub::state::key(entry)));
        row[byte] ^= 0x10;
        REQUIRE(txn.put(t, hub::state::key(entry), row).ok());
      };
      d.change(Table::kLog, flip);
      CHECK_MESSAGE(names(d.fault(), entry), "entry " << entry << " byte " << byte << ": " << d.fault());
      d.change(Table::kLog, flip);
    }
  }
  CHECK(d.fault() == "");
}

TEST_CASE("any flipped byte of a stored group, header or content, is found and its entry named") {
  Damaged d;
  for (const Table table : {Table::kGrpMeta, Table::kGrpCt}) {
    std::vector<std::pair<std::uint64_t, std::size_t>> rows;
    d.change(table, [&](hub::store::Txn& txn, hub::store::TableId t) {
      txn.scan(t, {},
               [&](base::View k, base::View v) { return rows.emplace_back(base::load_be<std::uint64_t>(k.data()), v.size()), true; });
    });
    for (const auto& [index, len] : rows) {
      for (std::size_t byte = index % 3; byte < len; byte += 13) {
        const auto flip = [&, entry = index](hub::store::Txn& txn, hub::store::TableId t) {
          base::Bytes row = base::to_bytes(*txn.get(t, hub::state::key(entry)));
          row[byte] ^= 1;
          REQUIRE(txn.put(t, hub::state::key(entry), row).ok());
        };
        d.change(table, flip);
        CHECK_MESSAGE(names(d.fault(), index), std::string(table_name(table)) << " " << index << " byte " << byte << ": " << d.fault());
        d.change(table, flip);
      }
    }
  }
  CHECK(d.fault() == "");
}

TEST_CASE("a flipped byte in any other table is found") {
  // Notes of checkpoints and directory are signed, records hashed; the rest is compared with what the log says.
  for (unsigned t = 0; t < static_cast<unsigned>(Table::kCount_); ++t) {
    const auto table = static_cast<Table>(t);
    if (table == Table::kNode || table == Table::kPairRcpt) continue;  // empty here; no values
    Damaged d;
    std::vector<std::pair<base::Bytes, base::Bytes>> rows;
    d.change(table, [&](hub::store::Txn& txn, hub::store::TableId id) {
      txn.scan(id, {}, [&](base::View k, base::View v) { return rows.emplace_back(base::to_bytes(k), base::to_bytes(v)), true; });
    });
    REQUIRE(!rows.empty());
    const auto& [k, v] = rows[rows.size() / 2];
    for (std::size_t byte = 0; byte < v.size(); byte += 1 + v.size() / 40) {
      base::Bytes bad = v;
      bad[byte] ^= 2;
      d.change(table, [&](hub::store::Txn& txn, hub::store::TableId id) { REQUIRE(txn.put(id, k, bad).ok()); });
      CHECK_MESSAGE(hub::journal::check(d.f.path).ok() == false, std::string(table_name(table)) << " byte " << byte << " of " << v.size());
    }
    d.change(table, [&](hub::store::Txn& txn, hub::store::TableId id) { REQUIRE(txn.put(id, k, v).ok()); });
    CHECK(d.fault() == "");
    if (table == Table::kWitnessed) continue;  // what witnesses signed is theirs to keep too: a hub may hold less of it
    d.change(table, [&](hub::store::Txn& txn, hub::store::TableId id) { REQUIRE(txn.erase(id, k).ok()); });
    CHECK_MESSAGE(d.fault() != "", "a deleted row of " << std::string(table_name(table)));
  }
}

TEST_CASE("a deleted entry, a deleted group, two entries exchanged, a shortened log: each named") {
  {
    Damaged d;
    d.change(Table::kLog, [](hub::store::Txn& txn, hub::store::TableId t) { REQUIRE(txn.erase(t, hub::state::key(9)).ok()); });
    CHECK(names(d.fault(), 9));
  }
  {
    Damaged d;
    std::uint64_t index = 0;
    d.change(Table::kGrpMeta, [&](hub::store::Txn& txn, hub::store::TableId t) {
      index = base::load_be<std::uint64_t>(txn.last(t)->first.data());
      REQUIRE(txn.erase(t, hub::state::key(index)).ok());
    });
    CHECK(names(d.fault(), index));
  }
  {
    Damaged d;
    d.change(Table::kLog, [](hub::store::Txn& txn, hub::store::TableId t) {
      const base::Bytes a = base::to_bytes(*txn.get(t, hub::state::key(3))), b = base::to_bytes(*txn.get(t, hub::state::key(4)));
      REQUIRE(txn.put(t, hub::state::key(3), b).ok());
      REQUIRE(txn.put(t, hub::state::key(4), a).ok());
    });
    CHECK(names(d.fault(), 3));
  }
  {
    Damaged d;
    d.change(Table::kLog, [&](hub::store::Txn& txn, hub::store::TableId t) {
      for (std::uint64_t i = d.size - 2; i < d.size; ++i) REQUIRE(txn.erase(t, hub::state::key(i)).ok());
    });
    CHECK(names(d.fault(), d.size - 2));
  }
}

TEST_CASE("a hub refuses to start on a store whose newest checkpoint is not its tree's") {
  Damaged d;
  const Consortium c(kThree);
  d.change(Table::kCheckpoint, [&](hub::store::Txn& txn, hub::store::TableId t) {
    const auto older = base::to_bytes(*txn.get(t, hub::state::key(d.size - 1)));
    REQUIRE(txn.put(t, hub::state::key(d.size), older).ok());
  });
  const auto j = hub::journal::open_lmdb(d.f.path, c.anchor(), c.log_key(), 256u << 20);
  REQUIRE_FALSE(j.ok());
  CHECK(j.error().kind == base::Kind::kCorrupt);
}
