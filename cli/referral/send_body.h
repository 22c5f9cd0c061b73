// From a command's options, or a file, to what the agent's `send` takes.
#pragma once

#include "cli/counter/agent.h"

namespace cli::referral {

// {"body": ...} or {"format": ..., "text": ...}. kUsage: an option is missing or fits no such kind; kMalformed: the file.
// Errors name options and fields, never what stands in them.
base::Result<std::shared_ptr<counter::Json>> content(const counter::Call& call);

}  // namespace cli::referral
