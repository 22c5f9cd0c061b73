// The agent's HTTP server as another system meets it: tokens, mounted adapters, health and metrics, and what is tried against them.
#include "adapters/agent/web/web.h"
#include "adapters/transport/outbound.h"
#include "adapters/transport/scopes.h"

#include "tests/unit/agent_keys.h"
#include "tests/unit/agent_rig.h"

using namespace rig;
namespace transport = adapters::transport;

namespace {

class Room final : public agent::Adapter {
 public:
  base::Status start(agent::Host&) override {
    if (refuses) return base::Error{base::Kind::kIo, "not now"};
    return {};
  }
  base::Status deliver(const agent::Delivery&) override { return {}; }
  [[nodiscard]] std::vector<agent::HttpMount> http_mounts() const override { return {{"/room", agent::HttpAuth::kBearer}, {"/room/open", agent::HttpAuth::kOwn}}; }
  transport::HttpResponse http(const transport::HttpRequest& r) override {
    if (r.path == "/room/throws") throw std::runtime_error("Canaryworth");
    if (r.path == "/room/open/hangs") {
      inside = true;
      inside.notify_all();
      leave.wait(false);
      inside = false;
      inside.notify_all();
    }
    std::string text = r.method + " " + r.path + " " + r.client;
    for (const std::string& s : r.scopes) text += " " + s;
    return {.status = 200, .type = "text/plain", .body = text + " " + std::string(r.header("authorization"))};
  }
  void stop() override {}
  [[nodiscard]] agent::Health health() const override { return {.ok = true, .words = "", .accepted = 3, .refused = 0, .delivered = 0, .failed = 0}; }
  static inline std::atomic<bool> refuses{false}, inside{false}, leave{false};
};
base::Result<std::unique_ptr<agent::Adapter>> make_room(const schemas::Config&, const std::string&) { return std::unique_ptr<agent::Adapter>(new Room); }

struct Play {
  TempDir dir;
  SigningKey key{false};
  FakeHub hub;
  AgentBox box{hub, "harbor", "crisis_center", {{"room", "room", {}, base::kDay}}, {{"room", make_room}}};
  explicit Play(bool refuses = false) {
    Room::refuses = refuses;
    std::ofstream(dir.path() + "/emr.secret") << "0123456789abcdef0123456789abcdef\n";
    std::ofstream(dir.path() + "/signer.jwks") << key.jwks();
    agent::HttpSettings h;
    h.listen = "127.0.0.1:0";
    h.public_url = "https://harbor.example";
    h.clients = {{"emr", dir.path() + "/emr.secret", "", {"system/Task.rs"}}, {"signer", "", dir.path() + "/signer.jwks", {"system/*.cruds"}}};
    box.http = h;
    box.start();
    if (!refuses) REQUIRE(eventually([&] { return box->supervisor().status()[0].health.ok; }));
  }
  transport::OutboundAnswer call(const std::string& method, const std::string& path, const std::string& body = "", const std::string& authorization = "") {
    transport::Outbound out({});
    const auto a = out.call({.method = method, .url = "http://" + box->web()->address() + path, .type = body.empty() ? "" : "application/x-www-form-urlencoded", .body = body, .headers = {{"Authorization", authorization}}});
    REQUIRE_MESSAGE(a.ok(), (a.ok() ? "" : a.error().what));
    return *a;
  }
  std::string token(const std::string& scope = "") {
    const auto a = call("POST", "/auth/token", "grant_type=client_credentials&client_id=emr&client_secret=0123456789abcdef0123456789abcdef" + scope);
    REQUIRE(a.status == 200);
    return Json::parse(a.body)["access_token"];
  }
  std::string assertion(const std::string& jti, const std::string& aud = "https://harbor.example/auth/token") {
    return "grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=" +
           key.sign({{"iss", "signer"}, {"sub", "signer"}, {"aud", aud}, {"jti", jti}, {"exp", hub.clock.now().ms / 1000 + 200}});
  }
};
std::string header(const transport::OutboundAnswer& a, const std::string& name) {
  for (const auto& [n, v] : a.headers) {
    if (n == name) return v;
  }
  return {};
}

}  // namespace

