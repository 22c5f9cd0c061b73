// Records of every format through one door: what their paths are, and what they read.
#include "adapters/formats/mapping/record.h"

#include <algorithm>

#include <doctest/doctest.h>

using adapters::formats::mapping::Records;
using Paths = std::vector<std::string>;

namespace {

base::Result<Records> read(const std::string& format, const std::string& bytes, const std::string& config = "") {
  return adapters::formats::mapping::read_records(format, bytes, schemas::Config::parse(config).value());
}
Records good(const std::string& format, const std::string& bytes, const std::string& config = "") {
  auto out = read(format, bytes, config);
  REQUIRE_MESSAGE(out.ok(), out.error().message());
  return std::move(out).value();
}
std::string text(const Records& r, std::string_view path, std::size_t nth = 0) {
  std::string out = r.records.at(nth).text(path).value_or("(none)");
  for (char& c : out)
    if (c == adapters::formats::mapping::kBetween) c = '|';
  return out;
}

const std::string kMessage =
    "MSH|^~\\&|A|B|C|D|20261005||REF^I12|1|P|2.5.1\rPRD|RP|Roe^Ann\rPRD|RT|Poe^Max|||555~556\rPID|1||7^^^X~8^^^Y||Doe^J.&van\\T\\||19920314\r"
    "OBX|1|NM|a||5|mg\rOBX|2|ST|b||x\rZCR|1|harbor|\"\"\r";

const std::string kNiem = R"(<n:Report xmlns:n="urn:n" xmlns:s="http://release.niem.gov/niem/structures/4.0/">
<n:Incident s:id="I1"><n:Date>2026-10-05</n:Date></n:Incident>
<n:Person s:id="P1"><n:SurName>Doe</n:SurName><n:Phone>1</n:Phone><n:Phone type="cell">2</n:Phone></n:Person>
<n:Person s:id="P2"><n:SurName>Roe</n:SurName></n:Person>
<n:Subject><n:RoleOfPerson s:ref="P1"/></n:Subject></n:Report>)";

}  // namespace

TEST_CASE("csv and tsv: a record a row; one of another length is a fault of its own") {
  const auto r = good("csv", "a,b\n1,\n2,3,4\n");
  CHECK(r.paths == Paths{"a", "b"});
  REQUIRE(r.records.size() == 2);
  CHECK(r.records[0].where == "row 2");
  CHECK(r.records[0].paths == Paths{"a"});
  CHECK(text(r, "a") == "1");
  CHECK(text(r, "c") == "(none)");
  REQUIRE(r.records[1].fault);
  CHECK(r.records[1].fault->where == "row 3");
  CHECK(text(good("tsv", "a,x\tb\n1\t2\n"), "a,x") == "1");
}

TEST_CASE("json: an array, a list inside, one object, or a value a line") {
  const std::string one = R"({"n":1,"ok":true,"none":null,"s":"","p":{"names":[{"f":"Doe"},{"g":"J."},{"f":"Roe"}]}})";
  const auto object = good("json", one);
  CHECK(object.paths == Paths{"n", "ok", "p.names[0].f", "p.names[1].g", "p.names[2].f"});
  CHECK(object.records[0].where == "$");
  CHECK(text(object, "n") == "1");
  CHECK(text(object, "ok") == "true");
  CHECK(text(object, "p.names[].f") == "Doe||Roe");
  CHECK(text(object, "p.names") == "(none)");
  CHECK(object.records[0].places("p.names[].f") == Paths{"p.names[0].f", "p.names[2].f"});
  CHECK(good("json", "\xEF\xBB\xBF[" + one + "," + one + "]").records[1].where == "$[1]");
  const auto list = good("json", "{\"at\":{\"calls\":[" + one + "]}}", "[json]\nrecords = \"at.calls\"\n");
  CHECK(list.records.at(0).where == "$.at.calls[0]");
  const auto lines = good("json", one + "\n\n" + one + "\n{broken\n");
  REQUIRE(lines.records.size() == 3);
  CHECK(lines.records[1].where == "line 3");
  CHECK(lines.records[2].fault->where == "line 4");
  CHECK_FALSE(read("json", "{broken\n{}\n").ok());
  CHECK(read("json", one, "[json]\nrecords = \"calls\"\n").error().what == "no list of records at calls");
}

TEST_CASE("xml: element names without prefix, attributes, places of what repeats; a record an element") {
  const std::string xml =
      R"(<a:r xmlns:a="urn:a"><a:i id="1"><a:p>x</a:p><a:p k="v">y</a:p></a:i><other>z</other><a:i id="2"><a:p>w</a:p></a:i></a:r>)";
  const auto whole = good("xml", xml);
  CHECK(whole.paths == Paths{"i/@id", "i/p", "i/p[2]/@k", "i/p[2]", "other", "i[2]/@id", "i[2]/p"});
  const auto r = good("xml", xml, "[xml]\nrecord = \"i\"\n");
  REQUIRE(r.records.size() == 2);
  CHECK(r.records[1].where == "line 1");
  CHECK(r.paths == Paths{"@id", "p", "p[2]/@k", "p[2]"});
  CHECK(text(r, "p[]") == "x|y");
  CHECK(text(r, "p[]", 1) == "w");
  CHECK(text(r, "p[1]", 1) == "w");
  CHECK(text(r, "@id", 1) == "2");
  CHECK(read("xml", xml, "[xml]\nrecord = \"Incident\"\n").error().what == "no element Incident");
  CHECK_FALSE(read("xml", "<a>").ok());
}

