// Two agencies, each with a FHIR facade on its agent's HTTP server, over a hub in memory; and a FHIR client of each.
#pragma once

#include "adapters/agent/web/web.h"
#include "adapters/facade/facade.h"
#include "adapters/transport/outbound.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/unit/agent_rig.h"

namespace facade_kit {

using namespace rig;
using Json = nlohmann::json;
namespace transport = adapters::transport;

struct Reply {
  int status = 0;
  Json body;
  std::string text, type;
  std::map<std::string, std::string> headers;
};

class Office {
 public:
  Office(FakeHub& hub, const std::string& slug, const std::string& kind, const std::string& config = "", const std::vector<std::string>& scopes = {"system/*.cruds"})
      : box(hub, slug, kind, {{"fhir-facade", "fhir", parsed(config), base::kDay}}, {adapters::facade::fhir_facade()}) {
    std::ofstream(dir_.path() + "/emr.secret") << kSecret;
    agent::HttpSettings h;
    h.listen = "127.0.0.1:0";
    h.clients = {{"emr", dir_.path() + "/emr.secret", "", scopes}};
    box.http = h;
  }
  void start() {
    box.start();
    REQUIRE(eventually([&] { return box->supervisor().status()[0].health.ok; }));
    const auto a = raw("POST", "/auth/token", "grant_type=client_credentials&client_id=emr&client_secret=" + std::string(kSecret), {}, "application/x-www-form-urlencoded");
    REQUIRE(a.status == 200);
    token = a.body["access_token"];
  }
  Reply call(const std::string& method, const std::string& path, const Json& body = nullptr, std::vector<std::pair<std::string, std::string>> headers = {}) {
    headers.emplace_back("Authorization", "Bearer " + token);
    return raw(method, "/fhir/R4" + path, body.is_null() ? "" : body.dump(), std::move(headers), body.is_null() ? "" : "application/fhir+json");
  }
  Reply get(const std::string& path) { return call("GET", path); }
  Reply raw(const std::string& method, const std::string& path, const std::string& body, std::vector<std::pair<std::string, std::string>> headers, const std::string& type) {
    transport::Outbound out({});
    const auto a = out.call({.method = method, .url = "http://" + box->web()->address() + path, .type = type, .body = body, .headers = std::move(headers)});
    REQUIRE_MESSAGE(a.ok(), (a.ok() ? "" : a.error().what));
    Reply r{a->status, Json::parse(a->body, nullptr, false), a->body, a->type, {}};
    for (const auto& [name, value] : a->headers) r.headers[name] = value;
    return r;
  }

  AgentBox box;
  std::string token;

