// /auth/* of the agent's HTTP server (docs/spec/inbox-api.md): signing in and out, one's own password and factors, sign-on with a provider.
// Thread-safe.
#pragma once

#include "adapters/agent/people/oidc.h"
#include "adapters/agent/people/passkeys.h"
#include "adapters/transport/http.h"

namespace adapters::agent::people {

class AuthHttp {
 public:
  // `public_url`: http.public_url of the settings, or empty. `vapid`: the key for web push, or empty.
  AuthHttp(People& people, const InboxSettings& settings, std::string public_url, std::function<std::string()> vapid);
  transport::HttpResponse answer(const transport::HttpRequest& r);

 private:
  using Json = schemas::Json;
  using Request = transport::HttpRequest;
  using Response = transport::HttpResponse;
  struct Offer {                     // an authenticator app's secret that no code has confirmed yet
    base::Bytes secret;
    base::Instant until;
  };

  Response entrance(const Request& r, const Json& in);                                       // nobody yet
  Response own(const Request& r, const Json& in, const std::string& token, const Session& s);  // a person
  Response totp(const Request& r, const Json& in, const Session& s);
  Response passkeys(const Request& r, const Json& in, const Session& s);
  Response oidc(const Request& r);
  Response entered(const Request& r, const base::Result<People::Entry>& entry, std::string_view login);
  Response session_answer(const Request& r);
  Json session_json(const Session& s) const;
  Json ways(const Request& r) const;
  [[nodiscard]] std::string origin_of(const Request& r) const;
  [[nodiscard]] std::string cookie(const Request& r, std::string_view token) const;
  bool too_often(const std::string& remote, bool failed_now);
  [[nodiscard]] disclose::SharedPolicy policy() const;

  People& people_;
  const std::string public_url_;
  const std::function<std::string()> vapid_;
  Passkeys passkeys_;
  Oidc oidc_;
  std::mutex mutex_;
  std::map<base::Id, Offer> offers_;
  std::map<std::string, std::pair<unsigned, base::Instant>> failures_;  // by address, of this minute
};

std::string device_of(std::string_view user_agent);  // "Chromium on Linux"

}  // namespace adapters::agent::people
