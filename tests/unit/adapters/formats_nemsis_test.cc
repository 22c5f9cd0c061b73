// NEMSIS to the canonical model, over the sample of the demo and changes to it.
#include "adapters/formats/nemsis/nemsis.h"

#include <algorithm>

#include "schemas/body.h"
#include "tests/kit/files.h"

#include <doctest/doctest.h>

using namespace adapters::formats;

namespace {

std::string sample() { return kit::sample("nemsis/doe_to_st_brigid.xml"); }
std::string changed(std::string_view from, std::string_view to) { return kit::replaced(sample(), from, to); }
nemsis::Report report(const std::string& bytes, const nemsis::Options& options = {}) {
  const auto all = nemsis::read(bytes, "pcr.xml", options);
  REQUIRE_MESSAGE(all.ok(), all.error().message());
  REQUIRE(all->size() == 1);
  return all->front();
}
std::string refusal(const std::string& bytes, const nemsis::Options& options = {}) {
  const auto all = nemsis::read(bytes, "pcr.xml", options);
  REQUIRE_FALSE(all.ok());
  return all.error().message();
}
bool absent(const nemsis::Report& r, std::string_view field, std::string_view reason) {
  return std::any_of(r.absent.begin(), r.absent.end(), [&](const auto& a) { return a.field == field && a.reason == reason; });
}
std::string observed(const std::vector<schemas::Observation>& all, std::string_view code) {
  for (const auto& o : all) {
    if (o.code.code == code) return o.value + " " + o.unit;
  }
  return {};
}

}  // namespace

TEST_CASE("the report becomes a subject, a timeline, vitals and refusals") {
  const auto r = report(sample());
  CHECK(r.id == "3b1e7a52-0c5d-4f1e-9a77-2f60c1d4e801");
  CHECK(r.number == "ACE-2026-10417");
  CHECK(r.incident == "ACE-26-004417");
  CHECK(r.cad == "APD-26-118802");
  CHECK(r.place == "pcr.xml:11: PatientCareReport");
  CHECK(r.behavioral);
  const auto& f = r.referral;
  CHECK(f.source_ref == r.id);
  CHECK(f.incident_ref == "ACE-26-004417");
  CHECK(f.subject.name.family == "Doe");
  CHECK(f.subject.name.given == "J.");
  CHECK(f.subject.sex == "male");
  CHECK(f.subject.race == "White");
  CHECK(f.subject.age_band == "34");
  CHECK(f.subject.dob.empty());
  CHECK(f.subject.address.state == "CO");
  CHECK(f.urgency == "urgent");
  REQUIRE(f.reasons.size() == 3);
  CHECK(f.reasons[0].code == "SI");
  CHECK(f.reasons[1].code == "R45.851");
  CHECK(f.reasons[2].text == "Says he wants to end his life");
  CHECK(f.trigger.code == "2301059");
  CHECK(f.co_response == "law enforcement at the scene");
  CHECK(f.timeline.size() == 8);
  CHECK(f.timeline.back().name == "eTimes.13");
  CHECK(observed(f.observations, "8480-6") == "128 mm[Hg]");
  CHECK(observed(f.observations, "9269-2") == "15 ");
  CHECK(observed(f.observations, "67775-7") == "Alert ");
  CHECK(observed(f.observations, "eExam.19") == "Oriented to person, Oriented to place ");
  CHECK(observed(f.observations, "eHistory.17") == "Says that alcohol was used ");
  CHECK(f.medications_given.empty());
  CHECK(f.refusals == std::vector<std::string>{"Medication refused: RxNorm 6470"});
  CHECK(f.restraint.empty());
  CHECK(f.labels == std::vector<std::string>{"general", "mh"});
  CHECK(f.notes == std::vector<std::string>{r.narrative});
  CHECK(r.custom.at("nemsis.aceSafetyPlan.01") == "yes");
}

