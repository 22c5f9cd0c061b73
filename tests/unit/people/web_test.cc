// /auth over HTTP, and what is tried against it.
#include "adapters/agent/people/totp.h"
#include "tests/unit/people/kit.h"

using namespace rig;
using agent::ledger::Access;

TEST_CASE("a browser signs in, is known by its cookie, and leaves") {
  House h;
  h.start();
  h.add("m.okafor");
  Browser b(h);
  const auto nobody = b.get("/auth/session");
  CHECK(nobody.status == 401);
  const Json ways = Json::parse(nobody.body);
  CHECK(ways["password"] == true);
  CHECK(ways["passkey"] == true);
  CHECK(ways["agency"]["name"] == "Harborlight");
  const auto in = b.post("/auth/login", {{"login", "m.okafor"}, {"password", kPassword}});
  REQUIRE(in.status == 200);
  const Json s = Json::parse(in.body);
  CHECK(s["person"]["login"] == "m.okafor");
  CHECK(s["person"]["role_words"] == "Clinician");
  CHECK(s["agency"]["tz"] == "America/Denver");
  CHECK(base::unbase64(s["draft_key"].get<std::string>())->size() == 32);
  CHECK(s["idle_s"] == 600);
  const std::string cookie = header(in, "set-cookie");
  for (const char* flag : {"HttpOnly", "SameSite=Strict", "Path=/"}) CHECK(cookie.find(flag) != std::string::npos);
  CHECK(cookie.find("Secure") == std::string::npos);  // plain, on this machine
  CHECK(header(in, "cache-control") == "no-store\n");
  CHECK(b.state() == 200);
  CHECK(b.post("/auth/logout").status == 200);
  CHECK(b.state() == 401);
  CHECK(h.recorded(Access::kSignIn, "password") == 1);
  CHECK(h.recorded(Access::kSignOut, "left") == 1);
}

TEST_CASE("behind TLS the cookie is Secure") {
  House h;
  h.box.http->public_url = "https://inbox.example";
  h.start();
  h.add("m.okafor");
  Browser b(h);
  b.origin = "https://inbox.example";
  const auto in = b.post("/auth/login", {{"login", "m.okafor"}, {"password", kPassword}});
  CHECK(header(in, "set-cookie").find("; Secure") != std::string::npos);
}

TEST_CASE("a stolen cookie is worth nothing after the person has left") {
  House h;
  h.start();
  h.add("m.okafor");
  Browser b(h), thief(h);
  REQUIRE(b.login("m.okafor") == 200);
  thief.cookie = b.cookie, thief.csrf = b.csrf;
  CHECK(thief.state() == 200);
  b.post("/auth/logout");
  CHECK(thief.state() == 401);
  CHECK(thief.post("/auth/totp/new").status == 401);
}

TEST_CASE("a cookie that was planted before signing in is not the session afterwards") {
  House h;
  h.start();
  h.add("m.okafor");
  Browser b(h), attacker(h);
  b.cookie = attacker.cookie = "handoff_session=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
  REQUIRE(b.login("m.okafor") == 200);
  CHECK(b.cookie != attacker.cookie);
  CHECK(attacker.state() == 401);
  Browser again(h);  // signing in once more ends the session before it
  again.cookie = b.cookie;
  REQUIRE(again.login("m.okafor") == 200);
  CHECK(b.state() == 401);
}

TEST_CASE("a page of another site can change nothing") {
  House h;
  h.start();
  h.add("m.okafor");
  Browser b(h);
  REQUIRE(b.login("m.okafor") == 200);
  Browser evil = b;
  evil.csrf.clear();
  CHECK(evil.post("/auth/logout").status == 403);
  CHECK(evil.post("/auth/password", {{"old", kPassword}, {"new", "the attacker's own words"}}).status == 403);
  evil.csrf = std::string(64, '0');
  CHECK(evil.post("/auth/totp/new").status == 403);
  evil = b;
  evil.origin = "https://evil.example";
  CHECK(evil.post("/auth/logout").status == 403);
  CHECK(evil.post("/auth/login", {{"login", "m.okafor"}, {"password", kPassword}}).status == 403);
  evil = b;
  CHECK(evil.send("POST", "/auth/login", R"({"login":"m.okafor","password":"x"})", "text/plain").status == 400);  // what a form can say
  CHECK(evil.send("DELETE", "/auth/passkeys/AAAA", "").status == 404);
  evil.csrf.clear();
  CHECK(evil.send("DELETE", "/auth/passkeys/AAAA", "").status == 403);
  CHECK(b.state() == 200);
  Browser bearer(h);  // a terminal has no cookie that somebody else could make it send
  bearer.more.emplace_back("Authorization", "Bearer " + b.cookie.substr(b.cookie.find('=') + 1));
  CHECK(bearer.post("/auth/logout").status == 200);
  CHECK(b.state() == 401);
}

