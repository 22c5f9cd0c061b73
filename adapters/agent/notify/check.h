// What doctor and status say of notifications: is somebody told, and would it arrive?
#pragma once

#include "adapters/agent/doctor.h"
#include "adapters/agent/notify/notify.h"

namespace adapters::agent::notify {

// From outside: the mail server takes a NOOP, a webhook's host has an address, secrets can be read. A few seconds at most.
std::vector<Finding> check_ways(const Settings& settings);
// From inside: the key, lists without anybody, people on call without a channel, subscriptions that are gone. Nothing is said while nobody
// has an account and nothing is set up.
std::vector<Finding> check_people(mail::Office& office, const Notifier& notifier);

struct Tellings {
  std::uint64_t waiting = 0, failed = 0;
};
Tellings tellings(keep::Tx& tx);       // of notices that are not done with

}  // namespace adapters::agent::notify
