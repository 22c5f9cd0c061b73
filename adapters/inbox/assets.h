// The files of the web inbox, as this agent was built with them.
#pragma once

#include <span>

#include "adapters/transport/assets.h"

namespace adapters::inbox {

std::span<const transport::Asset> all();                   // sorted by path; empty: built without the inbox
const transport::Asset* find(std::string_view path);       // transport::Assets

}  // namespace adapters::inbox
