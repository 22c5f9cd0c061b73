// The bearer of `handoff login`: kept beside the profile, for its owner alone (mode 0600), and sent with each question to that agent.
#pragma once

#include "cli/counter/call.h"

namespace cli::counter {

std::string bearer_file(const Call& call);        // of the agent that the options name
std::string kept_bearer(const Call& call);        // "": nobody signed in
base::Status keep_bearer(const Call& call, const std::string& bearer);
void drop_bearer(const Call& call);

// A secret from FILE (its first line; "-" is standard input), or typed without being shown. kUsage: there is no terminal to ask.
base::Result<std::string> secret_from(const Call& call, const std::string& file, const std::string& question);

}  // namespace cli::counter
