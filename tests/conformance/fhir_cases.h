// The FHIR documents that the conformance checks look at: every good HL7 sample's referral and hand-made ones at the edges.
#pragma once

#include <string>
#include <vector>

namespace fhir_cases {

struct Case {
  std::string name, json;
};
// Samples of the repository, and REF^I12 messages below `corpus` too if it is not empty.
std::vector<Case> all(const std::string& corpus);

}  // namespace fhir_cases
