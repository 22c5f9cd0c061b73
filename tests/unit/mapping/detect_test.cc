// What a file is, told by its contents; and what is none of ours, told by name and with a mend.
#include "adapters/workbench/detect.h"

#include "tests/unit/mapping/kit.h"

#include <doctest/doctest.h>

using adapters::workbench::detect;

namespace {

std::string sixteen(std::string_view text) {
  std::string out = "\xFF\xFE";
  for (const char c : text) (out += c) += '\0';
  return out;
}

}  // namespace

TEST_CASE("formats are told by contents, whatever the name") {
  for (const auto& [format, bytes] : std::vector<std::pair<std::string, std::string>>{
           {"hl7v2", "MSH|^~\\&|A|B"},
           {"hl7v2", "\xEF\xBB\xBF\r\nFHS|^~\\&|A"},
           {"hl7v2", "\x0BMSH$%~\\&$A$B"},
           {"hl7v2", "PID|1||7"},
           {"fhir", "\xEF\xBB\xBF {\n \"id\": \"1\", \"resourceType\" : \"Patient\"}"},
           {"fhir", "[{\"resourceType\":\"Patient\"}]"},
           {"json", "{\"call\":1}"},
           {"json", "[1,2]"},
           {"nemsis", "<?xml version=\"1.0\"?><!-- x --><EMSDataSet xmlns=\"http://www.nemsis.org\"/>"},
           {"niem", "<x xmlns:n=\"http://release.niem.gov/niem/niem-core/5.0/\"><n:Incident/></x>"},
           {"niem", "<Submission xmlns=\"http://fbi.gov/cjis/nibrs/2019\"/>"},
           {"xml", "<calls><call/></calls>"},
           {"csv", "last,first\nDoe,J.\n"},
           {"csv", "last;first\r\nDoe;J.\r\n"},
           {"csv", "last\tfirst\nDoe\tJ.\n"}}) {
    CAPTURE(bytes);
    const auto found = detect(bytes, "file.bin");
    CHECK(found.format == format);
    CHECK_FALSE(found.error);
  }
  CHECK(detect("last\tfirst\nDoe\tJ.\n", "x.tsv").format == "tsv");
  CHECK(detect(sixteen("<calls/>"), "x").format == "xml");
  CHECK(detect(sixteen("last,first\nDoe,J."), "x").format == "csv");
  CHECK(detect(sixteen("MSH|^~\\&|A"), "x").error->what == "the file is in UTF-16");
}

TEST_CASE("what is none of ours is said by name, with a mend") {
  for (const auto& [what, bytes] : std::vector<std::pair<std::string, std::string>>{
           {"an empty file", ""},
           {"a file without text", " \r\n\t"},
           {"text in UTF-16 without a mark", sixteen("last,first\nDoe,J.").substr(2)},
           {"a PDF document", "%PDF-1.7"},
           {"a ZIP archive, or a document of an office program", "PK\x03\x04zzzz"},
           {"compressed with gzip", "\x1F\x8B\x08zzzz"},
           {"a binary file", std::string("abc\0def", 7)},
           {"an XML schema", "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"/>"},
           {"rules in Schematron", "<schema xmlns=\"http://purl.oclc.org/dsdl/schematron\"/>"},
           {"the description of a web service (WSDL)", "<definitions xmlns=\"http://schemas.xmlsoap.org/wsdl/\"/>"},
           {"FHIR in XML", "<Patient xmlns=\"http://hl7.org/fhir\"/>"},
           {"a clinical document (CDA) or another HL7 version 3 message", "<ClinicalDocument xmlns=\"urn:hl7-org:v3\"/>"},
           {"a web page", "<!DOCTYPE html><html></html>"},
           {"a NEMSIS DEMDataSet: an agency's demographics, without patients", "<DEMDataSet xmlns=\"http://www.nemsis.org\"/>"},
           {"a flat file of NIBRS, with fields by position", "00871I022006TN0390100000000123456 2006-02-01 blah blah\n"},
           {"plain text", "Dear all,\nthe meeting, as you know, is off.\nRegards\n"},
           {"plain text", "one line"},
           {"text that is not UTF-8", "caf\xE9 and tea"}}) {
    CAPTURE(what);
    const auto found = detect(bytes, "file.txt");
    REQUIRE(found.error);
    CHECK(found.error->what == "not a record that is read here: " + what);
    CHECK_FALSE(found.error->mend.empty());
    const auto j = mapping_kit::inspected(bytes, "file.txt");
    CHECK(j["verdict"] == "refused");
    CHECK(j["error"]["what"] == found.error->what);
  }
}

TEST_CASE("what is certain is told beside the error: XML that breaks off, a table in another charset") {
  const auto cut = detect("<EMSDataSet xmlns=\"http://www.nemsis.org\"><Header>", "pcr.xml");
  CHECK(cut.format == "xml");
  CHECK(cut.error->kind == base::Kind::kMalformed);
  const auto latin = detect("last,first\nM\xFCller,J.\nDoe,A.\n", "cad.csv");
  CHECK(latin.format == "csv");
  CHECK(latin.error->what == "the file is not UTF-8");
}
