// Sign-on with a provider that the test plays: discovery, keys, code and token over real HTTP; and tokens that do not hold.
#include "adapters/transport/http_server.h"
#include "crypto/merkle.h"
#include "tests/unit/people/kit.h"

using namespace rig;
using agent::ledger::Access;

namespace {

class Provider {
 public:
  Provider() {
    output("openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out " + key() + " 2>/dev/null");
    server_ = std::make_unique<transport::HttpServer>(options(), [this](const transport::HttpRequest& r) { return answer(r); });
    REQUIRE(server_->start().ok());
    issuer = "http://" + server_->address();
  }
  ~Provider() { server_->stop(); }
  std::string issuer, challenge;
  Json claims, head{{"alg", "RS256"}, {"kid", "k1"}};
  bool spoil = false;                      // the signature
  std::map<std::string, std::string> form;  // of the newest token request
  std::string authorization;

 private:
  static transport::HttpServerOptions options() {
    transport::HttpServerOptions o;
    o.listen = "127.0.0.1:0", o.clock = base::real_now;
    return o;
  }
  [[nodiscard]] std::string key() const { return dir_.path() + "/key"; }
  [[nodiscard]] std::string token() const {
    std::string text = base64url(head.dump()) + "." + base64url(claims.dump());
    if (head["alg"] == "none") return text + ".";
    std::ofstream(dir_.path() + "/text") << text;
    std::string signature = output("openssl dgst -sha256 -sign " + key() + " " + dir_.path() + "/text 2>/dev/null");
    if (spoil) signature[10] = static_cast<char>(signature[10] ^ 1);
    return text + "." + base64url(signature);
  }
  transport::HttpResponse answer(const transport::HttpRequest& r) {
    const auto json = [](const Json& j) { return transport::HttpResponse{.status = 200, .type = "application/json", .body = j.dump()}; };
    if (r.path == "/.well-known/openid-configuration") return json({{"issuer", issuer}, {"authorization_endpoint", issuer + "/auth"}, {"token_endpoint", issuer + "/token"}, {"jwks_uri", issuer + "/jwks"}});
    if (r.path == "/jwks") {
      std::string hex = output("openssl rsa -in " + key() + " -noout -modulus 2>/dev/null").substr(8);
      while (!hex.empty() && hex.back() == '\n') hex.pop_back();
      return json({{"keys", {{{"kty", "RSA"}, {"kid", "k1"}, {"use", "sig"}, {"e", "AQAB"}, {"n", base64url(*base::unhex(hex))}}}}});
    }
    form.clear();
    for (const auto& [name, value] : transport::query_of(r.body)) form[name] = value;
    authorization = r.header("authorization");
    return json({{"id_token", token()}, {"access_token", "unused"}, {"token_type", "Bearer"}});
  }
  TempDir dir_;
  std::unique_ptr<transport::HttpServer> server_;
};

std::string between(const std::string& text, const std::string& before, char until) {
  const auto at = text.find(before);
  REQUIRE(at != std::string::npos);
  const auto from = at + before.size();
  return text.substr(from, text.find(until, from) - from);
}

struct SignOn : House {
  Provider provider;
  Browser b{*this};
  std::string state;
  explicit SignOn(bool from_claims = false) {
    std::ofstream(dir.path() + "/secret") << "a secret of the provider\n";
    people::OidcSettings o;
    o.id = "county", o.label = "County account", o.issuer = provider.issuer, o.client_id = "handoff", o.client_secret_file = dir.path() + "/secret";
    o.from_claims = from_claims, o.role_claim = "groups", o.roles = {{"crisis-team", "clinician"}};
    inbox.oidc = {o};
    start();
  }
  // To the provider: remembers state and cookie, and lets the provider answer as it should.
  void begin() {
    const auto a = b.get("/auth/oidc/county/start");
    REQUIRE(a.status == 302);
    const std::string to = header(a, "location");
    CHECK(to.starts_with(provider.issuer + "/auth?response_type=code&client_id=handoff&redirect_uri=http%3A%2F%2Flocalhost%3A8460%2Fauth%2Foidc%2Fcounty%2Fcallback&"));
    CHECK(to.find("code_challenge_method=S256") != std::string::npos);
    state = between(to, "&state=", '&');
    provider.challenge = between(to, "code_challenge=", '&');
    const auto now = hub.clock.now().ms / 1000;
    provider.claims = {{"iss", provider.issuer}, {"sub", "77"}, {"aud", "handoff"}, {"iat", now}, {"exp", now + 300}, {"nonce", between(to, "&nonce=", '&')}, {"preferred_username", "m.okafor"}, {"name", "M. Okafor"}, {"groups", {"crisis-team", "choir"}}};
    const std::string cookie = header(a, "set-cookie");
    CHECK(cookie.find("SameSite=Lax") != std::string::npos);
    CHECK(cookie.find("HttpOnly") != std::string::npos);
    b.cookie = cookie.substr(0, cookie.find(';'));
  }
  transport::OutboundAnswer back(const std::string& code = "c0de") { return b.get("/auth/oidc/county/callback?code=" + code + "&state=" + state); }
  void link() {
    const base::Id id = add("m.okafor");
    REQUIRE(staff().change(id, {}, "", [&](people::PersonRow& r) -> base::Status {
      r.oidc = {provider.issuer + " 77"};
      return {};
    }).ok());
  }
};

}  // namespace

