#include "adapters/agent/people/auth_answers.h"

#include <nlohmann/json.hpp>

namespace adapters::agent::people {

int http_status(base::Kind kind) {
  using enum base::Kind;
  switch (kind) {
    case kUsage:
    case kMalformed: return 400;
    case kDenied: return 403;
    case kNotFound:
    case kUnsupported: return 404;
    case kConflict: return 409;
    case kTooLarge: return 413;
    case kBusy: return 503;
    default: return 500;
  }
}

transport::HttpResponse json(int status, const schemas::Json& body) {
  return {.status = status, .type = "application/json", .body = schemas::dump(body), .headers = {{"Cache-Control", "no-store"}}};
}

transport::HttpResponse failure(const base::Error& e, int status) {
  return json(status != 0 ? status : http_status(e.kind), {{"ok", false}, {"error", {{"kind", base::name(e.kind)}, {"what", e.what}, {"where", e.where}, {"mend", e.mend}}}});
}

transport::HttpResponse locked_out(std::uint64_t seconds) {
  transport::HttpResponse r = failure({base::Kind::kBusy, "locked out after too many failed attempts", "sign-in", "wait, or ask whoever keeps the accounts"}, 429);
  r.headers.emplace_back("Retry-After", std::to_string(seconds));
  return r;
}

transport::HttpResponse page(int status, std::string_view words, bool go_on) {
  std::string text;
  for (const char c : words) text += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : c == '"' ? "&quot;" : std::string(1, c);
  transport::HttpResponse r{.status = status, .type = "text/html; charset=utf-8", .body = {}};
  r.body = "<!doctype html><html lang=\"en\"><title>Handoff</title><p>" + text + "</p><p><a href=\"/inbox/\">Inbox</a></p></html>";
  r.headers = {{"Cache-Control", "no-store"}, {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"}, {"Referrer-Policy", "no-referrer"}};
  // The session's cookie is Strict: it is sent only by a page of ours, so the way from the provider ends on one.
  if (go_on) r.headers.emplace_back("Refresh", "0; url=/inbox/");
  return r;
}

std::string text_field(const schemas::Json& in, const char* key) {
  const auto it = in.find(key);
  return it != in.end() && it->is_string() ? it->get<std::string>() : std::string();
}

}  // namespace adapters::agent::people
