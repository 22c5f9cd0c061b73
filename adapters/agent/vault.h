// Vault: the agency's secrets. `keys.sealed` holds what lives as long as the certificate (sign, transport, witness, store key, hedge
// secret); `epochs.sealed` the X25519 epoch keys, rewritten daily, under a key from the first. The recovery key is never kept here:
// create() hands it out once, for a safe. Protocol 3 "Epoch keys", 12 "sealed key file".
// Thread-safe: keys are immutable after open(); the epoch list has its own lock.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "crypto/certificate.h"
#include "crypto/locker.h"

namespace adapters::agent {

inline constexpr std::uint64_t kEpochPeriod = 24 * base::kHour, kEpochGrace = 7 * base::kDay;
inline constexpr unsigned kEpochsAhead = 14;
inline constexpr std::uint32_t kEpochRenumber = 1u << 20;

struct Publics {
  crypto::PublicKey sign{}, transport{}, witness{}, recovery{};
};
struct Created {
  Publics keys;
  crypto::Secret<32> recovery_seed;
};

class Vault {
 public:
  // Writes a new keys.sealed in `dir`; kConflict if there is one.
  static base::Result<Created> create(const std::string& dir, base::View secret_input, const crypto::KeyFileCost& cost, crypto::Random& random);
  static base::Result<std::unique_ptr<Vault>> open(const std::string& dir, base::View secret_input, crypto::Random& random);

  [[nodiscard]] const crypto::SignKey& sign() const { return sign_; }
  [[nodiscard]] const crypto::SignKey& witness() const { return witness_; }
  [[nodiscard]] const crypto::BoxKey& transport() const { return transport_; }
  [[nodiscard]] const crypto::Secret<32>& hedge() const { return hedge_; }
  [[nodiscard]] crypto::Secret<32> store_key() const;  // a copy, for the Locker

  // Makes what is missing of today's and the next kEpochsAhead keys; on disk when it returns.
  base::Status extend_epochs(base::Instant now);
  // An agent that was restored from a backup finds numbers that its lost copy has published with other keys; those stay what they are
  // (protocol 3). Keys whose number is taken get another one, kEpochRenumber higher; on disk when it returns.
  base::Status yield_numbers(const std::function<bool(std::uint32_t epoch, const crypto::PublicKey& ours)>& taken);
  // The note to publish: every key still to be used. Sign it with sign().
  [[nodiscard]] crypto::EpochNote epoch_note(const base::Hash& cert, const base::Hash& prev, base::Instant now) const;
  [[nodiscard]] std::shared_ptr<const crypto::BoxKey> epoch_key(std::uint32_t epoch, const base::Fixed<8>& kid) const;  // null: none
  // Forgets every key past its destroy_after. The caller has checked its clock against the log (protocol 3).
  base::Status destroy_due(base::Instant now);
  [[nodiscard]] bool any_due(base::Instant now) const;
  [[nodiscard]] std::uint32_t last_epoch() const;

 private:
  struct Epoch {
    base::Instant from, until, destroy_after;
    std::shared_ptr<const crypto::BoxKey> key;
  };
  Vault(std::string dir, crypto::Random& random, crypto::SignKey sign, crypto::SignKey witness, crypto::BoxKey transport, crypto::Secret<32> store,
        crypto::Secret<32> hedge, crypto::Secret<32> epoch_file);
  base::Status load_epochs();
  base::Status save_epochs() const;  // with mutex_ held

  std::string dir_;
  crypto::Random& random_;
  crypto::SignKey sign_, witness_;
  crypto::BoxKey transport_;
  crypto::Secret<32> store_, hedge_, epoch_file_;
  mutable std::mutex mutex_;
  std::map<std::uint32_t, Epoch> epochs_;  // by number = days since 1970
};

// Where the passphrase or key comes from: exactly one is named. A credential is a file in $CREDENTIALS_DIRECTORY (systemd).
struct UnlockSource {
  std::string passphrase_file, key_file, credential;
};
base::View without_line_end(base::View typed, const UnlockSource& source);  // of a passphrase the line's end is no part, of a key every byte is
base::Result<crypto::SecretBytes> unlock_secret(const UnlockSource& source, const char* credentials_directory);

}  // namespace adapters::agent
