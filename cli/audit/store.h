// A hub's store as an auditor reads it: read-only, from a copy (`handoff-hub backup`), without the hub's code. The layouts of the rows
// are those of docs/spec/audit.md; what is checked here is what the log by itself proves: every leaf from the bytes of its entry, every
// stored tree node, every signed checkpoint, and that what each entry refers to is what is stored. `handoff-hub check` also looks at
// mailboxes and chains.
#pragma once

#include <array>
#include <functional>

#include "crypto/directory.h"
#include "crypto/merkle.h"
#include "hub/store/env.h"

namespace cli::audit {

enum class Rows : unsigned { kLog, kNode, kCheckpoint, kMeta, kDir, kReceipt, kRecord, kBlob, kGroup, kContent, kCount_ };

class Store {
 public:
  // `dir`: the hub's folder, or the store in it. kNotFound: none there.
  static base::Result<Store> open(const std::string& dir);
  [[nodiscard]] std::optional<base::View> get(Rows rows, base::View key) const { return txn_.get(id(rows), key); }
  [[nodiscard]] std::optional<base::View> get(Rows rows, std::uint64_t key) const { return get(rows, hub::store::key(key)); }
  [[nodiscard]] std::uint64_t count(Rows rows) const { return txn_.count(id(rows)); }
  [[nodiscard]] std::optional<std::uint64_t> last_key(Rows rows) const;  // of tables with u64 keys

 private:
  using Ids = std::array<hub::store::TableId, static_cast<std::size_t>(Rows::kCount_)>;
  Store(hub::store::Env env, hub::store::Txn txn, const Ids& ids) : env_(std::move(env)), txn_(std::move(txn)), ids_(ids) {}
  [[nodiscard]] hub::store::TableId id(Rows rows) const { return ids_[static_cast<std::size_t>(rows)]; }
  hub::store::Env env_;
  hub::store::Txn txn_;
  Ids ids_;
};

struct Bad {
  std::optional<std::uint64_t> index;  // no entry can be named: a row about the whole store
  std::string why;
};
using Finding = std::optional<Bad>;
using Say = std::function<void(std::uint64_t done, std::uint64_t total)>;

struct Log {
  std::uint64_t size = 0;
  base::Hash root{};
};
// Both name the first bad entry. check_behind() relies on a log that check_log() has found whole.
// `signers`: which log key was in force where.
// `known`: a checkpoint that this log's key has signed and somebody kept; a store that ends before it, or has another tree there, was rolled back.
Finding check_log(const Store& store, const crypto::Directory& signers, const std::optional<crypto::Checkpoint>& known, Log& log, const Say& say);
Finding check_behind(const Store& store, std::uint64_t size);

inline constexpr std::size_t kEntry = 112, kLogRow = kEntry + 32;

}  // namespace cli::audit
