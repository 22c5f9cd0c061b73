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
  kGrpMeta,     // u64 log index -> group record: chain no, BST1, sig, path, GRP1, per message HDR1, C_i, leaf (readable part)
  kGrpCt,       // u64 log index -> ciphertexts, in message order (erased apart)
  kLog,         // u64 log index -> ENT1 || leaf hash (144 B)
  kNode,        // u8 level (8,16,..) u56 n -> 32 B
  kMeta,        // name -> store_version, anchor, state (frontier, size, counters), ledger/<agent>
  kCheckpoint,  // u64 size -> note
  kInbox,       // u32 recipient no, u64 log index -> largest expires_ms, flags
  kAgent,       // agent id -> u32 no, last batch, mail waiting
  kPair,        // sender id || recipient id -> chain no, upto pair_seq, group_leaf, ...
  kChain,       // u32 sender no, u32 recipient no, u32 chain no, u64 pair_seq -> log index, covering receipt, 5/6 receipt;
                // at pair_seq 0: u64 receipt upto of that chain
  kAck,         // u32 sender no, u64 batch_seq -> first index, n, batch_hash, SHA-256(BST1)
  kDir,         // u64 dir_seq -> log index, hub_time, whole note
  kBlob,        // SHA-256 -> policy rules
  kRec,         // SHA-256 -> records behind types 4-8, ledger notes
  kRcpt,        // u64 RECEIPT log index -> u64 ACCEPT log index, RCP1 || sig
  kPairRcpt,    // u32 sender no, u32 recipient no, u64 RECEIPT log index -> nothing
  kEnd,         // u64 ACCEPT log index -> u64 log index of its ERASE/EXPIRE entry
  kDue,         // u64 ms, u64 ACCEPT log index -> u8 entry type to be proposed then (5 or 6)
  kWitnessed,   // u64 size -> u64 ms of the earliest cosignature, checkpoint note with cosignatures: beside the log, no part of a record
  kCount_,
};
const char* table_name(Table t);

class NodeCache;  // tree.h

class ReadKv {
 public:
  virtual ~ReadKv() = default;
  // Tree nodes already computed for this store, shared by all its snapshots; may be null.
  [[nodiscard]] virtual NodeCache* nodes() const { return nullptr; }
  [[nodiscard]] virtual std::optional<base::View> get(Table t, base::View key) const = 0;
  virtual void scan(Table t, base::View from, const std::function<bool(base::View, base::View)>& visit) const = 0;
  virtual void scan_back(Table t, base::View from, const std::function<bool(base::View, base::View)>& visit) const = 0;
};
class Kv : public ReadKv {
 public:
  virtual base::Status put(Table t, base::View key, base::View value) = 0;
  virtual base::Status append(Table t, base::View key, base::View value) = 0;  // key is the greatest
  // Like append, but hands out room for `n` bytes to be filled before the next call: saves a copy of large values.
  virtual base::Result<std::span<base::Byte>> room(Table t, base::View key, std::size_t n) = 0;
  virtual base::Status erase(Table t, base::View key) = 0;
};

}  // namespace hub::state
