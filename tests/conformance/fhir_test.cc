// Every FHIR document that leaves us is held against what R4 demands of it.
#include "tests/conformance/fhir_structure.h"

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "tests/conformance/fhir_cases.h"

#include <doctest/doctest.h>

using Json = nlohmann::json;

TEST_CASE("every document we write is structurally sound FHIR R4") {
  const char* corpus = std::getenv("HANDOFF_CORPUS");
  const auto cases = fhir_cases::all(corpus == nullptr ? "" : corpus);
  CHECK(cases.size() > 20);
  for (const auto& c : cases) {
    CAPTURE(c.name);
    for (const std::string& fault : fhir_structure::check(Json::parse(c.json))) FAIL_CHECK(fault);
  }
}

TEST_CASE("the structural check sees what is wrong") {
  const auto faults = [](const char* text) { return fhir_structure::check(Json::parse(text)).size(); };
  CHECK(faults(R"({"resourceType":"Flag","status":"active","code":{"text":"x"},"subject":{"display":"y"}})") == 0);
  CHECK(faults(R"({"resourceType":"Flag","status":"on","code":{"text":"x"},"subject":{"display":"y"}})") == 1);
  CHECK(
      faults(R"({"resourceType":"Flag","status":"active","code":{"text":""},"subject":{"reference":"urn:uuid:nowhere"},"colour":"red"})") ==
      3);
  CHECK(faults(R"({"resourceType":"Rocket"})") == 1);
}

TEST_CASE("a rendered case is the same every time") {
  const auto a = fhir_cases::all(""), b = fhir_cases::all("");
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(a[i].json == b[i].json);
}
