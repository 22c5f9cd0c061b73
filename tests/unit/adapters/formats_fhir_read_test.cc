// Any FHIR in: what it is, what of it is carried, and what is said about the rest.
#include "adapters/formats/fhir/bundle.h"
#include "adapters/formats/fhir/read.h"

#include <algorithm>

#include <doctest/doctest.h>

using namespace adapters::formats::fhir;

namespace {

const schemas::Referral& referral_of(const Read& r) { return std::get<schemas::Referral>(r.body.payload); }
const schemas::StatusUpdate& status_of(const Read& r) { return std::get<schemas::StatusUpdate>(r.body.payload); }
bool has(const std::vector<std::string>& list, const std::string& what) { return std::find(list.begin(), list.end(), what) != list.end(); }
std::string where(const Read& r) { return r.error ? r.error->where : ""; }

const std::string kRequest = R"({"resourceType":"Bundle","type":"transaction","entry":[
 {"fullUrl":"urn:uuid:6f0cbb1e-3f4c-4a52-9a53-0d8a7f0a0001","request":{"method":"POST","url":"ServiceRequest"},"resource":{"resourceType":"ServiceRequest",
   "identifier":[{"system":"urn:example:orders","value":"ORD-77"}],"status":"active","intent":"order","priority":"stat",
   "category":[{"text":"Behavioral health"}],
   "code":{"coding":[{"system":"urn:handoff:codes","code":"CSU_BED"}],"text":"Crisis bed"},
   "subject":{"reference":"urn:uuid:6f0cbb1e-3f4c-4a52-9a53-0d8a7f0a0002"},"authoredOn":"2026-10-05T14:00:00Z",
   "requester":{"reference":"#role"},"performer":[{"identifier":{"system":"urn:handoff:agency","value":"hcc"}}],
   "reasonCode":[{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"R45.851"}]}],
   "reasonReference":[{"reference":"Condition/c1"}],"bodySite":[{"text":"none"}],
   "contained":[{"resourceType":"Practitioner","id":"p","name":[{"family":"Ames","given":["Rowan"]}]},
                {"resourceType":"PractitionerRole","id":"role","practitioner":{"reference":"#p"},"telecom":[{"system":"phone","value":"555-0100"}],"code":[{"text":"RN"}]}],
   "meta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"42CFRPart2"}]}}},
 {"fullUrl":"urn:uuid:6f0cbb1e-3f4c-4a52-9a53-0d8a7f0a0002","resource":{"resourceType":"Patient","identifier":[{"system":"urn:example:mrn","value":"M1"},{"system":"http://hl7.org/fhir/sid/us-ssn","value":"000-00-0000"}],
   "name":[{"use":"nickname","family":"Wrong"},{"use":"official","family":"Testcase","given":["Fulton","Q"]}],"birthDate":"1986-11-30","gender":"male","photo":[{"title":"p"}]}},
 {"resource":{"resourceType":"Condition","id":"c1","subject":{"reference":"Patient/x"},"code":{"text":"Agitation"}}},
 {"resource":{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}]},"valueQuantity":{"value":118,"unit":"/min"}}},
 {"resource":{"resourceType":"Specimen"}}]})";

}  // namespace

TEST_CASE("a transaction becomes a Referral: contained, bundled and linked resources are followed") {
  const Read r = read(kRequest);
  CHECK(r.type == "Bundle");
  CHECK(r.kind == "Referral");
  REQUIRE(!r.error);
  const schemas::Referral& f = referral_of(r);
  CHECK(f.subject.name.family == "Testcase");
  CHECK(f.subject.name.given == "Fulton");
  CHECK(f.subject.name.middle == "Q");
  CHECK(f.subject.dob == "1986-11-30");
  CHECK(f.subject.ids.size() == 1);  // the social security number stays behind, and that is said
  CHECK(std::any_of(r.warnings.begin(), r.warnings.end(), [](const Remark& w) { return w.where == "Bundle.entry[1].resource.identifier[1]"; }));
  CHECK(f.source_ref == "ORD-77");
  CHECK(f.urgency == "emergent");
  CHECK(f.service.code == "CSU_BED");
  CHECK(f.requester.name.given == "Rowan");
  CHECK(f.requester.phone == "555-0100");
  CHECK(f.requester.role == "RN");
  CHECK(f.reasons[0].system == "I10");
  CHECK(f.diagnoses[0].text == "Agitation");
  CHECK(f.observations[0].value == "118");
  CHECK(f.observations[0].code.system == "LN");
  CHECK(has(f.labels, "part2"));
  CHECK(r.to == "hcc");
  CHECK(r.body.custom.at("x-fhir-category") == "Behavioral health");
}

