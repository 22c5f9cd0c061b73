// map new: what is certain is mapped, what never leaves is ignored with its provenance, and the rest refuses the file until a person decides.
#include "adapters/workbench/guess.h"

#include "adapters/workbench/bench.h"
#include "tests/unit/mapping/kit.h"

#include <doctest/doctest.h>

using namespace adapters::workbench;
namespace mapping = adapters::formats::mapping;

namespace {

struct Begun {
  NewMapping made;
  mapping::Mapping mapping;
  std::string file;
};
Begun begun(const mapping_kit::Folder& folder, const std::string& name, const std::string& bytes, const std::string& kind = "Referral") {
  Begun out;
  out.file = folder.write(name, bytes);
  auto made = new_mapping({out.file, "", kind, "America/Denver"});
  REQUIRE_MESSAGE(made.ok(), made.error().message());
  out.made = std::move(made).value();
  auto m = mapping::load(schemas::Config::parse(out.made.toml).value(), "m");
  REQUIRE_MESSAGE(m.ok(), m.error().message());
  out.mapping = std::move(m).value();
  return out;
}
std::string to(const mapping::Mapping& m, const std::string& from) {
  for (const auto& f : m.fields)
    if (f.from == std::vector{from}) return f.to.path;
  return "";
}

}  // namespace

TEST_CASE("names are compared in words") {
  CHECK(in_words("PersonSurName") == "person sur name");
  CHECK(in_words("Subject_Last-Name ") == "subject last name");
  CHECK(in_words("DOB") == "dob");
  CHECK(in_words("isCITCall") == "is cit call");
}

TEST_CASE("the words around a name in a tree say whom it is about") {
  CHECK(meaning_of("Referral", "Subject/Person/PersonSurName")->to == "referral.subject.name.family");
  CHECK(meaning_of("Referral", "EnforcementOfficial/TelephoneNumberFullID")->to == "referral.requester.phone");
  CHECK_FALSE(meaning_of("Referral", "witness.lastName"));
  CHECK_FALSE(meaning_of("Referral", "victim_last_name"));
  CHECK(meaning_of("Referral", "NCIC_HIT")->provenance == "chri");
  CHECK(meaning_of("Referral", "Warrants")->provenance == "cji");
  CHECK_FALSE(meaning_of("Referral", "zzz"));
}

TEST_CASE("the police sample: forms of dates, codes, yes and no, and what of it never leaves") {
  const mapping_kit::Folder folder;
  const auto b = begun(folder, "cad.csv", mapping_kit::read(mapping_kit::samples() + "police/alder_cad.csv"));
  CHECK(b.made.coverage ==
        "28 of 37 columns mapped, 7 ignored, 2 to decide; required fields without a source: referral.service, referral.urgency, authority_basis");
  CHECK(to(b.mapping, "subject_last") == "referral.subject.name.family");
  CHECK(to(b.mapping, "hold_start") == "referral.hold.start");
  CHECK(b.mapping.known.at("remarks") == mapping::Provenance::kCji);
  CHECK(b.mapping.known.at("ncic_hit") == mapping::Provenance::kChri);
  CHECK(b.made.toml.find("time = { format = \"%m/%d/%Y %H:%M\" }") != std::string::npos);
  CHECK(b.made.toml.find("\"SUIC\" = \"SI\"") != std::string::npos);
  CHECK(b.mapping.row_id == "incident_no");
  // It refuses the very sample until somebody has decided.
  const auto seen = Inspector::make({"", folder.write("m.toml", b.made.toml)})->file(b.file);
  CHECK(seen.json.find("unmapped column") != std::string::npos);
  CHECK(seen.json.find("\"unmapped\":[\"hold_type\",\"weapons_secured\"]") != std::string::npos);
}

TEST_CASE("a column that the sample contradicts is left to be decided, and never a value of free text in the mapping") {
  const mapping_kit::Folder folder;
  const auto b = begun(folder, "x.csv", "last_name,dob,priority,suicidal,reason\nDoe,14.3.92,9,maybe,SECRET TEXT THAT IS MUCH TOO LONG FOR A CODE\n");
  CHECK(to(b.mapping, "last_name") == "referral.subject.name.family");
  CHECK(b.mapping.fields.size() == 1);
  CHECK(b.made.coverage.find("4 to decide") != std::string::npos);
  CHECK(b.made.toml.find("SECRET") == std::string::npos);
  CHECK(b.made.toml.find("# from = \"suicidal\"") != std::string::npos);
}

TEST_CASE("two columns for one field: the second is for a person to judge") {
  const mapping_kit::Folder folder;
  const auto b = begun(folder, "x.csv", "surname,last_name\nDoe,Doe\n");
  CHECK(b.mapping.fields.size() == 1);
  CHECK(b.made.toml.find("may say the same as surname") != std::string::npos);
}

TEST_CASE("the list in which the records lie is found; elements that repeat are left to be decided") {
  const mapping_kit::Folder folder;
  const auto json = begun(folder, "c.json", mapping_kit::read(mapping_kit::samples() + "mapping/crisis_json/calls.json"));
  CHECK(json.made.toml.find("[json]\nrecords = \"data.calls\"") != std::string::npos);
  CHECK(to(json.mapping, "client.lastName") == "referral.subject.name.family");
  CHECK(json.mapping.known.at("criminalHistory") == mapping::Provenance::kChri);
  const auto xml = begun(folder, "c.xml", "<calls><call><lastName>Doe</lastName></call><call><lastName>Roe</lastName></call></calls>");
  CHECK(xml.made.toml.find("[xml]\nrecord = \"call\"") != std::string::npos);
  const auto people = begun(folder, "p.xml", "<call><id>1</id><callType>SI</callType><person><lastName>Doe</lastName></person><person><lastName>Roe</lastName></person></call>");
  CHECK(to(people.mapping, "person/lastName").empty());
}

TEST_CASE("beds are mapped as beds") {
  const mapping_kit::Folder folder;
  const auto b = begun(folder, "beds.csv", "program,status,available,updated\nCSU,open,2,2026-10-05 13:40\n", "CapacityUpdate");
  CHECK(to(b.mapping, "available") == "capacity.count");
  CHECK(to(b.mapping, "updated") == "capacity.as_of");
  CHECK(b.made.coverage.find("4 of 4 columns mapped") != std::string::npos);
}

TEST_CASE("over a standard mapping only what a site has added is asked about") {
  const mapping_kit::Folder folder;
  const auto b = begun(folder, "r.hl7", mapping_kit::read(mapping_kit::samples() + "mapping/site_hl7v2/ref_i12_site.hl7"));
  CHECK(b.mapping.standard);
  CHECK(b.made.coverage == "0 of 6 site-specific paths mapped, 0 ignored, 6 to decide; the rest is read by the standard mapping");
  CHECK(b.made.toml.find("# from = \"ZSF-1\"\n# to = \"custom.x-zsf-1\"") != std::string::npos);
}

TEST_CASE("names that TOML has to quote, and samples that are none") {
  const mapping_kit::Folder folder;
  const auto b = begun(folder, "q.csv", "\"a \"\"b\"\"\\\",last_name\n1,Doe\n");
  CHECK(b.made.toml.find(R"(# from = "a \"b\"\\")") != std::string::npos);
  CHECK(new_mapping({folder.write("x.txt", "hello"), "", "Referral", "UTC"}).error().what == "not a record that is read here: plain text");
  CHECK_FALSE(new_mapping({b.file, "", "Letter", "UTC"}).ok());
  CHECK_FALSE(new_mapping({folder.path + "/none", "", "Referral", "UTC"}).ok());
}
