// The weekly audit review (NIST SP 800-53 AU-6; 45 CFR 164.308(a)(1)(ii)(D)): what the agency's shelf holds of a week, and its signed sign-off.
// A week begins on Monday, UTC. Inside transactions.
#pragma once

#include <map>

#include "adapters/agent/account/rows.h"
#include "adapters/agent/mail/submit.h"
#include "adapters/agent/vault.h"

namespace adapters::agent::account {

std::uint64_t week_of(base::Instant at);
base::Instant begin_of(std::uint64_t week);

struct Week {
  std::uint64_t week = 0;
  std::map<std::string, std::uint64_t> access;      // of the ledger: "open" -> how often
  std::map<std::string, std::uint64_t> denials;     // rule -> how often
  std::vector<base::Id> unreviewed;                 // uses of break-glass that wait for their review
  std::uint64_t ledger_size = 0;
  base::Hash ledger_head{};                         // at the end of the week, or now
  bool ledger_whole = true;
  std::optional<ReviewRow> signed_off;
};
Week week(keep::Tx& tx, std::uint64_t week);

// kConflict: the week is not over, or it is signed already. kUsage: the finding is none.
base::Result<ReviewRow> sign_off(keep::Tx& tx, const mail::Desk& desk, const Vault& vault, ReviewRow row);
std::vector<ReviewRow> reviews(keep::Tx& tx);       // oldest first
// The first week that is over and not signed, from the ledger's first row on; nullopt: all are, or the ledger is empty.
std::optional<std::uint64_t> first_unsigned(keep::Tx& tx, base::Instant now);

}  // namespace adapters::agent::account
