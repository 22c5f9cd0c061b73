// The half of a suite that seals and opens (suite.h): key agreement, derivation, encryption, commitment. The hub links none of it.
// Keys and secrets have 32 bytes, a tag kTag; every encryption key is used once, so there is no nonce.
#pragma once

#include "crypto/transcript.h"

namespace crypto {

struct SealingSuite {
  std::uint16_t id;
  void (*public_of)(base::View secret, PublicKey& out);                                       // of an ephemeral secret
  bool (*agree)(base::View secret, const PublicKey& other, base::Byte ss[32]);                // false: the other key must be refused
  void (*derive)(base::View key, base::View in, base::Byte out[32]);                          // hedged secrets and KEK_j
  void (*message_key)(base::View g, std::uint64_t i, base::Byte out[32]);                     // K_i: tells nothing of G
  Hash (*commit)(base::View message_key);                                                     // C_i
  void (*encrypt)(base::View key, base::View ad, base::Byte* text, std::size_t n);            // in place, and the tag behind it
  bool (*decrypt)(base::View key, base::View ad, base::View ct, base::Byte* text);            // false: nothing of `text` counts
};

const SealingSuite* find_sealing(std::uint16_t id);  // nullptr: unknown here. Thread-safe

}  // namespace crypto
