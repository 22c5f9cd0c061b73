// The journal without a disk: the same apply() over maps. See journal.h and memory_kv.h.
#include <algorithm>
#include <mutex>

#include "hub/journal/journal.h"
#include "hub/journal/memory_kv.h"
#include "hub/journal/witnessed.h"

namespace hub::journal {

MemoryKv::MemoryKv() {
  for (auto& t : tables_) t = std::make_shared<MemoryTable>();
}

MemoryTables MemoryKv::share() {
  shared_.fill(true);
  return tables_;
}

MemoryTable& MemoryKv::own(state::Table t) {
  const auto i = static_cast<std::size_t>(t);
  if (shared_[i]) {
    tables_[i] = std::make_shared<MemoryTable>(*tables_[i]);
    shared_[i] = false;
  }
  return *tables_[i];
}

std::optional<base::View> MemoryKv::get(state::Table t, base::View key) const {
  const auto it = table(t).find(key);
  if (it == table(t).end()) return std::nullopt;
  return base::View(it->second);
}

void MemoryKv::scan(state::Table t, base::View from, const std::function<bool(base::View, base::View)>& visit) const {
  for (auto it = table(t).lower_bound(from); it != table(t).end(); ++it) {
    if (!visit(it->first, it->second)) return;
  }
}

void MemoryKv::scan_back(state::Table t, base::View from, const std::function<bool(base::View, base::View)>& visit) const {
  auto it = from.empty() ? table(t).end() : table(t).upper_bound(from);
  while (it != table(t).begin()) {
    --it;
    if (!visit(it->first, it->second)) return;
  }
}

base::Status MemoryKv::put(state::Table t, base::View key, base::View value) {
  own(t).insert_or_assign(base::to_bytes(key), base::to_bytes(value));
  return {};
}

base::Status MemoryKv::append(state::Table t, base::View key, base::View value) {
  TRY_ASSIGN(auto to, room(t, key, value.size()));
  std::copy(value.begin(), value.end(), to.begin());
  return {};
}

base::Result<std::span<base::Byte>> MemoryKv::room(state::Table t, base::View key, std::size_t n) {
  MemoryTable& rows = own(t);
  if (!rows.empty() && !Less()(rows.rbegin()->first, key)) return base::Error{base::Kind::kUsage, "an appended key must be the greatest"};
  const auto it = rows.emplace_hint(rows.end(), base::to_bytes(key), base::Bytes(n));
  return std::span<base::Byte>(it->second);
}

base::Status MemoryKv::erase(state::Table t, base::View key) {
  MemoryTable& rows = own(t);
  if (const auto it = rows.find(key); it != rows.end()) rows.erase(it);
  return {};
}

namespace {

class MemorySnapshot final : public Snapshot {
 public:
  explicit MemorySnapshot(MemoryTables tables) : kv_(std::move(tables)) {}
  [[nodiscard]] const state::ReadKv& kv() const override { return kv_; }

 private:
  MemoryKv kv_;
};

class MemoryJournal final : public Journal {
 public:
  explicit MemoryJournal(state::LogKeys keys) : keys_(std::move(keys)) {}

  base::Status load(std::string_view anchor) {
    TRY_ASSIGN(auto loaded, state::State::load(kv_, anchor, keys_));
    state_.emplace(std::move(loaded));
    return {};
  }

  base::Result<state::Applied> append(std::vector<state::Item> items, base::Instant now) override {
    const std::lock_guard lock(mutex_);
    if (failed_) return base::Error{base::Kind::kIo, "the journal has failed before"};
    auto applied = state_->apply(kv_, {0, now, state_->size(), state_->root(), std::move(items)});
    failed_ = !applied.ok();
    return applied;
  }
  base::Result<std::unique_ptr<Snapshot>> read() const override {
    const std::lock_guard lock(mutex_);
    return std::unique_ptr<Snapshot>(std::make_unique<MemorySnapshot>(kv_.share()));
  }
  base::Status keep_witnessed(std::uint64_t size, base::Instant at, std::string_view note) override {
    const std::lock_guard lock(mutex_);
    return write_witnessed(kv_, size, at, note);
  }
  [[nodiscard]] crypto::Directory directory() const override {
    const std::lock_guard lock(mutex_);
    return state_->directory();
  }
  [[nodiscard]] double fill() const override { return 0; }
  base::Status backup(const std::string&) const override {
    return base::Error{base::Kind::kUnsupported, "a journal in memory has no backup"};
  }

 private:
  state::LogKeys keys_;
  mutable std::mutex mutex_;
  mutable MemoryKv kv_;  // sharing marks tables
  std::optional<state::State> state_;
  bool failed_ = false;
};

}  // namespace

base::Result<std::unique_ptr<Journal>> open_memory(std::string_view anchor, crypto::SignKey log_key) {
  return open_memory(anchor, state::LogKeys{std::move(log_key)});
}

base::Result<std::unique_ptr<Journal>> open_memory(std::string_view anchor, state::LogKeys keys) {
  auto journal = std::make_unique<MemoryJournal>(std::move(keys));
  TRY(journal->load(anchor));
  return std::unique_ptr<Journal>(std::move(journal));
}

}  // namespace hub::journal
