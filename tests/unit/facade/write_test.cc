// What is written resource by resource: each kind becomes its message in the referral, and a refusal says what to mend.
#include "tests/unit/facade/kit.h"

using namespace facade_kit;

namespace {

Json about(const std::string& task, const std::string& text, const char* key) {
  Json j = Json::parse(text);
  j[key] = Json::array({{{"reference", "Task/" + task}}});
  return j;
}

// The rig's own agencies under a policy in which a crisis center's words do not reach a hospital.
std::string silent_policy() {
  return R"(
agency = [
 {id="mercy", kind="hospital_ed", name="Mercy"},
 {id="harbor", kind="crisis_center", name="Harborlight"},
]
flow = [
 {id="F1", from=["hospital_ed","crisis_center"], to=["hospital_ed","crisis_center"], kinds=["Referral","StatusUpdate","Acknowledgement","SecureMessage"], purpose=["CRISIS","TREAT"], decision="allow", view="all"},
 {id="F9", from=["crisis_center"], to=["hospital_ed"], kinds=["SecureMessage"], purpose=["CRISIS","TREAT"], decision="deny"},
]
[policy]
id = "silent"
version = 2
effective = 2026-10-01T00:00:00-06:00
tz = "America/Denver"
[view.all]
fields = ["*"]
)";
}

}  // namespace

TEST_CASE("what the policy denies is 403, and names the rule and what to do") {
  Pair p;
  const std::string id = p.refer();
  p.arrived(id);
  p.hub.policy(silent_policy());
  for (Office* o : {&p.mercy, &p.harbor}) {
    REQUIRE(eventually([&] {
      (void)o->box->office().replica.sync(o->box->hub());
      return o->box->office().replica.directory().policy()->version == 2 && o->box->office().desk().stale.empty();
    }));
  }
  const Json said = about(id, R"({"resourceType":"Communication","status":"completed","payload":[{"contentString":"Which door?"}]})", "about");
  const Reply no = p.harbor.call("POST", "/Communication", said);
  CAPTURE(no.text);
  CHECK(no.status == 403);
  CHECK(code(no) == "forbidden");
  const std::string words = no.body["issue"][0]["diagnostics"];
  CHECK(words.starts_with("rule F9: "));
  CHECK(words.find("; ") != std::string::npos);  // and the mend
  CHECK(words.find("Which door") == std::string::npos);
  CHECK(p.harbor.get("/Communication").body["total"] == 0);
  CHECK(p.mercy.call("POST", "/Communication", said).status == 201);  // the other way it is allowed
}

TEST_CASE("an Encounter in its referral is sent; one without a reference is kept, and a person is asked") {
  Pair p;
  const std::string id = p.refer();
  p.arrived(id);
  Json visit = about(id, R"({"resourceType":"Encounter","status":"arrived","class":{"code":"EMER"},"identifier":[{"value":"V-1"}],"period":{"start":"2026-10-05T14:00:00Z"},"serviceProvider":{"display":"Harborlight"}})", "basedOn");
  const Reply sent = p.harbor.call("POST", "/Encounter", visit);
  REQUIRE_MESSAGE(sent.status == 201, sent.text);
  const std::string there = "/Encounter/" + sent.body["id"].get<std::string>();
  REQUIRE(eventually([&] { return p.mercy.get(there).status == 200; }));
  CHECK(p.mercy.get(there).body["status"] == "arrived");

  visit.erase("basedOn");
  visit["identifier"][0]["value"] = "V-2";
  visit["contained"].push_back(Json::parse(R"({"resourceType":"Patient","id":"p","name":[{"family":"Canaryworth","given":["Jo"]}],"birthDate":"1992-03-04","gender":"female"})"));
  visit["subject"]["reference"] = "#p";
  const Reply kept = p.harbor.call("POST", "/Encounter", visit);
  CHECK_MESSAGE(kept.status == 202, kept.text);
  CHECK(code(kept) == "informational");
  CHECK(p.harbor.call("POST", "/Encounter", visit).status == 202);
  std::size_t proposals = 0;
  REQUIRE(p.harbor.box->office().store.read([&](keep::Tx& tx) {
    proposals = tx.count(keep::Table::kMatch);
    return base::Status{};
  }).ok());
  CHECK(proposals == 1);
  CHECK(p.harbor.get("/Encounter").body["total"] == 1);  // nothing is sent until somebody has said which

  visit["contained"][0]["name"][0] = {{"family", "Somebody"}, {"given", {"Else"}}};
  visit["contained"][0]["birthDate"] = "1950-01-01";
  visit["identifier"][0]["value"] = "V-3";
  CHECK(p.harbor.call("POST", "/Encounter", visit).status == 404);  // it comes near none
}

TEST_CASE("an Appointment that is booked schedules, one that was missed says so") {
  Pair p;
  const std::string id = p.refer();
  Json task = p.arrived(id);
  task["status"] = "accepted";
  REQUIRE(p.harbor.call("PUT", "/Task/" + id, task).status == 200);
  Json visit = about(id, R"({"resourceType":"Appointment","status":"booked","start":"2026-10-06T16:00:00Z","end":"2026-10-06T17:00:00Z","participant":[{"actor":{"display":"Jo"},"status":"accepted"}]})", "basedOn");
  const Reply booked = p.harbor.call("POST", "/Appointment", visit);
  REQUIRE_MESSAGE(booked.status == 201, booked.text);
  CHECK(booked.body["status"] == "booked");
  REQUIRE(eventually([&] { return p.mercy.get("/Appointment?status=booked").body["total"] == 1; }));
  CHECK(p.mercy.get("/Appointment").body["entry"][0]["resource"]["start"] == "2026-10-06T16:00:00.000Z");
  CHECK(p.mercy.get("/Task/" + id).body["businessStatus"]["coding"][0]["code"] == "5.1.1");
  visit["status"] = "noshow";
  const Reply missed = p.harbor.call("POST", "/Appointment", visit);
  REQUIRE_MESSAGE(missed.status == 201, missed.text);
  CHECK(missed.body["status"] == "noshow");
  REQUIRE(eventually([&] { return p.mercy.get("/Appointment?status=noshow").body["total"] == 1; }));
  CHECK(p.mercy.get("/Task/" + id).body["businessStatus"]["coding"][0]["code"] == "5.1.2");
  visit["status"] = "proposed";
  CHECK(where(p.harbor.call("POST", "/Appointment", visit)) == "Appointment.status");
  visit["status"] = "booked", visit.erase("basedOn");
  CHECK(where(p.harbor.call("POST", "/Appointment", visit)) == "Appointment.basedOn");
}

