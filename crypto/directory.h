// Directory: the state that follows from an anchor and the type-3 notes of the log, in log order. Hub, agent and verifier all
// run this same code on the same notes. Protocol section 3. Deterministic: no clock, the entry's hub_time is passed in.
// A resource in spirit, but copyable for tests. Not thread-safe; the owner guards it.
#pragma once

#include <map>
#include <memory>
#include <unordered_map>

#include "crypto/certificate.h"

namespace crypto {

enum class Standing { kUnknown, kActive, kSuspended, kRevoked, kExpired, kNotYet, kSuperseded };
const char* name(Standing s);

struct Member {                  // the current certificate of an agent
  Cert cert;
  Hash cert_hash{};
  std::uint64_t log_index = 0;   // of its entry
};

class Directory {
 public:
  // `anchor` is the whole signed anchor note, pinned by its hash (the caller read it aloud). It need not be in the log yet.
  static base::Result<Directory> start(std::string_view anchor);

  // Would this whole note be valid as the next type-3 entry with this hub_time? Errors name the rule.
  // kBadSignature (thresholds; a key signing twice counts once), kConflict (chain, serial, reuse of a key or slug),
  // kStale (epoch bounds), kNotFound (unknown cert), kMalformed. A note that is already in: kConflict "already logged".
  [[nodiscard]] base::Status check(std::string_view note, base::Instant hub_time) const;
  // check(), then take it in as entry `log_index`. Returns its dir_seq (counts from 1).
  base::Result<std::uint64_t> add(std::string_view note, std::uint64_t log_index, base::Instant hub_time);

  [[nodiscard]] const Anchor& anchor() const;
  [[nodiscard]] const Hash& consortium() const;      // hash(anchor v1)
  [[nodiscard]] std::uint64_t seq() const;           // number of type-3 entries taken in
  [[nodiscard]] Hash last_subject() const;           // whole_hash of the last one, 0 at the start
  [[nodiscard]] const std::vector<std::string>& notes() const;  // whole notes; notes()[i] has dir_seq i+1

  [[nodiscard]] const Member* member(const Id& agent) const;                // newest certificate
  [[nodiscard]] const Member* by_slug(std::string_view slug) const;
  [[nodiscard]] const Member* by_transport(const PublicKey& curve) const;   // only current certificates (the ZAP allow-list)
  [[nodiscard]] const Cert* cert(const Hash& cert_hash) const;              // any that ever was
  [[nodiscard]] std::vector<const Member*> members() const;                 // sorted by slug

  // The standing of a certificate for something whose log entry is `at_index` with `hub_time` (log order decides).
  [[nodiscard]] Standing standing(const Hash& cert_hash, std::uint64_t at_index, base::Instant hub_time) const;
  [[nodiscard]] Standing standing_now(const Hash& cert_hash, base::Instant now) const;  // as of everything taken in

  // Epoch keys. usable(): from <= now < until, newest note. find(): any ever published with this kid.
  [[nodiscard]] const EpochKey* usable_epoch(const Id& agent, base::Instant now) const;
  [[nodiscard]] const EpochKey* find_epoch(const Id& agent, std::uint32_t epoch, const base::Fixed<8>& kid) const;
  [[nodiscard]] std::optional<Hash> last_epoch_note(const Id& agent) const;  // hash(note), for the next one's prev

  [[nodiscard]] const PolicyNote* policy() const;                            // newest in force at the last entry; nullptr if none
  [[nodiscard]] const PolicyNote* policy_version(std::uint32_t v) const;

 private:
  struct State;
  std::shared_ptr<const State> s_;  // copy-on-write: copies are cheap
};

}  // namespace crypto
