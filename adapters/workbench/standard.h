// What a format's own adapter makes of a file before a mapping's fields go over it (base = "standard"). Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapters/formats/mapping/mapping.h"
#include "crypto/base/result.h"
#include "schemas/model.h"

namespace adapters::workbench {

// What the format's reader finds that is nobody's but the site's, and that the mapping does not name, where paths alone do not tell (niem).
std::vector<std::string> site_paths(const formats::mapping::Mapping& m, const schemas::Config& mapping_file, std::string_view bytes);

// One for each record of mapping::read_records with base = "standard", in its order; an error for one that would not be taken.
// hl7v2, nemsis, niem, fhir. kUnsupported: another format.
base::Result<std::vector<base::Result<schemas::Body>>> standard_bodies(const formats::mapping::Mapping& m, const schemas::Config& mapping_file,
                                                                      std::string_view bytes);

}  // namespace adapters::workbench
