// doctor: is everything there that an agent needs, and will it be there next month? Findings for people; nothing protected.
//
// examine() looks from outside: files, disk, addresses, keys; and, if no agent runs in the folder, opens what an agent would open and pays the
// hub a short visit (a second connection under one identity would take the first one's place). examine_inside() is what an open agent knows of
// itself: policy, certificates, clock, adapters. The program asks a running agent for it over its socket.
#pragma once

#include "adapters/agent/settings.h"
#include "crypto/random.h"

namespace adapters::agent {

class Agent;

struct Finding {
  bool good = true;
  std::string words, mend;
  bool warning = false;  // not good, and not urgent yet
};
struct Examined {
  std::vector<Finding> findings;
  bool running = false;  // an agent runs in that folder: ask it
};
Examined examine(const Settings& settings, std::span<const AdapterType> types, crypto::Random& random, const base::Clock& clock, const char* credentials_directory);
std::vector<Finding> examine_inside(Agent& agent, bool running);

}  // namespace adapters::agent
