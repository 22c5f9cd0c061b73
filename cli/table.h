// All commands of the counter, and what stands around them. main.cc turns them into a parser.
#pragma once

#include <vector>

#include "cli/counter/command.h"

namespace cli {

std::vector<counter::Command> commands();           // of all rooms
std::span<const counter::Option> global_options();  // before or after the command's words
std::span<const counter::Option> groups();          // words for "inbox", "audit"

}  // namespace cli
