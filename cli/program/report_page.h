// A report as one page to print or to put before a board: no script, nothing from elsewhere.
#pragma once

#include "schemas/json.h"

namespace cli::program {

std::string report_words(const schemas::Json& report);  // what is not told, and why
std::string report_page(const schemas::Json& report);   // HTML

}  // namespace cli::program
