// inspect over files of every format: a verdict with reasons, places and no contents.
#include "adapters/workbench/inspect.h"

#include "tests/unit/mapping/kit.h"

#include <doctest/doctest.h>

using mapping_kit::inspected;
using schemas::Json;

namespace {

std::string hl7(const std::string& type, const std::string& rest) {
  return "MSH|^~\\&|STB|STB|H|H|20261005140204+0000||" + type + "|1|P|2.5.1\r" + rest;
}

}  // namespace

TEST_CASE("hl7v2: each message counts; one that is not taken leaves the others") {
  const std::string full = mapping_kit::read(mapping_kit::samples() + "ref_i12_full.hl7");
  const auto one = inspected(full);
  CHECK(one["format"] == "hl7v2");
  CHECK(one["kind"] == "Referral");
  CHECK(one["verdict"] == "partial");
  CHECK(one["messages"] == 1);
  CHECK_FALSE(one["unmapped"].empty());
  CHECK(one.dump().find("Testcase") == std::string::npos);
  const auto batch = inspected(full + hl7("ADT^ZZ9", "PID|1||7\r"));
  CHECK(batch["messages"] == 2);
  CHECK(batch["verdict"] == "partial");
  CHECK(batch["warnings"][0]["where"].get<std::string>().starts_with("message 2: MSH"));
  const auto none = inspected(hl7("ADT^ZZ9", "PID|1||7\r") + hl7("ADT^ZZ9", "PID|1||7\r"));
  CHECK(none["verdict"] == "refused");
  CHECK(none["error"]["what"].get<std::string>().find(", and so with all 2") != std::string::npos);
  CHECK_FALSE(none["error"]["mend"].get<std::string>().empty());
}

TEST_CASE("hl7v2: a capture of the wire is read without its frame") {
  CHECK(inspected("\x0B" + mapping_kit::read(mapping_kit::samples() + "ref_i12_full.hl7") + "\x1C\r")["kind"] == "Referral");
}

TEST_CASE("nemsis, fhir and niem are read by their own readers") {
  const auto pcr = inspected(mapping_kit::read(mapping_kit::samples() + "nemsis/doe_to_st_brigid.xml"));
  CHECK(pcr["format"] == "nemsis");
  CHECK(pcr["verdict"] != "refused");
  CHECK(pcr["kind"].get<std::string>().find("Referral") != std::string::npos);
  const auto niem = inspected(mapping_kit::read(mapping_kit::samples() + "mapping/niem/incident.xml"));
  CHECK(niem["format"] == "niem");
  CHECK(niem["verdict"] == "partial");
  const auto patient = inspected(R"({"resourceType":"Schedule","id":"x"})");
  CHECK(patient["verdict"] == "refused");
  const auto lines = inspected("{\"resourceType\":\"Schedule\"}\n{\"resourceType\":\"Patient\",\"birthDate\":\"1992\"}\nx\n");
  CHECK(lines["messages"] == 3);
}

TEST_CASE("formats that need a mapping say so, and what is no record at all is refused") {
  const auto json = inspected(R"([{"last_name":"Doe","dob":"1992-03-14","zzz":1}])");
  CHECK(json["verdict"] == "partial");
  CHECK(json["warnings"][0]["what"] == "without a mapping nothing of it is read; 2 of 3 names are familiar");
  CHECK(json["unmapped"] == Json::array({"dob", "last_name", "zzz"}));
  CHECK(inspected(R"({"widget":{"knob":1}})")["verdict"] == "refused");
  CHECK(inspected("knob,dial\n1,2\n")["error"]["mend"] == "if it is one, write a mapping: handoff-agent map new --from FILE");
}

TEST_CASE("a mapping of any format is held against the file, over the standard one too") {
  for (const char* name : {"cad_csv/welfare.csv", "crisis_json/calls.json", "niem/incident.xml", "site_hl7v2/ref_i12_site.hl7", "site_nemsis/doe_to_st_brigid.xml"}) {
    CAPTURE(name);
    const std::string file = mapping_kit::samples() + "mapping/" + name;
    const auto inspector = adapters::workbench::Inspector::make({"", file.substr(0, file.rfind('/')) + "/mapping.toml"});
    REQUIRE(inspector.ok());
    const auto j = *schemas::parse_json(inspector->file(file).json).value();
    CHECK(j["verdict"] == "read");
    CHECK(j["kind"] == "Referral");
    CHECK(std::ranges::find(j["fields"], "referral.subject.name.family") != j["fields"].end());
    CHECK(j.dump().find("Doe") == std::string::npos);
  }
}

TEST_CASE("--format goes before detection; a wrong one is refused by its reader") {
  CHECK(inspected("PID,MSH\n1,2\n", "x", "hl7v2")["error"]["where"] != "");
  CHECK(inspected("last,first\nDoe,J.\n", "x", "tsv")["format"] == "tsv");
  CHECK(inspected("", "x", "csv")["verdict"] == "refused");
}

TEST_CASE("what would be endless in an answer is counted") {
  std::string table = "last_name,first_name\n";
  for (unsigned i = 0; i < 300; ++i) table += "Doe\n";
  const auto j = inspected(table, "x.csv");
  CHECK(j["warnings"].size() == 101);
  CHECK(j["warnings"][100]["what"] == "201 more");
}
