// Whom to ask: an agent's data folder, or a hub and a credential of one's own. From --agent DIR, or from the profile NAME.toml:
//   agent = "/var/lib/handoff/mercy"
// or, for an auditor:
//   hub = "tcp://hub.example:7780"   anchor = "anchor.note"   key = "transport.key"
// Relative paths start at the profile's folder.
#pragma once

#include "cli/counter/call.h"

namespace cli::counter {

struct Profile {
  std::string agent;             // data folder; or:
  std::string hub, anchor, key;  // endpoint, file of the anchor's note, file of the transport key (64 hex digits)
};
// kUsage: two are named; kNotFound: no such profile.
base::Result<Profile> whom_to_ask(const Call& call);

}  // namespace cli::counter
