// FHIR: what goes into a Bundle, and how a dropped-in Task is read. Validity is tests/conformance/fhir_*.
#include "adapters/formats/fhir/bundle.h"
#include "adapters/formats/fhir/task_in.h"

#include <nlohmann/json.hpp>

#include <doctest/doctest.h>

using namespace adapters::formats::fhir;
using Json = nlohmann::json;

namespace {

const base::Id kThread{0x01, 0x92, 0x5d, 0x10, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 9};
const std::string kUuid = "01925d10-0000-7000-8000-000000000009";

Context context(bool test = false) {
  return {.thread_id = kThread,
          .from = "stb",
          .from_kind = "hospital_ed",
          .to = "hcc",
          .to_kind = "crisis_center",
          .at = {1791208924000},
          .test = test};
}

schemas::Referral referral() {
  schemas::Referral r;
  r.subject.name = {"Testcase", "Fulton", "Q", ""};
  r.subject.dob = "1986-11-30", r.subject.sex = "male";
  r.urgency = "emergent", r.service = {"", "CSU_BED", "Crisis bed"}, r.reasons = {{"I10", "R45.851", "Suicidal ideations"}};
  r.requester.name = {"Ames", "Rowan", "", ""}, r.requester.phone = "5550100";
  r.effective_until = "2026-10-12", r.source_ref = "REQ-1", r.labels = {"general", "part2"}, r.location_now = "ED 12";
  return r;
}
Json find(const Json& bundle, const std::string& type) {
  for (const Json& e : bundle["entry"]) {
    if (e["resource"]["resourceType"] == type) return e["resource"];
  }
  return {};
}
std::string task(const std::string& more) { return R"({"resourceType":"Task","id":")" + kUuid + R"(","intent":"order",)" + more + "}"; }

}  // namespace

TEST_CASE("the Bundle's Task carries the thread, the priority and both agencies") {
  const Json b = Json::parse(referral_bundle({}, referral(), context()));
  CHECK(b["type"] == "transaction");
  const Json t = find(b, "Task"), s = find(b, "ServiceRequest"), p = find(b, "Patient");
  CHECK(t["id"] == kUuid);
  CHECK(t["identifier"][0]["value"] == "urn:uuid:" + kUuid);
  CHECK(t["status"] == "requested");
  CHECK(t["priority"] == "stat");
  CHECK(t["code"]["coding"][0]["code"] == "fulfill");
  CHECK(t["focus"]["reference"] == "urn:uuid:" + s["id"].get<std::string>());
  CHECK(t["for"]["reference"] == "urn:uuid:" + p["id"].get<std::string>());
  CHECK(t["owner"]["display"] == "hcc");
  CHECK(t["restriction"]["period"]["end"] == "2026-10-12");
  CHECK(t["meta"]["security"][1]["code"] == "42CFRPart2");
  CHECK(s["reasonCode"][0]["coding"][0]["system"] == "http://hl7.org/fhir/sid/icd-10-cm");
  CHECK(p["name"][0]["family"] == "Testcase");
  CHECK(p["birthDate"] == "1986-11-30");
  CHECK(find(b, "PractitionerRole")["telecom"][0]["value"] == "5550100");
}

TEST_CASE("a test referral is marked HTEST on every resource, a live one on none") {
  const Json b = Json::parse(referral_bundle({}, referral(), context(true)));
  for (const Json& e : b["entry"]) CHECK(e["resource"]["meta"]["security"][0]["code"] == "HTEST");
  CHECK(referral_bundle({}, referral(), context()).find("HTEST") == std::string::npos);
}

TEST_CASE("custom fields travel as Task inputs") {
  schemas::Body body;
  body.custom["x-sober-housing"] = "yes";
  CHECK(referral_bundle(body, referral(), context()).find("custom:x-sober-housing") != std::string::npos);
}

