// NIEM incident documents: what becomes of the sample of Alder Police, of other schemas and versions, and of what is no incident.
#include "adapters/formats/niem/look.h"

#include <algorithm>

#include "schemas/body.h"
#include "tests/kit/files.h"

#include <doctest/doctest.h>

using namespace adapters::formats;
using Paths = std::vector<std::string>;

namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
  return text;
}
std::vector<niem::Incident> read(const std::string& bytes, const std::string& zone = "") {
  auto out = niem::read(bytes, {zone});
  REQUIRE_MESSAGE(out.ok(), out.error().message());
  return std::move(out).value();
}
niem::Incident one(const std::string& bytes, const std::string& zone = "") {
  auto all = read(bytes, zone);
  REQUIRE(all.size() == 1);
  return std::move(all[0]);
}
const schemas::Referral& referral(const niem::Incident& i) { return std::get<schemas::Referral>(i.body.payload); }
bool holds(const Paths& paths, const std::string& path) { return std::ranges::find(paths, path) != paths.end(); }

const std::string kSpaces = R"( xmlns:nc="http://niem.gov/niem/niem-core/2.0" xmlns:j="http://niem.gov/niem/domains/jxdm/4.0"
  xmlns:s="http://niem.gov/niem/structures/2.0" xmlns:lexs="http://usdoj.gov/leisp/lexs/3.1"
  xmlns:lib="http://usdoj.gov/leisp/lexs/library/3.1" xmlns:nd="http://fbi.gov/cjis/N-DEx/IncidentArrest/2.1" )";

std::string package(const std::string& digest, const std::string& payload) {  // N-DEx as LEXS carries it
  return "<lexs:doPublish" + kSpaces + "><lexs:DataItemPackage><lexs:PackageMetadata><lexs:DataItemPublishInstruction>Insert" +
         "</lexs:DataItemPublishInstruction></lexs:PackageMetadata><lexs:Digest>" + digest + "</lexs:Digest><lexs:StructuredPayload>" +
         "<nd:IncidentReport>" + payload + "</nd:IncidentReport></lexs:StructuredPayload></lexs:DataItemPackage></lexs:doPublish>";
}
const std::string kActivity =
    "<nc:Activity s:id=\"I\"><nc:ActivityIdentification><nc:IdentificationID>7</nc:IdentificationID></nc:ActivityIdentification>"
    "<nc:ActivityCategoryText>Incident</nc:ActivityCategoryText></nc:Activity>";

}  // namespace

TEST_CASE("an incident report becomes a referral about its subject") {
  const auto i = one(kit::sample("niem/alder_incident.xml"));
  REQUIRE_FALSE(i.error);
  CHECK(i.number == "26-104417");
  const auto& r = referral(i);
  CHECK(r.incident_ref == "26-104417");
  CHECK(r.subject.name.family == "Doe");
  CHECK(r.subject.name.given == "J.");
  CHECK(r.subject.dob == "1992-03-14");
  CHECK(r.subject.sex == "male");
  CHECK(r.subject.race == "observed_by_officer");
  CHECK(r.subject.phone == "+1-555-0119");
  CHECK(r.location_now == "Civic Square, 200 block, north bench, Alder");
  CHECK(r.reasons.at(0).code == "SI");
  CHECK(r.trigger.text == "SUICIDAL PERSON");
  CHECK(r.timeline.at(0).at == "2026-10-05T19:31:00.000Z");
  CHECK(r.police_outcome == "transport");
  CHECK(r.requester.name.family == "Vance");
  CHECK(i.warnings.empty());
}

TEST_CASE("arrests, charges, numbers of identity and victims are nowhere in it, and their places are named") {
  const std::string canary = "CANARY7Q";
  std::string bytes = kit::sample("niem/alder_incident.xml");
  for (const char* secret : {"A-7", "trespass", "none made", "FBI-0000", "000-00-0000", "Witness"}) {
    REQUIRE(bytes.find(secret) != bytes.npos);
    bytes = replaced(bytes, secret, canary);
  }
  const auto i = one(bytes);
  CHECK(base::text(schemas::encode_body(i.body)).find(canary) == std::string_view::npos);
  for (const auto& [field, text] : i.said) CHECK(text.find(canary) == std::string::npos);
  for (const char* place : {"Arrest", "Incident/IncidentAugmentation/IncidentArrest", "Person/PersonSSNIdentification", "Person/PersonAugmentation/PersonFBIIdentification"})
    CHECK_MESSAGE(holds(i.withheld, place), place);
}

TEST_CASE("elements of no NIEM schema are named, so that a mapping has to say what they are") {
  CHECK(one(kit::sample("niem/alder_incident.xml")).unmapped == Paths{"Incident/CITIndicator", "Incident/OfficerSummaryText"});
}

TEST_CASE("prefixes and versions do not matter, roles may hold their person or refer to it") {
  for (const char* version : {"3.0", "5.0"})
    CHECK(referral(one(replaced(kit::sample("niem/alder_incident.xml"), "/4.0/", std::string("/") + version + "/"))).subject.name.family == "Doe");
  CHECK(referral(one(replaced(replaced(kit::sample("niem/alder_incident.xml"), "nc:", "core:"), "xmlns:nc", "xmlns:core"))).subject.name.family == "Doe");
  CHECK(referral(one(replaced(kit::sample("niem/alder_incident.xml"), "http://release.niem.gov/niem/structures/4.0/",
                              "https://docs.oasis-open.org/niemopen/ns/model/structures/6.0/")))
            .subject.name.family == "Doe");
  CHECK(referral(one(replaced(kit::sample("niem/alder_incident.xml"), "<j:Subject><nc:RoleOfPerson s:ref=\"P1\"/>", "<j:Subject><nc:RoleOfPerson s:uri=\"#P1\"/>")))
            .subject.name.family == "Doe");
  CHECK(referral(
            one(replaced(
                kit::sample("niem/alder_incident.xml"), "<j:Subject><nc:RoleOfPerson s:ref=\"P1\"/>",
                "<j:Subject><nc:RoleOfPerson><nc:PersonName><nc:PersonSurName>Roe</nc:PersonSurName></nc:PersonName></nc:RoleOfPerson>")))
            .subject.name.family == "Roe");
}

