// /api/v1 over HTTP (docs/spec/inbox-api.md): operations as POST /api/v1/OP, files, the event stream. Who asks is a session's person.
#pragma once

#include "adapters/agent/people/people.h"
#include "adapters/agent/web/origin.h"

namespace adapters::agent {
class Agent;
}

namespace adapters::agent::web {

class Api {
 public:
  Api(Agent& agent, std::string public_url) : agent_(agent), public_url_(std::move(public_url)) {}
  transport::HttpResponse answer(const transport::HttpRequest& r);  // of a path below /api/v1/

 private:
  transport::HttpResponse operation(const transport::HttpRequest& r, std::string_view op, const people::Session& session);
  transport::HttpResponse file(std::string_view path, const people::Session& session);

  Agent& agent_;
  std::string public_url_;
};

transport::HttpResponse error_answer(const base::Error& e);  // the error object, and its status

}  // namespace adapters::agent::web
