// A Bundle is one message: what lies in it either travels with it, or the whole Bundle is refused by the name of the entry.
#include "tests/unit/facade/kit.h"

using namespace facade_kit;

namespace {

constexpr const char* kUrl = "urn:uuid:6f0cbb1e-3f4c-4a52-9a53-0d8a7f0a00";
const std::string kRequest = std::string(kUrl) + "01", kPatient = std::string(kUrl) + "03";

Json entry(const std::string& text, const std::string& full_url = {}) {
  Json e{{"resource", Json::parse(text)}};
  e["request"] = {{"method", "POST"}, {"url", e["resource"]["resourceType"]}};
  if (!full_url.empty()) e["fullUrl"] = full_url;
  return e;
}
Json with(Json bundle, const std::vector<Json>& more) {
  for (const Json& e : more) bundle["entry"].push_back(e);
  return bundle;
}
Json message_of(Json bundle) {
  bundle["type"] = "message";
  for (Json& e : bundle["entry"]) e.erase("request");
  bundle["entry"].insert(bundle["entry"].begin(), Json::parse(R"({"fullUrl":"urn:uuid:6f0cbb1e-3f4c-4a52-9a53-0d8a7f0a0099","resource":{"resourceType":"MessageHeader","id":"m-9","eventUri":"urn:example:refer","source":{"endpoint":"urn:example:emr"}}})"));
  return bundle;
}
Json transaction(const std::vector<Json>& entries) { return with({{"resourceType", "Bundle"}, {"type", "transaction"}, {"entry", Json::array()}}, entries); }
std::string words(const Reply& r) { return r.body["issue"][0]["diagnostics"]; }

// Refused, at that entry, with a mend; nothing of it is there afterwards.
void refused(Pair& p, const Json& bundle, std::size_t at) {
  const auto tasks = [&] { return p.mercy.get("/Task").body["total"].get<int>(); };
  const int before = tasks();
  const Reply r = p.mercy.call("POST", bundle["type"] == "message" ? "/$process-message" : "/", bundle);
  CAPTURE(r.text);
  CHECK(r.status == 422);
  CHECK(code(r) == "not-supported");
  CHECK(where(r) == "Bundle.entry[" + std::to_string(at) + "].resource");
  CHECK(words(r).find("nothing of this Bundle was sent") != std::string::npos);
  CHECK(tasks() == before);
}

}  // namespace

TEST_CASE("what is a message of its own beside a request is refused with the whole transaction, and with the whole message") {
  Pair p;
  const std::vector<std::string> strays{
      R"({"resourceType":"Communication","status":"completed","about":[{"reference":")" + kRequest + R"("}],"payload":[{"contentString":"He is on the roof"}]})",
      R"({"resourceType":"Appointment","status":"booked","start":"2026-10-06T10:00:00Z","end":"2026-10-06T11:00:00Z","basedOn":[{"reference":")" + kRequest + R"("}],"participant":[{"actor":{"reference":")" + kPatient + R"("},"status":"accepted"}]})",
      R"({"resourceType":"Encounter","status":"arrived","class":{"code":"EMER"},"subject":{"reference":")" + kPatient + R"("}})",
      R"({"resourceType":"ServiceRequest","status":"active","intent":"order","priority":"routine","code":{"text":"Second"},"subject":{"reference":")" + kPatient + R"("}})",
      R"({"resourceType":"Task","status":"requested","intent":"order","owner":{"display":"harbor"},"for":{"reference":")" + kPatient + R"("}})",
      R"({"resourceType":"Patient","name":[{"family":"Other"}]})",
      R"({"resourceType":"Immunization","status":"completed","patient":{"reference":")" + kPatient + R"("}})",
      R"({"resourceType":"Ship","name":"unknown"})",
      R"({"resourceType":"MessageHeader","id":"m"})",
      R"({"resourceType":"Binary","contentType":"text/plain","data":"aGVsbG8="})",
      R"({"resourceType":"Medication","code":{"text":"nobody takes it"}})",
  };
  for (const std::string& s : strays) {
    CAPTURE(s);
    refused(p, with(Pair::request("ORD-S"), {entry(s)}), 5);
    refused(p, message_of(with(Pair::request("ORD-S"), {entry(s)})), 6);
  }
  Json consents = with(Pair::request("ORD-S"), {entry(R"({"resourceType":"Consent","id":"a","status":"active"})"), entry(R"({"resourceType":"Consent","id":"b","status":"active"})")});
  refused(p, consents, 6);
  Json first = Pair::request("ORD-S");  // the place in the Bundle does not matter
  first["entry"].insert(first["entry"].begin(), entry(strays[0]));
  refused(p, first, 0);
  CHECK(p.mercy.call("POST", "/", Pair::request("ORD-S")).status == 200);
}

