// REF^I12 to Referral and StatusUpdate to RRI^I12, as pure functions over the samples.

#include "adapters/formats/hl7v2/text.h"
#include "adapters/hospital/answer.h"
#include "adapters/hospital/referral_in.h"
#include "adapters/hospital/values.h"
#include "tests/kit/files.h"

#include <doctest/doctest.h>

using namespace adapters::hospital;

namespace {

hl7::Message read(const std::string& name) {
  auto m = hl7::parse(kit::sample(name));
  REQUIRE_MESSAGE(m.ok(), name);
  return std::move(m).value();
}
// The minimal sample with one segment's field replaced.
hl7::Message changed(const std::string& segment, unsigned field, const std::string& raw) {
  hl7::Message m = read("ref_i12_minimal.hl7");
  for (hl7::Segment& s : m.segments) {
    if (s.name() == segment.substr(0, 3)) {
      s.text = segment == "MSH" ? hl7::with_field(s.text, field - 1, raw, m.delimiters) : hl7::with_field(s.text, field, raw, m.delimiters);
      break;
    }
  }
  return m;
}
hl7::Message without(const std::string& segment) {
  hl7::Message m = read("ref_i12_minimal.hl7");
  std::erase_if(m.segments, [&](const hl7::Segment& s) { return s.name() == segment; });
  return m;
}
std::string faults(const Mapped& mapped) {
  std::string out;
  for (const auto& f : mapped.faults) out += std::to_string(f.code) + "@" + f.where + " ";
  return out;
}
const base::Id kMsg{0x01, 0x92, 0x5d, 0x11, 0x22, 0x33, 0x7a, 0xbc, 0x80, 1, 2, 3, 4, 5, 6, 7};
const base::Id kThread{0x01, 0x92, 0x5d, 0x10, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 9};

}  // namespace

TEST_CASE("the full sample maps field by field") {
  const auto m = read("ref_i12_full.hl7");
  CHECK_FALSE(refuse_header(m).has_value());
  CHECK_FALSE(is_test(m));
  CHECK(dedupe_key(m) == "mllp:STBRIGID^2.16.840.1.113883.19.7^ISO:STB-0002");
  const Mapped got = referral_from(m, {});
  CHECK(faults(got).empty());
  const schemas::Referral& r = got.referral;
  CHECK(r.subject.name.family == "Testcase");
  CHECK(r.subject.name.suffix == "Jr");
  CHECK(r.subject.dob == "1986-11-30");
  CHECK(r.subject.sex == "male");
  CHECK(r.subject.race == "White");
  CHECK(r.subject.language == "en");
  CHECK(r.subject.phone == "555-5550123");
  CHECK(r.subject.address.city == "Alderton");
  REQUIRE(r.subject.contacts.size() == 1);
  CHECK(r.subject.contacts[0].role == "Sister");
  CHECK(r.urgency == "emergent");
  CHECK(r.service.code == "CSU_BED");
  REQUIRE(r.reasons.size() == 1);
  CHECK(r.reasons[0].code == "SI");
  CHECK(r.source_ref == "REQ-1002");
  CHECK(r.incident_ref == "V-9001");
  CHECK(r.requested_at == "2026-10-05T14:00:00+00:00");
  CHECK(r.effective_until == "2026-10-12");
  CHECK(r.requester.name.family == "Ames");
  CHECK(r.requester.role == "clinician");
  CHECK(r.requester.phone == "5550101");  // the contact of CTD goes before the referring person's own number
  CHECK(r.target_service_person == "Desk Intake");
  CHECK(r.location_now == "ED 12 A STBRIGID");
  CHECK(r.diagnoses.size() == 2);
  CHECK(r.allergies.at(0).text == "Penicillin: Hives");
  REQUIRE(r.observations.size() == 3);
  CHECK(r.observations[0].value == "96");
  CHECK(r.observations[0].at == "2026-10-05T13:35:00+00:00");
  CHECK(r.observations[1].abnormal == "A");
  CHECK(r.observations[2].value == "High risk");
  REQUIRE(r.attachments.size() == 1);
  CHECK(r.attachments[0].media_type == "application/pdf");
  CHECK(base::text(r.attachments[0].data).starts_with("%PDF-1.4"));
  CHECK(r.payer == "Fictional Health");
  CHECK(r.member_id == "MEM-0001");
  CHECK(r.notes.at(0).find("Calm, cooperative & oriented.") != std::string::npos);
  CHECK(r.labels == std::vector<std::string>{"general", "mh"});
  CHECK(got.target_names.front() == "HARBORLIGHT");
}

TEST_CASE("the social security number is dropped unless the configuration keeps it") {
  const auto m = read("ref_i12_full.hl7");
  CHECK(referral_from(m, {}).referral.subject.ids.size() == 1);
  MappingOptions keep;
  keep.keep_ssn = true;
  CHECK(referral_from(m, keep).referral.subject.ids.size() == 3);
}

