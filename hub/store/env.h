// LMDB in RAII: Env, Txn, Table, Cursor. Knows no meaning. The only room that sees <lmdb.h>.
// Values handed out are views into the map: valid until their Txn ends or, in a write Txn, until the next write.
// Threads: one write Txn at a time per Env (begin_write blocks); read Txns from any thread, each used by one thread.
// Errors: kNotFound is never an error here (optional); kFull (MDB_MAP_FULL, ENOSPC), kIo (EIO and the like), kCorrupt.
// After kFull or kIo from commit() the Env is poisoned: every later begin_write fails with kIo. The process must stop (D16).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

namespace hub::store {

struct Options {
  std::uint64_t map_size = 16ULL << 30;  // fixed, sparse
  unsigned max_tables = 32;
  bool durable = true;  // false: MDB_NOSYNC, for rebuildable indexes only
  bool read_only = false;
};

class Txn;
struct TableId {  // from Env::table; a value
  unsigned dbi = 0;
};

class Env {
 public:
  // Creates the folder's parents? No: `dir` must exist. One Env per folder per process.
  static base::Result<Env> open(const std::string& dir, const Options& options);
  Env(Env&&) noexcept;
  Env& operator=(Env&&) noexcept;
  ~Env();

  // Opens or creates a named table. Call at start, before other threads use the Env.
  base::Result<TableId> table(const char* name);
  base::Result<Txn> begin_write();
  base::Result<Txn> begin_read() const;
  // A consistent hot copy (mdb_env_copy2, compacting) into an existing empty folder; does not stall writers.
  base::Status copy_to(const std::string& dir) const;
  [[nodiscard]] double fill() const;  // 0..1: pages in use of map_size, or of what the disk can still give, whichever is worse
  [[nodiscard]] bool poisoned() const;

  struct Impl;  // internal.h

 private:
  explicit Env(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

class Txn {  // aborted unless committed
 public:
  Txn(Txn&&) noexcept;
  Txn& operator=(Txn&&) noexcept;
  ~Txn();

  std::optional<base::View> get(TableId t, base::View key) const;
  // `put` and its kin fail with kFull when the map is full (abort the Txn), kIo when the disk refuses a spilled page (poisons).
  base::Status put(TableId t, base::View key, base::View value);
  base::Status append(TableId t, base::View key, base::View value);  // key must be the greatest: MDB_APPEND
  // Room for `n` bytes in the map, to be filled before the next write (MDB_RESERVE): saves a copy for large values.
  base::Result<std::span<base::Byte>> reserve(TableId t, base::View key, std::size_t n, bool append = false);
  base::Status erase(TableId t, base::View key);  // absent is fine
  base::Status clear(TableId t);
  std::uint64_t count(TableId t) const;
  std::optional<std::pair<base::View, base::View>> first(TableId t) const;
  std::optional<std::pair<base::View, base::View>> last(TableId t) const;
  // Visits keys >= from in order (all if empty) until `visit` returns false. Must not write to `t` inside.
  void scan(TableId t, base::View from, const std::function<bool(base::View key, base::View value)>& visit) const;
  // Visits keys <= from in descending order (from the last if empty).
  void scan_back(TableId t, base::View from, const std::function<bool(base::View key, base::View value)>& visit) const;

  base::Status commit();  // durable when it returns ok, if the Env is

  struct Impl;  // internal.h

 private:
  friend class Env;
  explicit Txn(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Big-endian key building: key(u64), key(u32, u64), ...
base::Bytes key(std::uint64_t a);
base::Bytes key(std::uint32_t a, std::uint64_t b);
base::Bytes key(base::View a, std::uint64_t b);

}  // namespace hub::store
