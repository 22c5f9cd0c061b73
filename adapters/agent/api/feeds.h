// Rows of feeds as JSON; shared by the operations of feeds and of the quarantine. Nothing protected.
#pragma once

#include "adapters/agent/api/ops.h"
#include "adapters/agent/keep/records_feed.h"

namespace adapters::agent::api {

Json rehearsed_json(const keep::RehearsedRow& row);
// There must be an adapter of that name here.
base::Status must_exist(Agent& agent, const std::string& adapter);

}  // namespace adapters::agent::api
