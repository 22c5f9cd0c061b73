// doctor: is everything there that an agent needs? Findings for people; nothing protected. Run it while the agent is stopped, for a
// second connection under one identity would take the first one's place; a running agent answers `handoff status`.
#pragma once

#include "adapters/agent/settings.h"
#include "crypto/random.h"

namespace adapters::agent {

struct Finding {
  bool good = true;
  std::string words, mend;
};
std::vector<Finding> examine(const Settings& settings, std::span<const AdapterType> types, crypto::Random& random, const base::Clock& clock, const char* credentials_directory);

}  // namespace adapters::agent
