// Codes that people type, checked before they are sent: one that is not in its value set is answered with those that are.
#pragma once

#include "cli/counter/call.h"

namespace cli::counter {

// An option that is absent passes; so do local codes (x-...). kUsage lists the codes with their words.
base::Status check_code(const Call& call, const char* option, const char* value_set);

}  // namespace cli::counter
