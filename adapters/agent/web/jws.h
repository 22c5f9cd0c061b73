// Signed tokens (RFC 7515) through cjose: assertions of other systems' clients, id tokens of a sign-on provider.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/instant.h"
#include "schemas/json.h"

namespace adapters::agent::web {

// The claims, if a key of the set made the signature with one of these algorithms (RS256, RS384, ES256, ES384). kDenied: it does not hold.
base::Result<std::shared_ptr<schemas::Json>> verified_claims(std::string_view compact, const std::string& jwks, const std::vector<std::string>& algorithms);
base::Result<std::shared_ptr<schemas::Json>> claims_unverified(std::string_view compact);  // to find out whose keys are needed
std::string key_id(std::string_view compact);  // "kid" of the header; "": none
bool usable_keys(const std::string& jwks, std::string_view kid = {});

// Fields of claims.
std::string text_in(const schemas::Json& claims, const char* key);                            // "": missing, or no text
base::Result<base::Instant> moment_in(const schemas::Json& claims, const char* key);          // exp, nbf, iat
bool names_audience(const schemas::Json& claims, const std::vector<std::string>& audience);   // aud is, or holds, one of these

}  // namespace adapters::agent::web
