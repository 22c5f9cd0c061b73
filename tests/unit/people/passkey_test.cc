// Passkeys: an authenticator made with the openssl program, and what a thief of its answers would try.
#include "adapters/agent/people/webauthn.h"
#include "crypto/merkle.h"
#include "tests/unit/people/kit.h"

using namespace rig;
using agent::ledger::Access;

namespace {

// A platform authenticator with one ES256 key.
class Authenticator {
 public:
  Authenticator() { output("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out " + key() + " 2>/dev/null"); }
  std::uint32_t counter = 1;
  unsigned char flags = 0x05;  // touched, and asked who is there
  std::string origin = "http://localhost:8460", rp = "localhost", id = "0123456789abcdef", handle;

  Json create(const Json& options) {
    const std::string der = output("openssl pkey -in " + key() + " -pubout -outform DER 2>/dev/null"), point = der.substr(der.size() - 64);
    const std::string cose = std::string("\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20", 10) + point.substr(0, 32) + std::string("\x22\x58\x20", 3) + point.substr(32);
    const std::string data = head(0x40) + std::string(16, '\0') + '\0' + static_cast<char>(id.size()) + id + cose;
    return {{"id", base64url(id)}, {"label", "phone"}, {"type", "public-key"}, {"response", {{"clientDataJSON", base64url(client("webauthn.create", options))}, {"authenticatorData", base64url(data)}}}};
  }
  Json get(const Json& options) {
    const std::string data = head(0), said = client("webauthn.get", options);
    std::ofstream(dir_.path() + "/text", std::ios::binary) << data << base::text(crypto::sha256(base::view(said)));
    const std::string signature = output("openssl dgst -sha256 -sign " + key() + " " + dir_.path() + "/text 2>/dev/null");
    Json response{{"clientDataJSON", base64url(said)}, {"authenticatorData", base64url(data)}, {"signature", base64url(signature)}};
    if (!handle.empty()) response["userHandle"] = handle;
    return {{"id", base64url(id)}, {"type", "public-key"}, {"response", response}};
  }

 private:
  [[nodiscard]] std::string key() const { return dir_.path() + "/key"; }
  [[nodiscard]] std::string client(const char* type, const Json& options) const { return Json{{"type", type}, {"challenge", options["challenge"]}, {"origin", origin}, {"crossOrigin", false}}.dump(); }
  [[nodiscard]] std::string head(unsigned char more) const {
    base::Byte count[4];
    base::store_be(count, counter);
    return std::string(base::text(crypto::sha256(base::view(rp)))) + static_cast<char>(flags | more) + std::string(base::text({count, 4}));
  }
  TempDir dir_;
};

struct Keyed : House {
  Authenticator key;
  Browser b{*this};
  Keyed() {
    start();
    add("m.okafor");
    REQUIRE(b.login("m.okafor") == 200);
    const Json options = Json::parse(b.post("/auth/passkeys/options").body);
    CHECK(options["rp"]["id"] == "localhost");
    CHECK(options["attestation"] == "none");
    CHECK(options["authenticatorSelection"]["userVerification"] == "required");
    key.handle = options["user"]["id"];
    REQUIRE(b.post("/auth/passkeys", key.create(options)).status == 200);
    b.post("/auth/logout");
    b = Browser(*this);
  }
  Json options(const std::string& login = "") { return Json::parse(b.post("/auth/passkey/options", login.empty() ? Json::object() : Json{{"login", login}}).body); }
  int enter(const Json& answer) { return b.post("/auth/passkey", answer).status; }
};

}  // namespace

TEST_CASE("a passkey signs in, with or without a login, and shows in the list") {
  Keyed h;
  Json o = h.options();
  CHECK(o["allowCredentials"].empty());
  h.key.counter = 2;
  REQUIRE(h.enter(h.key.get(o)) == 200);
  CHECK(h.recorded(Access::kSignIn, "passkey") == 1);
  const Json list = Json::parse(h.b.get("/auth/passkeys").body)["passkeys"];
  REQUIRE(list.size() == 1);
  CHECK(list[0]["label"] == "phone");
  CHECK(list[0]["used"].is_string());
  h.b = Browser(h);
  o = h.options("m.okafor");
  CHECK(o["allowCredentials"][0]["id"] == base64url(h.key.id));
  h.key.counter = 3, h.key.handle.clear();
  REQUIRE(h.enter(h.key.get(o)) == 200);
  CHECK(h.b.send("DELETE", "/auth/passkeys/" + base64url(h.key.id), "").status == 200);
  h.b = Browser(h);
  h.key.counter = 4;
  CHECK(h.enter(h.key.get(h.options())) == 401);
}

TEST_CASE("which site a page's keys belong to: a name by TLS, or one that never leaves the machine") {
  using people::site_of;
  CHECK(site_of("https://inbox.agency.example").rp_id == "inbox.agency.example");
  CHECK(site_of("http://localhost:8460").rp_id == "localhost");
  CHECK(site_of("http://stb.localhost:8460").rp_id == "stb.localhost");
  for (const char* none : {"http://inbox.agency.example", "http://localhost.evil.example:8460", "http://evillocalhost:8460", "http://127.0.0.1:8460", "https://[::1]:8460", "https://192.0.2.7"})
    CHECK(site_of(none).rp_id.empty());
}