TEST_CASE("every good sample maps without a fault, in UTF-8") {
  for (const char* name :
       {"minimal", "full", "utf8", "latin1", "repetitions", "odd_delimiters", "bom_lf", "test_flag", "line_feed_in_text"}) {
    CAPTURE(name);
    const auto m = read("ref_i12_" + std::string(name) + ".hl7");
    CHECK_FALSE(refuse_header(m).has_value());
    CHECK(faults(referral_from(m, {})).empty());
  }
  CHECK(referral_from(read("ref_i12_latin1.hl7"), {}).referral.subject.name.family == "Müller");
  CHECK(referral_from(read("ref_i12_latin1.hl7"), {}).referral.subject.dob == "1975");
  CHECK(is_test(read("ref_i12_test_flag.hl7")));
}

TEST_CASE("repetitions are all kept, and an explicit nothing stays distinguishable") {
  const Mapped got = referral_from(read("ref_i12_repetitions.hl7"), {});
  CHECK(got.referral.subject.ids.size() == 3);
  CHECK(got.referral.notes == std::vector<std::string>{"first", "second", "third"});
  CHECK(got.referral.subject.dob == "1992-03");
  REQUIRE(got.absent.size() == 1);
  CHECK(got.absent[0].field == "subject.race");
  CHECK(got.absent[0].reason == "hl7:null");
}

TEST_CASE("a mapping fault names its field and its code") {
  CHECK(faults(referral_from(changed("PID", 5, ""), {})) == "101@PID[1]-5 ");
  CHECK(faults(referral_from(changed("PID", 7, "19921332"), {})) == "102@PID[1]-7 ");
  CHECK(faults(referral_from(changed("RF1", 2, "X"), {})) == "103@RF1[1]-2 ");
  CHECK(faults(referral_from(changed("RF1", 3, ""), {})) == "101@RF1[1]-3 ");
  CHECK(faults(referral_from(without("PID"), {})) == "100@PID[1] ");
  CHECK(faults(referral_from(without("DG1"), {})) == "101@RF1[1]-10 ");
  CHECK(faults(referral_from(without("PRD"), {})) == "100@PRD[1]-1 ");
  CHECK(faults(referral_from(changed("PID", 5, "UNKNOWN^tall, grey coat"), {})).empty());
  CHECK(referral_from(changed("PID", 5, "UNKNOWN^tall, grey coat"), {}).referral.subject.descriptor == "tall, grey coat");
}

TEST_CASE("the header alone refuses other types, versions and processing ids") {
  const auto where = [](const hl7::Message& m) { return refuse_header(m)->fault.where; };
  CHECK(where(changed("MSH", 9, "VXU^V04")) == "MSH[1]-9");
  CHECK(where(changed("MSH", 9, "ADT^A40")) == "MSH[1]-9.2");
  CHECK(topic_of(read("adt_a01.hl7")) == Topic::kVisit);
  CHECK(where(changed("MSH", 9, "REF^I16")) == "MSH[1]-9.2");
  CHECK(where(changed("MSH", 12, "3.0")) == "MSH[1]-12");
  CHECK(where(changed("MSH", 11, "Z")) == "MSH[1]-11");
  CHECK(where(changed("MSH", 10, "")) == "MSH[1]-10");
  const auto silent = changed("MSH", 11, "");  // P, T or D only by the site's own word
  CHECK(where(silent) == "MSH[1]-11");
  CHECK(!refuse_header(silent, "T"));
  CHECK(is_test(silent, "T"));
  CHECK(!is_test(silent, "P"));
  CHECK(where(changed("MSH", 12, "3.0")) == "MSH[1]-12");
}

TEST_CASE("what the policy's minimum asks comes from the message, else from the settings, else it is AE with the mend") {
  const auto no_phone = changed("PRD", 5, "");
  CHECK(faults(referral_from(no_phone, {})) == "101@PRD[1]-5 ");
  CHECK(referral_from(no_phone, {}).faults[0].text == "there is no number to call back; send PRD-5, CTD-5 or ORC-14, or set `callback`");
  MappingOptions desk;
  desk.callback = "555-0100", desk.service = "CRISIS_EVAL", desk.reason = "Behavioral health referral", desk.basis = "consent";
  CHECK(referral_from(no_phone, desk).referral.requester.phone == "555-0100");
  CHECK(referral_from(changed("RF1", 3, ""), desk).referral.service.code == "CRISIS_EVAL");
  CHECK(referral_from(without("RF1"), desk).faults.empty());
  CHECK(referral_from(without("DG1"), desk).referral.reasons[0].text == "Behavioral health referral");
  CHECK(referral_from(read("ref_i12_minimal.hl7"), desk).referral.authority_basis == "consent");
  CHECK(referral_from(read("ref_i12_minimal.hl7"), {}).referral.authority_basis == "treatment");
  CHECK(faults(referral_from(changed("PID", 7, ""), desk)) == "101@PID[1]-7 ");
  CHECK(faults(referral_from(changed("PID", 7, "\"\""), desk)) == "101@PID[1]-7 ");
  auto order = changed("RF1", 3, "");
  order.segments.push_back({"OBR|1|||CSU_BED^Crisis bed", "\r"});
  CHECK(referral_from(order, {}).referral.service.code == "CSU_BED");
  order.segments.push_back({"OBX|1|NM|2093-3^Cholesterol^LN||190", "\r"});
  CHECK(faults(referral_from(order, {})) == "101@RF1[1]-3 ");
}

