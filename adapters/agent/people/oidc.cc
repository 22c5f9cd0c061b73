#include "adapters/agent/people/oidc.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/agent/files.h"
#include "adapters/agent/people/encoding.h"
#include "adapters/agent/people/rules.h"
#include "adapters/agent/web/jws.h"
#include "adapters/transport/outbound.h"
#include "crypto/merkle.h"
#include "crypto/secret.h"

namespace adapters::agent::people {
namespace {

using base::Error;
using base::Kind;
using schemas::Json;

constexpr std::size_t kMostWaiting = 1024, kMaxDocument = 1u << 20;
constexpr std::uint64_t kFreshMs = base::kHour, kKeysAgainMs = base::kMinute, kSkewMs = base::kMinute;

Error away() { return {Kind::kBusy, "the sign-on provider does not answer as it should", "sign-on", "sign in with your password or passkey, or try again"}; }
Error denied(std::string what) { return {Kind::kDenied, std::move(what), "sign-on", "try again, or ask whoever keeps the accounts here"}; }

std::string form(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string out;
  for (const auto& [name, value] : fields) out += (out.empty() ? "" : "&") + name + "=" + percent_encoded(value);
  return out;
}

base::Result<std::shared_ptr<Json>> fetched(const OidcSettings& p, transport::OutboundCall call) {
  transport::OutboundOptions options;
  options.ca_file = p.ca_file;
  options.connect_ms = 5 * base::kSecond, options.answer_ms = 10 * base::kSecond, options.max_answer = kMaxDocument;
  call.headers.emplace_back("Accept", "application/json");
  const auto answer = transport::Outbound(options).call(call);
  if (!answer.ok() || answer->status != 200) return away();
  auto json = schemas::parse_json(answer->body, kMaxDocument);
  if (!json.ok() || !(*json)->is_object()) return away();
  return json;
}

// The values of a claim that is a text or a list of texts.
std::vector<std::string> values_of(const Json& claims, const std::string& name) {
  std::vector<std::string> out;
  const auto it = claims.find(name);
  if (it == claims.end()) return out;
  if (it->is_string()) out.push_back(it->get<std::string>());
  for (const Json& one : it->is_array() ? *it : Json::array()) {
    if (one.is_string()) out.push_back(one.get<std::string>());
  }
  return out;
}

std::vector<std::string> roles_of(const OidcSettings& p, const Json& claims) {
  std::vector<std::string> out;
  for (const std::string& value : values_of(claims, p.role_claim)) {
    for (const auto& [claimed, role] : p.roles) {
      if (claimed == value && std::ranges::find(out, role) == out.end()) out.push_back(role);
    }
  }
  return out;
}

}  // namespace

const OidcSettings* Oidc::provider(std::string_view id) const {
  const auto it = std::ranges::find(providers_, id, &OidcSettings::id);
  return it == providers_.end() ? nullptr : &*it;
}

base::Result<Oidc::Known> Oidc::known(const OidcSettings& p) {
  const base::Instant now = people_.office().clock();
  {
    const std::lock_guard lock(mutex_);
    const auto it = known_.find(p.id);
    if (it != known_.end() && it->second.fetched.plus(kFreshMs) > now) return it->second;
  }
  std::string base = p.issuer;
  while (base.ends_with('/')) base.pop_back();
  TRY_ASSIGN(const auto doc, fetched(p, {.method = "GET", .url = base + "/.well-known/openid-configuration", .type = {}, .body = {}}));
  Known k{web::text_in(*doc, "authorization_endpoint"), web::text_in(*doc, "token_endpoint"), web::text_in(*doc, "jwks_uri"), {}, now, {}};
  // A document that speaks for somebody else could send our people, and our secret, anywhere.
  if (web::text_in(*doc, "issuer") != p.issuer) return away();
  for (const std::string* url : {&k.authorization, &k.token, &k.jwks_uri}) {
    if (!transport::check_url(*url).ok()) return away();
  }
  const std::lock_guard lock(mutex_);
  Known& kept = known_[p.id];
  k.jwks = kept.jwks, k.keys_fetched = kept.keys_fetched;
  return kept = k;
}

base::Result<std::string> Oidc::keys(const OidcSettings& p, const Known& k, bool anew) {
  const base::Instant now = people_.office().clock();
  if (!k.jwks.empty() && !anew) return k.jwks;
  // A token that names a key we do not have may ask for them again, but not as often as somebody likes.
  if (!k.jwks.empty() && k.keys_fetched.plus(kKeysAgainMs) > now) return k.jwks;
  TRY_ASSIGN(const auto set, fetched(p, {.method = "GET", .url = k.jwks_uri, .type = {}, .body = {}}));
  const std::lock_guard lock(mutex_);
  Known& kept = known_[p.id];
  kept.jwks = schemas::dump(*set), kept.keys_fetched = now;
  return kept.jwks;
}

base::Result<Oidc::Start> Oidc::start(std::string_view id, const std::string& callback) {
  const OidcSettings* p = provider(id);
  if (p == nullptr) return Error{Kind::kNotFound, "there is no such provider", "sign-on"};
  TRY_ASSIGN(const Known k, known(*p));
  crypto::Random& random = people_.office().random;
  const std::string state = base64url(random.bytes<32>());
  Waiting w{p->id, base64url(random.bytes<32>()), base64url(random.bytes<32>()), base64url(random.bytes<32>()), people_.office().clock().plus(kWaitMs)};
  const std::string url = k.authorization + (k.authorization.find('?') == std::string::npos ? "?" : "&") +
                          form({{"response_type", "code"}, {"client_id", p->client_id}, {"redirect_uri", callback}, {"scope", "openid profile email"}, {"state", state},
                                {"nonce", w.nonce}, {"code_challenge", base64url(crypto::sha256(base::view(w.verifier)))}, {"code_challenge_method", "S256"}});
  Start s{url, w.binding};
  const std::lock_guard lock(mutex_);
  std::erase_if(waiting_, [now = people_.office().clock()](const auto& x) { return x.second.until <= now; });
  if (waiting_.size() >= kMostWaiting) waiting_.erase(std::ranges::min_element(waiting_, {}, [](const auto& x) { return x.second.until; }));
  waiting_[crypto::sha256(base::view(state))] = std::move(w);
  return s;
}

base::Result<std::shared_ptr<Json>> Oidc::verified(const OidcSettings& p, const Known& k, const std::string& token, const std::string& nonce) {
  TRY_ASSIGN(std::string jwks, keys(p, k, false));
  if (!web::usable_keys(jwks, web::key_id(token))) {
    TRY_ASSIGN(jwks, keys(p, k, true));
  }
  TRY_ASSIGN(const auto claims, web::verified_claims(token, jwks, {"RS256", "ES256"}));
  if (web::text_in(*claims, "iss") != p.issuer) return denied("another issuer");
  if (!web::names_audience(*claims, {p.client_id})) return denied("another audience");
  if (const auto azp = web::text_in(*claims, "azp"); !azp.empty() && azp != p.client_id) return denied("another authorized party");
  const base::Instant now = people_.office().clock();
  TRY_ASSIGN(const base::Instant until, web::moment_in(*claims, "exp"));
  if (until.plus(kSkewMs) < now) return denied("expired");
  TRY_ASSIGN(const base::Instant issued, web::moment_in(*claims, "iat"));
  if (issued > now.plus(kSkewMs)) return denied("issued in the future");
  if (!crypto::same_secret(base::view(web::text_in(*claims, "nonce")), base::view(nonce))) return denied("another nonce");
  const std::string sub = web::text_in(*claims, "sub");
  if (sub.empty() || sub.size() > 255) return denied("no subject");
  return claims;
}

base::Result<std::shared_ptr<Json>> Oidc::id_token(const OidcSettings& p, const Waiting& w, const std::string& code, const std::string& callback) {
  TRY_ASSIGN(const Known k, known(p));
  transport::OutboundCall call{.method = "POST", .url = k.token, .type = "application/x-www-form-urlencoded", .body = {}};
  std::vector<std::pair<std::string, std::string>> fields = {{"grant_type", "authorization_code"}, {"code", code}, {"redirect_uri", callback}, {"code_verifier", w.verifier}};
  if (p.client_secret_file.empty()) {
    fields.emplace_back("client_id", p.client_id);
  } else {
    TRY_ASSIGN(std::string secret, read_text(p.client_secret_file, 4096));
    while (!secret.empty() && (secret.back() == '\n' || secret.back() == '\r')) secret.pop_back();
    call.headers.emplace_back("Authorization", "Basic " + base::base64(base::view(percent_encoded(p.client_id) + ":" + percent_encoded(secret))));
  }
  call.body = form(fields);
  TRY_ASSIGN(const auto answer, fetched(p, std::move(call)));
  const std::string token = web::text_in(*answer, "id_token");
  if (token.empty()) return away();
  return verified(p, k, token, w.nonce);
}

// The account that this subject signs in as. From claims: made, or brought up to date.
base::Result<base::Id> Oidc::person_of(const OidcSettings& p, const Json& claims) {
  const std::string subject = web::text_in(claims, "sub"), link = p.issuer + " " + subject;
  std::optional<PersonRow> found;
  for (PersonRow& r : people_.all()) {
    if (std::ranges::find(r.oidc, link) != r.oidc.end()) found = std::move(r);
  }
  if (found && found->disabled) return denied("this account is disabled here");
  if (!p.from_claims) {
    if (!found) return denied("nobody here is linked with this account yet (" + p.id + ": " + subject + ")");
    return found->id;
  }
  const std::vector<std::string> roles = roles_of(p, claims);
  if (roles.empty()) return denied("the provider names no role that this agency knows");
  if (!found) {
    found.emplace();
    const std::string preferred = web::text_in(claims, "preferred_username");
    found->login = login_of(preferred.empty() ? web::text_in(claims, "email") : preferred);
    // An account that was made here stays its owner's: a provider's name for somebody is no proof of being them.
    if (people_.find(found->login)) return denied("the login " + found->login + " is somebody's here and not linked");
    found->oidc = {link};
  }
  const bool fresh = base::all_zero(found->id);
  const std::string name = web::text_in(claims, "name");
  if (!fresh && found->roles == roles && (name.empty() || found->name == name)) return found->id;
  found->roles = roles;
  if (!name.empty()) found->name = name.substr(0, 120);
  Actor by;
  by.login = "sign-on " + p.id;
  if (const auto saved = people_.save(*found, by); !saved.ok()) return denied("no account could be made of what the provider says: " + saved.error().where);
  const auto kept = people_.find(found->login);
  if (!kept) return denied("no account could be made");
  return kept->id;
}

base::Result<People::Entry> Oidc::finish(std::string_view id, const Answer& answer, const std::string& callback, std::string_view device) {
  const auto refused = [&](const Error& e) {
    if (e.kind == Kind::kDenied) people_.failed(device, "sign-on: " + e.what.substr(0, e.what.find('(')));
    return e;
  };
  const OidcSettings* p = provider(id);
  if (p == nullptr) return Error{Kind::kNotFound, "there is no such provider", "sign-on"};
  Waiting w;
  {
    const std::lock_guard lock(mutex_);
    const auto it = waiting_.find(crypto::sha256(base::view(answer.state)));
    if (it == waiting_.end()) return denied("this sign-on was not begun here, or took too long");
    // A state that somebody else's browser brings stays whose it is.
    if (it->second.id != p->id || answer.binding.empty() || !crypto::same_secret(base::view(it->second.binding), base::view(answer.binding))) return denied("this sign-on was begun in another browser");
    w = std::move(it->second);
    waiting_.erase(it);  // once, whatever comes of it
    if (w.until <= people_.office().clock()) return denied("this sign-on took too long");
  }
  if (!answer.error.empty() || answer.code.empty()) return refused(denied("the provider did not sign you in"));
  const auto claims = id_token(*p, w, answer.code, callback);
  if (!claims.ok()) {
    if (claims.error().kind != Kind::kDenied) return claims.error();
    (void)refused(claims.error());
    return denied("what the provider sent does not hold");
  }
  const auto person = person_of(*p, **claims);
  if (!person.ok()) return refused(person.error());
  return people_.enter_as(*person, device, "sign-on " + p->id);
}

}  // namespace adapters::agent::people
