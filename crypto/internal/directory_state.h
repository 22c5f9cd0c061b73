// What a Directory remembers, and the rules by which a note may join it. State is a value of a few pointers: copying it is O(1).
// For crypto/directory*.cc only.
#pragma once

#include <variant>

#include "crypto/directory.h"
#include "crypto/internal/persistent_map.h"

namespace crypto {

inline constexpr std::uint64_t kSuspensionMs = 72 * base::kHour, kSuspendAgainMs = 30 * base::kDay;

namespace internal {

template <class T>
using Shared = std::shared_ptr<const T>;

struct Suspension {
  std::uint64_t index = 0;
  base::Instant at{};
};
struct CertRecord {
  Cert cert;
  std::uint64_t index = 0;
  std::optional<std::uint64_t> superseded, revoked;  // log index of the entry that did it
  std::vector<Suspension> suspensions;
};

struct AgentRecord {
  Member current;
  std::vector<EpochKey> keys;  // of the newest epoch note, if it is of the current certificate
  std::optional<Hash> last_epoch_note;
  PersistentMap<std::pair<Hash, std::uint32_t>, EpochKey> by_cert;           // (cert, epoch) -> key, immutable
  PersistentMap<std::pair<std::uint32_t, base::Fixed<8>>, EpochKey> by_kid;  // every key ever published
  PersistentMap<PublicKey, base::Instant> suspended_by;                      // authority key -> its last suspension
};

enum class Role { kAuthority, kLog, kHubTransport, kSign, kTransport, kWitness, kRecovery, kEpoch };
struct KeyUse {
  Role role;
  Id agent{};  // zero: the anchor's
  std::uint32_t epoch = 0;
  friend bool operator==(const KeyUse&, const KeyUse&) = default;
};
using KeyUses = std::vector<std::pair<PublicKey, KeyUse>>;

}  // namespace internal

namespace internal {
struct LogKey {
  std::uint64_t from_size = 0;  // of trees
  VerifierKey key;
};
}  // namespace internal

struct Directory::State {
  internal::Shared<Anchor> anchor;
  internal::Shared<std::vector<internal::LogKey>> logs;  // ascending; the first from size 0
  Hash anchor_hash{}, consortium{};
  internal::PersistentMap<Hash, internal::Shared<internal::CertRecord>> certs;
  internal::PersistentMap<Id, internal::Shared<internal::AgentRecord>> agents;
  internal::PersistentMap<std::string, Id> slugs;  // whoever had it first keeps it
  internal::PersistentMap<PublicKey, internal::KeyUse> keys;
  internal::PersistentMap<std::uint32_t, internal::Shared<PolicyNote>> policies;
  internal::PersistentMap<std::uint64_t, internal::Shared<std::string>> notes;  // by dir_seq
  internal::PersistentMap<Hash, std::uint64_t> texts;                           // hash(note) -> dir_seq
  std::uint64_t seq = 0;
  Hash last_subject{};
  base::Instant last_time{};

  [[nodiscard]] const internal::CertRecord* cert(const Hash& h) const {
    const auto* r = certs.find(h);
    return r ? r->get() : nullptr;
  }
  [[nodiscard]] const internal::AgentRecord* agent(const Id& id) const {
    const auto* r = agents.find(id);
    return r ? r->get() : nullptr;
  }
};

namespace internal {

Standing standing(const CertRecord& r, std::uint64_t at_index, base::Instant hub_time);
KeyUses uses(const Anchor& a);
KeyUses uses(const Cert& c);
KeyUses uses(const EpochNote& n, const Id& agent);

// A note that has passed every rule.
struct Judged {
  Note note;
  Hash hash{};
  std::variant<Anchor, Cert, EpochNote, RevokeNote, PolicyNote> what;
};

}  // namespace internal

// The rules of protocol section 3, in directory_rules.cc.
struct Directory::Rules {
  static const State& state(const Directory& d) { return *d.s_; }  // for log_keys.cc
  static void put(Directory& d, State next) { d.s_ = std::make_shared<const State>(std::move(next)); }
  static base::Result<internal::Judged> judge(const State& s, std::string_view whole, base::Instant hub_time);
};

}  // namespace crypto
