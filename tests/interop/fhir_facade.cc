// A FHIR client and two FHIR validators that are not ours against a running facade. HANDOFF_VALIDATORS names their folder; it is copied,
// never written to. Unset, or without node: skipped.
#include <cstdlib>
#include <filesystem>

#include "tests/unit/facade/kit.h"

using namespace facade_kit;
namespace fs = std::filesystem;

namespace {

// The tools in a folder of their own, with what they need; "" if there are none.
std::string tools() {
  const char* from = std::getenv("HANDOFF_VALIDATORS");
  if (from == nullptr || std::system("node --version >/dev/null 2>&1") != 0) return {};
  const std::string to = std::string(HANDOFF_BIN_DIR) + "/../fhir/validators";
  const std::string command = "mkdir -p " + to + " && cp -R " + from + "/fhir " + from + "/npm " + to + "/ && { [ -d " + to + "/npm/node_modules ] || (cd " + to +
                              "/npm && npm i --ignore-scripts --no-audit --no-fund >/dev/null); }";
  REQUIRE(std::system(command.c_str()) == 0);
  return to;
}

}  // namespace

TEST_CASE("an independent client creates, reads, searches and sends a batch; everything that is served is valid R4 to two validators") {
  const std::string to = tools();
  if (to.empty()) {
    MESSAGE("skipped: HANDOFF_VALIDATORS is not set, or there is no node");
    return;
  }
  Pair p;
  const std::string task = p.refer();
  Json answer = p.arrived(task);
  answer["status"] = "accepted";
  REQUIRE(p.harbor.call("PUT", "/Task/" + task, answer).status == 200);
  answer["businessStatus"] = Json::parse(R"({"coding":[{"system":"http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS","code":"5.1.1"}]})");
  answer["executionPeriod"]["start"] = "2026-10-06T09:00:00Z";
  REQUIRE(p.harbor.call("PUT", "/Task/" + task, answer).status == 200);

  const Json visit = Json::parse(R"({"resourceType":"Encounter","status":"arrived","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"EMER"},
    "identifier":[{"value":"V-1"}],"period":{"start":"2026-10-05T14:00:00Z"},"serviceProvider":{"display":"Harborlight"},"basedOn":[{"reference":"ServiceRequest/)" + task + R"("}]})");
  const Json consent = Json::parse(R"({"resourceType":"Consent","status":"active","identifier":[{"system":"urn:ietf:rfc:3986","value":"urn:uuid:)" + task + R"("}],
    "scope":{"coding":[{"code":"patient-privacy"}]},"category":[{"coding":[{"system":"http://loinc.org","code":"59284-0"}]}],"dateTime":"2026-10-01T10:00:00Z",
    "performer":[{"display":"Jo Canaryworth"}],"policyRule":{"coding":[{"code":"OPTIN"}]},"sourceAttachment":{"title":"I agree that Mercy tells Harborlight."},"provision":{"purpose":[{"code":"TREAT"}],"period":{"end":"2027-10-01T00:00:00Z"},
    "actor":[{"role":{"coding":[{"code":"PRCP"}]},"reference":{"identifier":{"system":"urn:handoff:agency","value":"harbor"}}}],
    "securityLabel":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"PSY"}]}})");
  const Json subscription = Json::parse(R"({"resourceType":"Subscription","status":"requested","reason":"news","criteria":"Task?status=accepted",
    "channel":{"type":"rest-hook","endpoint":"http://127.0.0.1:9/"}})");
  for (const auto& [office, type, resource] : {std::tuple{&p.harbor, "Encounter", visit}, {&p.mercy, "Consent", consent}, {&p.harbor, "Subscription", subscription}}) {
    const Reply made = office->call("POST", "/" + std::string(type), resource);
    REQUIRE_MESSAGE(made.status == 201, made.text);
  }

  TempDir dir;
  const auto file = [&](const std::string& name, const Json& j) {
    std::ofstream(dir.path() + "/" + name) << j.dump();
    return " " + dir.path() + "/" + name;
  };
  std::string given;
  given += file("Patient.json", Json::parse(R"({"resourceType":"Patient","name":[{"family":"Testcase","given":["Fulton"]}],"gender":"male","birthDate":"1986-11-30"})"));
  given += file("Communication.json", Json{{"resourceType", "Communication"}, {"status", "completed"}, {"about", {{{"reference", "Task/" + task}}}}, {"payload", {{{"contentString", "Which door?"}}, {{"contentAttachment", {{"contentType", "text/plain"}, {"data", "aGk="}, {"title", "a.txt"}}}}}}});
  given += file("Batch.json", Json{{"resourceType", "Bundle"}, {"type", "batch"}, {"entry", {{{"request", {{"method", "GET"}, {"url", "Task/" + task}}}}}}});
  given += file("Transaction.json", Pair::request("ORD-I"));
  CHECK(std::system(("node " + to + "/fhir/fhir-client.cjs http://" + p.mercy.box->web()->address() + "/ fhir/R4 " + p.mercy.token + given).c_str()) == 0);

  std::string served;
  const auto keep = [&](const std::string& name, const Reply& r) { served += file("served-" + name + ".json", r.body); };
  for (Office* o : {&p.mercy, &p.harbor}) {
    const std::string who = o == &p.mercy ? "mercy" : "harbor";
    for (const char* type : {"Task", "ServiceRequest", "Patient", "Communication", "DocumentReference", "Appointment", "Encounter", "Consent", "Subscription", "Organization", "Practitioner", "PractitionerRole"}) {
      const Reply all = o->get("/" + std::string(type));
      keep(who + "-" + type, all);
      std::size_t n = 0;
      if (!all.body.contains("entry")) continue;
      for (const Json& e : all.body["entry"]) served += file("served-" + who + "-" + type + std::to_string(n++) + ".json", e["resource"]);
    }
  }
  keep("metadata", p.mercy.get("/metadata"));
  keep("error", p.mercy.get("/Task?colour=red"));
  keep("transaction", p.mercy.call("POST", "/", Pair::request("ORD-J")));
  CHECK(std::system(("node " + to + "/fhir/validate-fhir.mjs -q" + served).c_str()) == 0);
  CHECK(std::system(("node " + to + "/fhir/second-opinion.cjs" + served).c_str()) == 0);
}