TEST_CASE("what nobody reads is named, once, by resource") {
  const Read r = read(kRequest);
  CHECK(has(r.unmapped, "ServiceRequest.bodySite"));
  CHECK(has(r.unmapped, "Patient.photo"));
  CHECK(has(r.unmapped, "Specimen"));
  CHECK_FALSE(has(r.unmapped, "Patient.birthDate"));
  CHECK(has(r.fields, "referral.subject.dob"));
}

TEST_CASE("what we write as a Bundle is read back as the same referral") {
  schemas::Referral f;
  f.subject.name = {"Testcase", "Fulton", "", ""}, f.subject.dob = "1986-11-30", f.subject.age_band = "30-39";
  f.urgency = "urgent", f.service = {"", "DETOX", "Detox"}, f.reasons = {{"I10", "F10.2", "Alcohol"}}, f.risk.self = "yes";
  f.requester.name = {"Ames", "Rowan", "", ""}, f.requester.phone = "5550100", f.location_now = "ED 12", f.incident_ref = "INC-9";
  f.authority_basis = "treatment", f.allergies = {{"", "", "Penicillin"}}, f.payer = "Alder Health", f.member_id = "A1", f.source_ref = "REQ-1";
  schemas::Body body;
  body.custom["x-veteran"] = "yes";
  const base::Id thread{1, 2, 3, 4, 5, 6, 0x70, 8, 0x80, 1, 2, 3, 4, 5, 6, 7};
  const Read r = read(referral_bundle(body, f, {.thread_id = thread, .from = "stb", .from_kind = "hospital_ed", .to = "hcc", .to_kind = "crisis_center", .at = {1791208924000}, .test = true}));
  REQUIRE(r.kind == "Referral");
  REQUIRE(!r.error);
  const schemas::Referral& g = referral_of(r);
  CHECK(g.subject.name.family == "Testcase");
  CHECK(g.subject.age_band == "30-39");
  CHECK(g.urgency == "urgent");
  CHECK(g.service.code == "DETOX");
  CHECK(g.service.system.empty());
  CHECK(g.reasons[0].code == "F10.2");
  CHECK(g.risk.self == "yes");
  CHECK(g.requester.phone == "5550100");
  CHECK(g.location_now == "ED 12");
  CHECK(g.incident_ref == "INC-9");
  CHECK(g.authority_basis == "treatment");
  CHECK(g.allergies[0].text == "Penicillin");
  CHECK(g.payer == "Alder Health");
  CHECK(g.member_id == "A1");
  CHECK(g.source_ref == "REQ-1");
  CHECK(r.body.custom.at("x-veteran") == "yes");
  CHECK(r.thread == thread);
  CHECK(r.from == "stb");
  CHECK(r.to == "hcc");
  CHECK(r.test);
}

TEST_CASE("a Task that answers a foreign request is found by what it refers to") {
  const Read r = read(R"({"resourceType":"Task","id":"t1","status":"accepted","intent":"order","focus":{"reference":"ServiceRequest/ORD-77"},
    "owner":{"display":"Intake"},"businessStatus":{"coding":[{"system":"http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS","code":"5.1.1"}]},"executionPeriod":{"start":"2026-10-06T09:00:00Z"}})");
  CHECK(r.kind == "StatusUpdate");
  CHECK(status_of(r).status == "scheduled");
  CHECK(status_of(r).appointment_at == "2026-10-06T09:00:00Z");
  CHECK_FALSE(r.thread);
  CHECK(has(r.refs, "ORD-77"));
}

