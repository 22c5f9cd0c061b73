// What agent.toml says of people who sign in: [inbox] and [[inbox.oidc]]. Values.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "crypto/base/instant.h"
#include "crypto/password.h"

namespace adapters::agent::people {

struct SessionSettings {
  std::uint64_t idle_ms = 10 * base::kMinute;   // then it ends (CJIS AC-11: at most 30 minutes)
  std::uint64_t most_ms = 12 * base::kHour;     // a shift
  bool second_factor = false;                   // a password alone is not enough
  unsigned failures = 5;                        // in a row, then locked out for lock_ms (CJIS AC-7)
  std::uint64_t lock_ms = 15 * base::kMinute;
  crypto::PasswordCost cost{};
};

// A provider of OpenID Connect that people may sign on with.
struct OidcSettings {
  std::string id, label, issuer;                // "county", "County account", "https://login.example"
  std::string client_id, client_secret_file;    // of this agent, as the provider registered it
  std::string ca_file;                          // PEM, for a provider with a certificate of the house; empty: the system's
  std::string role_claim;                       // "groups"; empty: roles are the account's own
  std::vector<std::pair<std::string, std::string>> roles;  // value of that claim -> id of a policy role
  bool from_claims = false;                     // accounts = "claim": the provider's people have accounts by its word; "linked": only linked ones
};

struct InboxSettings {
  SessionSettings sessions;
  std::vector<OidcSettings> oidc;
};

}  // namespace adapters::agent::people