TEST_CASE("niem: references are followed, and what is read through one is told by its own place") {
  const auto r = good("niem", kNiem);
  CHECK(r.paths == Paths{"Incident/Date", "Person/SurName", "Person/Phone", "Person/Phone[2]/@type", "Person/Phone[2]", "Person[2]/SurName"});
  CHECK(text(r, "Subject/RoleOfPerson/SurName") == "Doe");
  CHECK(text(r, "Subject/RoleOfPerson/Phone[]") == "1|2");
  CHECK(r.records[0].places("Subject/RoleOfPerson/SurName") == Paths{"Person/SurName"});
  CHECK(text(good("xml", kNiem), "Subject/RoleOfPerson/SurName") == "(none)");
}

TEST_CASE("niem: two elements that refer to each other end the search") {
  const auto r = good("niem", R"(<r xmlns:s="http://x/structures/4.0/"><a s:id="A" s:ref="B"/><b s:id="B" s:ref="A"/></r>)");
  CHECK(text(r, "a/x") == "(none)");
}

TEST_CASE("hl7v2: fields as fine as the message has them, repetitions, qualifiers, unescaped") {
  const auto r = good("hl7v2", kMessage + kMessage);
  REQUIRE(r.records.size() == 2);
  CHECK(r.records[1].where == "message 2");
  CHECK(text(r, "PID-5.1") == "Doe");
  CHECK(text(r, "PID-5.2.2") == "van&");
  CHECK(text(r, "PID-7") == "19920314");
  CHECK(text(r, "PID-3[].1") == "7|8");
  CHECK(text(r, "OBX[]-6") == "mg|");
  CHECK(text(r, "PRD[RT]-2.1") == "Poe");
  CHECK(text(r, "PRD[RT]-5[]") == "555|556");
  CHECK(text(r, "ZCR-3") == "(none)");  // the explicit nothing
  CHECK(text(r, "nonsense") == "(none)");
  CHECK(r.records[0].places("PID-7.1") == Paths{"PID-7"});
  CHECK(r.records[0].places("PID-5") == Paths{"PID-5.1", "PID-5.2.1", "PID-5.2.2"});
  CHECK(r.records[0].places("PRD[RT]-2") == Paths{"PRD[2]-2.1", "PRD[2]-2.2"});
  CHECK(r.records[0].places("OBX[]-5") == Paths{"OBX-5", "OBX[2]-5"});
  CHECK(std::ranges::find(r.paths, "ZCR-2") != r.paths.end());
  CHECK(std::ranges::find(r.paths, "ZCR-3") == r.paths.end());
}

TEST_CASE("nemsis: a report a record, groups left out, custom elements by their id, no value where there is none") {
  const auto r = good("nemsis", R"(<EMSDataSet xmlns="http://www.nemsis.org" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><Header>
<PatientCareReport UUID="u"><eSituation><eSituation.PatientComplaintGroup><eSituation.04>sad</eSituation.04></eSituation.PatientComplaintGroup>
<eSituation.10>R45</eSituation.10><eSituation.10 CorrelationID="c">F32</eSituation.10><eSituation.09 xsi:nil="true" NV="7701003"/></eSituation>
<eCustomResults><eCustomResults.ResultsGroup><eCustomResults.01>yes</eCustomResults.01><eCustomResults.02>CIT</eCustomResults.02>
</eCustomResults.ResultsGroup></eCustomResults></PatientCareReport></Header></EMSDataSet>)");
  CHECK(r.paths == Paths{"@UUID", "eSituation/eSituation.04", "eSituation/eSituation.10", "eSituation/eSituation.10[2]",
                         "eSituation/eSituation.10[2]/@CorrelationID", "eCustomResults/CIT"});
  CHECK(text(r, "eSituation/eSituation.10[]") == "R45|F32");
  CHECK(text(r, "eCustomResults/CIT") == "yes");
  CHECK(read("nemsis", "<a/>").error().kind == base::Kind::kUnsupported);
}

TEST_CASE("fhir: a resource a record, or over the standard mapping the Bundle as one") {
  const std::string bundle = R"({"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","id":"p"}},
{"resource":{"resourceType":"Observation","id":"a"}},{"resource":{"resourceType":"Observation","id":"b"}}]})";
  const auto r = good("fhir", bundle);
  REQUIRE(r.records.size() == 3);
  CHECK(r.records[2].where == "$.entry[2].resource");
  CHECK(text(r, "id", 2) == "b");
  const auto one = good("fhir", bundle, "[mapping]\nbase = \"standard\"\n");
  REQUIRE(one.records.size() == 1);
  CHECK(text(one, "Observation.id") == "a");
  CHECK(text(one, "Observation[1].id") == "b");
  CHECK_FALSE(read("fhir", "{}").ok());
}

TEST_CASE("a format that there is not is refused") { CHECK(read("docx", "x").error().kind == base::Kind::kUnsupported); }
