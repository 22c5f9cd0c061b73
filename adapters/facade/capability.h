// GET /metadata: what this server does, and nothing that it does not.
#pragma once

#include "adapters/facade/settings.h"
#include "schemas/json.h"

namespace adapters::facade {

schemas::Json capability_statement(const Settings& settings, const std::string& agency);

}  // namespace adapters::facade
