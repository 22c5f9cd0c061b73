// The self-test: this agent, its keys, its policy and the hub, with an invented person and a test flag. What can be proved without anybody
// else is proved: the protocol has no slot for a batch's own sender, so a referral to oneself is sealed and opened in memory, its decline and
// the acknowledgement run through lifecycle and policy in a transaction that is rolled back, and what goes through the real hub is a
// test-flagged word about capacity for a service that does not exist, whose place in the log is then proved. Nobody's inbox or board shows it.
#pragma once

#include "adapters/agent/host.h"

namespace adapters::agent::rehearse {

struct Step {
  std::string step, words, mend;
  bool good = true;
};
// Blocks until the hub has logged the test word, at most `wait_ms`. `connected`: is there a hub to speak to now.
std::vector<Step> selftest(mail::Office& office, AgentHost& host, bool connected, std::uint64_t wait_ms);

}  // namespace adapters::agent::rehearse
