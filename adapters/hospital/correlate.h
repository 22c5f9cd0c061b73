// Which of our threads a message is about.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/agent/plugin.h"
#include "adapters/formats/hl7v2/message.h"

namespace adapters::hospital {

namespace hl7 = formats::hl7v2;

struct Keys {
  std::optional<base::Id> thread;  // ZCR-2, or where the number that we gave a referral comes back: RF1-6, RF1-11, ORC-2, OBR-2
  std::vector<std::string> refs;   // referral, visit, preadmission, appointment, order and account numbers
  std::vector<schemas::Identifier> ids;  // PID-3
  std::string answers;             // MSA-2: the message of ours that is answered
};
Keys keys_of(const hl7::Message& m);

// The thread itself, else the newest one by a reference, else by a patient number (open referrals only). Threads in which we are asked go
// before those in which we ask, open ones before completed ones. `asked`: only open referrals that ask us.
std::optional<agent::ThreadInfo> correlate(const agent::Host& host, const Keys& keys, bool asked);

// The referral that a message names, in whatever state: the thread itself, else by a reference, else (one that asks us) by the control id of
// the message that brought it. `requester`: one of the hospital's own. Open ones before ended ones, then the newest.
std::optional<agent::ThreadInfo> named(const agent::Host& host, const Keys& keys, bool requester);
// Every thread that a reference or a person's number leads to, open or not; each once.
std::vector<agent::ThreadInfo> anywhere(const agent::Host& host, const Keys& keys);

}  // namespace adapters::hospital
