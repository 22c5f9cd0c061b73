// Notes of the directory that came by another way than the log: in a file, because the hub was away when an authority signed them, or hides them
// (protocol 3, "Revocation does not need the hub"). Kept until the log holds them, across restarts. A suspension or revocation counts as a
// suspension from the moment it comes, for 72 h; once it is logged, log order decides. Nothing here is held in memory.
#pragma once

#include "adapters/agent/keep/store.h"
#include "crypto/log_keys.h"

namespace adapters::agent::keep {

struct Offered {
  std::string note;                // whole
  base::Hash text{};               // hash(note)
  crypto::NoteType type{};         // kAnchor, kCert or kRevoke
  std::optional<base::Hash> cert;  // what a kRevoke is about
  base::Instant known, asked;      // when it came; when the hub refused it last
  std::string refused;             // what the hub said then; empty: not asked yet, or it did not answer
  [[nodiscard]] bool suspends(base::Instant now) const;  // of a kRevoke: not lapsed
};

// On disk when it returns. Whoever signed must be enough for the log: kBadSignature, kConflict, kStale, kNotFound, kMalformed as
// Directory::check(). kConflict also: the log holds it already. kUnsupported: a type that is not handed in by people. One that is known here
// is answered as it is: its 72 h do not begin again.
base::Result<Offered> take_offer(Store& store, std::string_view note, const crypto::Directory& directory, base::Instant now);
// Forgets what the log holds by now, and what can be logged no more (its certificate was revoked by another note, say).
base::Status settle_offers(Store& store, const crypto::Directory& directory, base::Instant now);
base::Status note_refused(Store& store, const base::Hash& text, const std::string& words, base::Instant now);

std::vector<Offered> offers(Tx& tx);  // oldest first; anchors before what they may have authorised
std::vector<Offered> offers(const Store& store);
std::optional<crypto::Anchor> offered_anchor(const Store& store);  // the newest that came so
bool suspended_by_file(const Store& store, const base::Hash& cert_hash, const crypto::Directory& directory, base::Instant now);
void suspend_offered(const Store& store, crypto::Directory& directory);  // as standing_now() is to see it

}  // namespace adapters::agent::keep
