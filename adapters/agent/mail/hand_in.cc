// See hand_in.h.
#include "adapters/agent/mail/hand_in.h"

#include "adapters/agent/keep/offers.h"

namespace adapters::agent::mail {

bool hand_in(Office& office, hub::client::Client& hub, bool connected) {
  const base::Instant now = office.clock();
  (void)keep::settle_offers(office.store, office.replica.directory(), now);  // a write that fails stops the agent (D16)
  bool logged = false;
  for (const keep::Offered& o : connected ? keep::offers(office.store) : std::vector<keep::Offered>{}) {
    if (!o.refused.empty() && now >= o.asked && now < o.asked.plus(base::kMinute)) continue;
    const auto answer = hub.dir_put({o.note, {}});
    logged = logged || (answer.ok() && answer->ack);
    if (answer.ok() && answer->nack) (void)keep::note_refused(office.store, o.text, answer->nack->words, now);
  }
  return logged;
}

void tell_of_offers(Office& office) {
  std::string words;
  const base::Instant now = office.clock();
  const crypto::Directory directory = office.replica.directory();
  for (const keep::Offered& o : keep::offers(office.store)) {
    const crypto::Cert* cert = o.cert ? directory.cert(*o.cert) : nullptr;
    words += words.empty() ? "" : "; ";
    if (cert == nullptr) words += "a note that came by file waits to be logged";
    else words += cert->name + (o.suspends(now) ? " is suspended by a note that came by file and is not logged" : ": a suspension that came by file has lapsed, and is not logged");
    if (!o.refused.empty()) words += " (the hub: " + o.refused + ")";
  }
  if (words.empty()) office.alarms.clear("offered");
  else office.alarms.raise("offered", words);
}

}  // namespace adapters::agent::mail
