// The apostrophe in front of a cell that a spreadsheet would run as a formula.
#pragma once

#include <string>

namespace adapters::formats::csv {

// Whether the cell, after any apostrophes, begins like a formula.
bool like_formula(const std::string& cell);
std::string unguarded(std::string cell);  // without one apostrophe, if it guards

}  // namespace adapters::formats::csv
