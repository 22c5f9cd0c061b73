// From what an adapter or a person hands in to a message in the outbox: who is meant, may it be said now (lifecycle), may it be said
// at all (policy), is it a repeat. Every check comes before the first write.
#pragma once

#include "adapters/agent/keep/records.h"
#include "adapters/agent/plugin.h"
#include "crypto/directory.h"
#include "crypto/random.h"
#include "schemas/policy.h"

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
};

inline constexpr std::string_view kEverybody = "*";  // `to` of a capacity broadcast

// kDenied names the rule; kMalformed and kUsage the field; kNotFound the agency or thread; kConflict; kBusy: outbox full.
base::Result<Submitted> compose(keep::Tx& tx, const Desk& desk, crypto::Random& random, const Submission& s);

// Is this payload kind allowed from us to this agency now? The rule is in the answer.
schemas::PolicyAnswer ask_policy(const Desk& desk, std::string_view to_kind, schemas::MsgKind kind, schemas::Purpose purpose, const schemas::Body* body);

}  // namespace adapters::agent::mail
