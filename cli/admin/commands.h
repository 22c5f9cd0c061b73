// What IT asks its agent. Nothing protected is in any answer.
#pragma once

#include "cli/counter/call.h"

namespace cli::admin {

counter::Exit status(const counter::Call& call);
counter::Exit can_send(const counter::Call& call);

}  // namespace cli::admin
