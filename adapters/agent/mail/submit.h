// From what an adapter or a person hands in to a message in the outbox: who is meant, may it be said now (lifecycle), may it be said
// at all (policy), is it a repeat. Every check comes before the first write.
#pragma once

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
};

inline constexpr std::string_view kEverybody = "*";  // `to` of a capacity broadcast

// kDenied names the rule; kMalformed and kUsage the field; kNotFound the agency or thread; kConflict; kBusy: the outbox is full, or this agent
// only reads until it holds the policy in force.
base::Result<Submitted> compose(keep::Tx& tx, const Desk& desk, crypto::Random& random, const Submission& s);
// A coordinator's word about a loop that is not its own: to both parties, as one event.
base::Result<Submitted> compose_to_parties(keep::Tx& tx, const Desk& desk, crypto::Random& random, const Submission& s, const keep::LoopRow& loop);

// May this payload go from us to this agency now? The rules are in the answer.
schemas::policy::Answer ask_policy(keep::Tx& tx, const Desk& desk, const crypto::Member& to, schemas::Purpose purpose, const schemas::Body& body,
                                   const std::optional<base::Id>& thread_id);

}  // namespace adapters::agent::mail
