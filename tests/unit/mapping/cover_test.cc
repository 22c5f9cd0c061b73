// What a mapping names of a tree: nothing leaves or is passed over by accident, whatever the format.
#include "adapters/formats/mapping/cover.h"

#include "adapters/formats/mapping/mapping.h"

#include <doctest/doctest.h>

using namespace adapters::formats::mapping;
using Paths = std::vector<std::string>;

namespace {

std::string field(const std::string& from, const std::string& to, const std::string& more = "") {
  return "[[field]]\nfrom = \"" + from + "\"\nto = \"" + to + "\"\nprovenance = \"local\"\n" + more + "\n";
}
std::string ignore(const std::string& from, const std::string& provenance = "local") {
  return "[[ignore]]\nfrom = \"" + from + "\"\nprovenance = \"" + provenance + "\"\n";
}
struct Read {
  Mapping mapping;
  Records records;
};
base::Result<Mapping> loaded(const std::string& format, const std::string& text) {
  return load(schemas::Config::parse("[mapping]\nformat = \"" + format + "\"\nkind = \"Referral\"\n" + text, "m.toml").value(), "m.toml");
}
Read read(const std::string& format, const std::string& text, const std::string& bytes) {
  auto m = loaded(format, text);
  REQUIRE_MESSAGE(m.ok(), m.error().message());
  auto records = read_records(format, bytes, schemas::Config::parse("[mapping]\n" + text).value());
  REQUIRE_MESSAGE(records.ok(), records.error().message());
  return {std::move(m).value(), std::move(records).value()};
}
Paths unmapped_of(const Read& r) { return unmapped_paths(r.mapping, r.records); }
schemas::Referral referral(const Read& r, std::size_t nth = 0) {
  const auto out = apply(r.mapping, r.records.records.at(nth).text);
  for (const auto& f : out.faults) FAIL_CHECK(f.message());
  return std::get<schemas::Referral>(out.body.payload);
}

const std::string kJson = R"([{"who":{"last":"Doe","ssn":"1"},"why":["SI","HI"],"drugs":[{"c":"1","t":"a"},{"t":"b"}],"ncic":{"hit":"x"}}])";
const std::string kHl7 = "MSH|^~\\&|A|B|C|D|20261005||REF^I12|1|P|2.5.1\rPID|1||7||Doe^J.\rZCR|1|harbor\r";

}  // namespace

TEST_CASE("an ignored path stands for all below it, and a star for any text") {
  CHECK(covers("Person", "Person[2]/Name/@id"));
  CHECK(covers("Person[2]", "Person[2]/Name"));
  CHECK_FALSE(covers("Person[2]", "Person[3]/Name"));
  CHECK_FALSE(covers("Person", "PersonName"));
  CHECK(covers("Person*", "PersonName"));
  CHECK(covers("*/SSN*", "Report/Person[2]/SSNText"));
  CHECK(covers("PID-5", "PID-5[2].1"));
  CHECK_FALSE(covers("PID-5", "PID-51"));
  CHECK(covers("PID", "PID-5"));
  CHECK(covers("a[].b", "a[3].b.c"));
}

TEST_CASE("every path of a tree is mapped or ignored, or the source is refused") {
  const std::string mapped = field("who.last", "referral.subject.name.family") + field("why[]", "referral.reasons.code");
  auto r = read("json", mapped + ignore("who", "local"), kJson);
  CHECK(unmapped_of(r) == Paths{"drugs[].c", "drugs[].t", "ncic.hit"});
  const auto errors = unfit(r.mapping, r.records);
  REQUIRE(errors.size() == 3);
  CHECK(errors[0].message() == "$[0]: unmapped path drugs[].c; map it or list it under ignore");
  CHECK(unmapped_of(read("json", mapped + ignore("who.ssn") + ignore("drugs") + ignore("ncic*", "cji"), kJson)).empty());
  CHECK(referral(r).reasons.size() == 2);
}

TEST_CASE("a star in the target makes an element for each text, and columns stay together") {
  const auto r = read("json",
                      field("drugs[].c", "referral.medications[*].code") + field("drugs[].t", "referral.medications[*].text") +
                          "[[field]]\nvalue = \"urn:x\"\nto = \"referral.medications[*].system\"\n" + ignore("*"),
                      kJson);
  const auto m = referral(r).medications;
  REQUIRE(m.size() == 2);
  CHECK(m[0].code == "1");
  CHECK(m[0].text == "a");
  CHECK(m[1].code.empty());
  CHECK(m[1].text == "b");
  CHECK(m[1].system == "urn:x");
}

