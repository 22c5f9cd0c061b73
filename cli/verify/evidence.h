// Evidence (format handoff-evidence/v1, docs/spec/audit.md): two checkpoints that the log signed and that cannot both be true, or two groups for one
// place in a sender's chain.
#pragma once

#include "cli/verify/proof.h"

namespace cli::verify {

bool is_evidence(std::string_view json);
// holds: the log, or the sender, is convicted. Never fails: a file that cannot be read does not hold (check "form").
Verdict verify_evidence(std::string_view json, const std::optional<crypto::Hash>& anchor_hash);

}  // namespace cli::verify
