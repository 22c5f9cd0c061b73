// A signed assertion of a client (RFC 7523, RFC 7515; SMART Backend Services): verified with its registered keys through cjose.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/instant.h"
#include "crypto/base/result.h"

namespace adapters::agent::web {

struct Assertion {
  std::string client;   // iss and sub
  std::string id;       // jti
  base::Instant until;  // exp
};
// Who it says it is from, unverified: to find the keys. "" if it cannot be read.
std::string claimed_client(std::string_view compact);
// Algorithm (RS384 and ES384 only), key, signature, issuer, subject, audience and times. A replay is the caller's to see.
base::Result<Assertion> verify_assertion(std::string_view compact, const std::string& jwks, const std::vector<std::string>& audience, base::Instant now);
base::Status check_jwks(const std::string& jwks);  // kMalformed: no key in it that could be used

}  // namespace adapters::agent::web