TEST_CASE("several texts for one value are joined") {
  const auto r = read("json", field("why[]", "referral.location_now", "join = \", \"") + ignore("*"), kJson);
  CHECK(referral(r).location_now == "SI, HI");
}

TEST_CASE("a local field may not lie in what is ignored as criminal-justice information, nor get there by a reference") {
  CHECK(loaded("json", field("ncic.hit", "referral.notes") + ignore("ncic", "cji")).error().what ==
        "the local path ncic.hit lies in what is ignored as ncic");
  CHECK(loaded("json", field("who.last", "referral.notes") + ignore("who", "local")).ok());
  const auto leak = read("niem", field("Subject/RoleOfPerson/Note", "referral.notes") + ignore("Hit", "cji"),
                         R"(<r xmlns:s="http://x/structures/4.0/"><Subject><RoleOfPerson s:ref="P"/></Subject><Hit s:id="P"><Note>n</Note></Hit></r>)");
  const auto errors = unfit(leak.mapping, leak.records);
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].kind == base::Kind::kDenied);
  const auto whole = read("hl7v2", field("PID-5", "referral.notes") + ignore("PID-5.2", "chri") + ignore("*"), kHl7);
  CHECK(unfit(whole.mapping, whole.records).size() == 1);
}

TEST_CASE("records that are not wanted need no mapping") {
  const auto r = read("json", field("a", "referral.notes") + ignore("t") + "[[only]]\nfrom = \"t\"\nis = [\"1\"]\n",
                      R"([{"t":"1","a":"x"},{"t":"2","z":"y"}])");
  CHECK(unfit(r.mapping, r.records).empty());
}

TEST_CASE("over the standard mapping only what a site has added must be named") {
  const std::string base = "base = \"standard\"\n";
  CHECK(unmapped_of(read("hl7v2", base + field("PID-5.1", "referral.notes"), kHl7)) == Paths{"ZCR-1", "ZCR-2"});
  CHECK(unmapped_of(read("hl7v2", base + field("ZCR-2", "custom.x-desk") + ignore("ZCR"), kHl7)).empty());
  CHECK_FALSE(loaded("csv", base + field("a", "referral.notes")).ok());
  CHECK_FALSE(loaded("hl7v2", "base = \"ours\"\n" + field("PID-5.1", "referral.notes")).ok());
}

TEST_CASE("fields go over what the standard mapping made: values are replaced, lists grow or are replaced") {
  schemas::Body body;
  schemas::Referral made;
  made.urgency = "routine", made.notes = {"first"}, made.reasons = {{.system = "", .code = "SI", .text = ""}};
  body.payload = made;
  body.absent = {{"subject.dob", "nv:7701003"}, {"location_now", "nil"}};
  const auto r = read("hl7v2",
                      "base = \"standard\"\n" + field("ZCR-2", "referral.notes") + field("PID-5.1", "referral.location_now") +
                          field("PID-5.2", "referral.reasons.code", "instead = true\nmap = { \"J.\" = \"HI\" }") +
                          field("ZCR-1", "referral.urgency", "map = { 1 = \"emergent\" }"),
                      kHl7);
  CHECK(overlay(body, r.mapping, r.records.records.at(0)).empty());
  const auto& out = std::get<schemas::Referral>(body.payload);
  CHECK(out.notes == Paths{"first", "harbor"});
  CHECK(out.urgency == "emergent");
  REQUIRE(out.reasons.size() == 1);
  CHECK(out.reasons[0].code == "HI");
  CHECK(body.absent.size() == 1);
  CHECK_FALSE(loaded("hl7v2", field("ZCR-2", "referral.notes", "instead = true")).ok());
}

TEST_CASE("a key that no reader has is an error") {
  CHECK_FALSE(loaded("json", field("a", "referral.notes") + "[json]\nrecord = \"x\"\n").ok());
  CHECK(loaded("json", field("a", "referral.notes") + "[json]\nrecords = \"x\"\n").ok());
  CHECK(loaded("niem", field("a", "referral.notes") + "[xml]\nrecord = \"x\"\n").ok());
  CHECK_FALSE(loaded("docx", field("a", "referral.notes")).ok());
  CHECK_FALSE(loaded("niem", field("Subject/SubjectArrest/Charge", "referral.notes")).ok());
}
