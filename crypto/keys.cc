// Ed25519 and X25519 key pairs on libsodium. A key is made from its secret half; the public half is always computed, never taken.
#include "crypto/keys.h"

#include <sodium.h>

#include "crypto/base/check.h"

namespace crypto {

static_assert(crypto_sign_SEEDBYTES == 32 && crypto_sign_SECRETKEYBYTES == 64 && crypto_sign_BYTES == 64);
static_assert(crypto_scalarmult_BYTES == 32 && crypto_scalarmult_SCALARBYTES == 32);

SignKey SignKey::generate(Random& r) {
  Secret<32> seed;
  r.fill({seed.data(), seed.size()});
  return from_seed(seed);
}

SignKey SignKey::from_seed(const Secret<32>& seed) {
  init();
  CHECK(seed.size() == 32);
  SignKey k;
  std::memcpy(k.seed_.data(), seed.data(), 32);
  CHECK(crypto_sign_seed_keypair(k.pk_.data(), k.sk_.data(), k.seed_.data()) == 0);
  return k;
}

Signature SignKey::sign(base::View bytes) const {
  CHECK(!sk_.empty());  // a moved-from key signs nothing
  Signature sig;
  CHECK(crypto_sign_detached(sig.data(), nullptr, bytes.data(), bytes.size(), sk_.data()) == 0);
  return sig;
}

bool verify(const PublicKey& pk, base::View bytes, base::View sig) {
  init();
  return sig.size() == crypto_sign_BYTES && crypto_sign_verify_detached(sig.data(), bytes.data(), bytes.size(), pk.data()) == 0;
}

BoxKey BoxKey::generate(Random& r) {
  Secret<32> sk;
  r.fill({sk.data(), sk.size()});
  return from_secret(sk);
}

BoxKey BoxKey::from_secret(const Secret<32>& sk) {
  init();
  CHECK(sk.size() == 32);
  BoxKey k;
  std::memcpy(k.sk_.data(), sk.data(), 32);
  CHECK(crypto_scalarmult_base(k.pk_.data(), k.sk_.data()) == 0);
  return k;
}

}  // namespace crypto
