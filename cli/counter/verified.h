// The last head of a log that `audit verify` found whole, kept for the next time: $XDG_STATE_HOME/handoff/verified/NAME.json, one an agent or
// profile, readable by its owner alone. Losing it costs a whole verification; who can write it can write this program.
#pragma once

#include "cli/counter/log_check.h"

namespace cli::counter {

std::string verified_file(const Call& call);
struct KeptHead {
  Verified verified;  // of an agent's answer: mark.size and root alone
  std::string log;    // which one: its origin and its anchor's hash; empty: an agent's answer
};
// nullopt: there is none, or it cannot be read (then `*words` says so).
std::optional<KeptHead> kept_head(const std::string& file, std::string* words);
base::Status keep_head(const std::string& file, const KeptHead& head);

// As it goes in a question to HubLine, and comes back in its answer.
Json to_json(const KeptHead& head);
std::optional<KeptHead> head_from(const Json& j);

}  // namespace cli::counter
