// Files that go along with a message from a terminal: --attach FILE[:TYPE], as often as there are files.
#pragma once

#include "cli/counter/agent.h"

namespace cli::referral {

// Adds them to the body of a `send` request. kUsage: this kind of message takes no files.
base::Status attach(const counter::Call& call, counter::Json& request);

}  // namespace cli::referral
