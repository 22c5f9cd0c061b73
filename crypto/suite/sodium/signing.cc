// Suite 1, signatures.
#include "crypto/suite/sodium/sodium.h"
#include "crypto/transcript.h"

namespace crypto::sodium {
namespace {

Signature sign(const SignKey& key, base::View bytes) { return key.sign(bytes); }
bool verify(const PublicKey& key, base::View bytes, base::View sig) { return crypto::verify(key, bytes, sig); }

}  // namespace

constinit const Suite kSuite{kSuite1, "Ed25519 X25519 BLAKE2b ChaCha20-Poly1305", sign, verify};

}  // namespace crypto::sodium