 private:
  static constexpr const char* kSecret = "0123456789abcdef0123456789abcdef";
  static schemas::Config parsed(const std::string& text) {
    auto c = schemas::Config::parse(text);
    REQUIRE(c.ok());
    return *c;
  }
  TempDir dir_;
};

struct Pair {
  FakeHub hub;
  Office mercy, harbor;
  explicit Pair(const std::string& mercy_config = "authority_basis = \"treatment\"\ncallback = \"555-0101\"", const std::string& harbor_config = "callback = \"555-0142\"")
      : mercy(hub, "mercy", "hospital_ed", mercy_config), harbor(hub, "harbor", "crisis_center", harbor_config) {
    mercy.start();
    harbor.start();
    REQUIRE(eventually([&] {
      for (Office* o : {&mercy, &harbor}) {
        (void)o->box->office().replica.sync(o->box->hub());
        if (!o->box->office().desk().stale.empty()) return false;
        for (const Office* other : {&mercy, &harbor}) {
          if (o->box->office().replica.directory().usable_epoch(other->box.id(), hub.clock.now()) == nullptr) return false;
        }
      }
      return true;
    }));
  }
  // A referral from mercy to harbor; returns the Task's id.
  std::string refer(const std::string& order = "ORD-1") {
    const Reply r = mercy.call("POST", "/", request(order));
    REQUIRE_MESSAGE(r.status == 200, r.text);
    const std::string where = r.body["entry"][1]["response"]["location"];
    REQUIRE(where.starts_with("Task/"));
    return where.substr(5);
  }
  static Json request(const std::string& order) {
    return Json::parse(R"({"resourceType":"Bundle","type":"transaction","entry":[
      {"fullUrl":"urn:uuid:6f0cbb1e-3f4c-4a52-9a53-0d8a7f0a0001","request":{"method":"POST","url":"ServiceRequest"},"resource":{"resourceType":"ServiceRequest","identifier":[{"system":"urn:example:orders","value":")" + order + R"("}],
        "status":"active","intent":"order","priority":"stat","code":{"coding":[{"system":"urn:handoff:codes","code":"CRISIS_EVAL"}]},"subject":{"reference":"urn:uuid:6f0cbb1e-3f4c-4a52-9a53-0d8a7f0a0003"},
        "requester":{"reference":"urn:uuid:6f0cbb1e-3f4c-4a52-9a53-0d8a7f0a0004"},"reasonCode":[{"coding":[{"system":"urn:handoff:codes","code":"SI"}]}],"supportingInfo":[{"reference":"urn:uuid:6f0cbb1e-3f4c-4a52-9a53-0d8a7f0a0005"}]}},
      {"fullUrl":"urn:uuid:6f0cbb1e-3f4c-4a52-9a53-0d8a7f0a0002","request":{"method":"POST","url":"Task"},"resource":{"resourceType":"Task","status":"requested","intent":"order",
        "code":{"coding":[{"system":"http://hl7.org/fhir/CodeSystem/task-code","code":"fulfill"}]},"focus":{"reference":"urn:uuid:6f0cbb1e-3f4c-4a52-9a53-0d8a7f0a0001"},"for":{"reference":"urn:uuid:6f0cbb1e-3f4c-4a52-9a53-0d8a7f0a0003"},
        "owner":{"identifier":{"system":"urn:handoff:agency","value":"harbor"}}}},
      {"fullUrl":"urn:uuid:6f0cbb1e-3f4c-4a52-9a53-0d8a7f0a0003","request":{"method":"POST","url":"Patient"},"resource":{"resourceType":"Patient","identifier":[{"system":"urn:example:mrn","value":"MRN-7"}],"name":[{"family":"Canaryworth","given":["Jo"]}],"birthDate":"1992-03-04","gender":"female"}},
      {"fullUrl":"urn:uuid:6f0cbb1e-3f4c-4a52-9a53-0d8a7f0a0004","request":{"method":"POST","url":"Practitioner"},"resource":{"resourceType":"Practitioner","name":[{"family":"Ames","given":["Rowan"]}],"telecom":[{"system":"phone","value":"555-0100"}]}},
      {"fullUrl":"urn:uuid:6f0cbb1e-3f4c-4a52-9a53-0d8a7f0a0005","request":{"method":"POST","url":"DocumentReference"},"resource":{"resourceType":"DocumentReference","status":"current","description":"Plan","content":[{"attachment":{"contentType":"text/plain","title":"plan.txt","data":"aGVsbG8="}}]}}]})");
  }
  // At the target, once it is there and the agent has said `received`.
  Json arrived(const std::string& task) {
    REQUIRE(eventually([&] {
      const Reply r = harbor.get("/Task/" + task);
      return r.status == 200 && r.body["status"] == "received";
    }));
    return harbor.get("/Task/" + task).body;
  }
};

inline std::string code(const Reply& r) { return r.body.contains("issue") ? r.body["issue"][0]["code"].get<std::string>() : ""; }
inline std::string where(const Reply& r) { return r.body.contains("issue") && r.body["issue"][0].contains("expression") ? r.body["issue"][0]["expression"][0].get<std::string>() : ""; }

}  // namespace facade_kit