TEST_CASE("a Task that asks is a request; one that asks for something else is not carried, and says so") {
  const Read asks = read(R"({"resourceType":"Task","id":"t","status":"requested","intent":"order","code":{"coding":[{"system":"http://hl7.org/fhir/CodeSystem/task-code","code":"fulfill"}]},"for":{"display":"Someone"}})");
  CHECK(asks.kind == "Referral");
  CHECK(asks.warnings.size() >= 2);
  const Read other = read(R"({"resourceType":"Task","status":"requested","intent":"order","code":{"text":"fill in a form"}})");
  CHECK(other.kind.empty());
  CHECK_FALSE(other.note.empty());
}

TEST_CASE("appointments, encounters, messages, documents") {
  const Read booked = read(R"({"resourceType":"Appointment","status":"booked","start":"2026-10-06T09:00:00Z","basedOn":[{"reference":"ServiceRequest/9"}],"participant":[{"actor":{"reference":"Location/1","display":"Door B"},"status":"accepted"}]})");
  CHECK(status_of(booked).status == "scheduled");
  CHECK(status_of(booked).place == "Door B");
  CHECK(has(booked.refs, "9"));
  CHECK(status_of(read(R"({"resourceType":"Appointment","status":"noshow","start":"2026-10-06T09:00:00Z"})")).status == "no-show");
  CHECK(where(read(R"({"resourceType":"Appointment","status":"proposed"})")) == "Appointment.status");

  const Read visit = read(R"({"resourceType":"Encounter","identifier":[{"value":"V1"}],"status":"finished","class":{"code":"IMP"},"subject":{"display":"Someone"},
    "period":{"start":"2026-10-05T10:00:00Z","end":"2026-10-06T10:00:00Z"},"hospitalization":{"dischargeDisposition":{"text":"home"}}})");
  const auto& e = std::get<schemas::EncounterNotification>(visit.body.payload);
  CHECK(e.event == "discharged");
  CHECK(e.at == "2026-10-06T10:00:00Z");
  CHECK(e.visit == "V1");
  CHECK(e.disposition == "home");

  const Read note = read(R"({"resourceType":"Communication","status":"completed","about":[{"reference":"Task/01925d10-0000-7000-8000-000000000009"}],"payload":[{"contentString":"Hello"},{"contentAttachment":{"contentType":"text/plain","data":"aGk=","title":"a.txt"}}]})");
  const auto& m = std::get<schemas::SecureMessage>(note.body.payload);
  CHECK(m.text == "Hello");
  CHECK(base::text(m.attachments.at(0).data) == "hi");
  CHECK(has(note.refs, "01925d10-0000-7000-8000-000000000009"));

  const Read document = read(R"({"resourceType":"Bundle","type":"transaction","entry":[{"resource":{"resourceType":"DocumentReference","status":"current","description":"Summary","content":[{"attachment":{"url":"Binary/b1"}}]}},{"resource":{"resourceType":"Binary","id":"b1","contentType":"application/pdf","data":"aGk="}}]})");
  CHECK(std::get<schemas::SecureMessage>(document.body.payload).attachments.at(0).media_type == "application/pdf");
  CHECK(where(read(R"({"resourceType":"DocumentReference","status":"current","content":[{"attachment":{"url":"https://elsewhere.example/x"}}]})")) == "DocumentReference.content");
}

TEST_CASE("a consent is carried as far as it allows; one that denies or is limited otherwise is refused, never widened") {
  const auto consent = [](const std::string& more) {
    return read(R"({"resourceType":"Consent","identifier":[{"value":"C1"}],"status":"active","scope":{"coding":[{"code":"patient-privacy"}]},"patient":{"display":"Someone"},"dateTime":"2026-10-01",)" + more + "}");
  };
  const Read allows = consent(R"("policyRule":{"coding":[{"code":"OPTIN"}]},"provision":{"actor":[{"role":{"coding":[{"code":"PRCP"}]},"reference":{"identifier":{"system":"urn:handoff:agency","value":"hcc"}}}],
    "securityLabel":[{"code":"42CFRPart2"}],"purpose":[{"code":"TREAT"}],"period":{"end":"2027-01-01"}})");
  REQUIRE(!allows.error);
  const auto& c = std::get<schemas::Consent>(allows.body.payload);
  CHECK(c.id == "C1");
  CHECK(c.recipients == std::vector<std::string>{"hcc"});
  CHECK(c.scope == std::vector<std::string>{"part2"});
  CHECK(c.part2);
  CHECK(base::rfc3339(c.expires) == "2027-01-01T00:00:00.000Z");
  CHECK(where(consent(R"("policyRule":{"coding":[{"code":"OPTOUT"}]})")) == "Consent.policyRule");
  CHECK(where(consent(R"("provision":{"provision":[{"type":"deny"}]})")) == "Consent.provision.provision");
  CHECK(where(consent(R"("provision":{"data":[{"meaning":"related","reference":{"reference":"Task/1"}}]})")) == "Consent.provision.data");
  CHECK(std::get<schemas::Consent>(consent(R"("provision":{})").body.payload).scope.empty());
}

TEST_CASE("XML, other JSON and modifiers that we do not know are refused with a mend") {
  const Read xml = read("\n<Patient xmlns=\"http://hl7.org/fhir\"/>");
  REQUIRE(xml.error);
  CHECK(xml.error->kind == base::Kind::kUnsupported);
  CHECK(xml.error->mend.find("json") != std::string::npos);
  CHECK(where(read(R"({"name":"x"})")) == "resourceType");
  CHECK(where(read("[]")) == "resourceType");
  CHECK(read("{\"a").error);
  CHECK(where(read(R"({"resourceType":"ServiceRequest","status":"active","modifierExtension":[{"url":"urn:not"}]})")) == "ServiceRequest.modifierExtension");
}

TEST_CASE("a part of a referral by itself says of what it is a part and what of it would be carried") {
  const Read r = read(R"({"resourceType":"Condition","subject":{"reference":"Patient/1"},"code":{"text":"Agitation"},"stage":[{}]})");
  CHECK(r.kind.empty());
  CHECK(r.note.find("referral") != std::string::npos);
  CHECK(has(r.fields, "referral.diagnoses[0].text"));
  CHECK(has(r.unmapped, "Condition.stage"));
  CHECK_FALSE(read(R"({"resourceType":"Immunization"})").note.empty());
}