TEST_CASE("a transfer of care at the destination is an offer and an arrival") {
  const auto r = report(sample());
  CHECK(r.handoff.phase == "offer");
  CHECK(r.handoff.at == "2026-10-05T14:58:00-06:00");
  CHECK(r.handoff.place == "St. Brigid Hospital");
  CHECK(r.handoff.condition == "Says he wants to end his life; impression F32.9; Emergent (Yellow); Oriented to person; Oriented to place");
  CHECK(r.handoff.clinical == "offerer");
  CHECK(r.handoff.observations.size() == r.referral.observations.size());
  CHECK(r.encounter.event == "arrived");
  CHECK(r.encounter.at == "2026-10-05T14:55:12-06:00");
  CHECK(r.encounter.visit == "ACE-2026-10417");
  CHECK(r.encounter.subject.name.family == "Doe");
  CHECK(r.encounter.in_reply_to_ref == "APD-26-118802");
  CHECK(r.receivers == std::vector<std::string>{"STB", "St. Brigid Hospital"});
  const auto on_the_way =
      report(changed("<eTimes.12>2026-10-05T14:58:00-06:00</eTimes.12>", "<eTimes.12 xsi:nil=\"true\" NV=\"7701003\"/>"));
  CHECK(on_the_way.handoff.phase.empty());
  CHECK(on_the_way.encounter.event == "arrived");
  CHECK(absent(on_the_way, "timeline.eTimes.12", "nv:7701003"));
}

TEST_CASE("a patient given to another agency at the scene is an offer to that agency") {
  std::string text = changed("<eScene.25>2725003", "<eScene.25>2725001");
  for (const char* time : {"<eTimes.11>2026-10-05T14:55:12-06:00</eTimes.11>", "<eTimes.12>2026-10-05T14:58:00-06:00</eTimes.12>"})
    text.replace(text.find(time), std::string_view(time).size(), "");
  CHECK(refusal(text) == "pcr.xml:31: eTimes.08: care was transferred (eScene.25), but not when; fill it in and export the report again");
  const std::string nil = "<eTimes.08 xsi:nil=\"true\" NV=\"7701001\"/>";
  text.replace(text.find(nil), nil.size(), "<eTimes.08>2026-10-05T14:40:00-06:00</eTimes.08>");
  const auto r = report(text);
  CHECK(r.handoff.phase == "offer");
  CHECK(r.handoff.at == "2026-10-05T14:40:00-06:00");
  CHECK(r.encounter.event == "transferred");
  CHECK(r.receivers == std::vector<std::string>{"Alder Police Department"});
}

TEST_CASE("what was left out on purpose keeps its reason, and a pertinent negative is no finding") {
  const auto r = report(sample());
  CHECK(absent(r, "subject.dob", "nv:7701003"));
  CHECK(absent(r, "subject.phone", "pn:8801023"));
  CHECK(absent(r, "allergies", "pn:8801013"));
  CHECK(absent(r, "reasons", "pn:8801031"));            // no hallucinations
  CHECK(absent(r, "medications_given", "pn:8801019"));  // refused, not given
  const auto approximate = report(changed("<eTimes.06>", "<eTimes.06 PN=\"8801029\">"));
  CHECK(approximate.referral.timeline.size() == 8);
  schemas::Body body;
  body.payload = r.referral;
  body.absent = r.absent;
  const auto back = schemas::decode_body(schemas::encode_body(body));
  REQUIRE(back.ok());
  CHECK(back->absent.size() == r.absent.size());
}

