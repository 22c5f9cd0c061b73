// A StatusUpdate as notes that a person reads and a machine reads back: "Reason: CAP_NO_BED", one a line; what has no label is the text.
// Pure; thread-safe.
#pragma once

#include <string>
#include <vector>

#include "schemas/model.h"

namespace adapters::hospital {

std::vector<std::string> lines_of(const schemas::StatusUpdate& u);
// Sets what the lines name; the rest becomes the text.
void take_lines(const std::vector<std::string>& lines, schemas::StatusUpdate& u);

}  // namespace adapters::hospital