TEST_CASE("a condition that finds the request does not pass over what else the transaction holds") {
  Pair p;
  p.refer("ORD-C");
  Json again = with(Pair::request("ORD-C"), {entry(R"({"resourceType":"Communication","status":"completed","payload":[{"contentString":"x"}]})")});
  again["entry"][0]["request"]["ifNoneExist"] = "identifier=urn:example:orders|ORD-C";
  refused(p, again, 5);
}

TEST_CASE("what supports a request travels with it, and is there at the other side") {
  Pair p;
  const std::string about = R"("subject":{"reference":")" + kPatient + R"("})", of = R"("patient":{"reference":")" + kPatient + R"("})";
  Json bundle = with(Pair::request("ORD-A"), {
      entry(R"({"resourceType":"Condition","code":{"text":"Bipolar disorder"},)" + about + "}"),
      entry(R"({"resourceType":"Observation","status":"final","code":{"text":"Heart rate"},"valueQuantity":{"value":96,"unit":"/min"},)" + about + "}"),
      entry(R"({"resourceType":"Coverage","status":"active","subscriberId":"M-77","payor":[{"display":"Alder Health"}],"beneficiary":{"reference":")" + kPatient + R"("}})"),
      entry(R"({"resourceType":"Flag","status":"active","code":{"text":"Risk to self"},)" + about + "}"),
      entry(R"({"resourceType":"Consent","id":"c-1","identifier":[{"value":"C-1"}],"status":"active",)" + of + "}"),
      entry(R"({"resourceType":"MedicationStatement","status":"active","medicationReference":{"reference":")" + std::string(kUrl) + R"(10"},)" + about + "}"),
      entry(R"({"resourceType":"Medication","code":{"text":"Lithium"}})", std::string(kUrl) + "10"),
      entry(R"({"resourceType":"DocumentReference","status":"current","description":"Scan","content":[{"attachment":{"contentType":"text/plain","url":")" + std::string(kUrl) + R"(11"}}],)" + about + "}"),
      entry(R"({"resourceType":"Binary","contentType":"text/plain","data":"aGVsbG8="})", std::string(kUrl) + "11"),
      entry(R"({"resourceType":"Organization","name":"Mercy"})"),
      entry(R"({"resourceType":"PractitionerRole","code":[{"text":"nurse"}]})"),
  });
  const Reply sent = p.mercy.call("POST", "/", bundle);
  REQUIRE_MESSAGE(sent.status == 200, sent.text);
  const std::string id = sent.body["entry"][1]["response"]["location"].get<std::string>().substr(5);
  p.arrived(id);
  const auto text = [&](const std::string& type) { return p.harbor.get("/" + type).text; };
  CHECK(text("Condition").find("Bipolar disorder") != std::string::npos);
  CHECK(text("Observation").find("Heart rate") != std::string::npos);
  CHECK(text("Coverage").find("M-77") != std::string::npos);
  CHECK(text("Flag").find("Risk to self") != std::string::npos);
  CHECK(text("MedicationStatement").find("Lithium") != std::string::npos);
  const Json documents = p.harbor.get("/DocumentReference").body;
  REQUIRE(documents["total"] == 2);
  for (const Json& e : documents["entry"])
    CHECK(p.harbor.call("GET", "/" + e["resource"]["content"][0]["attachment"]["url"].get<std::string>(), nullptr, {{"Accept", "*/*"}}).text == "hello");
}

TEST_CASE("a document of which only a link is there is refused: links are not followed") {
  Pair p;
  Json linked = Pair::request("ORD-L");
  linked["entry"][4]["resource"]["content"][0]["attachment"] = {{"contentType", "application/pdf"}, {"title", "plan"}, {"url", "https://emr.example/Binary/7"}};
  const Reply r = p.mercy.call("POST", "/", linked);
  CHECK(r.status == 422);
  CHECK(where(r) == "Bundle.entry[4].resource.content[0].attachment.url");
  CHECK(p.mercy.get("/Task").body["total"] == 0);
}