TEST_CASE("a client gets a token with its scopes, the adapter learns who asks, and the token does not reach it") {
  Play p;
  const auto a = p.call("GET", "/room/x", "", "Bearer " + p.token());
  CHECK(a.status == 200);
  CHECK(a.body == "GET /room/x emr system/Task.rs ");
  CHECK(p.call("GET", "/room/x", "", "Bearer " + p.token("&scope=system%2FTask.r")).body == "GET /room/x emr system/Task.r ");
  CHECK(p.call("POST", "/auth/token", "grant_type=client_credentials", "Basic " + base::base64(base::view("emr:0123456789abcdef0123456789abcdef"))).status == 200);
}

TEST_CASE("no bearer, a wrong one, an expired one: 401 that says how") {
  Play p;
  CHECK(p.call("GET", "/room").status == 401);
  CHECK(header(p.call("GET", "/room"), "www-authenticate") == "Bearer realm=\"handoff\"");
  const std::string token = p.token();
  CHECK(header(p.call("GET", "/room", "", "Bearer " + token + "0"), "www-authenticate").find("invalid_token") != std::string::npos);
  CHECK(p.call("GET", "/room", "", "Basic " + token).status == 401);
  CHECK(p.call("GET", "/room", "", "Bearer " + token).status == 200);
  p.hub.clock.ahead(agent::web::Clients::kTokenMs);
  CHECK(p.call("GET", "/room", "", "Bearer " + token).status == 401);
  CHECK(p.call("GET", "/room/open").status == 200);  // a mount of its own that checks itself
}

TEST_CASE("wrong secrets, foreign scopes and odd requests get no token") {
  Play p;
  const auto status = [&](const std::string& body) { return p.call("POST", "/auth/token", body).status; };
  const std::string good = "&client_id=emr&client_secret=0123456789abcdef0123456789abcdef";
  CHECK(status("grant_type=client_credentials&client_id=emr&client_secret=wrong") == 401);
  CHECK(status("grant_type=client_credentials&client_id=signer&client_secret=") == 401);
  CHECK(status("grant_type=client_credentials&client_id=nobody&client_secret=x") == 401);
  CHECK(status("grant_type=password" + good) == 400);
  CHECK(status("grant_type=client_credentials&scope=system%2FPatient.rs" + good) == 400);
  CHECK(status("grant_type=client_credentials&client_id=nobody" + good) == 401);  // two names
  CHECK(p.call("GET", "/auth/token").status == 405);
}

TEST_CASE("guessing is slowed down by address") {
  Play p;
  int last = 0;
  for (int i = 0; i < 25 && last != 429; ++i) last = p.call("POST", "/auth/token", "grant_type=client_credentials&client_id=emr&client_secret=x").status;
  CHECK(last == 429);
  p.hub.clock.ahead(2 * base::kMinute);
  p.token();
}

TEST_CASE("a signed assertion is good once, here, and only by its own key") {
  Play p;
  const std::string once = p.assertion("j1");
  CHECK(p.call("POST", "/auth/token", once).status == 200);
  CHECK(p.call("POST", "/auth/token", once).status == 401);
  CHECK(p.call("POST", "/auth/token", p.assertion("j2", "https://elsewhere.example/auth/token")).status == 401);
  CHECK(p.call("POST", "/auth/token", p.assertion("j3")).status == 200);
  const std::string none = "eyJhbGciOiJub25lIn0." + base64url(std::string(R"({"iss":"signer","sub":"signer","jti":"n"})")) + ".";
  CHECK(p.call("POST", "/auth/token", "grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=" + none).status == 401);
}

