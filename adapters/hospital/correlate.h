// Which of our threads an ADT or SIU message is about.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/agent/plugin.h"
#include "adapters/formats/hl7v2/message.h"

namespace adapters::hospital {

namespace hl7 = formats::hl7v2;

struct Keys {
  std::optional<base::Id> thread;  // ZCR-2
  std::vector<std::string> refs;   // visit, preadmission, appointment, order and account numbers: where a referral's own number may stand
  std::vector<schemas::Identifier> ids;  // PID-3
};
Keys keys_of(const hl7::Message& m);

// The thread itself, else the newest one by a reference, else by a patient number (open referrals only). Threads in which we are asked go
// before those in which we ask, open ones before completed ones. `asked`: only open referrals that ask us.
std::optional<agent::ThreadInfo> correlate(const agent::Host& host, const Keys& keys, bool asked);

}  // namespace adapters::hospital
