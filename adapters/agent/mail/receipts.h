// What recipients' receipts mean to the sender (protocol 5 and 12): delivered, to be sent once more, or a matter for people.
#pragma once

#include "adapters/agent/mail/ack_check.h"
#include "adapters/agent/mail/outbox.h"

namespace adapters::agent::mail {

struct Meaning {
  bool fetch = false;              // the recipient counts more failures than we hold receipts for: ask the hub
  bool early = false;              // it overtook the hub's acknowledgement: nothing is judged, and it is fetched again after that
  std::vector<std::string> alarms;
};
// In the order of their log entries. Repeats change nothing.
void take_receipt(keep::Tx& tx, const Desk& desk, const CheckedReceipt& r, Meaning& meaning);

// Pairs with groups that nobody has receipted yet, and from which log index on to ask.
struct Outstanding {
  base::Id recipient{};
  std::uint64_t receipts_from = 0;
};
std::vector<Outstanding> outstanding(keep::Tx& tx);

}  // namespace adapters::agent::mail
