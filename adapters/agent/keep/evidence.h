// Evidence: what convicts a log, as a file that handoff-verify judges offline (format handoff-evidence/v1, docs/spec/audit.md).
#pragma once

#include "adapters/agent/keep/replica.h"

namespace adapters::agent::keep {

// Two checkpoints that the log signed and that cannot both be true: `theirs` (with its whole note), and the one that this replica has checked.
// The smaller one's true root, and the proof that the larger one holds it, come from the own copy of the log.
std::string two_trees(const Replica& replica, const crypto::Checkpoint& theirs, std::string_view note);

// The same for a tree that is larger than the own copy: `root` is what the hub's entries give at its size, and `newest` the checkpoint that the hub
// signs now, with a proof from the hub that it holds that root. Empty: the hub does not sign what it hands out.
std::string two_trees(hub::client::Client& hub, const Replica& replica, const crypto::Checkpoint& newest, std::string_view newest_note, const crypto::Checkpoint& theirs,
                      std::string_view note, const base::Hash& root);

}  // namespace adapters::agent::keep
