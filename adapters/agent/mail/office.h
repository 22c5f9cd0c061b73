// Office: what the rooms of one agent share. Plain references; the Agent (agent.h) owns all of it and outlives its users.
#pragma once

#include "adapters/agent/alarms.h"
#include "adapters/agent/disclose/shelf.h"
#include "adapters/agent/keep/replica.h"
#include "adapters/agent/mail/submit.h"
#include "adapters/agent/vault.h"
#include "adapters/agent/witness/gossip.h"

namespace adapters::agent::blob {
class Scanner;
}

namespace adapters::agent::mail {

struct Office {
  keep::Store& store;
  keep::Replica& replica;
  Vault& vault;
  Alarms& alarms;
  crypto::Random& random;
  base::Clock clock;
  base::Id self{};
  base::Hash cert{};
  std::string slug, kind;
  std::uint64_t outbox_limit = 10'000;
  std::function<void()> wake_courier;  // something waits in the outbox
  std::function<void()> wake_feed;     // something waits for adapters
  std::function<void()> wake_clock;    // a loop changed
  disclose::PolicyShelf& shelf;
  blob::Limits attachments{};
  const blob::Scanner* scanner = nullptr;  // nullptr: no virus scan is configured
  std::shared_ptr<witness::Gossip> gossip = std::make_shared<witness::Gossip>();
  std::uint64_t witness_every = 10'000;     // ms between two rounds of cosigning
  std::function<void()> wake_notify{};     // a notice was written, or a person saw one

  [[nodiscard]] Desk desk() const;     // as of now
  [[nodiscard]] std::string why_stale(const crypto::PolicyNote* in_force) const;
};

}  // namespace adapters::agent::mail
