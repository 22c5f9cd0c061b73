// What leaves this agency when people are told: fixed words, an urgency, a count, where the inbox is. No name of a person that is cared for,
// no agency, no service, nothing of a message.
#pragma once

#include "adapters/agent/keep/records.h"
#include "adapters/agent/notify/settings.h"

namespace adapters::agent::notify {

// "New emergent item. Open to view."
std::string words_of(std::string_view what, std::string_view urgency);
bool quiet_repeat(std::string_view what);  // of a notice that was told already and waits: one telling, no ladder
std::string count_words(std::uint64_t waiting, std::uint64_t overdue);  // "4 items waiting, 1 overdue"

struct Filling {
  std::string words, phone, login, urgency, url;
  std::uint64_t count = 0;
};
// Fills {{words}}, {{count}}, {{phone}}, {{login}}, {{urgency}}, {{url}} in: escaped as the body's type wants it, so that no value ends
// the string or field that it stands in.
std::string fill(const WebhookSettings& webhook, const Filling& with);
// kUsage: an unknown name in braces, or what would come out is not of its type.
base::Status check_template(const WebhookSettings& webhook);

}  // namespace adapters::agent::notify
