// The benchmark's consortium: the same on both sides without a word between them, because all of it follows from the day. Senders come
// in shifts, one for each run, so that no run has to know another's chains. The keys are public: this is no place for real mail.
#pragma once

#include "tests/bench/work.h"
#include "tests/kit/consortium.h"

namespace bench {

inline constexpr int kShifts = 12, kSendersPerShift = 4, kMailboxes = 8;

kit::Consortium county();
std::string sender_slug(int shift, int producer);
std::string mailbox_slug(int box);

// Makes a hub's folder with the consortium in it and becomes `handoff-hub run` (does not return unless something failed).
int serve(const std::string& programs, const std::string& dir, int port);
// P senders and M mailboxes against the hub on args.port.
int load(const Args& args);

}  // namespace bench