TEST_CASE("locked out is 429 with the time, whoever asks; one address may not try as often as it likes") {
  House h;
  h.start();
  h.add("m.okafor");
  Browser b(h);
  for (const std::string login : {"m.okafor", "x.nobody"}) {
    for (int i = 0; i < 5; ++i) CHECK(b.login(login, "wrong") == 401);
    const auto locked = b.post("/auth/login", {{"login", login}, {"password", kPassword}});
    CHECK(locked.status == 429);
    const int seconds = std::stoi(header(locked, "retry-after"));
    CHECK(seconds > 14 * 60);
    CHECK(seconds <= 15 * 60);
  }
  int last = 0;
  for (int i = 0; i < 25 && last != 429; ++i) last = b.login("x" + std::to_string(i), "wrong");
  CHECK(last == 429);
  CHECK(b.login("somebody.else") == 429);
}

TEST_CASE("odd requests are refused, whatever is in them") {
  House h;
  h.start();
  Browser b(h);
  CHECK(b.get("/auth/login").status == 405);
  CHECK(b.send("POST", "/auth/login", "[]").status == 400);
  CHECK(b.send("POST", "/auth/login", "{").status == 400);
  CHECK(b.send("POST", "/auth/login", R"({"login":7,"password":[]})").status == 401);
  CHECK(b.send("POST", "/auth/login", Json{{"login", std::string(70'000, 'x')}}.dump()).status == 413);
  CHECK(b.post("/auth/login", {{"login", "m.okafor"}, {"password", std::string(60'000, 'x')}}).status == 401);
  CHECK(b.post("/auth/totp", {{"ticket", ""}, {"code", "000000"}}).status == 401);
  CHECK(b.post("/auth/nothing").status == 401);
  CHECK(b.get("/auth/oidc/nobody/start").status == 404);
  CHECK(b.get("/auth/oidc/").status == 404);
}

TEST_CASE("an authenticator app: offered, confirmed, then asked for") {
  House h;
  h.start();
  h.add("m.okafor");
  Browser b(h);
  REQUIRE(b.login("m.okafor") == 200);
  const Json offer = Json::parse(b.post("/auth/totp/new").body);
  CHECK(offer["uri"].get<std::string>().starts_with("otpauth://totp/Handoff%20harbor:m.okafor?secret=" + offer["secret"].get<std::string>()));
  CHECK(b.post("/auth/totp/confirm", {{"code", "000000"}}).status == 403);
  CHECK(h.staff().find("m.okafor")->totp.empty());
  // The secret as an app reads it: RFC 4648 base32.
  base::Bytes secret;
  std::uint64_t bits = 0;
  int n = 0;
  for (const char c : offer["secret"].get<std::string>()) {
    bits = bits << 5 | static_cast<std::uint64_t>(c >= 'A' ? c - 'A' : c - '2' + 26), n += 5;
    if (n >= 8) secret.push_back(static_cast<base::Byte>(bits >> (n -= 8)));
  }
  REQUIRE(b.post("/auth/totp/confirm", {{"code", people::totp_code(secret, h.hub.clock.now())}}).status == 200);
  Browser next(h);
  const Json half = Json::parse(next.post("/auth/login", {{"login", "m.okafor"}, {"password", kPassword}}).body);
  CHECK(half["next"] == "totp");
  CHECK(next.state() == 401);
  h.hub.clock.ahead(base::kMinute);
  CHECK(next.post("/auth/totp", {{"ticket", half["ticket"]}, {"code", people::totp_code(secret, h.hub.clock.now())}}).status == 200);
  CHECK(next.state() == 200);
  CHECK(next.post("/auth/totp/remove", {{"password", "not the password"}}).status == 403);
  CHECK(next.post("/auth/totp/remove", {{"password", kPassword}}).status == 200);
}

TEST_CASE("a password changed by its owner ends the other sessions; a first one has to be changed before anything else") {
  House h;
  h.start();
  const base::Id id = h.add("m.okafor");
  Browser b(h), other(h);
  REQUIRE(b.login("m.okafor") == 200);
  REQUIRE(other.login("m.okafor") == 200);
  CHECK(b.post("/auth/password", {{"old", "wrong"}, {"new", "another password of mine"}}).status == 403);
  CHECK(b.post("/auth/password", {{"old", kPassword}, {"new", "short"}}).status == 400);
  CHECK(b.post("/auth/password", {{"old", kPassword}, {"new", "another password of mine"}}).status == 200);
  CHECK(b.state() == 200);
  CHECK(other.state() == 401);
  REQUIRE(h.staff().set_password(id, kPassword, true).ok());
  Browser first(h);
  REQUIRE(first.login("m.okafor") == 200);
  CHECK(Json::parse(first.get("/auth/session").body)["change_password"] == true);
  CHECK(first.post("/auth/totp/new").status == 403);
  CHECK(first.post("/auth/passkeys/options").status == 403);
  CHECK(first.post("/api/v1/inbox.list").status == 403);
  CHECK(first.post("/auth/password", {{"old", kPassword}, {"new", "another password of mine"}}).status == 200);
  CHECK(first.post("/auth/totp/new").status == 200);
}
