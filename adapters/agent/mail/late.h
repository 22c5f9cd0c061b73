// What a sender must not wait for in silence (protocol 5, "Sender alarms"): the hub's acknowledgement, and its recipients' receipts.
#pragma once

#include "adapters/agent/mail/outbox.h"

namespace adapters::agent::mail {

inline constexpr std::uint64_t kAckAlarmMs = 10'000;

struct Late {
  std::uint64_t unanswered_ms = 0;                 // age of the batch in flight, if it is over kAckAlarmMs
  std::map<base::Id, std::uint64_t> undelivered;   // recipient -> age of the oldest group without a receipt, if it is over the limit
};
Late late(keep::Tx& tx, base::Instant now, std::uint64_t delivered_within_ms);
// The policy's time for a receipt by machine, whatever the urgency: a referral's own, shorter one is a timer of its loop.
std::uint64_t delivered_within(const Desk& desk);

}  // namespace adapters::agent::mail
