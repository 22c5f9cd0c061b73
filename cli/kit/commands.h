// For whoever writes an adapter: `handoff adapter test`. Exit codes: 0 every step held, 1 one did not, 2 it could not be tried.
#pragma once

#include "cli/counter/command.h"

namespace cli::kit {

std::span<const counter::Command> table();  // each with its words, example and options

counter::Exit adapter_test(const counter::Call& call);

}  // namespace cli::kit
