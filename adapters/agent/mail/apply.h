// Step 9 of opening: a group's messages into the store, once by (sender, msg_id), with what an agent answers by itself. Inside the
// transaction that also advances the chain and keeps the receipt.
#pragma once

#include "adapters/agent/mail/delivery.h"

namespace adapters::agent::mail {

// Returns what people should be told, if anything.
std::vector<std::string> apply_group(keep::Tx& tx, const Desk& desk, crypto::Random& random, const Arrival& a, const std::vector<OpenedMessage>& opened);

}  // namespace adapters::agent::mail