TEST_CASE("a linked account signs on; the code is exchanged with PKCE and the client's secret; the way ends on a page of ours") {
  SignOn h;
  h.link();
  h.begin();
  const auto a = h.back();
  REQUIRE(a.status == 200);
  CHECK(header(a, "refresh") == "0; url=/inbox/\n");
  CHECK(header(a, "content-security-policy").starts_with("default-src 'none'"));
  CHECK(a.body.find("<script") == std::string::npos);
  CHECK(header(a, "set-cookie").find("SameSite=Strict") != std::string::npos);
  CHECK(h.provider.form["grant_type"] == "authorization_code");
  CHECK(h.provider.form["code"] == "c0de");
  CHECK(base64url(std::string(base::text(crypto::sha256(base::view(h.provider.form["code_verifier"]))))) == h.provider.challenge);
  CHECK(h.provider.authorization.starts_with("Basic "));
  h.b.keep(a);
  const Json s = Json::parse(h.b.get("/auth/session").body);
  CHECK(s["person"]["login"] == "m.okafor");
  CHECK(h.recorded(Access::kSignIn, "sign-on county") == 1);
}

TEST_CASE("a token that does not hold lets nobody in") {
  SignOn h;
  h.link();
  const auto tried = [&](const std::function<void(Provider&)>& change) {
    h.begin();
    change(h.provider);
    const int status = h.back().status;
    h.provider.head = {{"alg", "RS256"}, {"kid", "k1"}}, h.provider.spoil = false;
    return status;
  };
  CHECK(tried([](Provider& p) { p.claims["nonce"] = "another"; }) == 403);
  CHECK(tried([](Provider& p) { p.claims.erase("nonce"); }) == 403);
  CHECK(tried([](Provider& p) { p.claims["aud"] = "another-client"; }) == 403);
  CHECK(tried([](Provider& p) { p.claims["aud"] = {"handoff", "another"}, p.claims["azp"] = "another"; }) == 403);
  CHECK(tried([](Provider& p) { p.claims["iss"] = "https://evil.example"; }) == 403);
  CHECK(tried([](Provider& p) { p.claims["exp"] = p.claims["iat"].get<std::int64_t>() - 3600; }) == 403);
  CHECK(tried([](Provider& p) { p.claims.erase("exp"); }) == 403);
  CHECK(tried([](Provider& p) { p.claims["sub"] = ""; }) == 403);
  CHECK(tried([](Provider& p) { p.spoil = true; }) == 403);
  CHECK(tried([](Provider& p) { p.head["alg"] = "none"; }) == 403);
  CHECK(tried([](Provider& p) { p.head["alg"] = "HS256"; }) == 403);
  CHECK(tried([](Provider& p) { p.head["kid"] = "k9"; }) == 403);
  CHECK(h.staff().sessions().empty());
  CHECK(tried([](Provider&) {}) == 200);
}

TEST_CASE("a state serves once, in the browser where it began, for ten minutes") {
  SignOn h;
  h.link();
  h.begin();
  const std::string mine = h.b.cookie, state = h.state;
  h.b.cookie.clear();
  CHECK(h.back().status == 403);  // somebody is sent an attacker's callback
  h.b.cookie = "handoff_oidc=" + std::string(43, 'A');
  CHECK(h.back().status == 403);
  h.b.cookie = mine, h.state = "made-up";
  CHECK(h.back().status == 403);
  h.state = state;
  CHECK(h.back().status == 200);
  h.b.cookie = mine;
  CHECK(h.back().status == 403);
  h.begin();
  h.hub.clock.ahead(10 * base::kMinute);
  CHECK(h.back().status == 403);
}

TEST_CASE("who is not linked is told what to tell IT; a disabled account stays out") {
  SignOn h;
  h.add("m.okafor");  // of the same name, and not linked
  h.begin();
  const auto a = h.back();
  CHECK(a.status == 403);
  CHECK(a.body.find("county: 77") != std::string::npos);
  CHECK(h.staff().sessions().empty());
  auto row = *h.staff().find("m.okafor");
  row.oidc = {h.provider.issuer + " 77"}, row.disabled = true;
  REQUIRE(h.staff().save(row).ok());
  h.begin();
  CHECK(h.back().status == 403);
}

TEST_CASE("accounts by claim are made and follow the provider's word; they take over nobody's") {
  SignOn h(true);
  h.begin();
  h.provider.claims["groups"] = {"choir"};
  CHECK(h.back().status == 403);  // no role that is known here
  CHECK_FALSE(h.staff().find("m.okafor"));
  h.begin();
  REQUIRE(h.back().status == 200);
  const auto row = h.staff().find("m.okafor");
  REQUIRE(row);
  CHECK(row->roles == std::vector<std::string>{"clinician"});
  CHECK(row->name == "M. Okafor");
  CHECK(row->password.empty());
  CHECK_FALSE(h.staff().enter("m.okafor", "", "here").ok());
  h.begin();
  h.provider.claims["sub"] = "78";  // another person with the same name
  CHECK(h.back().status == 403);
}

TEST_CASE("a document that speaks for another issuer, or names a place that may not be called, is not followed") {
  SignOn h;
  h.provider.issuer = "https://evil.example";
  CHECK(h.b.get("/auth/oidc/county/start").status == 503);
}
