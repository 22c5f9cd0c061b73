// State: the hub's deterministic machine. apply(kv, record) is the only thing that changes mailboxes, directory, policy in force
// and the audit tree. No clock, no randomness, no socket. Same records, same bytes, same tree (decisions D3, D12).
// One thread owns it. Memory: the directory and small counters; everything that grows is in the Kv.
#pragma once

#include <functional>
#include <memory>

#include "crypto/directory.h"
#include "hub/state/kv.h"
#include "hub/state/log_keys.h"
#include "hub/state/record.h"

namespace hub::state {

struct Machine;  // internal/machine.h

class State {
 public:
  // Loads from a Kv that a State has written, or starts a new log from the anchor (whole signed note) when the Kv is empty.
  // Cross-checks frontier, size, last checkpoint and node rows; kCorrupt names what disagrees. `log_key` signs checkpoints.
  // The key must outlive the State.
  static base::Result<State> load(const ReadKv& kv, std::string_view anchor, const crypto::SignKey& log_key);
  // With keys for the anchor after this one: it is refused by a hub that does not hold what it names, and signed for from its entry on.
  static base::Result<State> load(const ReadKv& kv, std::string_view anchor, const LogKeys& keys);

  // Repeats all of protocol section 7 but token buckets and User-Id, on every item, in order. Writes only through `kv`. On an error
  // Status (disk, divergence) the caller must drop both the transaction and this State.
  base::Result<Applied> apply(Kv& kv, const Record& record);

  // The checks of section 7 that need no state but the sender's certificate, for the verifier pool: frame, forms, signature, hashes.
  // Pure. On failure *code says which NACK. Put the result into Item::verified.
  static base::Result<std::shared_ptr<const VerifiedBatch>> verify_batch(base::Bytes frame, const crypto::Directory& directory,
                                                                         schemas::NackCode* code);
  // The same for RCP1 || sig: layout, certificate of the recipient, signature. Then Item::signature_checked may be set.
  static base::Result<crypto::Rcp1> verify_receipt(base::View rcp_and_sig, const crypto::Directory& directory, schemas::NackCode* code);

  [[nodiscard]] const crypto::Directory& directory() const;  // copy it (cheap) to hand to another thread
  [[nodiscard]] std::uint64_t size() const;
  [[nodiscard]] base::Hash root() const;
  [[nodiscard]] base::Instant hub_time() const;         // of the last entry
  [[nodiscard]] const std::string& checkpoint() const;  // newest

  State(State&&) noexcept;
  State& operator=(State&&) noexcept;
  ~State();

 private:
  using KeyFor = std::function<const crypto::SignKey*(const crypto::Anchor&)>;
  static base::Result<State> load(const ReadKv& kv, std::string_view anchor, KeyFor key_for);
  explicit State(std::unique_ptr<Machine> m);
  std::unique_ptr<Machine> m_;
};

}  // namespace hub::state