TEST_CASE("N-DEx says the same person in two places") {
  const auto i =
      one(package(kActivity + "<nd:Person s:id=\"P\"><nc:PersonName><nc:PersonSurName>Doe</nc:PersonSurName></nc:PersonName></nd:Person>"
                              "<j:IncidentSubject s:id=\"S\"><nc:RoleOfPersonReference s:ref=\"P\"/></j:IncidentSubject>"
                              "<nc:Activity><nc:ActivityCategoryText>Arrest</nc:ActivityCategoryText></nc:Activity>",
                  "<nd:Person><nc:PersonSexCode>F</nc:PersonSexCode><nd:PersonAugmentation><lib:SameAsDigestReference lib:ref=\"P\"/>"
                  "</nd:PersonAugmentation></nd:Person><nd:Subject><nd:SubjectAugmentation><lib:SameAsDigestReference lib:ref=\"P\"/>"
                  "</nd:SubjectAugmentation></nd:Subject>"));
  REQUIRE_FALSE(i.error);
  CHECK(i.number == "7");
  CHECK(referral(i).subject.name.family == "Doe");
  CHECK(referral(i).subject.sex == "female");
  CHECK(holds(i.withheld, "Digest/Activity"));
  CHECK(i.warnings.empty());
}

TEST_CASE("nobody is guessed: no subject, several, and several places are said") {
  const auto nobody = one(replaced(kit::sample("niem/alder_incident.xml"), "j:Subject>", "j:Witness>"));
  CHECK(referral(nobody).subject.name.family.empty());
  CHECK(nobody.warnings.at(0).where == "referral.subject");
  const auto two = one(replaced(kit::sample("niem/alder_incident.xml"), "<j:Victim>", "<j:Subject><nc:RoleOfPerson s:ref=\"P3\"/></j:Subject><j:Victim>"));
  CHECK(referral(two).subject.name.family.empty());
  CHECK(two.warnings.at(0).what == "the incident has 2 subjects, and a referral has one");
  const auto places = one(replaced(kit::sample("niem/alder_incident.xml"), "nc:Activity s:ref=\"I1\"", "nc:Activity s:ref=\"I2\""));
  CHECK(referral(places).location_now.empty());
  CHECK(places.warnings.at(0).where == "referral.location_now");
}

TEST_CASE("a time without an offset needs a zone, and a doubtful one is said") {
  const std::string local = replaced(kit::sample("niem/alder_incident.xml"), "T13:31:00-06:00", "T13:31:00");
  const auto without = one(local);
  CHECK(referral(without).timeline.empty());
  CHECK(without.warnings.size() == 1);
  CHECK(referral(one(local, "America/Denver")).timeline.at(0).at == "2026-10-05T19:31:00.000Z");
  CHECK(one(replaced(local, "2026-10-05T13:31:00", "2026-11-01T01:30:00"), "America/Denver").warnings.size() == 1);
}

TEST_CASE("what is no incident is refused with its reason") {
  const auto why = [](const std::string& bytes) {
    const auto out = niem::read(bytes);
    REQUIRE_FALSE(out.ok());
    CHECK_FALSE(out.error().mend.empty());
    return out.error().what;
  };
  CHECK(why("<a><b/></a>") == "not NIEM: the root is a");
  CHECK(why("<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"/>") == "an XML schema, not a document");
  CHECK(why("<n:SubmitResponse xmlns:n=\"http://ws.nibrs.ucr.cjis.fbi.gov/\"/>") == "an answer of another system, not an incident");
  CHECK(niem::read("not xml").error().kind == base::Kind::kMalformed);
  const auto report = [&](const std::string& category, const std::string& action) {
    return one("<n:Report xmlns:n=\"http://fbi.gov/cjis/nibrs/2019\"><n:ReportHeader><n:NIBRSReportCategoryCode>" + category +
               "</n:NIBRSReportCategoryCode><n:ReportActionCategoryCode>" + action +
               "</n:ReportActionCategoryCode></n:ReportHeader></n:Report>");
  };
  CHECK(report("ZERO REPORT", "A").error->what == "a zero report has no incident");
  CHECK(report("GROUP B ARREST REPORT", "I").error->what == "an arrest report does not leave");
  CHECK(report("GROUP A INCIDENT REPORT", "D").error->what.starts_with("it takes a report back"));
  CHECK(one(package("<nc:Activity><nc:ActivityCategoryText>Arrest</nc:ActivityCategoryText></nc:Activity>", "")).error->what ==
        "arrests and charges without an incident do not leave");
}

TEST_CASE("a path of a mapping stays clear of what is withheld") {
  CHECK(niem::may_leave("Incident/ActivityDate/DateTime"));
  CHECK(niem::may_leave("Subject[2]/RoleOfPerson/PersonName"));
  CHECK_FALSE(niem::may_leave("ArrestSubject[2]/RoleOfPerson/PersonName"));
  CHECK_FALSE(niem::may_leave("Person/PersonAugmentation/PersonCriminalHistorySummary"));
}
