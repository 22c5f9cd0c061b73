// Asking the agent that runs in a folder, over its socket.
#pragma once

#include "adapters/program/arguments.h"
#include "schemas/json.h"

namespace adapters::program {

using schemas::Json;

// `dir`: the agent's data folder. kNotFound, kBusy: no agent runs there; else the agent's own error.
base::Result<std::shared_ptr<Json>> ask(const std::string& dir, const Json& request);
// The data folder of the agent whose folder or --config the arguments name.
base::Result<std::string> data_folder(const Arguments& a);

std::string field(const Json& j, const char* key);                // text or number as text, made plain for a terminal; "" if it is not there
std::string joined(const Json& list, const char* between = ", ");  // of texts
void next(const std::string& words);                              // "next: ..."

}  // namespace adapters::program
