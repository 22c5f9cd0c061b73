// The loops of an agency as lists and counts show them: a party's own, or those that a coordinator holds facts of. Inside transactions.
#pragma once

#include "adapters/agent/mail/office.h"
#include "schemas/lifecycle.h"
#include "schemas/timers.h"

namespace adapters::agent::api {

struct LoopView {
  keep::ThreadRow thread;
  keep::LoopRow row;
  schemas::Loop state;
  std::optional<schemas::Deadline> next;   // the first one ahead
  std::vector<schemas::Deadline> overdue;  // duties that have passed; the levels and warnings that follow from them are not listed again
  std::vector<schemas::Deadline> set;      // all that are set, by time, as far as they are known here
};
bool open(const keep::ThreadRow& row);
// nullopt: no loop belongs to this thread.
std::optional<LoopView> loop_view(keep::Tx& tx, const mail::Desk& desk, const keep::ThreadRow& row);
// Newest first, until `visit` says false.
void each_loop(keep::Tx& tx, const mail::Desk& desk, const std::function<bool(LoopView)>& visit);

}  // namespace adapters::agent::api
