// Suite 1, sealing and opening.
#include <sodium.h>

#include "crypto/base/check.h"
#include "crypto/suite/sodium/sodium.h"

namespace crypto::sodium {
namespace {

static_assert(crypto_scalarmult_BYTES == 32 && crypto_aead_chacha20poly1305_ietf_ABYTES == kTag);

constexpr base::Byte kZeroNonce[crypto_aead_chacha20poly1305_ietf_NPUBBYTES] = {0};

void public_of(base::View secret, PublicKey& out) { CHECK(crypto_scalarmult_base(out.data(), secret.data()) == 0); }

bool agree(base::View secret, const PublicKey& other, base::Byte ss[32]) { return crypto_scalarmult(ss, secret.data(), other.data()) == 0; }

void derive(base::View key, base::View in, base::Byte out[32]) {
  CHECK(crypto_generichash(out, 32, in.data(), in.size(), key.data(), key.size()) == 0);
}

void message_key(base::View g, std::uint64_t i, base::Byte out[32]) {
  CHECK(crypto_kdf_derive_from_key(out, 32, i, "SFH1msgk", g.data()) == 0);
}

void encrypt(base::View key, base::View ad, base::Byte* text, std::size_t n) {
  CHECK(crypto_aead_chacha20poly1305_ietf_encrypt(text, nullptr, text, n, ad.data(), ad.size(), nullptr, kZeroNonce, key.data()) == 0);
}

bool decrypt(base::View key, base::View ad, base::View ct, base::Byte* text) {
  return crypto_aead_chacha20poly1305_ietf_decrypt(text, nullptr, nullptr, ct.data(), ct.size(), ad.data(), ad.size(), kZeroNonce,
                                                   key.data()) == 0;
}

}  // namespace

constinit const SealingSuite kSealing{kSuite1, public_of, agree, derive, message_key, key_commitment, encrypt, decrypt};

}  // namespace crypto::sodium
