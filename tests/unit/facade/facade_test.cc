// The facade as a FHIR client meets it: a referral goes out, is read, answered, searched and told of; what is wrong says where.
#include "tests/unit/facade/kit.h"

using namespace facade_kit;

TEST_CASE("a transaction sends a referral; the other side reads it, answers with a Task, and the answer comes back") {
  Pair p;
  const std::string id = p.refer();
  Json task = p.arrived(id);
  CHECK(task["priority"] == "stat");
  CHECK(task["businessStatus"]["coding"][0]["code"] == "received");
  const std::string patient = task["for"]["reference"], request = task["focus"]["reference"];
  CHECK(p.harbor.get("/" + patient).body["name"][0]["family"] == "Canaryworth");
  CHECK(p.harbor.get("/" + request).body["status"] == "active");
  const Reply read = p.harbor.get("/Task/" + id);
  CHECK(read.headers.at("etag") == "W/\"" + task["meta"]["versionId"].get<std::string>() + "\"");

  task["status"] = "accepted";
  task["owner"]["display"] = "M. Okonjo";
  const Reply done = p.harbor.call("PUT", "/Task/" + id, task, {{"If-Match", read.headers.at("etag")}});
  REQUIRE_MESSAGE(done.status == 200, done.text);
  CHECK(done.body["status"] == "accepted");
  CHECK(done.body["businessStatus"]["coding"][0]["code"] == "3.0");
  CHECK(p.harbor.call("PUT", "/Task/" + id, task, {{"If-Match", read.headers.at("etag")}}).status == 412);
  REQUIRE(eventually([&] { return p.mercy.get("/Task/" + id).body["status"] == "accepted"; }));
  CHECK(p.mercy.get("/Task/" + id).body["output"][0]["valueString"] == "555-0142");  // the desk's number, from the settings

  task["status"] = "completed";
  task["output"] = Json::parse(R"([{"type":{"text":"outcome"},"valueCodeableConcept":{"coding":[{"code":"ENGAGED"}]}}])");
  REQUIRE(p.harbor.call("PUT", "/Task/" + id, task).status == 200);
  REQUIRE(eventually([&] { return p.mercy.get("/" + request).body["status"] == "completed"; }));
}

TEST_CASE("the same request again sends nothing; If-None-Exist finds what is there") {
  Pair p;
  const std::string id = p.refer();
  CHECK(p.refer() == id);
  CHECK(p.refer("ORD-2") != id);
  Json one = Pair::request("ORD-1")["entry"][0]["resource"];
  const Reply found = p.mercy.call("POST", "/ServiceRequest", one, {{"If-None-Exist", "identifier=urn:example:orders|ORD-1"}});
  CHECK(found.status == 200);
  CHECK(p.mercy.get("/Task?_count=10").body["total"] == 2);
}

TEST_CASE("step by step: a Patient and a request wait, a Task says who is asked") {
  Pair p;
  const Reply patient = p.mercy.call("POST", "/Patient", Json::parse(R"({"resourceType":"Patient","name":[{"family":"Canaryworth"}],"birthDate":"1992"})"));
  REQUIRE(patient.status == 201);
  const std::string pid = patient.body["id"];
  CHECK(patient.headers.at("location").find("/fhir/R4/Patient/" + pid) == 0);
  Json changed = patient.body;
  changed["gender"] = "female";
  CHECK(p.mercy.call("PUT", "/Patient/" + pid, changed).body["meta"]["versionId"] == "2");
  const Reply request = p.mercy.call("POST", "/ServiceRequest", Json{{"resourceType", "ServiceRequest"}, {"status", "active"}, {"intent", "order"}, {"priority", "urgent"}, {"code", {{"text", "Crisis bed"}}}, {"subject", {{"reference", "Patient/" + pid}}}, {"reasonCode", {{{"text", "agitation"}}}}});
  REQUIRE(request.status == 201);
  Json task{{"resourceType", "Task"}, {"status", "requested"}, {"intent", "order"}, {"focus", {{"reference", "ServiceRequest/" + request.body["id"].get<std::string>()}}}, {"owner", {{"display", "harbor"}}}};
  const Reply sent = p.mercy.call("POST", "/Task", task);
  REQUIRE_MESSAGE(sent.status == 201, sent.text);
  const Json there = p.arrived(sent.body["id"]);
  CHECK(p.harbor.get("/" + there["for"]["reference"].get<std::string>()).body["gender"] == "female");
  task["focus"]["reference"] = "ServiceRequest/none";
  CHECK(where(p.mercy.call("POST", "/Task", task)) == "Task.focus");
  CHECK(p.mercy.call("DELETE", "/Patient/" + pid).status == 204);
  CHECK(p.mercy.get("/Patient/" + pid).status == 404);
}

