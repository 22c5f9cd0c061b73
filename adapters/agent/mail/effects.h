// What an arrived message means here, inside its own commit: may it be shown at all, and what follows from it.
#pragma once

#include "adapters/agent/mail/submit.h"

namespace adapters::agent::mail {

struct Objection {
  std::string rule, code, words;
};
// The recipient's own judgement (domain brief 5.1: enforced twice). By the policy that the message was sealed under, and for labels by
// the newest as well; strangers to a referral's thread are refused. Without a text to judge by, the header's matrix has judged already.
std::optional<Objection> object(keep::Tx& tx, const Desk& desk, const keep::Message& m, const schemas::Body& body, keep::DecisionRow& decision);

// Registers, replies and notices that follow by themselves.
void take_effects(keep::Tx& tx, const Desk& desk, crypto::Random& random, const keep::Message& m, const schemas::Body& body, std::vector<std::string>& tell);

// This agency's last word on a service, if any.
std::optional<keep::CapacityRow> capacity_of(keep::Tx& tx, const base::Id& agency, std::string_view service);
void keep_capacity(keep::Tx& tx, const keep::CapacityRow& row);
keep::CapacityRow capacity_in(const keep::Message& m, const schemas::Capacity& c);

}  // namespace adapters::agent::mail