TEST_CASE("what the agency says of its own elements goes with their values, and the end of a call in words") {
  const std::string definitions =
      "<Header><eCustomConfiguration><eCustomConfiguration.CustomGroup CustomElementID=\"aceSafetyPlan.01\">"
      "<eCustomConfiguration.01>Safety plan made</eCustomConfiguration.01>"
      "<eCustomConfiguration.06 customValueDescription=\"Yes, with the person\">yes</eCustomConfiguration.06>"
      "</eCustomConfiguration.CustomGroup></eCustomConfiguration>";
  std::string text = changed("<Header>", definitions);
  const std::string end = "<eDisposition.30>4230001</eDisposition.30>";
  text.replace(text.find(end), end.size(), "<eDisposition.27>4227001</eDisposition.27>" + end + "<eDisposition.31>4231007</eDisposition.31>");
  const std::string closed = "</eDisposition>";
  text.replace(text.find(closed), closed.size(), "<eDisposition.24>4224009</eDisposition.24>" + closed);
  const auto r = report(text);
  CHECK(r.custom.at("nemsis.aceSafetyPlan.01") == "yes (Yes, with the person)");
  CHECK(r.custom.at("nemsis.aceSafetyPlan.01.title") == "Safety plan made");
  CHECK(r.custom.at("nemsis.eDisposition.24") == "Prearrival alert: other");
  CHECK(r.referral.police_outcome == "Released to law enforcement");
  CHECK(r.encounter.disposition.starts_with("Contact with the patient; Evaluated, care provided; Transported by this EMS unit; Released to law enforcement"));
}

TEST_CASE("social security and driver's licence numbers are in nothing that is made") {
  const auto r = report(sample(), {.all = true, .refer = true});
  schemas::Body body;
  body.absent = r.absent, body.custom = r.custom;
  for (const schemas::Payload& p : {schemas::Payload(r.referral), schemas::Payload(r.handoff), schemas::Payload(r.encounter)}) {
    body.payload = p;
    const base::Bytes bytes = schemas::encode_body(body);
    const std::string_view text = base::text(bytes);
    CHECK(text.find("000123456") == text.npos);
    CHECK(text.find("CO-000-DOE") == text.npos);
  }
}

TEST_CASE("what is missing or wrong is named by file, line and element") {
  CHECK(refusal(changed("<eRecord.01>ACE-2026-10417</eRecord.01>", "")) ==
        "pcr.xml:11: eRecord.01: the report has no number; fill it in and export the report again");
  CHECK(refusal(changed("<eTimes.06>2026-10-05T14:22:40-06:00", "<eTimes.06>yesterday")) ==
        "pcr.xml:29: eTimes.06: not a date with time and offset; write it as 2026-10-05T14:58:00-06:00");
  CHECK(refusal(changed("UUID=\"3b1e", "UUID=\"x")).starts_with("pcr.xml:11: PatientCareReport: its UUID is none"));
  CHECK(refusal(changed("<ePatient.15>34</ePatient.15>", ""), {.all = false, .refer = true})
            .starts_with("pcr.xml:50: ePatient.17: a referral needs a date of birth or an age"));
  CHECK(report(changed("<ePatient.15>34</ePatient.15>", "")).referral.subject.age_band.empty());
  CHECK(refusal("<a/>").starts_with("pcr.xml:1: a: this is no EMSDataSet of NEMSIS 3"));
  CHECK(refusal("<a>\n<b></a>").starts_with("pcr.xml:2: not well-formed XML"));
  std::string text = changed("<ePatient.02>Doe</ePatient.02>", "");
  text.replace(text.find("<ePatient.03>J.</ePatient.03>"), 29, "");
  CHECK(refusal(text).starts_with("pcr.xml:11: ePatient.02: a patient was handed over who is neither named nor said to be unknown"));
}

TEST_CASE("an unnamed patient is said to be unknown, if the report says so") {
  std::string text = changed("<ePatient.02>Doe</ePatient.02>", "<ePatient.02 xsi:nil=\"true\" NV=\"7701003\"/>");
  text.replace(text.find("<ePatient.03>J.</ePatient.03>"), 29, "");
  const auto r = report(text);
  CHECK(r.encounter.subject.unknown);
  CHECK(r.encounter.subject.descriptor == "Name not known to EMS, age 34, male");
  CHECK(absent(r, "subject.name", "nv:7701003"));
}
