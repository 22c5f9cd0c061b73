// Notes that came by file on their way to the hub: handed in until its log holds them. One that it refused goes again a minute later.
#pragma once

#include "adapters/agent/mail/office.h"

namespace adapters::agent::mail {

// True: the hub has logged one, so the log is worth reading now. `connected` false: nothing is handed in.
bool hand_in(Office& office, hub::client::Client& hub, bool connected);
void tell_of_offers(Office& office);  // raises or clears the alarm

}  // namespace adapters::agent::mail