TEST_CASE("drafts outlive a restart of the agent") {
  Pair p;
  const Reply patient = p.mercy.call("POST", "/Patient", Json::parse(R"({"resourceType":"Patient","name":[{"family":"Canaryworth"}]})"));
  const std::string task = p.refer();
  p.mercy.box.stop();
  p.mercy.start();
  CHECK(p.mercy.get("/Patient/" + patient.body["id"].get<std::string>()).status == 200);
  CHECK(p.mercy.get("/Task/" + task).status == 200);
}

TEST_CASE("messages and attachments go both ways; content is read as a Binary") {
  Pair p;
  const std::string id = p.refer();
  p.arrived(id);
  const Json found = p.harbor.get("/DocumentReference?_count=5").body;
  REQUIRE(found["total"] == 1);
  const std::string url = found["entry"][0]["resource"]["content"][0]["attachment"]["url"];
  const Reply plain = p.harbor.call("GET", "/" + url, nullptr, {{"Accept", "*/*"}});
  CHECK(plain.text == "hello");
  CHECK(plain.type == "text/plain");
  CHECK(p.harbor.call("GET", "/" + url, nullptr, {{"Accept", "application/fhir+json"}}).body["data"] == "aGVsbG8=");
  CHECK(p.harbor.get("/Binary/01925d10-0000-7000-8000-000000000009.0").status == 404);
  CHECK(p.harbor.get("/Binary/x").status == 404);

  const Reply said = p.harbor.call("POST", "/Communication", Json::parse(R"({"resourceType":"Communication","status":"completed","about":[{"reference":"Task/)" + id + R"("}],"payload":[{"contentString":"Which door?"}]})"));
  REQUIRE_MESSAGE(said.status == 201, said.text);
  const std::string where_to = "/Communication/" + said.body["id"].get<std::string>();
  REQUIRE(eventually([&] { return p.mercy.get(where_to).status == 200; }));
  CHECK(p.mercy.get(where_to).body["payload"][0]["contentString"] == "Which door?");
  CHECK(where(p.harbor.call("POST", "/Communication", Json::parse(R"({"resourceType":"Communication","status":"completed","payload":[{"contentString":"x"}]})"))) == "Communication.about");
}

TEST_CASE("searches find by id, status, patient, identifier and time, page by page; an unknown parameter is an error unless told otherwise") {
  Pair p;
  std::vector<std::string> tasks;
  for (int i = 0; i < 5; ++i) tasks.push_back(p.refer("ORD-" + std::to_string(i)));
  const auto total = [&](const std::string& query) { return p.mercy.get(query).body.value("total", -1); };
  CHECK(total("/Task?_id=" + tasks[2]) == 1);
  CHECK(total("/Task?status=rejected") == 0);
  CHECK(total("/Task?status=requested,received") == 5);
  CHECK(total("/ServiceRequest?identifier=urn:example:orders%7CORD-3") == 1);
  CHECK(total("/ServiceRequest?identifier=ORD-3") == 1);
  CHECK(total("/Patient?identifier=urn:example:mrn%7C") == 5);
  const std::string patient = p.mercy.get("/Task/" + tasks[0]).body["for"]["reference"];
  CHECK(total("/Task?patient=" + patient) == 1);
  CHECK(total("/Task?subject=" + patient.substr(8)) == 1);
  CHECK(total("/Task?_lastUpdated=ge2020") == 5);
  CHECK(total("/Task?_lastUpdated=lt2020-01-01") == 0);
  std::set<std::string> seen;
  std::string next = "/Task?_count=2";
  int pages = 0;
  while (!next.empty() && pages++ < 10) {
    const Json page = p.mercy.get(next).body;
    for (const Json& e : page["entry"]) seen.insert(e["resource"]["id"]);
    next.clear();
    for (const Json& l : page["link"]) {
      if (l["relation"] == "next") next = "/" + l["url"].get<std::string>();
    }
  }
  CHECK(pages == 3);
  CHECK(seen.size() == 5);
  const Reply unknown = p.mercy.get("/Task?colour=red");
  CHECK(unknown.status == 400);
  CHECK(where(unknown) == "Task?colour");
  CHECK(p.mercy.call("GET", "/Task?colour=red", nullptr, {{"Prefer", "handling=lenient"}}).body["total"] == 5);
  CHECK(p.mercy.raw("POST", "/fhir/R4/Task/_search", "_id=" + tasks[1], {{"Authorization", "Bearer " + p.mercy.token}}, "application/x-www-form-urlencoded").body["total"] == 1);
  CHECK(p.mercy.get("/Task?_lastUpdated=yesterday").status == 400);
  CHECK(p.mercy.get("/Task?_count=x").status == 400);
}

