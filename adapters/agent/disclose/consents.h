// The agency's register of consents: given here or received from another agency, looked up when a message cites one. A revocation acts from
// then on; what was disclosed before stays disclosed (42 CFR 2.31(a)(6)). Inside transactions.
#pragma once

#include "adapters/agent/disclose/ruling.h"

namespace adapters::agent::disclose {

// kMalformed names the field: id, recipients, scope, purposes, and an end (a date or an event) are needed (42 CFR 2.31(a)).
base::Status check(const schemas::Consent& consent);
// kConflict: another consent has this id.
base::Status put(keep::Tx& tx, const schemas::Consent& consent);
std::optional<schemas::Consent> find(keep::Tx& tx, std::string_view id);
std::vector<schemas::Consent> all(keep::Tx& tx);
base::Status revoke(keep::Tx& tx, std::string_view id, base::Instant now);  // kNotFound; twice is harmless
FindConsent finder(keep::Tx& tx);

}  // namespace adapters::agent::disclose
