#include "adapters/agent/web/clients.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/agent/files.h"
#include "adapters/agent/web/assertion.h"
#include "adapters/transport/http_server.h"
#include "adapters/transport/scopes.h"
#include "crypto/merkle.h"
#include "crypto/secret.h"
#include "schemas/json.h"

namespace adapters::agent::web {
namespace {

using schemas::Json;
using transport::HttpRequest;
using transport::HttpResponse;

constexpr std::size_t kMaxTokens = 4096, kMaxRemotes = 4096;
constexpr unsigned kMaxFailures = 20;  // a minute, from one address
constexpr std::string_view kJwtBearer = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

HttpResponse json(int status, const Json& body) {
  return {.status = status, .type = "application/json", .body = schemas::dump(body), .headers = {{"Cache-Control", "no-store"}, {"Pragma", "no-cache"}}};
}
HttpResponse failed(int status, const char* error, const char* words) {
  HttpResponse r = json(status, {{"error", error}, {"error_description", words}});
  if (status == 401) r.headers.emplace_back("WWW-Authenticate", "Basic realm=\"handoff\"");
  return r;
}

std::string value(const std::multimap<std::string, std::string, std::less<>>& form, std::string_view name) {
  const auto it = form.find(name);
  return it == form.end() || form.count(name) > 1 ? std::string() : it->second;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (end > 0) out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string without_line_end(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

}  // namespace

base::Result<std::unique_ptr<Clients>> Clients::load(const HttpSettings& settings, crypto::Random& random, base::Clock clock) {
  std::unique_ptr<Clients> out(new Clients(random, std::move(clock)));
  for (const HttpClientSettings& c : settings.clients) {
    Client client{c.name, {}, {}, c.scopes};
    if (!c.secret_file.empty()) {
      TRY_ASSIGN(std::string secret, read_text(c.secret_file, 4096));
      secret = without_line_end(std::move(secret));
      if (secret.size() < 24) return base::Error{base::Kind::kUsage, "a secret of less than 24 characters", c.secret_file, "make one: openssl rand -hex 32"};
      client.secret = crypto::sha256(base::view(secret));
    }
    if (!c.jwks_file.empty()) {
      TRY_ASSIGN(client.jwks, read_text(c.jwks_file));
      if (const auto s = check_jwks(client.jwks); !s.ok()) return base::Error{base::Kind::kUsage, s.error().what, c.jwks_file, s.error().mend};
    }
    if (!out->clients_.emplace(c.name, std::move(client)).second) return base::Error{base::Kind::kUsage, "two clients of one name", "http.client: " + c.name};
  }
  return out;
}

const Clients::Client* Clients::with_secret(const HttpRequest& r, const std::multimap<std::string, std::string, std::less<>>& form) const {
  std::string id = value(form, "client_id"), secret = value(form, "client_secret");
  if (const std::string_view header = r.header("authorization"); header.starts_with("Basic ") || header.starts_with("basic ")) {
    const auto bytes = base::unbase64(header.substr(6));
    if (!bytes) return nullptr;
    const std::string_view pair = base::text(*bytes);
    const auto colon = pair.find(':');
    if (colon == std::string_view::npos) return nullptr;
    id = transport::percent_decoded(pair.substr(0, colon)), secret = transport::percent_decoded(pair.substr(colon + 1));
  }
  const auto it = clients_.find(id);
  const base::Hash given = crypto::sha256(base::view(secret));
  const Client* const c = it == clients_.end() ? nullptr : &it->second;
  static constexpr base::Hash kNone{};
  const bool same = crypto::same_secret(given, c == nullptr ? base::View(kNone) : base::View(c->secret));
  return c != nullptr && same && c->secret != kNone ? c : nullptr;
}

const Clients::Client* Clients::with_assertion(const std::string& assertion, const std::vector<std::string>& audience) {
  const auto it = clients_.find(claimed_client(assertion));
  if (it == clients_.end() || it->second.jwks.empty()) return nullptr;
  const base::Instant now = clock_();
  const auto a = verify_assertion(assertion, it->second.jwks, audience, now);
  if (!a.ok()) return nullptr;
  const std::lock_guard lock(mutex_);
  std::erase_if(used_, [&](const auto& u) { return u.second < now; });
  // One that was seen before is somebody else's copy. It is remembered until nobody could take it for valid.
  const bool fresh = used_.size() < kMaxTokens && used_.emplace(a->client + "\n" + a->id, a->until.plus(2 * base::kMinute)).second;
  return fresh ? &it->second : nullptr;
}

bool Clients::too_often(const std::string& remote, bool failed_now) {
  const base::Instant now = clock_();
  const std::lock_guard lock(mutex_);
  std::erase_if(failures_, [&](const auto& f) { return f.second.second < now; });
  const auto it = failures_.find(remote);
  if (failed_now && (it != failures_.end() || failures_.size() < kMaxRemotes)) {
    auto& [count, until] = failures_[remote];
    if (count++ == 0) until = now.plus(base::kMinute);
  }
  return it != failures_.end() && it->second.first >= kMaxFailures;
}

HttpResponse Clients::issue(const Client& c, const std::string& wanted) {
  Bearer bearer{c.name, {}};
  if (wanted.empty()) {
    bearer.scopes = c.scopes;
  } else {
    for (const std::string& w : words_of(wanted)) {
      if (transport::scope_covers(c.scopes, w)) bearer.scopes.push_back(w);
    }
    if (bearer.scopes.empty()) return failed(400, "invalid_scope", "none of these scopes is registered for this client");
  }
  const std::string token = base::hex(random_.bytes<32>());
  const base::Instant now = clock_();
  std::string granted;
  for (const std::string& s : bearer.scopes) granted += (granted.empty() ? "" : " ") + s;
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(tokens_, [&](const auto& t) { return t.second.until <= now; });
    if (tokens_.size() >= kMaxTokens) return failed(503, "temporarily_unavailable", "too many tokens are out; use one until it expires");
    tokens_[crypto::sha256(base::view(token))] = {std::move(bearer), now.plus(kTokenMs)};
  }
  return json(200, {{"access_token", token}, {"token_type", "bearer"}, {"expires_in", kTokenMs / 1000}, {"scope", granted}});
}

HttpResponse Clients::token(const HttpRequest& r, const std::vector<std::string>& audience) {
  if (r.method != "POST") return failed(405, "invalid_request", "POST it");
  if (!r.header("content-type").starts_with("application/x-www-form-urlencoded"))
    return failed(400, "invalid_request", "send application/x-www-form-urlencoded");
  if (too_often(r.remote, false)) {
    HttpResponse busy = failed(429, "temporarily_unavailable", "too many failed attempts");
    busy.headers.emplace_back("Retry-After", "60");
    return busy;
  }
  const auto form = transport::query_of(r.body);
  if (value(form, "grant_type") != "client_credentials") return failed(400, "unsupported_grant_type", "only client_credentials");
  const std::string assertion = value(form, "client_assertion");
  const Client* client = nullptr;
  if (!assertion.empty()) {
    if (value(form, "client_assertion_type") != kJwtBearer) return failed(400, "invalid_request", "client_assertion_type is not jwt-bearer");
    client = with_assertion(assertion, audience);
  } else {
    client = with_secret(r, form);
  }
  if (client == nullptr) {
    too_often(r.remote, true);
    return failed(401, "invalid_client", "unknown client, wrong secret, or an assertion that does not hold or was used before");
  }
  return issue(*client, value(form, "scope"));
}

std::optional<Bearer> Clients::bearer(std::string_view authorization) const {
  if (!(authorization.starts_with("Bearer ") || authorization.starts_with("bearer "))) return std::nullopt;
  const base::Instant now = clock_();
  const std::lock_guard lock(mutex_);
  const auto it = tokens_.find(crypto::sha256(base::view(authorization.substr(7))));
  if (it == tokens_.end() || it->second.until <= now) return std::nullopt;
  return it->second.bearer;
}

}  // namespace adapters::agent::web