TEST_CASE("what the life of a referral does not have is a conflict; what the policy does not allow is forbidden by a named rule") {
  Pair p;
  const std::string id = p.refer();
  Json task = p.arrived(id);
  task["status"] = "completed";
  task["output"] = Json::parse(R"([{"type":{"text":"outcome"},"valueString":"ENGAGED"}])");
  const Reply early = p.harbor.call("PUT", "/Task/" + id, task);
  CHECK(early.status == 409);
  CHECK(code(early) == "business-rule");
  task["status"] = "rejected";
  task.erase("output");
  CHECK(where(p.harbor.call("PUT", "/Task/" + id, task)) == "Task.statusReason");
  Json nobody = Pair::request("ORD-9");
  nobody["entry"][1]["resource"]["owner"] = {{"display", "Nowhere Clinic"}};
  const Reply unknown = p.mercy.call("POST", "/", nobody);
  CHECK(unknown.status == 422);
  CHECK(where(unknown) == "Task.owner");
  CHECK(p.mercy.get("/Task").body["total"] == 1);  // nothing was sent of either
}

TEST_CASE("a request is taken back with its status") {
  Pair p;
  const std::string id = p.refer();
  p.arrived(id);
  REQUIRE(eventually([&] { return p.mercy.get("/Task/" + id).body["status"] == "received"; }));
  Json request = p.mercy.get("/" + p.mercy.get("/Task/" + id).body["focus"]["reference"].get<std::string>()).body;
  request["status"] = "revoked";
  const Reply r = p.mercy.call("PUT", "/ServiceRequest/" + request["id"].get<std::string>(), request);
  REQUIRE_MESSAGE(r.status == 200, r.text);
  CHECK(r.body["status"] == "revoked");
  REQUIRE(eventually([&] { return p.harbor.get("/Task/" + id).body["status"] == "cancelled"; }));
}

TEST_CASE("batches answer entry by entry; a message is answered by a message") {
  Pair p;
  const std::string id = p.refer();
  Json batch{{"resourceType", "Bundle"}, {"type", "batch"}};
  batch["entry"].push_back({{"request", {{"method", "GET"}, {"url", "Task/" + id}}}});
  batch["entry"].push_back({{"request", {{"method", "GET"}, {"url", "Task/none"}}}});
  batch["entry"].push_back({{"request", {{"method", "GET"}, {"url", "Task?_id=" + id}}}});
  batch["entry"].push_back({{"request", {{"method", "POST"}, {"url", ""}}}, {"resource", batch}});
  const Reply r = p.mercy.call("POST", "/", batch);
  CHECK(r.body["type"] == "batch-response");
  CHECK(r.body["entry"][0]["resource"]["id"] == id);
  CHECK(r.body["entry"][1]["response"]["status"] == "404");
  CHECK(r.body["entry"][2]["resource"]["total"] == 1);
  CHECK(r.body["entry"][3]["response"]["status"] == "422");

  Json message = Pair::request("ORD-M");
  message["type"] = "message";
  for (Json& e : message["entry"]) e.erase("request");
  message["entry"].insert(message["entry"].begin(), Json{{"fullUrl", "urn:uuid:6f0cbb1e-3f4c-4a52-9a53-0d8a7f0a0009"}, {"resource", {{"resourceType", "MessageHeader"}, {"id", "m-1"}, {"eventCoding", {{"system", "urn:example"}, {"code", "refer"}}}, {"source", {{"endpoint", "urn:example:emr"}}}}}});
  const Reply answer = p.mercy.call("POST", "/$process-message", message);
  REQUIRE_MESSAGE(answer.status == 200, answer.text);
  CHECK(answer.body["entry"][0]["resource"]["response"]["identifier"] == "m-1");
  CHECK(p.mercy.call("POST", "/$process-message", message).body["entry"][0]["resource"]["focus"] == answer.body["entry"][0]["resource"]["focus"]);
}

