// Locker: encryption at rest for agent stores, and keyed lookup hashes so that LMDB keys say nothing. Only agents link this.
// XChaCha20-Poly1305 with a random nonce; the `context` (table and key) is authenticated, so a value cannot be moved.
#pragma once

#include "crypto/base/result.h"
#include "crypto/random.h"
#include "crypto/secret.h"

namespace crypto {

class Locker {
 public:
  Locker(Secret<32> key, Random& random);  // random must outlive this
  [[nodiscard]] base::Bytes lock(base::View context, base::View plain) const;                 // nonce[24] || ct || tag[16]
  [[nodiscard]] base::Result<base::Bytes> unlock(base::View context, base::View locked) const;  // kCorrupt
  [[nodiscard]] base::Hash lookup(std::string_view label, base::View value) const;             // BLAKE2b keyed, 32 B

 private:
  Secret<32> seal_key_, lookup_key_;
  Random* random_;
};

// One file of secrets under a passphrase, key file or credential (Argon2id; protocol 12: "sealed key file").
// Layout: "SFHK" | u16 version 1 | u16 kdf | u32 opslimit | u64 memlimit | salt[16] | nonce[24] | ct; kdf 1 = Argon2id, 2 = raw 32-byte key (BLAKE2b).
struct KeyFileCost {
  std::uint32_t opslimit = 3;            // 0: `secret_input` is a raw 32-byte key (kdf 2), memlimit is not used
  std::uint64_t memlimit = 64ULL << 20;  // bytes
};
// `secret_input` must not be empty, and the cost within opslimit 1..16, memlimit 8 KiB..1 GiB (CHECKed: they are the program's own).
base::Bytes lock_key_file(base::View secret_input, base::View plain, const KeyFileCost& cost, Random& random);
base::Result<SecretBytes> unlock_key_file(base::View secret_input, base::View file);  // kBadSignature: wrong passphrase or damaged; kMalformed

}  // namespace crypto
