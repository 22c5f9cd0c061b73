// The embedded journal: a folder with `lock`, `core/` (LMDB, durable) and, if somebody indexes, `index/`.
// One record, one transaction, one sync: whatever was appended together is acknowledged together (group commit).
#include <sys/stat.h>

#include <cerrno>
#include <mutex>

#include "hub/journal/journal.h"
#include "hub/journal/lmdb_kv.h"
#include "hub/journal/witnessed.h"
#include "hub/state/tree.h"
#include "hub/store/lock.h"

namespace hub::journal {
namespace {

base::Status make_folder(const std::string& dir) {
  if (::mkdir(dir.c_str(), 0700) == 0 || errno == EEXIST) return {};
  return base::Error{base::Kind::kIo, "cannot create the folder", dir};
}

class LmdbSnapshot final : public Snapshot {
 public:
  LmdbSnapshot(store::Txn txn, const TableIds& ids, state::NodeCache* nodes) : txn_(std::move(txn)), kv_(txn_, ids, nodes) {}
  [[nodiscard]] const state::ReadKv& kv() const override { return kv_; }

 private:
  store::Txn txn_;
  LmdbReadKv kv_;
};

class LmdbJournal final : public Journal {
 public:
  LmdbJournal(store::FileLock lock, store::Env env, TableIds ids, state::LogKeys keys)
      : lock_(std::move(lock)), keys_(std::move(keys)), env_(std::move(env)), ids_(ids) {}

  base::Status load(std::string_view anchor) {
    TRY_ASSIGN(const auto snapshot, read());
    TRY_ASSIGN(auto loaded, state::State::load(snapshot->kv(), anchor, keys_));
    state_.emplace(std::move(loaded));
    directory_.emplace(state_->directory());
    return {};
  }

  base::Result<state::Applied> append(std::vector<state::Item> items, base::Instant now) override {
    if (failed_)
      return base::Error{base::Kind::kIo, "the journal has failed before", {}, "stop the process and run check before the next start"};
    auto applied = commit({0, now, state_->size(), state_->root(), std::move(items)});
    failed_ = !applied.ok();  // the State may be ahead of the disk: neither is used again
    return applied;
  }

  base::Result<std::unique_ptr<Snapshot>> read() const override {
    TRY_ASSIGN(auto txn, env_.begin_read());
    return std::unique_ptr<Snapshot>(std::make_unique<LmdbSnapshot>(std::move(txn), ids_, &nodes_));
  }

  base::Status keep_witnessed(std::uint64_t size, base::Instant at, std::string_view note) override {
    TRY_ASSIGN(auto txn, env_.begin_write());
    LmdbKv kv(txn, ids_);
    TRY(write_witnessed(kv, size, at, note));
    return txn.commit();
  }

  [[nodiscard]] crypto::Directory directory() const override {
    const std::lock_guard lock(mutex_);
    return *directory_;
  }
  [[nodiscard]] double fill() const override { return env_.fill(); }

  base::Status backup(const std::string& dir) const override {
    TRY(make_folder(dir));
    TRY(make_folder(dir + "/core"));
    return env_.copy_to(dir + "/core");
  }

 private:
  base::Result<state::Applied> commit(const state::Record& record) {
    TRY_ASSIGN(auto txn, env_.begin_write());
    LmdbKv kv(txn, ids_);
    TRY_ASSIGN(auto applied, state_->apply(kv, record));
    if (applied.size == record.size) return applied;  // nothing was accepted, nothing was written
    TRY(txn.commit());
    if (state_->directory().seq() != directory_->seq()) {
      const std::lock_guard lock(mutex_);
      directory_.emplace(state_->directory());
    }
    return applied;
  }

  store::FileLock lock_;
  state::LogKeys keys_;
  store::Env env_;
  TableIds ids_;
  mutable state::NodeCache nodes_;
  std::optional<state::State> state_;
  bool failed_ = false;
  mutable std::mutex mutex_;
  std::optional<crypto::Directory> directory_;  // for other threads
};

}  // namespace

base::Result<std::unique_ptr<Journal>> open_lmdb(const std::string& dir, std::string_view anchor, crypto::SignKey log_key,
                                                 std::uint64_t map_size) {
  return open_lmdb(dir, anchor, state::LogKeys{std::move(log_key)}, map_size);
}

base::Result<std::unique_ptr<Journal>> open_lmdb(const std::string& dir, std::string_view anchor, state::LogKeys keys,
                                                 std::uint64_t map_size) {
  TRY(make_folder(dir));
  TRY_ASSIGN(auto lock, store::FileLock::take(dir + "/lock"));
  TRY(make_folder(dir + "/core"));
  store::Options options;
  options.map_size = map_size;
  TRY_ASSIGN(auto env, store::Env::open(dir + "/core", options));
  TRY_ASSIGN(const TableIds ids, open_tables(env));
  auto journal = std::make_unique<LmdbJournal>(std::move(lock), std::move(env), ids, std::move(keys));
  TRY(journal->load(anchor));
  return std::unique_ptr<Journal>(std::move(journal));
}

}  // namespace hub::journal
