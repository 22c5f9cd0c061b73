// Break-glass (domain brief B1): in an emergency a reader asks the sender for what the policy withheld. A reason code and words are needed, the
// opening ends by itself within the policy's time box, the privacy officers of both agencies are told at once, and every use waits for
// its review. Labels that no emergency opens stay closed. Works offline: the request waits in the outbox. Inside transactions.
#pragma once

#include "adapters/agent/mail/submit.h"

namespace adapters::agent::mail {

struct GlassRequest {
  base::Id message{};  // as received here
  std::string reason, text, person, role;
};
base::Result<Submitted> break_glass(keep::Tx& tx, const Desk& desk, crypto::Random& random, const GlassRequest& request);
// A request of the other side, or its answer to ours.
void take_break_glass(keep::Tx& tx, const Desk& desk, crypto::Random& random, const keep::Message& m, const schemas::BreakGlass& glass,
                      std::vector<std::string>& tell);

std::vector<keep::GlassRow> uses_of_glass(keep::Tx& tx, bool unreviewed_only);
// `finding`: justified | not_justified. kNotFound, kConflict (reviewed already), kDenied (by the person who used it, here).
base::Status review_glass(keep::Tx& tx, const base::Id& self, const base::Id& msg_id, const std::string& finding, const std::string& person, base::Instant now);

}  // namespace adapters::agent::mail
