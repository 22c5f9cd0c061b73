// The seam for cryptography (decisions D7): what the id in BST1, GRP1, HDR1 and RCP1 stands for. A suite is a row of functions; the rest of
// the project names no primitive of it. This half is what everybody needs, the hub too; sealing.h is what opens, and agents alone link it.
// Not of a suite, and the same in all: SHA-256 of trees, digests and key ids, signed notes, CURVE.
//
// A new suite: a folder here with its two rows, a line in the table of suite.cc and one in that of sealing.cc. Keys, signatures, wraps and
// tags must have the sizes of suite 1, because the layouts have them (docs/spec/envelope.md, section 1).
#pragma once

#include "crypto/keys.h"

namespace crypto {

struct Suite {  // of functions that need no lock and fail only as they say
  std::uint16_t id;
  const char* name;
  Signature (*sign)(const SignKey& key, base::View bytes);
  bool (*verify)(const PublicKey& key, base::View bytes, base::View sig);
};

const Suite* find_suite(std::uint16_t id);  // nullptr: this program does not know it, and refuses whatever names it. Thread-safe

// Signatures over BST1 and RCP1. Unknown suites verify nothing; nobody may ask to sign under one.
bool verify(std::uint16_t suite, const PublicKey& key, base::View bytes, base::View sig);
Signature sign(std::uint16_t suite, const SignKey& key, base::View bytes);

}  // namespace crypto
