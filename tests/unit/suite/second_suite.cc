// Ed25519 over another prefix, X25519 hashed, HMAC-SHA256, XChaCha20-Poly1305, BLAKE2b commitments.
#include "tests/unit/suite/second_suite.h"

#include <sodium.h>

#include "crypto/base/check.h"
#include "crypto/suite/guest.h"

namespace second {
namespace {

using base::Byte;
using base::View;

constexpr Byte kNonce[crypto_aead_xchacha20poly1305_ietf_NPUBBYTES] = {0};

base::Bytes prefixed(View bytes) { return base::concat({base::view("second suite"), bytes}); }

crypto::Signature sign(const crypto::SignKey& key, View bytes) { return key.sign(prefixed(bytes)); }
bool verify(const crypto::PublicKey& key, View bytes, View sig) { return crypto::verify(key, prefixed(bytes), sig); }

void public_of(View secret, crypto::PublicKey& out) { CHECK(crypto_scalarmult_base(out.data(), secret.data()) == 0); }
bool agree(View secret, const crypto::PublicKey& other, Byte ss[32]) {
  Byte raw[32];
  if (crypto_scalarmult(raw, secret.data(), other.data()) != 0) return false;
  return crypto_hash_sha256(ss, raw, sizeof raw) == 0;
}
void derive(View key, View in, Byte out[32]) { CHECK(crypto_auth_hmacsha256(out, in.data(), in.size(), key.data()) == 0); }
void message_key(View g, std::uint64_t i, Byte out[32]) {
  Byte n[8];
  base::store_le(n, i);
  derive(g, View(n), out);
}
base::Hash commit(View key) {
  base::Hash out;
  CHECK(crypto_generichash(out.data(), out.size(), key.data(), key.size(), nullptr, 0) == 0);
  return out;
}
void encrypt(View key, View ad, Byte* text, std::size_t n) {
  CHECK(crypto_aead_xchacha20poly1305_ietf_encrypt(text, nullptr, text, n, ad.data(), ad.size(), nullptr, kNonce, key.data()) == 0);
}
bool decrypt(View key, View ad, View ct, Byte* text) {
  return crypto_aead_xchacha20poly1305_ietf_decrypt(text, nullptr, nullptr, ct.data(), ct.size(), ad.data(), ad.size(), kNonce,
                                                    key.data()) == 0;
}

const crypto::Suite kRow{kId, "of a test", sign, verify};
const crypto::SealingSuite kSealingRow{kId, public_of, agree, derive, message_key, commit, encrypt, decrypt};

}  // namespace

Known::Known() {
  crypto::internal::set_guest(&kRow);
  crypto::internal::set_sealing_guest(&kSealingRow);
}
Known::~Known() {
  crypto::internal::set_guest(nullptr);
  crypto::internal::set_sealing_guest(nullptr);
}

}  // namespace second