TEST_CASE("a Consent goes to the other side of the referral that its identifier names; one that denies is refused") {
  Pair p;
  const std::string id = p.refer();
  p.arrived(id);
  Json consent = Json::parse(R"({"resourceType":"Consent","status":"active","identifier":[{"system":"urn:ietf:rfc:3986","value":"urn:uuid:)" + id + R"("}],
    "scope":{"coding":[{"code":"patient-privacy"}]},"category":[{"coding":[{"system":"http://loinc.org","code":"59284-0"}]}],"dateTime":"2026-10-01T10:00:00Z",
    "performer":[{"display":"Jo Canaryworth"}],"sourceAttachment":{"title":"I agree that Mercy tells Harborlight."},"policyRule":{"coding":[{"code":"OPTIN"}]},"provision":{"purpose":[{"code":"TREAT"}],"period":{"end":"2027-10-01T00:00:00Z"},"actor":[{"role":{"coding":[{"code":"PRCP"}]},"reference":{"identifier":{"system":"urn:handoff:agency","value":"harbor"}}}],
    "securityLabel":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"PSY"}]}})");
  const Reply sent = p.mercy.call("POST", "/Consent", consent);
  REQUIRE_MESSAGE(sent.status == 201, sent.text);
  const std::string there = "/Consent/" + sent.body["id"].get<std::string>();
  REQUIRE(eventually([&] { return p.harbor.get(there).status == 200; }));
  CHECK(p.harbor.get(there).body["provision"]["actor"][0]["reference"]["identifier"]["value"] == "harbor");
  consent["provision"]["type"] = "deny";
  const Reply no = p.mercy.call("POST", "/Consent", consent);
  CHECK(no.status == 422);
  CHECK(p.mercy.get("/Consent").body["total"] == 1);
}

TEST_CASE("a Task that was read before somebody changed it is not put over the change") {
  Pair p;
  const std::string id = p.refer();
  Json task = p.arrived(id);
  const std::string old = p.harbor.get("/Task/" + id).headers.at("etag");
  task["status"] = "accepted";
  REQUIRE(p.harbor.call("PUT", "/Task/" + id, task, {{"If-Match", old}}).status == 200);
  task["status"] = "rejected";
  task["statusReason"]["text"] = "no bed";
  for (const std::string& wrong : {old, std::string("W/\"99\""), std::string("nonsense")}) {
    const Reply no = p.harbor.call("PUT", "/Task/" + id, task, {{"If-Match", wrong}});
    CHECK(no.status == 412);
    CHECK(where(no) == "If-Match");
  }
  Json bundle{{"resourceType", "Bundle"}, {"type", "transaction"}};
  bundle["entry"].push_back({{"resource", task}, {"request", {{"method", "PUT"}, {"url", "Task/" + id}, {"ifMatch", old}}}});
  CHECK(p.harbor.call("POST", "/", bundle).status == 412);
  CHECK(p.harbor.get("/Task/" + id).body["status"] == "accepted");
}

TEST_CASE("the content of a large document is read once its parts are there; until then it is 503, later") {
  Pair p;
  std::string file;
  while (file.size() < 3'000'000) file += "line " + std::to_string(file.size()) + " of the plan\n";
  Json request = Pair::request("ORD-BIG");
  request["entry"][4]["resource"]["content"][0]["attachment"]["data"] = base::base64(base::to_bytes(file));
  {
    const std::lock_guard lock(p.hub.mutex);
    p.hub.on_deliver = [&, large = 0](const base::Id& to, const base::Bytes& frame) mutable { return to != p.harbor.box.id() || frame.size() < 60'000 || ++large == 1; };
  }
  const Reply sent = p.mercy.call("POST", "/", request);
  REQUIRE_MESSAGE(sent.status == 200, sent.text);
  p.arrived(sent.body["entry"][1]["response"]["location"].get<std::string>().substr(5));
  const auto read = [&](Office& o) {
    const Json found = o.get("/DocumentReference").body;
    REQUIRE(found["total"] == 1);
    CHECK_FALSE(found["entry"][0]["resource"]["content"][0]["attachment"].contains("data"));
    return o.call("GET", "/" + found["entry"][0]["resource"]["content"][0]["attachment"]["url"].get<std::string>(), nullptr, {{"Accept", "*/*"}});
  };
  const Reply later = read(p.harbor);
  CHECK(later.status == 503);
  CHECK(code(later) == "transient");
  CHECK(later.headers.at("retry-after") == "5");
  CHECK(read(p.mercy).text == file);
  {
    const std::lock_guard lock(p.hub.mutex);
    p.hub.on_deliver = nullptr;
  }
  p.hub.connection(p.harbor.box.id(), false);
  p.hub.connection(p.harbor.box.id(), true);
  REQUIRE(eventually([&] { return read(p.harbor).status == 200; }));
  CHECK(read(p.harbor).text == file);
  CHECK(read(p.harbor).type == "text/plain");
}
