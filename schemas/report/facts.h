// LoopFact: one referral (or one handoff without a referral before it) as reports count it. Made by an agent from what it holds: a
// coordinator from loop facts, an agency from its own threads. No name, no birth date, no free text, no id of a person. A value.
#pragma once

#include <map>
#include <string>

#include "crypto/base/bytes.h"
#include "crypto/base/instant.h"

namespace schemas::report {

struct LoopFact {
  base::Id thread{}, parent{}, child{};
  std::string from, from_kind, to, to_kind;  // slugs and agency kinds
  std::string urgency, service;
  // When it first was so; 0: never, or not known here.
  base::Instant requested, received, viewed, accepted, contacted, completed;
  bool view_known = false;  // whether anybody has looked is known to the parties only
  std::string phase, loop;  // lifecycle.h
  std::string decline_class, reason, outcome;  // reason: the fine code, where it is known
  std::int32_t esc_level = 0;
  bool scheduled = false, no_show = false;
  base::Instant view_due, decide_due, contact_due, handoff_due;  // by the policy under which it began; 0: none
  std::string capacity;  // what the target had published for the service when it was asked: has | none | waitlist | divert; "": nothing fresh
  base::Instant offered, taken;  // the first warm handoff
  bool refused = false;
  std::map<std::string, std::string> follow_ups;  // mark -> newest result
  // From the Referral itself: only at an agency that holds it.
  bool content = false;
  std::string hold_outcome, co_response, police_outcome, restraint, injury;
  std::map<std::string, std::string> custom;
  // Of the whole chain of referrals, at its first one (measures.h, link_chains): how many were asked, and when one was asked that accepted.
  unsigned asked = 0;
  base::Instant placed_asked, placed;
  bool chain_open = false;  // somebody may still accept

  [[nodiscard]] base::Instant began() const { return requested.ms != 0 ? requested : offered; }
};

}  // namespace schemas::report