TEST_CASE("an accepted Task is read with who, when and where") {
  const auto a = read_task(
      task(R"("status":"accepted","lastModified":"2026-10-05T14:10:00Z","owner":{"display":"M. Okonjo"},"note":[{"text":"East door."}],
    "executionPeriod":{"start":"2026-10-05T15:00:00Z"},"location":{"display":"Bay 2"},
    "contained":[{"resourceType":"PractitionerRole","telecom":[{"system":"phone","value":"555-0199"}]}])"));
  REQUIRE(a.ok());
  CHECK(a->thread_id == kThread);
  CHECK(a->update.status == "accepted");
  CHECK(a->update.at.ms == 1791209400000);
  CHECK(a->update.actor_name == "M. Okonjo");
  CHECK(a->update.callback == "555-0199");
  CHECK(a->update.expected_at == "2026-10-05T15:00:00Z");
  CHECK(a->update.place == "Bay 2");
  CHECK(a->update.text == "East door.");
}

TEST_CASE("the identifier goes before the id, and a Bundle may hold the Task") {
  const std::string inner =
      R"({"resourceType":"Task","id":"local-7","identifier":[{"value":"CASE-1"},{"system":"urn:ietf:rfc:3986","value":"urn:uuid:)" + kUuid +
      R"("}],"status":"in-progress"})";
  const auto a = read_task(
      R"({"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"Patient"}},{"resource":)" + inner + "}]}");
  REQUIRE(a.ok());
  CHECK(a->thread_id == kThread);
  CHECK(a->update.status == "in-progress");
}

TEST_CASE("FHIR's statuses become ours, with the business status where it is finer") {
  const auto status = [](const std::string& s, const std::string& business = "") {
    const auto a = read_task(task("\"status\":\"" + s + "\"" +
                                  (business.empty() ? "" : R"(,"businessStatus":{"coding":[{"code":")" + business + "\"}]}") +
                                  R"(,"statusReason":{"coding":[{"code":"CAP_NO_BED"}]})"));
    return a.ok() ? a->update.status : a.error().where;
  };
  CHECK(status("accepted", "5.1.1") == "scheduled");
  CHECK(status("in-progress", "5.1.2") == "no-show");
  CHECK(status("received", "info-requested") == "info_requested");
  CHECK(status("failed") == "completed");
  CHECK(status("rejected") == "rejected");
  CHECK(status("on-hold") == "on-hold");
  for (const char* bad : {"draft", "requested", "ready", "", "ACCEPTED"}) CHECK(status(bad) == "Task.status");
}

TEST_CASE("a rejection carries class and code, or is refused for want of them") {
  const auto coded = read_task(task(R"("status":"rejected","statusReason":{"coding":[{"code":"ELIG_AGE"}],"text":"under 18"})"));
  REQUIRE(coded.ok());
  CHECK(coded->update.reason == "ELIG_AGE");
  CHECK(coded->update.reason_class == "eligibility");
  CHECK(coded->update.text == "under 18");
  CHECK(read_task(task(R"("status":"rejected","statusReason":{"text":"no"})"))->update.reason == "OTH");
  CHECK(read_task(task(R"("status":"rejected")")).error().where == "Task.statusReason");
}

TEST_CASE("an outcome comes from Task.output") {
  const auto a = read_task(task(
      R"("status":"completed","output":[{"type":{"text":"outcome"},"valueCodeableConcept":{"coding":[{"code":"ENGAGED"}]}},{"type":{"coding":[{"code":"next-action"}]},"valueString":"call on Friday"}])"));
  REQUIRE(a.ok());
  CHECK(a->update.outcome == "ENGAGED");
  CHECK(a->update.next_action == "call on Friday");
  CHECK(read_task(task(R"("status":"failed")"))->update.outcome == "UNSUCCESSFUL_CONTACT");
}

TEST_CASE("what is no Task of ours is refused with its place and without its contents") {
  const auto where = [](const std::string& text) { return read_task(text).error().where; };
  CHECK(where("{\"resourceType\":\"Patient\"}") == "resourceType");
  CHECK(where("[1,2]") == "resourceType");
  CHECK(where("{\"resourceType\":\"Bundle\"}") == "Bundle.entry");
  CHECK(where(R"({"resourceType":"Task","id":"7","status":"accepted"})") == "Task.identifier");
  CHECK(where(task(R"("status":"accepted","lastModified":"yesterday")")) == "Task.lastModified");
  CHECK(where("{\"half\":") == "byte 9");
  CHECK(read_task(R"({"resourceType":"Task","id":7,"status":["x"],"note":5,"output":{"a":1}})").error().kind == base::Kind::kMalformed);
}

TEST_CASE("a later status of the other side is a Task of the same identity") {
  schemas::StatusUpdate u;
  u.status = "expired", u.at = {1791212524000};
  const Json t = Json::parse(status_task(u, context()));
  CHECK(t["id"] == kUuid);
  CHECK(t["status"] == "cancelled");
  CHECK(t["statusReason"]["coding"][0]["code"] == "expired");
  CHECK(t["lastModified"] == "2026-10-05T15:02:04.000Z");
  const Json b = Json::parse(referral_bundle({}, referral(), context()));
  CHECK(t["focus"]["reference"] == "ServiceRequest/" + find(b, "ServiceRequest")["id"].get<std::string>());
}
