// Suite 0x0001: Ed25519, X25519, BLAKE2b-256, ChaCha20-Poly1305 (RFC 8439), SHA-256 commitments. All on libsodium but SHA-256.
#pragma once

#include "crypto/suite/sealing.h"
#include "crypto/suite/suite.h"

namespace crypto::sodium {

extern const Suite kSuite;           // room crypto
extern const SealingSuite kSealing;  // room crypto_seal

}  // namespace crypto::sodium
