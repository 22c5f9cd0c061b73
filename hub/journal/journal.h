// Journal: the only door through which hub state changes. append() is durable when it returns ok: on disk (LMDB), or on a majority
// (cluster, later). It owns the State and the write transaction. append() from one thread at a time; read() from any thread.
// Conformance: tests/conformance/journal.cc runs one suite on every implementation.
#pragma once

#include <memory>

#include "hub/state/reader.h"
#include "hub/state/state.h"

namespace hub::journal {

class Snapshot {  // one read transaction; short-lived (a long reader stops page reuse)
 public:
  virtual ~Snapshot() = default;
  [[nodiscard]] virtual const state::ReadKv& kv() const = 0;
  [[nodiscard]] state::Reader reader() const { return state::Reader(kv()); }
};

class Journal {
 public:
  virtual ~Journal() = default;
  // Applies the items as one record and commits. kIo/kFull/kCorrupt: nothing of it counts, stop the process with exit code 3 (D16).
  virtual base::Result<state::Applied> append(std::vector<state::Item> items, base::Instant now) = 0;
  virtual base::Result<std::unique_ptr<Snapshot>> read() const = 0;
  // Keeps a checkpoint of this log with its cosignatures, beside the log. Of one hour (`at`: of the earliest cosignature) the first and the
  // newest stay. Any thread. kIo, kFull: as for append().
  virtual base::Status keep_witnessed(std::uint64_t size, base::Instant at, std::string_view note) = 0;
  // A cheap copy of the directory as of the last append. Thread-safe.
  [[nodiscard]] virtual crypto::Directory directory() const = 0;
  // 0..1; at 0.9 the broker refuses BATCH.
  [[nodiscard]] virtual double fill() const = 0;
  virtual base::Status backup(const std::string& dir) const = 0;
};

// hub/journal/lmdb: a folder `dir` (created if missing, one process at a time by lock file).
base::Result<std::unique_ptr<Journal>> open_lmdb(const std::string& dir, std::string_view anchor, crypto::SignKey log_key,
                                                 std::uint64_t map_size = 16ULL << 30);
base::Result<std::unique_ptr<Journal>> open_lmdb(const std::string& dir, std::string_view anchor, state::LogKeys keys,
                                                 std::uint64_t map_size = 16ULL << 30);
// hub/journal/memory: for tests.
base::Result<std::unique_ptr<Journal>> open_memory(std::string_view anchor, crypto::SignKey log_key);
base::Result<std::unique_ptr<Journal>> open_memory(std::string_view anchor, state::LogKeys keys);

// Whole-store integrity, offline: recomputes every leaf, node, root, frontier, hash of every stored group against its entry, checkpoint
// signatures, directory chain, pair and mailbox tables. Calls `say` with progress. kCorrupt names the first bad entry and why.
struct CheckReport {
  std::uint64_t entries = 0, groups = 0, messages = 0, notes = 0;
  base::Hash root{};
};
using Say = std::function<void(std::uint64_t done, std::uint64_t total)>;
base::Result<CheckReport> check(const std::string& dir, const Say& say = {});
base::Result<CheckReport> check(const state::ReadKv& kv, const Say& say = {});
// The store in `dir` to read, without a State and without the lock: for offline checks. kNotFound: there is none.
base::Result<std::unique_ptr<Snapshot>> read_only(const std::string& dir);

}  // namespace hub::journal
