// Signing on with a provider of OpenID Connect (Core 1.0): authorization code with PKCE (RFC 7636), state and nonce; the id token is verified
// with the provider's keys. What waits for the provider's answer is in memory, ten minutes, bound to the browser by a cookie. Thread-safe.
#pragma once

#include "adapters/agent/people/people.h"
#include "schemas/json.h"

namespace adapters::agent::people {

class Oidc {
 public:
  static constexpr std::uint64_t kWaitMs = 10 * base::kMinute;

  Oidc(People& people, std::vector<OidcSettings> providers) : people_(people), providers_(std::move(providers)) {}

  struct Start {
    std::string url;      // of the provider
    std::string binding;  // for the browser's cookie
  };
  base::Result<Start> start(std::string_view id, const std::string& callback);  // kNotFound; kBusy: the provider does not answer
  struct Answer {
    std::string code, state, error, binding;
  };
  // kDenied: words for the person; the ledger has why.
  base::Result<People::Entry> finish(std::string_view id, const Answer& answer, const std::string& callback, std::string_view device);
  [[nodiscard]] const std::vector<OidcSettings>& providers() const { return providers_; }

 private:
  struct Waiting {
    std::string id, nonce, verifier, binding;
    base::Instant until;
  };
  struct Known {          // of a provider: its discovery document and keys
    std::string authorization, token, jwks_uri, jwks;
    base::Instant fetched, keys_fetched;
  };
  [[nodiscard]] const OidcSettings* provider(std::string_view id) const;
  base::Result<Known> known(const OidcSettings& p);
  base::Result<std::string> keys(const OidcSettings& p, const Known& k, bool anew);
  base::Result<std::shared_ptr<schemas::Json>> id_token(const OidcSettings& p, const Waiting& w, const std::string& code, const std::string& callback);
  base::Result<std::shared_ptr<schemas::Json>> verified(const OidcSettings& p, const Known& k, const std::string& token, const std::string& nonce);
  base::Result<base::Id> person_of(const OidcSettings& p, const schemas::Json& claims);

  People& people_;
  const std::vector<OidcSettings> providers_;
  std::mutex mutex_;
  std::map<base::Hash, Waiting> waiting_;    // by SHA-256 of the state
  std::map<std::string, Known> known_;       // by id
};

}  // namespace adapters::agent::people
