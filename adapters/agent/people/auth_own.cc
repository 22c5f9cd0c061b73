// What a person does with their own session, password and factors; and the way to a provider and back.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/agent/people/auth_answers.h"
#include "adapters/agent/people/auth_http.h"
#include "adapters/agent/people/encoding.h"
#include "adapters/agent/people/totp.h"

namespace adapters::agent::people {

using base::Error;
using base::Kind;

namespace {

constexpr std::uint64_t kOfferMs = 10 * base::kMinute;
constexpr std::string_view kBinding = "handoff_oidc";

std::string cookie_named(const transport::HttpRequest& r, std::string_view name) {
  std::string_view rest = r.header("cookie");
  while (!rest.empty()) {
    const auto end = std::min(rest.find_first_of(";,"), rest.size());
    std::string_view one = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    while (one.starts_with(' ')) one.remove_prefix(1);
    if (one.starts_with(name) && one.substr(name.size()).starts_with('=')) return std::string(one.substr(name.size() + 1));
  }
  return {};
}

std::string query(const transport::HttpRequest& r, std::string_view name) {
  const auto it = r.query.find(name);
  return it == r.query.end() || r.query.count(name) > 1 ? std::string() : it->second;
}

const schemas::Json kDone = {{"ok", true}};

}  // namespace

transport::HttpResponse AuthHttp::own(const Request& r, const Json& in, const std::string& token, const Session& s) {
  if (r.path == "/auth/logout") {
    people_.leave(token);
    Response out = json(200, kDone);
    out.headers.emplace_back("Set-Cookie", cookie(r, ""));
    return out;
  }
  if (r.path == "/auth/password") {
    const base::Status changed = people_.change_password(s.actor.person, text_field(in, "old"), text_field(in, "new"), s.actor);
    if (!changed.ok()) {
      if (changed.error().kind == Kind::kBusy) return locked_out(std::max<std::uint64_t>(people_.locked_for(s.actor.login) / 1000, 1));
      return failure(changed.error());
    }
    people_.end_all(s.actor.person, "the password was changed", token);
    return json(200, kDone);
  }
  if (s.change_password) return failure({Kind::kDenied, "the first password has to be changed", "session", "choose a password of your own"});
  if (r.path.starts_with("/auth/totp/")) return totp(r, in, s);
  if (r.path.starts_with("/auth/passkeys")) return passkeys(r, in, s);
  return failure({Kind::kNotFound, "nothing is here", "path"});
}

transport::HttpResponse AuthHttp::totp(const Request& r, const Json& in, const Session& s) {
  const base::Id& person = s.actor.person;
  const base::Instant now = people_.office().clock();
  if (r.path == "/auth/totp/new") {
    const auto secret = people_.office().random.bytes<kTotpSecret>();
    {
      const std::lock_guard lock(mutex_);
      std::erase_if(offers_, [&](const auto& o) { return o.second.until <= now; });
      offers_[person] = {base::to_bytes(secret), now.plus(kOfferMs)};
    }
    return json(200, {{"ok", true}, {"secret", totp_base32(secret)}, {"uri", totp_uri(secret, "Handoff " + people_.office().slug, s.actor.login)}});
  }
  if (r.path == "/auth/totp/confirm") {
    base::Bytes secret;
    {
      const std::lock_guard lock(mutex_);
      if (const auto it = offers_.find(person); it != offers_.end() && it->second.until > now) secret = it->second.secret;
    }
    const auto step = totp_step(secret, text_field(in, "code"), now, 0);
    if (!step) return failure({Kind::kDenied, "this is not the code of the moment", "code", "wait for the next one"});
    const base::Status kept = people_.change(person, s.actor, "an authenticator app for", [&](PersonRow& row) -> base::Status {
      row.totp = secret, row.totp_step = *step;
      return {};
    });
    if (!kept.ok()) return failure(kept.error());
    const std::lock_guard lock(mutex_);
    offers_.erase(person);
    return json(200, kDone);
  }
  if (r.path != "/auth/totp/remove") return failure({Kind::kNotFound, "nothing is here", "path"});
  if (const auto known = people_.check_password_of(person, text_field(in, "password")); !known.ok()) return failure(known.error(), known.error().kind == Kind::kBusy ? 429 : 0);
  const base::Status gone = people_.change(person, s.actor, "no authenticator app any more for", [](PersonRow& row) -> base::Status {
    row.totp.clear();
    return {};
  });
  return gone.ok() ? json(200, kDone) : failure(gone.error());
}

transport::HttpResponse AuthHttp::passkeys(const Request& r, const Json& in, const Session& s) {
  const auto shown = [](const Passkey& k) {
    return Json{{"id", base64url(k.credential)}, {"label", k.label}, {"added", base::rfc3339(k.added)}, {"used", k.used.ms == 0 ? Json() : Json(base::rfc3339(k.used))}};
  };
  if (r.method == "GET") {
    Json list = Json::array();
    if (const auto row = people_.by_id(s.actor.person)) {
      for (const Passkey& k : row->passkeys) list.push_back(shown(k));
    }
    return json(200, {{"ok", true}, {"passkeys", list}});
  }
  if (r.method == "DELETE") {
    const auto id = unbase64url(std::string_view(r.path).substr(std::string_view("/auth/passkeys/").size()));
    const base::Status gone = people_.change(s.actor.person, s.actor, "one passkey less for", [&](PersonRow& row) -> base::Status {
      if (!id || std::erase_if(row.passkeys, [&](const Passkey& k) { return k.credential == *id; }) == 0) return Error{Kind::kNotFound, "there is no such passkey", "id"};
      return {};
    });
    return gone.ok() ? json(200, kDone) : failure(gone.error());
  }
  const Site site = site_of(origin_of(r));
  if (site.rp_id.empty()) return failure({Kind::kUnsupported, "passkeys need a name and TLS", "http.public_url", "see docs/guide/people.md"});
  if (r.path == "/auth/passkeys/options") {
    const auto options = passkeys_.creation(site, s.actor);
    return options.ok() ? json(200, **options) : failure(options.error());
  }
  if (r.path != "/auth/passkeys") return failure({Kind::kNotFound, "nothing is here", "path"});
  const auto key = passkeys_.add(site, s.actor, in);
  if (!key.ok()) return failure(key.error());
  Json out = shown(*key);
  out["ok"] = true;
  return json(200, out);
}

// GET /auth/oidc/ID/start and /auth/oidc/ID/callback: for a browser to walk through, so the answers are pages.
transport::HttpResponse AuthHttp::oidc(const Request& r) {
  std::string_view rest = std::string_view(r.path).substr(std::string_view("/auth/oidc/").size());
  const auto slash = rest.find('/');
  const std::string id(rest.substr(0, slash));
  const std::string_view step = slash == std::string_view::npos ? "" : rest.substr(slash + 1);
  const std::string callback = origin_of(r) + "/auth/oidc/" + id + "/callback";
  const std::string attributes = std::string("; HttpOnly; SameSite=Lax; Path=/auth/oidc/") + (origin_of(r).starts_with("https://") ? "; Secure" : "");
  if (too_often(r.remote, false)) return page(429, "Too many attempts. Wait a minute.", false);
  if (step == "start") {
    const auto started = oidc_.start(id, callback);
    if (!started.ok()) return page(started.error().kind == Kind::kNotFound ? 404 : 503, started.error().what + ". " + started.error().mend + ".", false);
    Response out{.status = 302, .type = "", .body = "", .headers = {{"Location", started->url}, {"Cache-Control", "no-store"}, {"Referrer-Policy", "no-referrer"}}};
    out.headers.emplace_back("Set-Cookie", std::string(kBinding) + "=" + started->binding + attributes + "; Max-Age=600");
    return out;
  }
  if (step != "callback") return page(404, "Nothing is here.", false);
  const auto entry = oidc_.finish(id, {query(r, "code"), query(r, "state"), query(r, "error"), cookie_named(r, kBinding)}, callback, device_of(r.header("user-agent")));
  if (!entry.ok()) {
    too_often(r.remote, true);
    const int status = entry.error().kind == Kind::kDenied ? 403 : entry.error().kind == Kind::kNotFound ? 404 : 503;
    return page(status, "Not signed in: " + entry.error().what + ". " + entry.error().mend + ".", false);
  }
  Response out = page(200, "Signed in.", true);
  out.headers.emplace_back("Set-Cookie", cookie(r, entry->token));
  out.headers.emplace_back("Set-Cookie", std::string(kBinding) + "=" + attributes + "; Max-Age=0");
  return out;
}

}  // namespace adapters::agent::people
