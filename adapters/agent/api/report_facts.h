// From what this agent holds to what reports count: one LoopFact a thread; a coordinator's from loop facts, an agency's from its own threads.
// Inside a transaction. Nothing that names a person goes in.
#pragma once

#include "adapters/agent/mail/submit.h"
#include "schemas/report/measures.h"

namespace adapters::agent::api {

// `tests`: also test referrals (only a test consortium reports those).
schemas::report::Input report_input(keep::Tx& tx, const mail::Desk& desk, bool tests);

}  // namespace adapters::agent::api
