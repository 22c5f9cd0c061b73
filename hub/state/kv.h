// Kv: the ordered tables that apply() reads and writes. Two implementations: over hub/store (LMDB) and std::map (memory);
// the conformance suite runs on both. A Kv is one open transaction; it knows nothing of sync.
#pragma once

#include <functional>
#include <optional>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

namespace hub::state {

// The tables of protocol section 6 "LMDB" and what each maps (keys big-endian). docs/spec/audit.md.
enum class Table : unsigned {
  kGrpMeta,    // u64 log index -> BST1, sig, path, GRP1, HDR1s, C_is, ct hashes (the readable part)
  kGrpCt,      // u64 log index -> ciphertexts, in message order (erased apart)
  kLog,        // u64 log index -> ENT1 || leaf hash (144 B)
  kNode,       // u8 level (8,16,..) u56 n -> 32 B
  kMeta,       // name -> frontier, size, hub state, store_version
  kCheckpoint, // u64 size -> note
  kInbox,      // u32 recipient no, u64 seq -> u64 log index
  kSender,     // agent id -> u32 no, batch_seq, batch_hash
  kPair,       // sender id || recipient id -> pair_seq, group_leaf, receipt upto, ...
  kAck,        // u32 sender no, u64 batch_seq -> first index, n, batch_hash
  kDir,        // u64 dir_seq -> log index, hub_time, whole note
  kBlob,       // SHA-256 -> policy rules
  kRec,        // SHA-256 -> records behind types 4-8, ledger notes, receipts (RCP1 || sig by log index)
  kLeafIndex,  // group_leaf -> u64 log index
  kRcpt,       // u64 ACCEPT log index, u64 RECEIPT log index -> RCP1 || sig
  kEnd,        // u64 ACCEPT log index -> u64 log index of its ERASE/EXPIRE entry
  kCount_,
};
const char* table_name(Table t);

class ReadKv {
 public:
  virtual ~ReadKv() = default;
  [[nodiscard]] virtual std::optional<base::View> get(Table t, base::View key) const = 0;
  virtual void scan(Table t, base::View from, const std::function<bool(base::View, base::View)>& visit) const = 0;
  virtual void scan_back(Table t, base::View from, const std::function<bool(base::View, base::View)>& visit) const = 0;
};
class Kv : public ReadKv {
 public:
  virtual base::Status put(Table t, base::View key, base::View value) = 0;
  virtual base::Status append(Table t, base::View key, base::View value) = 0;  // key is the greatest
  virtual base::Status erase(Table t, base::View key) = 0;
};

}  // namespace hub::state
