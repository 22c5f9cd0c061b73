// Every byte of every row of a small store, changed one at a time: check() finds it, and names the entry wherever the table is one of entries.
#include <map>

#include "hub/state/rows.h"
#include "tests/conformance/journal_rig.h"
#include "tests/kit/sanitized.h"

using namespace kit;
using hub::state::Table;

namespace {

constexpr std::size_t kStep = kSanitized ? 11 : 1;  // every byte in the ordinary build

// A store in memory, copied from a snapshot; one row of it may be something else.
class Copy final : public hub::state::ReadKv {
 public:
  explicit Copy(const hub::state::ReadKv& kv) {
    for (unsigned t = 0; t < static_cast<unsigned>(Table::kCount_); ++t) {
      kv.scan(static_cast<Table>(t), {}, [&](base::View k, base::View v) { return tables[t][base::to_bytes(k)] = base::to_bytes(v), true; });
    }
  }
  using Rows = std::map<base::Bytes, base::Bytes>;
  std::array<Rows, static_cast<std::size_t>(Table::kCount_)> tables;
  Rows& at(Table t) { return tables[static_cast<std::size_t>(t)]; }
  [[nodiscard]] const Rows& at(Table t) const { return tables[static_cast<std::size_t>(t)]; }

  [[nodiscard]] std::optional<base::View> get(Table t, base::View key) const override {
    const auto it = at(t).find(base::to_bytes(key));
    return it == at(t).end() ? std::nullopt : std::optional<base::View>(it->second);
  }
  void scan(Table t, base::View from, const std::function<bool(base::View, base::View)>& visit) const override {
    for (auto it = at(t).lower_bound(base::to_bytes(from)); it != at(t).end() && visit(it->first, it->second); ++it) {
    }
  }
  void scan_back(Table t, base::View from, const std::function<bool(base::View, base::View)>& visit) const override {
    auto it = from.empty() ? at(t).end() : at(t).upper_bound(base::to_bytes(from));
    while (it != at(t).begin() && visit(std::prev(it)->first, std::prev(it)->second)) --it;
  }
};

Copy small_store() {
  HubRig hub({{"hospital", "hospital_ed"}, {"crisis", "crisis_center"}});
  REQUIRE(hub.apply(item(EntryType::kHub, record_bytes("start"))).accepted);
  const Outcome first = hub.send("hospital", {{.to = "crisis"}});
  REQUIRE(first.accepted);
  REQUIRE(hub.receipt("crisis", "hospital").accepted);
  REQUIRE(hub.send("crisis", {{.to = "hospital", .kind = schemas::MsgKind::kStatus}}).accepted);
  hub.now = hub.now.plus(8 * base::kDay);
  REQUIRE(hub.apply(hub::state::erase_item(EntryType::kErase, std::vector{first.first_index}, record_bytes("tick"))).n == 1);
  REQUIRE(hub.apply(hub::state::access_item(record_bytes("query"), record_bytes("auditor"))).accepted);
  auto snapshot = hub.journal->read();
  REQUIRE(snapshot.ok());
  return Copy((*snapshot)->kv());
}

std::string fault(const Copy& store) {
  const auto report = hub::journal::check(store);
  if (report.ok()) return "";
  // A flipped version is that of a newer program.
  CHECK((report.error().kind == base::Kind::kCorrupt || report.error().kind == base::Kind::kUnsupported));
  CHECK_FALSE(report.error().mend.empty());
  return report.error().what;
}

}  // namespace

TEST_CASE("no byte of a small store can change unseen, and the entry is named") {
  Copy store = small_store();
  REQUIRE(fault(store) == "");
  std::size_t tried = 0;
  for (unsigned t = 0; t < static_cast<unsigned>(Table::kCount_); ++t) {
    const auto table = static_cast<Table>(t);
    const bool of_entries = table == Table::kLog || table == Table::kGrpMeta || table == Table::kGrpCt || table == Table::kRcpt;
    for (auto& [key, value] : store.at(table)) {
      for (std::size_t byte = tried % kStep; byte < value.size(); byte += kStep) {
        value[byte] ^= 0x20;
        const std::string why = fault(store);
        value[byte] ^= 0x20;
        ++tried;
        if (why.empty()) FAIL_CHECK(std::string(table_name(table)), " byte ", byte, " of ", value.size(), " is not bound");
        if (of_entries && !why.starts_with("entry " + std::to_string(base::load_be<std::uint64_t>(key.data())) + ":"))
          FAIL_CHECK(std::string(table_name(table)), " byte ", byte, ": ", why);
      }
    }
  }
  CHECK(tried > 5000 / kStep);
  CHECK(fault(store) == "");
}

TEST_CASE("every row of a small store taken out, and every two neighbours exchanged, is found") {
  const Copy whole = small_store();
  for (unsigned t = 0; t < static_cast<unsigned>(Table::kCount_); ++t) {
    const auto table = static_cast<Table>(t);
    for (auto it = whole.at(table).begin(); it != whole.at(table).end(); ++it) {
      Copy store = whole;
      store.at(table).erase(it->first);
      const std::string why = fault(store);
      CHECK_MESSAGE(why != "", "a row of " << table_name(table) << " was taken out");
      if (table == Table::kLog) CHECK(why.starts_with("entry " + std::to_string(base::load_be<std::uint64_t>(it->first.data())) + ":"));
      const auto next = std::next(it);
      if (next == whole.at(table).end() || next->second == it->second) continue;
      Copy swapped = whole;
      swapped.at(table)[it->first] = next->second, swapped.at(table)[next->first] = it->second;
      CHECK_MESSAGE(fault(swapped) != "", "two rows of " << table_name(table) << " were exchanged");
    }
  }
}

TEST_CASE("a log cut off at any entry, with or without its checkpoints, is found where it ends") {
  const Copy whole = small_store();
  const std::uint64_t size = whole.at(Table::kLog).size();
  for (std::uint64_t end = 0; end < size; ++end) {
    Copy store = whole;
    for (std::uint64_t i = end; i < size; ++i) store.at(Table::kLog).erase(base::to_bytes(hub::state::key(i)));
    CHECK(fault(store).starts_with("entry " + std::to_string(end) + ":"));
    for (std::uint64_t i = end; i < size; ++i) store.at(Table::kCheckpoint).erase(base::to_bytes(hub::state::key(i + 1)));
    CHECK(fault(store) != "");
  }
}
