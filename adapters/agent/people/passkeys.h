// Passkeys' ceremonies: a challenge goes out, serves once within two minutes, and comes back signed. Challenges are in memory. Thread-safe.
#pragma once

#include "adapters/agent/people/webauthn.h"
#include "schemas/json.h"

namespace adapters::agent::people {

class Passkeys {
 public:
  static constexpr std::uint64_t kChallengeMs = 2 * base::kMinute;
  static constexpr std::size_t kMostKeys = 10;  // of one person

  explicit Passkeys(People& people) : people_(people) {}

  // WebAuthn's JSON form. For a login that nobody has, or without keys, the options look like any other's.
  std::shared_ptr<schemas::Json> request(const Site& site, std::string_view login);
  base::Result<People::Entry> enter(const Site& site, const schemas::Json& answer, std::string_view device);
  base::Result<std::shared_ptr<schemas::Json>> creation(const Site& site, const Actor& who);
  base::Result<Passkey> add(const Site& site, const Actor& who, const schemas::Json& answer);

 private:
  struct Challenge {
    base::Id person{};   // zero: whoever has the key
    bool creates = false;
    base::Instant until;
  };
  std::string challenge(const base::Id& person, bool creates);
  std::optional<Challenge> take(base::View challenge, bool creates);

  People& people_;
  std::mutex mutex_;
  std::map<base::Hash, Challenge> challenges_;  // by SHA-256
};

}  // namespace adapters::agent::people
