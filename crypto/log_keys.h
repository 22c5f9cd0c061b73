// Which key signs the log at which size, and what is known of certificates beside the log: questions to a Directory (directory.h) that few ask.
// Same rules: deterministic, no clock, log order decides (docs/decisions/0017).
#pragma once

#include "crypto/directory.h"

namespace crypto {

// The log's key for a tree of so many entries: the one that the newest anchor among them names, else the first anchor's. The tree that ends in an
// anchor's entry is signed with that anchor's key already. The reference lives as pointers of a Directory do.
const VerifierKey& log_key(const Directory& d, std::uint64_t size);
const VerifierKey& log_of(const Directory& d, std::string_view checkpoint);  // by the size that this whole note claims; what is no checkpoint: the newest
base::Result<Checkpoint> open_checkpoint(std::string_view whole, const Directory& d);  // under log_of() it: kBadSignature, kMalformed
// A later anchor has named another key than that of trees of this size: whoever holds the old one must not accuse anybody with it.
bool log_key_replaced(const Directory& d, std::uint64_t size);

bool holds(const Directory& d, const Hash& note_hash);  // a note with this text has been taken in
// A suspension that is known and not logged (yet): standing_now() counts it for 72 h from `known`; nothing that is judged by its place in the
// log does. kNotFound: no such certificate.
base::Status suspend_unlogged(Directory& d, const Hash& cert_hash, base::Instant known);

}  // namespace crypto
