// Systems that may ask the agent's HTTP server, and the short-lived tokens that they get: OAuth 2 client credentials (RFC 6749 section 4.4)
// with a shared secret, or a signed assertion as SMART Backend Services wants it (RFC 7523; RS384, ES384). Tokens are random words, kept in
// memory only: a restart ends them. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <set>

#include "adapters/agent/settings.h"
#include "adapters/transport/http.h"
#include "crypto/random.h"

namespace adapters::agent::web {

struct Bearer {
  std::string client;
  std::vector<std::string> scopes;
};

class Clients {
 public:
  // Reads every client's secret or keys. kUsage names the file.
  static base::Result<std::unique_ptr<Clients>> load(const HttpSettings& settings, crypto::Random& random, base::Clock clock);

  // POST /auth/token. `audience`: the URLs that an assertion may name.
  transport::HttpResponse token(const transport::HttpRequest& r, const std::vector<std::string>& audience);
  [[nodiscard]] std::optional<Bearer> bearer(std::string_view authorization) const;  // of the header; nullopt: none, unknown or expired

  static constexpr std::uint64_t kTokenMs = 5 * base::kMinute;

 private:
  struct Client {
    std::string name;
    base::Hash secret{};  // SHA-256; zero: none
    std::string jwks;
    std::vector<std::string> scopes;
  };
  struct Token {
    Bearer bearer;
    base::Instant until;
  };
  Clients(crypto::Random& random, base::Clock clock) : random_(random), clock_(std::move(clock)) {}
  const Client* with_secret(const transport::HttpRequest& r, const std::multimap<std::string, std::string, std::less<>>& form) const;
  const Client* with_assertion(const std::string& assertion, const std::vector<std::string>& audience);
  bool too_often(const std::string& remote, bool failed);
  transport::HttpResponse issue(const Client& c, const std::string& wanted);

  crypto::Random& random_;
  base::Clock clock_;
  std::map<std::string, Client> clients_;
  mutable std::mutex mutex_;
  std::map<base::Hash, Token> tokens_;              // by SHA-256 of the token
  std::map<std::string, base::Instant> used_;       // client, jti -> until when it is remembered
  std::map<std::string, std::pair<unsigned, base::Instant>> failures_;  // by remote address, within a minute
};

}  // namespace adapters::agent::web