TEST_CASE("paths that mean another one are nobody's; what is not mounted is not found") {
  Play p;
  const std::string bearer = "Bearer " + p.token();
  CHECK(p.call("GET", "/room/%2e%2e/healthz", "", bearer).status == 400);
  CHECK(p.call("GET", "/room/a%5Cb", "", bearer).status == 400);
  CHECK(p.call("GET", "/room/a%00b", "", bearer).status == 400);
  CHECK(p.call("GET", "/room/%0d%0aX:1", "", bearer).status >= 400);
  CHECK(p.call("GET", "/roomy", "", bearer).status == 404);
  CHECK(p.call("GET", "/").status == 404);
}

TEST_CASE("an adapter that fails answers 500 without its words; one that is not running 503 with Retry-After") {
  {
    Play p;
    const auto a = p.call("GET", "/room/throws", "", "Bearer " + p.token());
    CHECK(a.status == 500);
    CHECK(a.body.find("Canaryworth") == std::string::npos);
  }
  Play p(true);
  const auto a = p.call("GET", "/room/x", "", "Bearer " + p.token());
  CHECK(a.status == 503);
  CHECK(header(a, "retry-after") == "5");
  CHECK(p.call("GET", "/healthz").status == 503);
}

TEST_CASE("health and metrics are figures") {
  Play p;

  const auto health = p.call("GET", "/healthz");
  const Json h = Json::parse(health.body);
  CHECK((h["status"] == "ok") == (health.status == 200));
  CHECK(h["adapters"][0]["name"] == "room");
  REQUIRE(eventually([&] { return p.call("GET", "/metrics").body.find("\nhandoff_certificate_days_left") != std::string::npos; }));  // it knows the directory
  const std::string m = p.call("GET", "/metrics").body;
  for (const char* name : {"handoff_outbox_waiting", "handoff_outbox_oldest_age_seconds", "handoff_alarms", "handoff_epoch_keys_left", "handoff_certificate_days_left", "handoff_adapter_accepted_total{adapter=\"room\"} 3"}) {
    CHECK(m.find(std::string("\n") + name) != std::string::npos);
  }
  CHECK(p.call("POST", "/metrics", "x").status == 405);
}

TEST_CASE("the SMART configuration says what there is") {
  Play p;
  const Json j = Json::parse(p.call("GET", "/fhir/R4/.well-known/smart-configuration").body);
  CHECK(j["token_endpoint"] == "https://harbor.example/auth/token");
  CHECK(j["token_endpoint_auth_signing_alg_values_supported"] == Json{"RS384", "ES384"});
}

TEST_CASE("a scope covers what is within it and nothing else") {
  using transport::scope_covers;
  CHECK(scope_covers({"system/*.cruds"}, "system/Task.rs"));
  CHECK(scope_covers({"system/Task.read"}, "system/Task.s"));
  CHECK(scope_covers({"system/*.*"}, "system/Task.write"));
  CHECK_FALSE(scope_covers({"system/Task.rs"}, "system/Task.u"));
  CHECK_FALSE(scope_covers({"system/Task.rs"}, "system/Patient.r"));
  CHECK_FALSE(scope_covers({"user/Task.rs"}, "system/Task.r"));
  CHECK_FALSE(scope_covers({"system/Task.rs"}, "system/Task."));
  CHECK_FALSE(scope_covers({"system/Task.rs"}, "system/Task.rs?x=1"));
  CHECK_FALSE(scope_covers({}, "anything"));
  CHECK(scope_covers({"agent/status"}, "agent/status"));
}

TEST_CASE("a call that hangs inside an adapter does not hold up the agent's stop, and its client is told to come again") {
  Play p;
  int status = 0;
  std::thread client([&] { status = p.call("GET", "/room/open/hangs").status; });
  Room::inside.wait(false);
  p.box.stop();
  client.join();
  CHECK(status == 503);
  CHECK(Room::inside);
  Room::leave = true;
  Room::leave.notify_all();
  Room::inside.wait(true);
}
