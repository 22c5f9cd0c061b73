// Answers of the facade: resources, and OperationOutcomes that say where and what to do.
#pragma once

#include "adapters/transport/http.h"
#include "crypto/base/result.h"
#include "schemas/json.h"

namespace adapters::facade {

using schemas::Json;
using transport::HttpRequest;
using transport::HttpResponse;

struct Issue {
  std::string severity = "error", code = "invalid", words, where;
};
Json operation_outcome(const std::vector<Issue>& issues);
HttpResponse resource(int status, const Json& j);
HttpResponse failed(int status, std::string code, std::string words, std::string where = {});
// A refusal of the reader or the host: status and code by its kind; `where` becomes the expression.
HttpResponse failed(const base::Error& e);

}  // namespace adapters::facade
