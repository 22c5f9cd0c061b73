// The five kinds of key (docs/spec/certificate.md): Ed25519 sign, witness and recovery; X25519 transport and epoch.
// Separate, never converted into each other. All are resources: move-only, wiped at the end. Public halves are values.
#pragma once

#include "crypto/base/result.h"
#include "crypto/random.h"
#include "crypto/secret.h"

namespace crypto {

using PublicKey = base::Fixed<32>;
using Signature = base::Fixed<64>;

// Ed25519. Also used for witness, recovery, authority and log keys (each its own key). Thread-safe to sign with.
class SignKey {
 public:
  static SignKey generate(Random& r);
  static SignKey from_seed(const Secret<32>& seed);
  [[nodiscard]] const PublicKey& public_key() const { return pk_; }
  [[nodiscard]] base::View seed() const { return seed_.view(); }  // for the vault only
  [[nodiscard]] Signature sign(base::View bytes) const;

 private:
  SignKey() = default;
  Secret<32> seed_;
  Secret<64> sk_;
  PublicKey pk_{};
};

// Strict verification as libsodium does it: cofactorless, canonical S, no small-order keys.
bool verify(const PublicKey& pk, base::View bytes, base::View sig);

// X25519: an epoch key, or a CURVE transport key.
class BoxKey {
 public:
  static BoxKey generate(Random& r);
  static BoxKey from_secret(const Secret<32>& sk);
  [[nodiscard]] const PublicKey& public_key() const { return pk_; }
  [[nodiscard]] const Secret<32>& secret() const { return sk_; }

 private:
  BoxKey() = default;
  Secret<32> sk_;
  PublicKey pk_{};
};

}  // namespace crypto
