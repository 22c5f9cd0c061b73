// Routing: which agency may be asked next, and asking it. Only the requester re-refers (decisions D20): one identified target after the
// other, by the policy's order, passing over those that said no, have no fresh capacity, or may not be sent this person's referral.
#pragma once

#include "adapters/agent/mail/submit.h"

namespace adapters::agent::loop {

struct Candidate {
  std::string slug, capacity;  // has | none | waitlist | divert | stale | unknown
  bool allowed = true;         // by the policy, for this referral
  std::string why;             // why not, in plain words
};
// In the policy's order for the service of this thread; agencies tried along the chain of parents are left out.
std::vector<Candidate> candidates(keep::Tx& tx, const mail::Desk& desk, const base::Id& thread_id);
// For the agency that was asked: whom else the policy names for this service. Asked about nobody: whether the referral may go there is the
// requester's to know.
std::vector<Candidate> others(keep::Tx& tx, const mail::Desk& desk, const base::Id& thread_id);

// The same referral to another agency: a child thread. kDenied by policy; kConflict: it has a child already, or has not ended.
base::Result<Submitted> reroute(keep::Tx& tx, const mail::Desk& desk, crypto::Random& random, const base::Id& thread_id, const std::string& to, const std::string& person);

// After a decline or an escalation: by itself where the policy says automatic, else a notice with the next agency's name.
void offer_next(keep::Tx& tx, const mail::Desk& desk, crypto::Random& random, const base::Id& thread_id, std::vector<std::string>& tell);

}  // namespace adapters::agent::loop
