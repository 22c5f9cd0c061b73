// From what an adapter or a person hands in to a message in the outbox: who is meant, may it be said now (lifecycle), may it be said
// at all (policy), is it a repeat. Every check comes before the first write.
#pragma once

#include <set>

#include "adapters/agent/blob/limits.h"
#include "adapters/agent/disclose/shelf.h"
#include "adapters/agent/keep/records.h"
#include "adapters/agent/plugin.h"
#include "crypto/directory.h"
#include "crypto/random.h"
#include "schemas/policy/decide.h"

namespace adapters::agent::mail {

// Who we are and what holds now. A value; made anew for each use.
struct Desk {
  base::Id self{};
  base::Hash cert{};
  std::string slug, kind;
  crypto::Directory directory;
  base::Instant now;
  schemas::Seen seen;
  std::uint64_t outbox_limit = 10'000;
  disclose::SharedPolicy policy{};           // the one in force; nullptr: see `stale`
  std::string stale{};                       // why this agent only reads for now, in plain words; empty: it may write
  const disclose::PolicyShelf* shelf = nullptr;
  blob::Limits attachments{};
  bool scans = false;                        // attachments wait until the virus scan has called them clean
  std::set<base::Hash> clean{};              // SHA-256 of those that it has just called so
};

inline constexpr std::string_view kEverybody = "*";  // `to` of a capacity broadcast

// Attachments over 32 KiB are cut out and follow in parts (blob/outgoing.h), kept and queued in this same write.
// kDenied names the rule; kTooLarge the attachment; kMalformed and kUsage the field; kNotFound the agency or thread; kConflict; kBusy: the outbox is full, or this agent
// only reads until it holds the policy in force.
base::Result<Submitted> compose(keep::Tx& tx, const Desk& desk, crypto::Random& random, const Submission& s);
// A coordinator's word about a loop that is not its own: to both parties, as one event.
base::Result<Submitted> compose_to_parties(keep::Tx& tx, const Desk& desk, crypto::Random& random, const Submission& s, const keep::LoopRow& loop);

// May this payload go from us to this agency now? The rules are in the answer.
schemas::policy::Answer ask_policy(keep::Tx& tx, const Desk& desk, const crypto::Member& to, schemas::Purpose purpose, const schemas::Body& body,
                                   const std::optional<base::Id>& thread_id);

}  // namespace adapters::agent::mail
