// How long content is kept: as long as the policy says and no hold stands; then it is purged, and a signed tombstone stays. Purged are bodies,
// attachments, source records, and the frames and keys that could open them again. What stays holds no person: the loop's events, digests,
// decisions, and the disclosure ledger, which is kept for the policy's `audit` time and is not purged here. Inside transactions.
#pragma once

#include "adapters/agent/account/rows.h"
#include "adapters/agent/mail/submit.h"
#include "adapters/agent/vault.h"

namespace adapters::agent::account {

struct Retained {
  std::uint64_t kept = 0, due = 0, held = 0, purged = 0;  // threads; held: due, but for a hold
  base::Instant oldest;                // of those that are kept: their last change
  std::uint64_t content_ms = 0, audit_ms = 0;  // what the policy says
  std::uint32_t policy = 0;            // its version; 0: none is held, and nothing is due
  std::vector<base::Id> next;          // due now, oldest first; at most 100
};
Retained retained(keep::Tx& tx, const mail::Desk& desk);

// One thread. kConflict: a hold stands, its loop is open, or its time has not come. kNotFound.
base::Status purge(keep::Tx& tx, const mail::Desk& desk, const Vault& vault, const base::Id& thread);
std::optional<TombstoneRow> tombstone(keep::Tx& tx, const base::Id& thread);
std::vector<TombstoneRow> tombstones(keep::Tx& tx);

std::uint64_t place_hold(keep::Tx& tx, HoldRow row);
base::Status release_hold(keep::Tx& tx, std::uint64_t id, const std::string& by, base::Instant now);  // kNotFound; twice is harmless
std::vector<HoldRow> holds(keep::Tx& tx);

}  // namespace adapters::agent::account
