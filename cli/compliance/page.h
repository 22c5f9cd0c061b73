// The accounting of disclosures as one page to print for the person: no script, nothing loaded, every value escaped.
#pragma once

#include <string>

#include "schemas/json.h"

namespace cli::compliance {

std::string page(const schemas::Json& answer, const std::string& agency, const std::string& made);

}  // namespace cli::compliance
