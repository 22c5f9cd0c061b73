// Calls to other systems: subscribers, and a customer's own FHIR server; both are real HTTP servers of the test.
#include "adapters/transport/http_server.h"
#include "tests/unit/facade/kit.h"

using namespace facade_kit;

namespace {

struct Listener {
  std::mutex mutex;
  std::vector<transport::HttpRequest> got;
  std::atomic<int> refuse{0};  // answer 503 so often
  transport::HttpServer server;
  Listener() : server(options(), [this](const transport::HttpRequest& r) -> transport::HttpResponse {
        if (refuse > 0) {
          --refuse;
          return {.status = 503, .type = "", .body = ""};
        }
        const std::lock_guard lock(mutex);
        got.push_back(r);
        return {.status = 200, .type = "application/json", .body = "{}"};
      }) {
    REQUIRE(server.start().ok());
  }
  static transport::HttpServerOptions options() {
    transport::HttpServerOptions o;
    o.listen = "127.0.0.1:0", o.clock = base::real_now;
    return o;
  }
  [[nodiscard]] std::string url() const { return "http://" + server.address() + "/in"; }
  std::size_t count() {
    const std::lock_guard lock(mutex);
    return got.size();
  }
  transport::HttpRequest at(std::size_t i) {
    const std::lock_guard lock(mutex);
    return got.at(i);
  }
};

Json subscription(const std::string& url, const std::string& criteria) {
  return {{"resourceType", "Subscription"}, {"status", "requested"}, {"reason", "news"}, {"criteria", criteria},
          {"channel", {{"type", "rest-hook"}, {"endpoint", url}, {"payload", "application/fhir+json"}, {"header", {"Authorization: Bearer secret-word"}}}}};
}

}  // namespace

TEST_CASE("a subscriber is told ids and nothing else, with its header, which nobody is shown again") {
  Listener listener;
  Pair p;
  const Reply made = p.harbor.call("POST", "/Subscription", subscription(listener.url(), "Task?status=received"));
  REQUIRE_MESSAGE(made.status == 201, made.text);
  CHECK(made.body["status"] == "active");
  CHECK(made.text.find("secret-word") == std::string::npos);
  CHECK(p.harbor.get("/Subscription/" + made.body["id"].get<std::string>()).text.find("secret-word") == std::string::npos);
  CHECK(p.harbor.get("/Subscription").text.find("secret-word") == std::string::npos);
  const std::string id = p.refer();
  REQUIRE(eventually([&] { return listener.count() >= 1; }));
  const auto got = listener.at(0);
  CHECK(got.header("authorization") == "Bearer secret-word");
  CHECK(Json::parse(got.body)["entry"][0]["request"]["url"] == "Task/" + id);
  CHECK(got.body.find("Canaryworth") == std::string::npos);
  CHECK(p.harbor.call("DELETE", "/Subscription/" + made.body["id"].get<std::string>()).status == 204);
  CHECK(p.harbor.get("/Subscription").body["total"] == 0);
}

TEST_CASE("criteria, channels, addresses and headers that are not served are refused by name") {
  Pair p;
  const auto fault = [&](Json s) { return where(p.harbor.call("POST", "/Subscription", s)); };
  CHECK(fault(subscription("https://x.example/", "Patient?_id=1")) == "Subscription.criteria");
  CHECK(fault(subscription("https://x.example/", "Task?colour=red")) == "Task?colour");
  CHECK(fault(subscription("http://x.example/", "Task")) == "Subscription.channel.endpoint");
  Json s = subscription("https://x.example/", "Task");
  s["channel"]["type"] = "websocket";
  CHECK(fault(s) == "Subscription.channel.type");
  s = subscription("https://x.example/", "Task");
  s["channel"]["header"] = {"A: b\r\nC: d"};
  CHECK(fault(s) == "Subscription.channel.header");
}

TEST_CASE("what is for this agency is POSTed to its own FHIR server until that has taken it, in a form that may be repeated") {
  Listener emr;
  emr.refuse = 2;
  Pair p("authority_basis = \"treatment\"", "push_to = \"" + emr.url() + "\"");
  const std::string id = p.refer();
  REQUIRE(eventually([&] {
    p.hub.clock.ahead(base::kSecond);
    return emr.count() >= 1;
  }));
  const Json bundle = Json::parse(emr.at(0).body);
  CHECK(bundle["type"] == "transaction");
  for (const Json& e : bundle["entry"]) {
    CHECK(e["request"]["method"] == "POST");
    CHECK(e["request"]["ifNoneExist"].get<std::string>().starts_with("identifier=urn:ietf:rfc:3986|urn:uuid:"));
  }
  CHECK(bundle["entry"][0]["resource"]["identifier"][0]["value"] == "urn:uuid:" + id);
  REQUIRE(eventually([&] { return p.harbor.box->supervisor().status()[0].health.ok; }));
}
