#include "adapters/agent/web/web.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/agent/agent.h"
#include "adapters/agent/web/inbox_files.h"
#include "schemas/json.h"

namespace adapters::agent::web {
namespace {

using schemas::Json;
using transport::HttpRequest;
using transport::HttpResponse;

HttpResponse words(int status, std::string_view text) { return {.status = status, .type = "application/json", .body = schemas::dump(Json{{"error", text}}) + "\n"}; }

// A path that could mean another one to somebody behind us is nobody's.
bool plain_path(std::string_view path) {
  if (!path.starts_with('/')) return false;
  for (const char c : path) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '\\') return false;
  }
  while (!path.empty()) {
    path.remove_prefix(1);
    const auto end = std::min(path.find('/'), path.size());
    const std::string_view part = path.substr(0, end);
    if (part == "." || part == ".." || (part.empty() && end < path.size())) return false;
    path.remove_prefix(end);
  }
  return true;
}

}  // namespace

base::Result<std::unique_ptr<Web>> Web::start(Agent& agent, const HttpSettings& settings, transport::Assets inbox, crypto::Random& random, const base::Clock& clock) {
  TRY_ASSIGN(auto clients, Clients::load(settings, random, clock));
  std::unique_ptr<Web> web(new Web(agent, std::move(clients), inbox, settings.public_url));
  web->people_ = std::make_unique<people::AuthHttp>(agent.people(), agent.settings().inbox, settings.public_url, [&agent] { return agent.notifier().vapid(); });
  transport::HttpServerOptions options;
  options.listen = settings.listen;
  options.cert_file = settings.tls_cert, options.key_file = settings.tls_key, options.client_ca = settings.client_ca;
  options.plain_on_network = settings.plain_on_network;
  options.clock = clock;
  web->server_ = std::make_unique<transport::HttpServer>(std::move(options), [self = web.get()](const HttpRequest& r) { return self->answer(r); });
  TRY(web->server_->start());
  web->public_url_ = settings.public_url.empty() ? (web->server_->tls() ? "https://" : "http://") + web->server_->address() : settings.public_url;
  return web;
}

void Web::stop() { server_->stop(); }

HttpResponse Web::answer(const HttpRequest& r) {
  HttpResponse out = routed(r);
  if (r.path.starts_with("/auth/") && r.method != "GET") agent_.events().wake();  // it may have ended sessions
  const auto has = [&](std::string_view name) { return std::ranges::any_of(out.headers, [&](const auto& h) { return h.first == name; }); };
  if ((r.path.starts_with("/api/") || r.path.starts_with("/auth/")) && !has("Cache-Control")) out.headers.emplace_back("Cache-Control", "no-store");
  out.headers.emplace_back("X-Content-Type-Options", "nosniff");
  if (r.tls) out.headers.emplace_back("Strict-Transport-Security", "max-age=31536000");
  return out;
}

HttpResponse Web::routed(const HttpRequest& r) {
  if (!plain_path(r.path)) return words(400, "not a path");
  if (r.path == "/auth/token") return clients_->token(r, {public_url_ + "/auth/token"});
  if (r.path.starts_with("/auth/")) return people_->answer(r);
  if (r.path == "/healthz" || r.path == "/metrics") {
    return r.method != "GET" && r.method != "HEAD" ? words(405, "GET it") : r.path == "/healthz" ? healthz(agent_) : metrics(agent_, *server_);
  }
  if (r.path == "/fhir/R4/.well-known/smart-configuration") return smart();
  if (r.path.starts_with("/api/v1/")) return api_.answer(r);
  if (r.path == "/" || r.path == "/inbox" || r.path.starts_with("/inbox/")) return inbox_file(r, inbox_);
  return mounted(r);
}

HttpResponse Web::mounted(const HttpRequest& r) {
  const auto mount = agent_.supervisor().mount_for(r.path);
  if (!mount) return words(404, "nothing is here");
  HttpRequest mine = r;
  if (mount->auth == HttpAuth::kBearer) {
    const auto bearer = clients_->bearer(r.header("authorization"));
    if (!bearer) {
      HttpResponse no = words(401, "a bearer token is needed; get one from /auth/token");
      const bool sent = !r.header("authorization").empty();
      no.headers.emplace_back("WWW-Authenticate", sent ? "Bearer realm=\"handoff\", error=\"invalid_token\"" : "Bearer realm=\"handoff\"");
      return no;
    }
    mine.client = bearer->client;
    mine.scopes = bearer->scopes;
    mine.headers.erase("authorization");
  }
  return agent_.supervisor().http(*mount, mine);
}

HttpResponse Web::smart() const {
  const Json j{{"issuer", public_url_ + "/fhir/R4"},
               {"token_endpoint", public_url_ + "/auth/token"},
               {"grant_types_supported", {"client_credentials"}},
               {"token_endpoint_auth_methods_supported", {"client_secret_basic", "client_secret_post", "private_key_jwt"}},
               {"token_endpoint_auth_signing_alg_values_supported", {"RS384", "ES384"}},
               {"scopes_supported", {"system/*.cruds", "system/*.rs"}},
               {"capabilities", {"client-confidential-asymmetric", "client-confidential-symmetric", "permission-v1", "permission-v2"}}};
  return {.status = 200, .type = "application/json", .body = schemas::dump(j)};
}

}  // namespace adapters::agent::web
