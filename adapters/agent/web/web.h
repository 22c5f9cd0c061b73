// The agent's HTTP server: paths of running adapters, the token that other systems need for them, health and metrics. Nothing protected is
// in health, metrics or errors.
//
//   /inbox/...                                   the web inbox's files (inbox_files.h); / leads there
//   /api/v1/...                                  what it asks (api_http.h)
//   /auth/token                                  client credentials (clients.h)
//   /auth/...                                    people who sign in (people/auth_http.h)
//   /fhir/R4/.well-known/smart-configuration     what the above can do
//   /healthz                                     200 or 503, JSON           /metrics     Prometheus text
//   prefixes of adapters                         longest first; 503 with Retry-After while the adapter is being started anew
#pragma once

#include "adapters/agent/people/auth_http.h"
#include "adapters/agent/web/api_http.h"
#include "adapters/agent/web/clients.h"
#include "adapters/transport/assets.h"
#include "adapters/transport/http_server.h"

namespace adapters::agent {
class Agent;
}

namespace adapters::agent::web {

class Web {
 public:
  // kUsage, kIo: as the settings, their files and the address are. The agent outlives it.
  static base::Result<std::unique_ptr<Web>> start(Agent& agent, const HttpSettings& settings, transport::Assets inbox, crypto::Random& random, const base::Clock& clock);
  void stop();
  [[nodiscard]] std::string address() const { return server_->address(); }
  [[nodiscard]] std::string url() const { return public_url_; }

 private:
  Web(Agent& agent, std::unique_ptr<Clients> clients, transport::Assets inbox, const std::string& public_url)
      : agent_(agent), clients_(std::move(clients)), inbox_(inbox), api_(agent, public_url) {}
  transport::HttpResponse answer(const transport::HttpRequest& r);
  transport::HttpResponse routed(const transport::HttpRequest& r);
  transport::HttpResponse mounted(const transport::HttpRequest& r);
  transport::HttpResponse smart() const;

  Agent& agent_;
  std::unique_ptr<Clients> clients_;
  transport::Assets inbox_;
  Api api_;
  std::unique_ptr<people::AuthHttp> people_;
  std::string public_url_;
  std::unique_ptr<transport::HttpServer> server_;
};

// Of one agent, as it is now.
transport::HttpResponse healthz(Agent& agent);
transport::HttpResponse metrics(Agent& agent, const transport::HttpServer& server);

}  // namespace adapters::agent::web
