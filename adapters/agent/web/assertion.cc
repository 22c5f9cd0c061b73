#include "adapters/agent/web/assertion.h"

#include <nlohmann/json.hpp>

#include "adapters/agent/web/jws.h"

namespace adapters::agent::web {
namespace {

using schemas::Json;
constexpr std::uint64_t kMaxLifeMs = 5 * base::kMinute, kSkewMs = base::kMinute;


base::Error no(std::string what) { return {base::Kind::kDenied, std::move(what), "client_assertion"}; }

}  // namespace

std::string claimed_client(std::string_view compact) {
  const auto claims = claims_unverified(compact);
  return claims.ok() ? text_in(**claims, "iss") : std::string();
}

base::Result<Assertion> verify_assertion(std::string_view compact, const std::string& jwks, const std::vector<std::string>& audience, base::Instant now) {
  const auto verified = verified_claims(compact, jwks, {"RS384", "ES384"});
  if (!verified.ok()) return no(verified.error().what);
  const auto& claims = *verified;
  Assertion a{text_in(*claims, "iss"), text_in(*claims, "jti"), {}};
  if (a.client.empty() || text_in(*claims, "sub") != a.client) return no("iss and sub are not the same client");
  if (!names_audience(*claims, audience)) return no("made for another server (aud)");
  if (a.id.empty() || a.id.size() > 256) return no("without jti");
  TRY_ASSIGN(a.until, moment_in(*claims, "exp"));
  if (a.until.plus(kSkewMs) < now) return no("expired");
  if (a.until > now.plus(kMaxLifeMs + kSkewMs)) return no("valid for more than five minutes");
  if (claims->contains("nbf")) {
    TRY_ASSIGN(const base::Instant from, moment_in(*claims, "nbf"));
    if (from > now.plus(kSkewMs)) return no("not valid yet");
  }
  return a;
}

base::Status check_jwks(const std::string& jwks) {
  if (usable_keys(jwks)) return {};
  return base::malformed("no usable key", "keys", "a JWK set (RFC 7517) with an RSA or P-384 key");
}

}  // namespace adapters::agent::web
