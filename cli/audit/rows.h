// The columns of a trail, as printed by `audit trail` and `audit search`.
#pragma once

#include "cli/counter/agent.h"

namespace cli::audit {

// Prints the answer (rows, what was indexed, where the question itself is logged). kFinding if a proof does not hold.
counter::Exit print_rows(const counter::Call& call, const counter::Json& answer);

}  // namespace cli::audit
