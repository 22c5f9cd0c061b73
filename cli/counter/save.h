// Files that a command writes for the person who asked.
#pragma once

#include <string>
#include <string_view>

#include "crypto/base/result.h"

namespace cli::counter {

// Whole or not at all, readable by its owner alone (0600); replaces what is there. kUsage: it cannot be written.
base::Status write_private(const std::string& path, std::string_view text);

}  // namespace cli::counter
