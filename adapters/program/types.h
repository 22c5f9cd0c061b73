// The table of built-in adapters: what [[adapter]] type = "..." may say.
#pragma once

#include <vector>

#include "adapters/agent/plugin.h"

namespace adapters::program {

const std::vector<agent::AdapterType>& adapter_types();

}  // namespace adapters::program
