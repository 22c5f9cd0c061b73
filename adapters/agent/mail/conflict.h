// Two groups that claim one place in a chain (schemas/conflict.h): what an agent keeps of them, and the file that anybody can judge.
#pragma once

#include "adapters/agent/keep/store.h"
#include "crypto/directory.h"
#include "schemas/conflict.h"

namespace adapters::agent::mail {

using schemas::Conflict;
using schemas::Finding;
using schemas::Guilty;
using schemas::judge_conflict;

// The frame of the received group with this leaf, if it is still kept.
std::optional<base::Bytes> received_frame(keep::Tx& tx, const base::Hash& leaf);

Finding judge_conflict(const Conflict& c, const crypto::VerifierKey& log, const crypto::PublicKey& sender);  // of a log that has one key
std::vector<crypto::VerifierKey> log_keys(const std::string& first_anchor, const crypto::Directory& directory);
// Evidence for handoff-verify (docs/spec/audit.md), of a conflict that convicts somebody. `sender_cert`: hash of the certificate that signed both.
std::string conflict_file(const Conflict& c, const std::string& first_anchor, const crypto::Directory& directory, const base::Hash& sender_cert);

}  // namespace adapters::agent::mail
