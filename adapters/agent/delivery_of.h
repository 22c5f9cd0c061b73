// A kept message as adapters are handed it.
#pragma once

#include "adapters/agent/host.h"

namespace adapters::agent {

// Without `seq`, which is the feed's. nullopt: there is no such message; a message that does not decode is a fault of the transaction.
std::optional<Delivery> delivery_of(keep::Tx& tx, const mail::Office& office, const crypto::Directory& directory, std::uint64_t message_seq);

}  // namespace adapters::agent
