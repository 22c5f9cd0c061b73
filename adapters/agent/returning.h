// What this agent gives back to a hub that lost its disk: every entry of the log that it holds, the notes, its own frames and receipts.
// Read beside the running agent, or without one. Written with mode 0600: sealed mail and its headers are in it.
#pragma once

#include "adapters/agent/settings.h"
#include "crypto/random.h"

namespace adapters::agent {

struct Returned {
  std::uint64_t upto = 0;  // size of the log it holds
  std::size_t batches = 0, receipts = 0, notes = 0;
};
// `from`: entries before it are in the hub's backup already.
base::Result<Returned> return_to_hub(const Settings& settings, std::uint64_t from, const std::string& file, crypto::Random& random, const char* credentials_directory);

}  // namespace adapters::agent
