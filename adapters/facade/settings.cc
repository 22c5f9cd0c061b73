#include "adapters/facade/settings.h"

#include "adapters/transport/files.h"

namespace adapters::facade {

using base::Error;
using base::Kind;

base::Result<Settings> read_settings(const schemas::Config& c, const std::string& name) {
  Settings s;
  s.name = name;
  TRY_ASSIGN(s.to, c.text("to", ""));
  TRY_ASSIGN(s.authority_basis, c.text("authority_basis", ""));
  TRY_ASSIGN(s.callback, c.text("callback", ""));
  TRY_ASSIGN(s.profile, c.text("profile", "none"));
  if (s.profile != "none" && s.profile != "sdoh-cc" && s.profile != "bser") return Error{Kind::kUsage, "no such profile", name + ".profile", "use none, sdoh-cc or bser"};
  TRY_ASSIGN(s.base_url, c.text("base_url", ""));
  while (s.base_url.ends_with('/')) s.base_url.pop_back();
  TRY_ASSIGN(const std::string purpose, c.text("purpose", "TREAT"));
  const auto code = schemas::code_of(schemas::purposes(), purpose);
  if (!code) return Error{Kind::kUsage, "no such purpose", name + ".purpose", "use CRISIS, TREAT or COORD"};
  s.purpose = static_cast<schemas::Purpose>(*code);
  TRY_ASSIGN(s.push_to, c.text("push_to", ""));
  TRY_ASSIGN(s.push.ca_file, c.path("push_ca", ""));
  TRY_ASSIGN(s.push.client_cert, c.path("push_cert", ""));
  TRY_ASSIGN(s.push.client_key, c.path("push_key", ""));
  TRY_ASSIGN(const std::string token, c.path("push_token_file", ""));
  if (!token.empty()) {
    TRY_ASSIGN(s.push_token, transport::read_file(token, 16u << 10));
    while (!s.push_token.empty() && (s.push_token.back() == '\n' || s.push_token.back() == '\r')) s.push_token.pop_back();
  }
  if (!s.push_to.empty()) {
    if (const auto url = transport::check_url(s.push_to); !url.ok()) return Error{Kind::kUsage, url.error().what, name + ".push_to", url.error().mend};
  }
  if (const auto unknown = c.unused(); !unknown.empty()) return Error{Kind::kUsage, "unknown key", name + "." + unknown.front()};
  return s;
}

}  // namespace adapters::facade
