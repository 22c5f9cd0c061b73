#include "adapters/agent/web/jws.h"

#include <cjose/cjose.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace adapters::agent::web {
namespace {

using schemas::Json;
constexpr std::size_t kMaxToken = 16u << 10;

struct Release {
  void operator()(cjose_jws_t* j) const { cjose_jws_release(j); }
  void operator()(cjose_jwk_t* k) const { cjose_jwk_release(k); }
};
using Jws = std::unique_ptr<cjose_jws_t, Release>;
using Jwk = std::unique_ptr<cjose_jwk_t, Release>;

base::Error no(std::string what) { return {base::Kind::kDenied, std::move(what), "token"}; }

base::Result<std::shared_ptr<Json>> claims_of(cjose_jws_t* jws) {
  std::uint8_t* bytes = nullptr;
  std::size_t size = 0;
  if (!cjose_jws_get_plaintext(jws, &bytes, &size, nullptr)) return no("without claims");
  TRY_ASSIGN(auto claims, schemas::parse_json({reinterpret_cast<const char*>(bytes), size}, kMaxToken));
  if (!claims->is_object()) return no("claims that are no object");
  return claims;
}

Jws import(std::string_view compact) {
  if (compact.size() > kMaxToken) return nullptr;
  return Jws(cjose_jws_import(compact.data(), compact.size(), nullptr));
}

// The registered keys of this type and, if the assertion names one, this id.
std::vector<Jwk> keys_for(const std::string& jwks, std::string_view type, std::string_view kid) {
  std::vector<Jwk> out;
  const auto set = schemas::parse_json(jwks, 1u << 20);
  if (!set.ok() || !(*set)->is_object() || !(*set)->contains("keys") || !(**set)["keys"].is_array()) return out;
  for (const Json& key : (**set)["keys"]) {
    if (!key.is_object() || text_in(key, "kty") != type || text_in(key, "use") == "enc") continue;
    if (!kid.empty() && text_in(key, "kid") != kid) continue;
    const std::string text = schemas::dump(key);
    if (Jwk k{cjose_jwk_import(text.data(), text.size(), nullptr)}) out.push_back(std::move(k));
  }
  return out;
}

}  // namespace

base::Result<std::shared_ptr<Json>> verified_claims(std::string_view compact, const std::string& jwks, const std::vector<std::string>& algorithms) {
  const Jws jws = import(compact);
  if (!jws) return no("no signed token");
  cjose_header_t* const header = cjose_jws_get_protected(jws.get());
  const char* const alg = cjose_header_get(header, "alg", nullptr);
  const char* const kid = cjose_header_get(header, "kid", nullptr);
  const std::string_view algorithm = alg == nullptr ? "" : alg;
  if (std::ranges::find(algorithms, algorithm) == algorithms.end()) return no("an algorithm that is not taken here");
  bool good = false;
  for (const Jwk& key : keys_for(jwks, algorithm.starts_with("RS") ? "RSA" : "EC", kid == nullptr ? "" : kid)) {
    good = good || cjose_jws_verify(jws.get(), key.get(), nullptr);
  }
  if (!good) return no("a signature of none of the registered keys");
  return claims_of(jws.get());
}

base::Result<std::shared_ptr<Json>> claims_unverified(std::string_view compact) {
  const Jws jws = import(compact);
  if (!jws) return no("no signed token");
  return claims_of(jws.get());
}

std::string text_in(const Json& j, const char* key) {
  const auto it = j.find(key);
  return it != j.end() && it->is_string() ? it->get<std::string>() : std::string();
}

base::Result<base::Instant> moment_in(const Json& claims, const char* key) {
  const auto it = claims.find(key);
  if (it == claims.end() || !it->is_number()) return no(std::string("without ") + key);
  const double seconds = it->get<double>();
  if (!(seconds > 0 && seconds < 1e11)) return no(std::string("an impossible ") + key);
  return base::Instant{static_cast<std::uint64_t>(seconds * 1000)};
}

bool names_audience(const Json& claims, const std::vector<std::string>& audience) {
  const auto it = claims.find("aud");
  if (it == claims.end()) return false;
  const auto ours = [&](const Json& one) { return one.is_string() && std::find(audience.begin(), audience.end(), one.get<std::string>()) != audience.end(); };
  return it->is_array() ? std::any_of(it->begin(), it->end(), ours) : ours(*it);
}

std::string key_id(std::string_view compact) {
  const Jws jws = import(compact);
  const char* const kid = jws ? cjose_header_get(cjose_jws_get_protected(jws.get()), "kid", nullptr) : nullptr;
  return kid == nullptr ? std::string() : std::string(kid);
}

bool usable_keys(const std::string& jwks, std::string_view kid) { return !keys_for(jwks, "RSA", kid).empty() || !keys_for(jwks, "EC", kid).empty(); }

}  // namespace adapters::agent::web
