// Signed assertions: the good ones hold, and every way that we know of to forge one does not.
#include "adapters/agent/web/assertion.h"

#include "tests/unit/agent_keys.h"

#include <doctest/doctest.h>

using namespace adapters::agent::web;
using rig::Json;

namespace {

const std::vector<std::string> kHere{"https://agent.example/auth/token"};
constexpr base::Instant kNow{1791208924000};

Json claims() { return {{"iss", "emr"}, {"sub", "emr"}, {"aud", kHere[0]}, {"jti", "j1"}, {"exp", kNow.ms / 1000 + 240}}; }
Json but(const char* key, Json value) {
  Json c = claims();
  if (value.is_null()) {
    c.erase(key);
  } else {
    c[key] = std::move(value);
  }
  return c;
}

}  // namespace

TEST_CASE("RS384 and ES384 assertions of registered keys hold") {
  for (const bool rsa : {true, false}) {
    const rig::SigningKey key(rsa), other(rsa);
    const auto a = verify_assertion(key.sign(claims()), key.jwks(), kHere, kNow);
    REQUIRE_MESSAGE(a.ok(), (a.ok() ? "" : a.error().what));
    CHECK(a->client == "emr");
    CHECK(a->id == "j1");
    CHECK(verify_assertion(key.sign(but("aud", {"x", kHere[0]})), key.jwks(), kHere, kNow).ok());
    CHECK_FALSE(verify_assertion(other.sign(claims()), key.jwks(), kHere, kNow).ok());
    CHECK_FALSE(verify_assertion(key.sign(claims(), {{"kid", "k2"}}), key.jwks(), kHere, kNow).ok());
  }
}

TEST_CASE("no signature, another algorithm, changed claims, and the key used as a secret are refused") {
  const rig::SigningKey key(true);
  const std::string good = key.sign(claims()), jwks = key.jwks();
  const std::string none = rig::base64url(std::string(R"({"alg":"none"})")) + "." + rig::base64url(claims().dump()) + ".";
  for (const std::string& bad : {none, none + "x", key.sign(claims(), {{"alg", "none"}}), key.sign(claims(), {{"alg", "HS256"}}), key.sign(claims(), {{"alg", "RS256"}}), key.sign(claims(), {{"alg", "ES384"}}),
                                 good.substr(0, good.find('.')) + "." + rig::base64url(but("sub", "admin").dump()) + good.substr(good.rfind('.')), good.substr(0, good.size() - 8), std::string("x"), std::string(), std::string("a.b.c"), std::string(20'000, 'a')}) {
    CHECK_FALSE(verify_assertion(bad, jwks, kHere, kNow).ok());
  }
  CHECK_FALSE(verify_assertion(good, "{}", kHere, kNow).ok());
  CHECK_FALSE(verify_assertion(good, R"({"keys":[{"kty":"oct","k":"AAAA"},{"kty":"RSA"},7]})", kHere, kNow).ok());
}

TEST_CASE("another audience, an old one, one for ever, one without jti or with two names are refused") {
  const rig::SigningKey key(false);
  const std::string jwks = key.jwks();
  const auto holds = [&](const Json& c) { return verify_assertion(key.sign(c), jwks, kHere, kNow).ok(); };
  CHECK(holds(claims()));
  CHECK_FALSE(holds(but("aud", "https://elsewhere.example/token")));
  CHECK_FALSE(holds(but("aud", Json())));
  CHECK_FALSE(holds(but("exp", kNow.ms / 1000 - 61)));
  CHECK_FALSE(holds(but("exp", kNow.ms / 1000 + 3600)));
  CHECK_FALSE(holds(but("exp", "soon")));
  CHECK_FALSE(holds(but("exp", 1e300)));
  CHECK_FALSE(holds(but("exp", Json())));
  CHECK_FALSE(holds(but("nbf", kNow.ms / 1000 + 120)));
  CHECK_FALSE(holds(but("jti", Json())));
  CHECK_FALSE(holds(but("sub", "other")));
}
