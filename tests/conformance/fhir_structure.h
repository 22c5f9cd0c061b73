// What FHIR R4 demands of the resources that we write, as data: required and known elements, code sets, date forms, resolvable references.
// Not a general validator: outside ones judge the same documents when they are installed (fhir_validators.sh).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace fhir_structure {

// One line a fault: "Bundle.entry[3].resource.status: missing".
std::vector<std::string> check(const nlohmann::json& resource);

}  // namespace fhir_structure
