// Keeping modes, and what was rehearsed.
#include "adapters/agent/rehearse/modes.h"

#include <algorithm>

namespace adapters::agent::rehearse {
namespace {

using keep::FeedMode;
using keep::ModeRow;
using keep::Table;

base::Bytes row_key(const keep::Tx& tx, const std::string& adapter, std::uint64_t no) { return keep::key_of(tx.key("rehearsed", base::view(adapter)), no); }

ModeRow mode_row(keep::Tx& tx, const std::string& adapter) { return keep::find<ModeRow>(tx, Table::kMode, base::view(adapter)).value_or(ModeRow{}); }

void count(ModeRow& mode, const keep::RehearsedRow& row, const std::string& to, const std::string& reason) {
  const auto same = [&](const keep::Tally& t) { return t.kind == row.kind && t.verdict == row.verdict && t.reason == reason && t.to == to; };
  auto it = std::ranges::find_if(mode.tallies, same);
  if (it == mode.tallies.end()) {
    const bool full = mode.tallies.size() >= keep::kTallies;  // then the last row stands for all that is new
    if (!full) mode.tallies.push_back({row.kind, row.verdict, reason, to, 0, row.at, row.at});
    if (full) mode.tallies.back() = {"", "more", "", "", mode.tallies.back().count, mode.tallies.back().first, row.at};
    it = mode.tallies.end() - 1;
  }
  ++it->count;
  it->last = row.at;
}

// One a reader, for each has its own answer; one if it reached none.
void count(ModeRow& mode, const keep::RehearsedRow& row) {
  if (row.readers.empty()) return count(mode, row, "", row.what);
  for (const keep::ReaderAnswer& a : row.readers) count(mode, row, a.to, row.what.empty() ? (a.rules.empty() ? a.code : a.rules[0]) : row.what);
}

base::Status check_kinds(FeedMode mode, std::vector<std::string>& kinds) {
  if (!kinds.empty() && mode != FeedMode::kShadow) return base::Error{base::Kind::kUsage, "kinds go live one after the other out of shadow", "kinds"};
  for (const std::string& k : kinds) {
    if (schemas::code_of(schemas::msg_kinds(), k)) continue;
    return base::Error{base::Kind::kUsage, "there is no such kind", "kinds: " + k, "Referral, StatusUpdate, CapacityUpdate, EncounterNotification ..."};
  }
  std::ranges::sort(kinds);
  kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
  return {};
}

}  // namespace

base::Status Modes::load() {
  return office_.store.read([&](keep::Tx& tx) {
    const std::unique_lock lock(mutex_);
    tx.scan(Table::kMode, {}, [&](base::View key, base::View v) {
      if (auto row = keep::unpack<ModeRow>(v)) now_[base::to_string(key)] = {row->mode, std::move(row->kinds)};
      return true;
    });
    return base::Status{};
  });
}

ModeRow Modes::get(const std::string& adapter) const {
  ModeRow out;
  (void)office_.store.read([&](keep::Tx& tx) {  // a store that cannot be read has told the process
    out = mode_row(tx, adapter);
    return base::Status{};
  });
  return out;
}

base::Status Modes::set(const std::string& adapter, FeedMode mode, std::vector<std::string> kinds, const std::string& by) {
  TRY(check_kinds(mode, kinds));
  const std::unique_lock lock(mutex_);  // waits for live submissions that are under way
  const base::Instant now = office_.clock();
  TRY(office_.store.write([&](keep::Tx& tx) {
    ModeRow row = mode_row(tx, adapter);
    if (row.mode == mode && row.kinds == kinds) return base::Status{};
    const bool begins = row.mode != mode;  // more kinds of a shadow that goes on are no new beginning
    row.mode = mode;
    row.kinds = kinds;
    if (begins) row.since = now;
    if (begins && mode != FeedMode::kLive) row.tallies.clear();
    row.changes.push_back({now, by, mode, kinds});
    if (row.changes.size() > keep::kModeChanges) row.changes.erase(row.changes.begin());
    tx.put(Table::kMode, base::view(adapter), keep::pack(row));
    return base::Status{};
  }));
  now_[adapter] = {mode, std::move(kinds)};
  ++changes_;
  return {};
}

bool Modes::sends(const std::string& adapter, std::string_view kind) const {
  const auto it = now_.find(adapter);
  if (it == now_.end() || it->second.first == FeedMode::kLive) return true;
  const auto& kinds = it->second.second;
  return kind.empty() ? !kinds.empty() : std::ranges::find(kinds, kind) != kinds.end();
}

bool Modes::holds_back(const std::string& adapter) const {
  const std::shared_lock lock(mutex_);
  return !sends(adapter, "");
}

std::uint64_t Modes::note(const std::string& adapter, keep::RehearsedRow row) {
  std::uint64_t no = 0;
  (void)office_.store.write([&](keep::Tx& tx) {
    ModeRow mode = mode_row(tx, adapter);
    count(mode, row);
    no = 0;
    if (mode.mode == FeedMode::kDryRun) {
      keep::RehearsedRow kept = row;
      kept.no = no = ++mode.rehearsed;
      tx.put(Table::kRehearsed, row_key(tx, adapter, no), keep::pack(kept));
      if (no > keep::kRehearsedRows) tx.erase(Table::kRehearsed, row_key(tx, adapter, no - keep::kRehearsedRows));
    }
    tx.put(Table::kMode, base::view(adapter), keep::pack(mode));
    return base::Status{};
  });
  return no;
}

void Modes::place(const std::string& adapter, std::uint64_t no, const std::string& where) {
  (void)office_.store.write([&](keep::Tx& tx) {
    auto row = keep::find<keep::RehearsedRow>(tx, Table::kRehearsed, row_key(tx, adapter, no));
    if (!row) return base::Status{};
    row->where = where;
    tx.put(Table::kRehearsed, row_key(tx, adapter, no), keep::pack(*row));
    return base::Status{};
  });
}

std::vector<keep::RehearsedRow> Modes::rows(const std::string& adapter, std::uint64_t before, std::size_t limit) const {
  std::vector<keep::RehearsedRow> out;
  (void)office_.store.read([&](keep::Tx& tx) {
    const std::uint64_t newest = mode_row(tx, adapter).rehearsed;
    std::uint64_t no = before == 0 || before > newest ? newest : before - 1;
    for (; no > 0 && out.size() < limit; --no) {
      auto row = keep::find<keep::RehearsedRow>(tx, Table::kRehearsed, row_key(tx, adapter, no));
      if (!row) break;
      out.push_back(std::move(*row));
    }
    return base::Status{};
  });
  return out;
}

}  // namespace adapters::agent::rehearse
