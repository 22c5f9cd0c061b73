// Views: which fields of a message a reader gets. An allowlist of canonical paths; what it does not name is taken out before sealing.
// A path names a field of the model as its JSON form does, below its payload: "referral.subject.name", "status_update.status",
// "custom.x-veteran". A path stands for all below it. Lists have no index. Policies may also use short names: what is below any payload
// ("urgency", "hold.outcome": in each kind that has it), and aliases ("callback", "reason", "status_at", "decline_class", "handoff").
// consent_ref, labels and authority_basis name the Referral's own as well; the last two stay under every view, because whoever holds
// the content has to know how to treat it.
#pragma once

#include "schemas/model.h"
#include "schemas/policy/policy.h"

namespace schemas::policy {

// The copy of `body` that the view leaves, and which fields with a value it took out (paths, for the sender's own record only).
// What sender's agents write when sealing (view, rules, notice, consent_copy, seen, ids of threads and messages) always stays;
// the source bytes never do. An Opaque payload stays whole under "*" alone.
struct Cut {
  Body body;
  std::vector<std::string> withheld;
};
Cut apply(const View& view, const Body& body);
Cut apply(const Policy& policy, std::string_view view_id, const Body& body);  // an unknown view: nothing of the payload is left

// Every path of the model, as documented and linted: "referral.reasons", ... In the order of the field lists.
std::vector<std::string> all_paths();
std::string full_path(std::string_view name);  // "callback" -> "referral.requester.phone"; unknown: ""
bool has_value(const Body& body, std::string_view path);

}  // namespace schemas::policy
