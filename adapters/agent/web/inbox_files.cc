#include "adapters/agent/web/inbox_files.h"

namespace adapters::agent::web {
namespace {

using transport::Asset;
using transport::HttpRequest;
using transport::HttpResponse;

constexpr std::string_view kPrefix = "/inbox/";
// blob: holds pictures and files that the application has fetched itself.
constexpr const char* kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; manifest-src 'self'; "
    "worker-src 'self'; font-src 'self'; object-src 'self' blob:; frame-src 'self' blob:; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'";

HttpResponse plain(int status, std::string_view words) { return {.status = status, .type = "text/plain; charset=utf-8", .body = std::string(words) + "\n"}; }

// Is one of the words in this comma-separated header? "gzip;q=0" is a no.
bool names(std::string_view header, std::string_view word) {
  while (!header.empty()) {
    const auto end = std::min(header.find(','), header.size());
    std::string_view one = header.substr(0, end);
    header.remove_prefix(std::min(end + 1, header.size()));
    while (one.starts_with(' ')) one.remove_prefix(1);
    const auto semicolon = std::min(one.find(';'), one.size());
    const std::string_view parameters = one.substr(semicolon);
    std::string_view name = one.substr(0, semicolon);
    while (name.ends_with(' ')) name.remove_suffix(1);
    if (name.starts_with("W/")) name.remove_prefix(2);
    if (name == word || name == "*") return parameters.find("q=0") == std::string_view::npos || parameters.find("q=0.") != std::string_view::npos;
  }
  return false;
}

void strict(HttpResponse& out) {
  out.headers.insert(out.headers.end(), {{"Content-Security-Policy", kPolicy},
                                         {"Referrer-Policy", "no-referrer"},
                                         {"Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"},
                                         {"Cross-Origin-Opener-Policy", "same-origin"},
                                         {"Cross-Origin-Resource-Policy", "same-origin"},
                                         {"X-Frame-Options", "DENY"}});
}

HttpResponse file(const HttpRequest& r, const Asset& a) {
  HttpResponse out;
  out.headers = {{"ETag", std::string(a.etag)}, {"Cache-Control", a.immutable ? "public, max-age=31536000, immutable" : "no-cache"}, {"Vary", "Accept-Encoding"}};
  if (names(r.header("if-none-match"), a.etag)) {
    out.status = 304;
    return out;
  }
  const bool packed = !a.gzip.empty() && names(r.header("accept-encoding"), "gzip");
  out.type = a.type;
  out.body = packed ? a.gzip : a.body;
  if (packed) out.headers.emplace_back("Content-Encoding", "gzip");
  return out;
}

}  // namespace

HttpResponse inbox_file(const HttpRequest& r, transport::Assets files) {
  HttpResponse out;
  if (r.method != "GET" && r.method != "HEAD") {
    out = plain(405, "GET it");
  } else if (files == nullptr) {
    out = plain(404, "this agent was built without the web inbox");
  } else if (!r.path.starts_with(kPrefix)) {
    out.status = 308;
    out.headers.emplace_back("Location", kPrefix);
  } else {
    const std::string_view path = std::string_view(r.path).substr(kPrefix.size());
    const Asset* a = files(path);
    if (a == nullptr && path.find('.') == std::string_view::npos) a = files("index.html");
    out = a != nullptr ? file(r, *a) : plain(404, "no such file");
  }
  strict(out);
  return out;
}

}  // namespace adapters::agent::web
