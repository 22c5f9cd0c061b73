// Which fields of a message have a value. Pure; thread-safe.
#pragma once

#include <string>
#include <vector>

#include "schemas/model.h"

namespace adapters::workbench {

// The innermost paths, in the order of the model; custom fields as "custom.x-name".
std::vector<std::string> fields_of(const schemas::Body& body);

}  // namespace adapters::workbench
