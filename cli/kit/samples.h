// One delivery of each kind, about invented people.
#pragma once

#include "cli/kit/bench.h"

namespace cli::kit {

std::vector<Json> sample_deliveries();       // one of each kind
Json sample_message(const std::string& text, unsigned n);  // a SecureMessage; another n, another message

}  // namespace cli::kit