TEST_CASE("part2 is a label of the sender, not of the diagnosis") {
  const auto m = changed("DG1", 3, "F11.20^Opioid dependence^I10");
  MappingOptions program;
  program.part2_program = true;
  CHECK(referral_from(m, {}).referral.labels == std::vector<std::string>{"general", "mh"});
  CHECK(referral_from(m, program).referral.labels == std::vector<std::string>{"general", "mh", "part2"});
}

TEST_CASE("HL7 times become ISO times as precise as they were") {
  CHECK(iso_time("1992", "+00:00") == "1992");
  CHECK(iso_time("199203", "+00:00") == "1992-03");
  CHECK(iso_time("19610615", "+00:00") == "1961-06-15");
  CHECK(iso_time("202610051402", "-05:00") == "2026-10-05T14:02:00-05:00");
  CHECK(iso_time("20261005140204.1234-0700", "+00:00") == "2026-10-05T14:02:04.123-07:00");
  for (const char* bad : {"20261332", "2026100514", "tomorrow", "20261005140204-7", "1", "20260231"})
    CHECK_FALSE(iso_time(bad, "+00:00").has_value());
}

TEST_CASE("an acceptance goes back as RRI^I12 with the whole status in ZCR") {
  const auto m = read("ref_i12_full.hl7");
  schemas::StatusUpdate u;
  u.status = "accepted", u.callback = "555-0199", u.expected_at = "2026-10-05T15:00:00Z", u.place = "Bay 2 | north";
  const std::string bytes = rri_from(u, m, kMsg, kThread);
  CHECK(bytes == rri_from(u, m, kMsg, kThread));
  const auto out = hl7::parse(bytes);
  REQUIRE(out.ok());
  CHECK(out->value("MSH-3") == "HANDOFF");
  CHECK(out->value("MSH-6.1") == "STBRIGID");
  CHECK(out->value("MSH-9") == "RRI^I12^RRI_I12");
  CHECK(out->value("MSH-10") == control_id_for(kMsg));
  CHECK(out->value("MSH-10").size() == 20);
  CHECK(out->value("MSA-1") == "AA");
  CHECK(out->value("MSA-2") == "STB-0002");
  CHECK(out->value("RF1-1.1") == "A");
  CHECK(out->value("RF1-6.1") == "REQ-1002");
  CHECK(out->value("RF1-11.1") == "01925d10-0000-7000-8000-000000000009");
  CHECK(out->value("PID-5.1") == "Testcase");
  CHECK(out->all("PRD").size() == 2);
  CHECK(out->value("NTE[3]-3") == "Place: Bay 2 | north");
  CHECK(out->value("ZCR-1") == "accepted");
}

TEST_CASE("a decline carries its reason, and the four values of table 0283 are used as agreed") {
  schemas::StatusUpdate u;
  u.status = "rejected", u.reason = "CAP_NO_BED", u.reason_class = "capacity", u.text = "No bed tonight";
  const auto out = hl7::parse(rri_from(u, read("ref_i12_minimal.hl7"), kMsg, kThread));
  REQUIRE(out.ok());
  CHECK(out->value("RF1-1.1") == "R");
  CHECK(out->value("RF1-10.1") == "CAP_NO_BED");
  CHECK(out->value("NTE[1]-3") == "No bed tonight");
  for (const auto& [status, code] :
       {std::pair{"received", "P"}, {"in-progress", "A"}, {"completed", "A"}, {"expired", "E"}, {"cancelled", "R"}})
    CHECK(rf1_status(status) == code);
}

TEST_CASE("an answer keeps the delimiters and the character set of the question") {
  schemas::StatusUpdate u;
  u.status = "accepted", u.text = "Straße 9 * Zoë";
  const std::string latin = rri_from(u, read("ref_i12_latin1.hl7"), kMsg, kThread);
  CHECK(latin.find("Stra\xDF"
                   "e 9") != std::string::npos);
  CHECK(hl7::parse(latin).value().value("PID-5.1") == "Müller");
  const auto odd = hl7::parse(rri_from(u, read("ref_i12_odd_delimiters.hl7"), kMsg, kThread));
  REQUIRE(odd.ok());
  CHECK(odd->delimiters.field == '*');
  CHECK(odd->value("NTE-3") == "Straße 9 * Zoë");
  CHECK(odd->value("MSH-18") == "UNICODE UTF-8");
}
