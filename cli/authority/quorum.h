// Who vouches for the log's past: the tlog-policy lines of an anchor, made from the register's own agents.
#pragma once

#include "cli/authority/desk.h"

namespace cli::authority {

// `who`: "all", "none", or agents' names or ids with commas between. One group for each kind of agency, more than half of it, and every group
// (protocol 6, "Quorum", for no bad witness). Fewer than three agents are refused: they prove little, and one away would stop them.
base::Result<std::vector<std::string>> quorum_lines(const Desk& desk, std::string_view who, base::Instant now);

}  // namespace cli::authority
