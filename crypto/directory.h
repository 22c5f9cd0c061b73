// Directory: the state that follows from an anchor and the type-3 notes of the log, in log order. Hub, agent and verifier all
// run this same code on the same notes. Protocol section 3. Deterministic: no clock, the entry's hub_time is passed in.
// A copy costs one pointer, shares what is common and never changes when the original goes on: hand copies to other threads.
// One Directory object itself is not for several threads. Pointers that it gives out live until its next add() (or as long as a copy).
#pragma once

#include <memory>

#include "crypto/certificate.h"

namespace crypto {

// What a certificate is worth at a place in the log. The gravest wins, in this order: revoked, superseded by a later certificate,
// suspended (72 h by hub_time), not yet valid, expired. kUnknown: not logged before that place.
enum class Standing { kUnknown, kActive, kSuspended, kRevoked, kExpired, kNotYet, kSuperseded };
const char* name(Standing s);

struct Member {  // the current certificate of an agent
  Cert cert;
  Hash cert_hash{};
  std::uint64_t log_index = 0;  // of its entry
};

class Directory {
 public:
  // `anchor` is the whole signed anchor note, pinned by its hash (the caller read it aloud). It need not be in the log yet.
  // It is the consortium's first one; later versions arrive as notes (whoever pinned a later one checks it with verify_anchor_chain).
  static base::Result<Directory> start(std::string_view anchor);

  // Would this whole note be valid as the next type-3 entry with this hub_time? Errors name the rule.
  // kBadSignature (thresholds; a key signing twice counts once), kConflict (chain, serial, reuse of a key or slug),
  // kStale (epoch bounds, a cert that may not act), kNotFound (unknown cert), kMalformed. A note whose text is already in: kConflict
  // "already logged". Signatures come last: kBadSignature says that everything else is right.
  [[nodiscard]] base::Status check(std::string_view note, base::Instant hub_time) const;
  // check(), then take it in as entry `log_index`. Returns its dir_seq (counts from 1).
  base::Result<std::uint64_t> add(std::string_view note, std::uint64_t log_index, base::Instant hub_time);

  [[nodiscard]] const Anchor& anchor() const;
  [[nodiscard]] const Hash& consortium() const;                                     // hash(anchor v1)
  [[nodiscard]] std::uint64_t seq() const;                                          // number of type-3 entries taken in
  [[nodiscard]] Hash last_subject() const;                                          // whole_hash of the last one, 0 at the start
  [[nodiscard]] std::vector<std::string> notes(std::uint64_t after_seq = 0) const;  // whole notes; the first has dir_seq after_seq + 1
  // A type-9 ledger head: signed by the sign key of a certificate that is active now. Its own chain (prev) is not judged here.
  [[nodiscard]] base::Result<LedgerNote> check_ledger(std::string_view note, base::Instant hub_time) const;

  [[nodiscard]] const Member* member(const Id& agent) const;  // newest certificate
  [[nodiscard]] const Member* by_slug(std::string_view slug) const;
  [[nodiscard]] const Member* by_transport(const PublicKey& curve) const;  // only current, unrevoked certificates (the ZAP allow-list)
  [[nodiscard]] const Cert* cert(const Hash& cert_hash) const;             // any that ever was
  [[nodiscard]] std::vector<const Member*> members() const;                // sorted by slug

  // The standing of a certificate for something whose log entry is `at_index` with `hub_time` (log order decides).
  [[nodiscard]] Standing standing(const Hash& cert_hash, std::uint64_t at_index, base::Instant hub_time) const;
  [[nodiscard]] Standing standing_now(const Hash& cert_hash, base::Instant now) const;  // as of everything taken in

  // Epoch keys. usable: from <= now < until, in the newest note of the current certificate. find: any ever published with this kid.
  [[nodiscard]] const EpochKey* usable_epoch(const Id& agent, base::Instant now) const;
  [[nodiscard]] const EpochKey* find_epoch(const Id& agent, std::uint32_t epoch, const base::Fixed<8>& kid) const;
  [[nodiscard]] std::optional<Hash> last_epoch_note(const Id& agent) const;  // hash(note), for the next one's prev

  [[nodiscard]] const PolicyNote* policy() const;                           // newest in force at the last type-3 entry; nullptr if none
  [[nodiscard]] const PolicyNote* policy_at(base::Instant hub_time) const;  // newest whose from-time has come
  [[nodiscard]] const PolicyNote* policy_version(std::uint32_t v) const;

  struct State;  // crypto/internal/directory_state.h
  struct Rules;

 private:
  struct Adder;
  Directory() = default;
  std::shared_ptr<const State> s_;  // immutable; add() makes the next one in O(log n)
};

}  // namespace crypto