TEST_CASE("beside another message than a request only those travel whom it speaks of, and what it points to") {
  Pair p;
  const std::string id = p.refer(), doc = std::string(kUrl) + "20";
  p.arrived(id);
  const std::string said = R"({"resourceType":"Communication","status":"completed","about":[{"reference":"Task/)" + id + R"("}],"sender":{"reference":")" + std::string(kUrl) + R"(21"},"payload":[{"contentString":"See the plan"},{"contentReference":{"reference":")" + doc + R"("}}]})";
  const Json who = entry(R"({"resourceType":"Practitioner","name":[{"family":"Ames"}]})", std::string(kUrl) + "21");
  const Json plan = entry(R"({"resourceType":"DocumentReference","status":"current","content":[{"attachment":{"contentType":"text/plain","title":"plan","data":"aGVsbG8="}}]})", doc);
  const auto post = [&](const Json& bundle) { return p.harbor.call("POST", "/", bundle); };
  const auto fault = [&](const Json& bundle) {
    const Reply r = post(bundle);
    return r.status == 422 ? where(r) : r.text;
  };
  Json unasked = plan;
  unasked["fullUrl"] = std::string(kUrl) + "22";
  CHECK(fault(transaction({entry(said), who, plan, unasked})) == "Bundle.entry[3].resource");
  CHECK(fault(transaction({entry(said), plan, entry(said)})) == "Bundle.entry[2].resource");
  CHECK(fault(transaction({entry(said), plan, entry(R"({"resourceType":"Observation","status":"final","code":{"text":"Heart rate"},"valueString":"96"})")})) == "Bundle.entry[2].resource");
  CHECK(fault(transaction({entry(R"({"resourceType":"Encounter","status":"arrived","class":{"code":"EMER"}})"), entry(R"({"resourceType":"Condition","code":{"text":"x"}})")})) == "Bundle.entry[1].resource");
  const Reply sent = post(transaction({entry(said), who, plan}));
  REQUIRE_MESSAGE(sent.status == 200, sent.text);
  REQUIRE(eventually([&] { return p.mercy.get("/Communication").body["total"] == 1; }));
  CHECK(p.mercy.get("/Communication").body["entry"][0]["resource"]["payload"].size() == 2);
}

TEST_CASE("an answer may bring along the request that it answers, but not another one") {
  Pair p;
  const std::string id = p.refer();
  Json task = p.arrived(id);
  const Json request = p.harbor.get("/" + task["focus"]["reference"].get<std::string>()).body;
  const Json patient = p.harbor.get("/" + task["for"]["reference"].get<std::string>()).body;
  task["status"] = "accepted";
  const auto put = [](const Json& j) { return Json{{"fullUrl", "https://harbor.example/fhir/" + j["resourceType"].get<std::string>() + "/" + j["id"].get<std::string>()}, {"resource", j}, {"request", {{"method", "PUT"}, {"url", j["resourceType"].get<std::string>() + "/" + j["id"].get<std::string>()}}}}; };
  Json other = request;
  other["id"] = "another";
  const Reply no = p.harbor.call("POST", "/", transaction({put(task), put(other)}));
  CHECK(no.status == 422);
  CHECK(where(no) == "Bundle.entry[1].resource");
  const Reply yes = p.harbor.call("POST", "/", transaction({put(task), put(request), put(patient)}));
  REQUIRE_MESSAGE(yes.status == 200, yes.text);
  REQUIRE(eventually([&] { return p.mercy.get("/Task/" + id).body["status"] == "accepted"; }));
}

TEST_CASE("a request that was sent before, or is closed, is not sent as a new one by a transaction") {
  Pair p;
  const std::string id = p.refer();
  p.arrived(id);
  Json sent = p.mercy.get("/" + p.mercy.get("/Task/" + id).body["focus"]["reference"].get<std::string>()).body;
  const auto fault = [&](const Json& e) { return where(p.mercy.call("POST", "/", transaction({e}))); };
  const Json put{{"method", "PUT"}, {"url", "ServiceRequest/" + sent["id"].get<std::string>()}};
  CHECK(fault({{"resource", sent}, {"request", put}}) == "Bundle.entry[0].resource.status");
  Json closed = Pair::request("ORD-R");
  closed["entry"][0]["resource"]["status"] = "revoked";
  CHECK(where(p.mercy.call("POST", "/", closed)) == "Bundle.entry[0].resource.status");
  CHECK(p.mercy.get("/Task").body["total"] == 1);
}

TEST_CASE("a Bundle of more entries than are looked at is refused") {
  Pair p;
  Json many = Pair::request("ORD-N");
  for (int i = 0; i < 1000; ++i) many["entry"].push_back(entry(R"({"resourceType":"Practitioner"})"));
  CHECK(p.mercy.call("POST", "/", many).status == 413);
}