TEST_CASE("other formats, types, versions and methods are refused by name; /metadata is open") {
  Pair p;
  CHECK(p.mercy.call("GET", "/Task", nullptr, {{"Accept", "application/fhir+xml"}}).status == 406);
  CHECK(p.mercy.get("/Task?_format=xml").status == 406);
  CHECK(p.mercy.call("GET", "/Task", nullptr, {{"Accept", "application/fhir+json; fhirVersion=3.0"}}).status == 406);
  CHECK(p.mercy.raw("POST", "/fhir/R4/Patient", "<Patient/>", {{"Authorization", "Bearer " + p.mercy.token}}, "application/fhir+xml").status == 415);
  CHECK(p.mercy.raw("POST", "/fhir/R4/Patient", "{\"a\"", {{"Authorization", "Bearer " + p.mercy.token}}, "application/fhir+json").status == 400);
  CHECK(p.mercy.call("POST", "/Patient", Json{{"resourceType", "Task"}}).status == 400);
  CHECK(p.mercy.call("POST", "/Immunization", Json{{"resourceType", "Immunization"}}).status == 404);
  CHECK(p.mercy.call("PUT", "/Patient/mine", Json{{"resourceType", "Patient"}, {"id", "mine"}}).status == 405);
  CHECK(p.mercy.call("POST", "/Patient", Json{{"resourceType", "Patient"}, {"meta", 7}}).status == 400);
  CHECK(p.mercy.call("POST", "/", Json::parse(R"({"resourceType":"Bundle","type":"transaction","entry":[7]})")).status == 422);
  CHECK(p.mercy.call("POST", "/", Json::parse(R"({"resourceType":"Bundle","type":"transaction","entry":[{"resource":7,"request":{}}]})")).status == 422);
  CHECK(p.mercy.get("/Task/x/_history/1").status == 404);
  const Reply metadata = p.mercy.raw("GET", "/fhir/R4/metadata", "", {}, "");
  CHECK(metadata.status == 200);
  CHECK(metadata.body["fhirVersion"] == "4.0.1");
  for (const Json& r : metadata.body["rest"][0]["resource"]) {
    if (r["type"] != "Binary") CHECK(p.mercy.get("/" + r["type"].get<std::string>()).status == 200);
  }
}

TEST_CASE("a token without the scope gets 403 that names the scope") {
  FakeHub hub;
  Office reader(hub, "mercy", "hospital_ed", "", {"system/Task.r"});
  reader.start();
  CHECK(reader.get("/Task/none").status == 404);
  const Reply no = reader.get("/Task");
  CHECK(no.status == 403);
  CHECK(no.headers.at("www-authenticate").find("system/Task.s") != std::string::npos);
  CHECK(reader.call("POST", "/Patient", Json{{"resourceType", "Patient"}}).status == 403);
  CHECK(reader.call("POST", "/", Pair::request("X")).status == 403);
}

TEST_CASE("profiles change what they say they change") {
  Pair p("authority_basis = \"treatment\"\nprofile = \"sdoh-cc\"", "profile = \"bser\"");
  const std::string id = p.refer();
  const Json bser = p.arrived(id);
  CHECK_FALSE(bser.contains("businessStatus"));  // `received` has no code of BSeR's
  REQUIRE(eventually([&] { return p.mercy.get("/Task/" + id).body["meta"]["versionId"] == "2"; }));
  const Json sdoh = p.mercy.get("/Task/" + id).body;
  CHECK(sdoh["status"] == "requested");
  CHECK(sdoh["priority"] == "urgent");
  CHECK(sdoh["extension"][0]["valueCode"] == "emergent");
}
