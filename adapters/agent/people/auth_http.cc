// The entrance: requests judged as such, ways in, the session.
#include "adapters/agent/people/auth_http.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/agent/people/auth_answers.h"
#include "adapters/agent/people/phones.h"
#include "adapters/agent/people/rules.h"
#include "adapters/agent/web/origin.h"
#include "schemas/policy/policy.h"

namespace adapters::agent::people {

using base::Error;
using base::Kind;

namespace {

constexpr std::size_t kMostBody = 64u << 10, kMostRemotes = 4096;
constexpr unsigned kMostFailures = 20;  // a minute, from one address

bool is_json(const transport::HttpRequest& r) {
  const std::string_view type = r.header("content-type");
  return type.substr(0, type.find(';')) == "application/json";
}

// "privacy_officer" -> "Privacy officer"
std::string role_words(const std::vector<std::string>& roles) {
  std::string out;
  for (std::string r : roles) {
    std::ranges::replace(r, '_', ' ');
    if (!r.empty() && r[0] >= 'a' && r[0] <= 'z') r[0] = static_cast<char>(r[0] - 32);
    out += (out.empty() ? "" : ", ") + r;
  }
  return out;
}

}  // namespace

std::string device_of(std::string_view ua) {
  const auto has = [&](std::string_view word) { return ua.find(word) != std::string_view::npos; };
  const char* browser = has("Edg/") ? "Edge" : has("Firefox/") ? "Firefox" : has("Chrome/") || has("Chromium/") ? "Chromium" : has("Safari/") ? "Safari" : "a browser";
  const char* system = has("Android") ? "Android" : has("iPhone") || has("iPad") ? "iOS" : has("Windows") ? "Windows" : has("Mac OS") ? "macOS" : has("Linux") ? "Linux" : "";
  return *system == '\0' ? browser : std::string(browser) + " on " + system;
}

AuthHttp::AuthHttp(People& people, const InboxSettings& settings, std::string public_url, std::function<std::string()> vapid)
    : people_(people), public_url_(std::move(public_url)), vapid_(std::move(vapid)), passkeys_(people), oidc_(people, settings.oidc) {}

std::string AuthHttp::origin_of(const Request& r) const {
  if (!public_url_.empty()) return public_url_.substr(0, public_url_.find('/', public_url_.find("://") + 3));
  return (r.tls ? "https://" : "http://") + std::string(r.header("host"));
}

std::string AuthHttp::cookie(const Request& r, std::string_view token) const {
  const bool secure = origin_of(r).starts_with("https://");
  return "handoff_session=" + std::string(token) + "; HttpOnly; SameSite=Strict; Path=/" + (token.empty() ? "; Max-Age=0" : "") + (secure ? "; Secure" : "");
}

disclose::SharedPolicy AuthHttp::policy() const {
  const crypto::Directory directory = people_.office().replica.directory();
  return directory.policy() == nullptr ? nullptr : people_.office().shelf.find(*directory.policy());
}

bool AuthHttp::too_often(const std::string& remote, bool failed_now) {
  const base::Instant now = people_.office().clock();
  const std::lock_guard lock(mutex_);
  std::erase_if(failures_, [&](const auto& f) { return f.second.second < now; });
  const auto it = failures_.find(remote);
  if (failed_now && (it != failures_.end() || failures_.size() < kMostRemotes)) {
    auto& [count, until] = failures_[remote];
    if (count++ == 0) until = now.plus(base::kMinute);
  }
  return it != failures_.end() && it->second.first >= kMostFailures;
}

transport::HttpResponse AuthHttp::answer(const Request& r) {
  if (r.path.starts_with("/auth/oidc/")) return r.method == "GET" ? oidc(r) : failure({Kind::kUsage, "GET it", "method"}, 405);
  if (r.path == "/auth/session") return r.method == "GET" ? session_answer(r) : failure({Kind::kUsage, "GET it", "method"}, 405);
  const bool list = r.method == "GET" && r.path == "/auth/passkeys", removal = r.method == "DELETE" && r.path.starts_with("/auth/passkeys/");
  if (r.method != "POST" && !list && !removal) return failure({Kind::kUsage, "POST it", "method"}, 405);
  if (!web::own_origin(r, public_url_)) return failure({Kind::kDenied, "this comes from a page of another server", "origin", "open the inbox at its own address"});
  if (r.body.size() > kMostBody) return failure({Kind::kTooLarge, "at most 64 KiB", "body"});
  auto in = std::make_shared<Json>(Json::object());
  if (r.method == "POST") {
    // A form of another site cannot say this type, and a script of it would have to ask first.
    if (!is_json(r)) return failure({Kind::kUsage, "is application/json", "Content-Type"});
    auto parsed = schemas::parse_json(r.body.empty() ? "{}" : r.body, kMostBody);
    if (!parsed.ok() || !(*parsed)->is_object()) return failure(base::malformed("a request is one JSON object", "body"));
    in = std::move(parsed).value();
  }
  static constexpr std::string_view kEntrances[] = {"/auth/login", "/auth/totp", "/auth/passkey", "/auth/passkey/options"};
  try {
    if (std::ranges::find(kEntrances, r.path) != std::end(kEntrances)) return entrance(r, *in);
    const web::Presented who = web::presented(r);
    const auto session = who.token.empty() ? std::nullopt : people_.session(who.token, true);
    if (!session) return failure({Kind::kDenied, "nobody is signed in", "session", "sign in"}, 401);
    if (r.method != "GET" && !who.bearer && r.header("x-handoff-csrf") != session->csrf) {
      return failure({Kind::kDenied, "the session's word is missing", "X-Handoff-CSRF", "load the inbox anew"});
    }
    return own(r, *in, who.token, *session);
  } catch (const Json::exception&) {
    return failure(base::malformed("a field has the wrong type", "body"));
  }
}

transport::HttpResponse AuthHttp::entrance(const Request& r, const Json& in) {
  if (too_often(r.remote, false)) return locked_out(60);
  const std::string device = device_of(r.header("user-agent"));
  const Site site = site_of(origin_of(r));
  if (r.path == "/auth/login") {
    const std::string login = text_field(in, "login");
    return entered(r, people_.enter(login, text_field(in, "password"), device), login);
  }
  if (r.path == "/auth/totp") return entered(r, people_.enter_code(text_field(in, "ticket"), text_field(in, "code")), {});
  if (site.rp_id.empty()) return failure({Kind::kUnsupported, "passkeys need a name and TLS", "http.public_url", "see docs/guide/people.md"});
  if (r.path == "/auth/passkey/options") return json(200, *passkeys_.request(site, text_field(in, "login")));
  return entered(r, passkeys_.enter(site, in, device), {});
}

transport::HttpResponse AuthHttp::entered(const Request& r, const base::Result<People::Entry>& entry, std::string_view login) {
  if (!entry.ok()) {
    if (entry.error().kind == Kind::kBusy) {
      const std::uint64_t ms = login.empty() ? people_.settings().lock_ms : people_.locked_for(login);
      return locked_out(std::max<std::uint64_t>(ms / 1000, 1));
    }
    too_often(r.remote, true);
    return failure(entry.error(), entry.error().kind == Kind::kDenied ? 401 : 0);
  }
  if (entry->token.empty()) return json(200, {{"next", "totp"}, {"ticket", entry->ticket}});
  if (const web::Presented before = web::presented(r); !before.token.empty()) people_.leave(before.token);  // the one before it is over
  const auto session = people_.session(entry->token, true);
  if (!session) return failure({Kind::kDenied, "the session has ended", "session", "sign in"}, 401);
  Response out = json(200, session_json(*session));
  out.headers.emplace_back("Set-Cookie", cookie(r, entry->token));
  return out;
}

transport::HttpResponse AuthHttp::session_answer(const Request& r) {
  const web::Presented who = web::presented(r);
  const auto session = who.token.empty() ? std::nullopt : people_.session(who.token, true);
  return session ? json(200, session_json(*session)) : json(401, ways(r));
}

AuthHttp::Json AuthHttp::session_json(const Session& s) const {
  const mail::Office& office = people_.office();
  const auto row = people_.by_id(s.actor.person);
  const auto p = policy();
  const auto* agency = p == nullptr ? nullptr : p->agency(office.slug);
  const std::string key = vapid_ ? vapid_() : std::string();
  const base::Instant now = office.clock();
  return {{"ok", true},
          {"person", {{"login", s.actor.login}, {"name", s.actor.name}, {"roles", s.actor.roles}, {"role_words", role_words(s.actor.roles)}, {"language", row ? row->language : ""}}},
          {"may", s.actor.may},
          {"agency", {{"slug", office.slug}, {"name", agency != nullptr && !agency->name.empty() ? agency->name : office.slug}, {"kind", office.kind}, {"coordinator", office.kind == "coordinator"}, {"tz", p == nullptr ? "UTC" : p->calendar.tz}}},
          {"csrf", s.csrf},
          {"draft_key", base::base64(s.draft_key)},
          {"idle_s", people_.settings().idle_ms / 1000},
          {"ends", base::rfc3339(s.ends)},
          {"change_password", s.change_password},
          {"second_factor", {{"totp", row && !row->totp.empty()}, {"passkeys", row ? row->passkeys.size() : 0}, {"required", people_.settings().second_factor}}},
          {"vapid", key.empty() ? Json() : Json(key)},
          {"test", office.replica.directory().anchor().test},
          {"now", base::rfc3339(now)}};
}

AuthHttp::Json AuthHttp::ways(const Request& r) const {
  const mail::Office& office = people_.office();
  const auto p = policy();
  Json oidc = Json::array();
  for (const OidcSettings& o : oidc_.providers()) oidc.push_back({{"id", o.id}, {"label", o.label}});
  std::string name = office.slug;
  for (const auto& a : p == nullptr ? std::vector<schemas::policy::Agency>{} : p->agencies) {
    if (a.slug == office.slug && !a.name.empty()) name = a.name;
  }
  return {{"ok", false},
          {"error", {{"kind", "denied"}, {"what", "nobody is signed in"}, {"where", "session"}, {"mend", "sign in"}}},
          {"password", true},
          {"passkey", !site_of(origin_of(r)).rp_id.empty()},
          {"oidc", oidc},
          {"agency", {{"slug", office.slug}, {"name", name}}},
          {"phone_tree", p == nullptr ? Json::array() : phone_tree(*p)}};
}

}  // namespace adapters::agent::people