TEST_CASE("whether somebody has an account, or a passkey, is not told") {
  Keyed h;
  const Json stranger = h.options("x.nobody");
  REQUIRE(stranger["allowCredentials"].size() == 1);
  CHECK(stranger["allowCredentials"] == h.options("x.nobody")["allowCredentials"]);
  CHECK(stranger["allowCredentials"] != h.options("y.nobody")["allowCredentials"]);
}

TEST_CASE("an answer serves once, for two minutes, and only its own person") {
  Keyed h;
  // A key that does not count, as synced ones do not: nothing but the challenge tells a replay.
  REQUIRE(h.staff().change(h.staff().find("m.okafor")->id, {}, "", [](people::PersonRow& r) -> base::Status {
    r.passkeys[0].counter = 0;
    return {};
  }).ok());
  h.key.counter = 0;
  const Json answer = h.key.get(h.options());
  REQUIRE(h.enter(answer) == 200);
  h.b = Browser(h);
  CHECK(h.enter(answer) == 401);  // a replay
  CHECK(h.enter(h.key.get(h.options())) == 200);
  h.b = Browser(h);
  h.key.counter = 3;
  const Json slow = h.key.get(h.options());
  h.hub.clock.ahead(2 * base::kMinute);
  CHECK(h.enter(slow) == 401);
  h.add("d.reyes");
  h.key.counter = 4;
  CHECK(h.enter(h.key.get(h.options("d.reyes"))) == 401);  // asked for somebody else
  h.key.handle = base64url(std::string(16, 'x'));
  CHECK(h.enter(h.key.get(h.options())) == 401);
}

TEST_CASE("another site's page, a wrong site, no touch, no proof of who is there: refused") {
  Keyed h;
  const auto tried = [&](const std::function<void(Authenticator&)>& change, std::uint32_t counter) {
    const std::string origin = h.key.origin, rp = h.key.rp;
    const auto flags = h.key.flags;
    h.key.counter = counter;
    change(h.key);
    const int status = h.enter(h.key.get(h.options()));
    h.key.origin = origin, h.key.rp = rp, h.key.flags = flags;
    return status;
  };
  CHECK(tried([](auto& k) { k.origin = "https://evil.example"; }, 2) == 401);
  CHECK(tried([](auto& k) { k.rp = "evil.example"; }, 3) == 401);
  CHECK(tried([](auto& k) { k.flags = 0x04; }, 4) == 401);
  CHECK(tried([](auto& k) { k.flags = 0x01; }, 5) == 401);
  CHECK(tried([](auto&) {}, 6) == 200);
  CHECK(h.recorded(Access::kSignInFailed, "another site") >= 1);
}

TEST_CASE("a counter that does not rise is a copy of the key") {
  Keyed h;
  h.key.counter = 5;
  REQUIRE(h.enter(h.key.get(h.options())) == 200);
  h.b = Browser(h);
  CHECK(h.enter(h.key.get(h.options())) == 401);
  h.key.counter = 4;
  CHECK(h.enter(h.key.get(h.options())) == 401);
  CHECK(h.recorded(Access::kSignInFailed, "counter went back") == 2);
}

TEST_CASE("a signature of another key, or of other bytes, does not hold") {
  Keyed h;
  Authenticator other;
  other.handle = h.key.handle, other.counter = 9;
  CHECK(h.enter(other.get(h.options())) == 401);
  h.key.counter = 2;
  Json answer = h.key.get(h.options());
  std::string data = answer["response"]["authenticatorData"];
  data[44] = data[44] == 'A' ? 'B' : 'A';  // the counter's bytes
  answer["response"]["authenticatorData"] = data;
  CHECK(h.enter(answer) == 401);
  for (const char* part : {"clientDataJSON", "authenticatorData", "signature"}) {
    Json without = h.key.get(h.options());
    without["response"].erase(part);
    CHECK(h.enter(without) == 401);
  }
}

TEST_CASE("a passkey is added only by its person's own challenge, here") {
  Keyed h;
  REQUIRE(h.b.login("m.okafor") == 200);
  const auto add = [&](Authenticator& k, const Json& o) { return h.b.post("/auth/passkeys", k.create(o)).status; };
  Authenticator k;
  k.id = "another key's id";
  Json o = Json::parse(h.b.post("/auth/passkeys/options").body);
  CHECK(o["excludeCredentials"][0]["id"] == base64url(h.key.id));
  k.origin = "https://evil.example";
  CHECK(add(k, o) == 403);
  k.origin = h.key.origin, k.flags = 0x01;
  CHECK(add(k, o) == 403);
  k.flags = 0x05;
  CHECK(add(k, o) == 403);  // that challenge was spent
  CHECK(add(k, h.options()) == 403);  // one for signing in
  k.id = h.key.id;
  CHECK(add(k, Json::parse(h.b.post("/auth/passkeys/options").body)) == 409);
  k.id = "a third key's id";
  CHECK(add(k, Json::parse(h.b.post("/auth/passkeys/options").body)) == 200);
}
