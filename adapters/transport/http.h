// HTTP/1.1 as plain values (RFC 9110): what an adapter is asked and what it answers. The server itself is http_server.h.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace adapters::transport {

struct HttpRequest {
  std::string method;                                    // "GET"
  std::string path;                                      // as sent, percent-decoded, without the query: "/fhir/R4/Task/7"
  std::multimap<std::string, std::string, std::less<>> query;  // decoded
  std::map<std::string, std::string, std::less<>> headers;     // names in lower case; repeated ones joined with ", "
  std::string body;
  std::string remote;                                    // address of the other side
  bool tls = false;
  std::string client;                                    // who asks: name of the bearer's or certificate's owner; "" for nobody known
  std::vector<std::string> scopes;                       // what its bearer allows: "system/Task.rs"
  [[nodiscard]] std::string_view header(std::string_view lower_case_name) const {
    const auto it = headers.find(lower_case_name);
    return it == headers.end() ? std::string_view() : std::string_view(it->second);
  }
};

struct HttpResponse {
  int status = 200;
  std::string type, body;                                // media type; may be empty with an empty body
  std::vector<std::pair<std::string, std::string>> headers{};
  // Instead of a body: called in the connection's own thread until it returns; `write` answers false once the other side is gone.
  std::function<void(const std::function<bool(std::string_view)>& write)> stream{};
};

using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;  // called from many threads at once

}  // namespace adapters::transport
