#include "adapters/agent/web/origin.h"

namespace adapters::agent::web {

Presented presented(const transport::HttpRequest& r) {
  constexpr std::string_view kBearer = "Bearer ", kCookie = "handoff_session=";
  const std::string_view authorization = r.header("authorization");
  if (authorization.starts_with(kBearer)) return {std::string(authorization.substr(kBearer.size())), true};
  Presented out;
  std::string_view rest = r.header("cookie");
  while (!rest.empty()) {
    const auto end = std::min(rest.find_first_of(";,"), rest.size());  // repeated headers come joined with commas
    std::string_view one = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    while (one.starts_with(' ')) one.remove_prefix(1);
    if (!one.starts_with(kCookie)) continue;
    if (!out.token.empty()) return {};  // two of them: one was planted
    out.token = one.substr(kCookie.size());
  }
  return out;
}

bool own_origin(const transport::HttpRequest& r, std::string_view public_url) {
  const std::string_view origin = r.header("origin");
  if (origin.empty()) return true;
  if (!public_url.empty()) {
    const auto host = public_url.find("://");
    return origin == public_url.substr(0, host == std::string_view::npos ? host : public_url.find('/', host + 3));
  }
  return origin == (r.tls ? "https://" : "http://") + std::string(r.header("host"));
}

}  // namespace adapters::agent::web
