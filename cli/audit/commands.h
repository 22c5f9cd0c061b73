// What a compliance officer asks. Positions, times, kinds, agencies, sizes, digests and proofs, and which of the agency's own people did
// what; never a patient's name or a content.
#pragma once

#include "cli/counter/command.h"

namespace cli::audit {

std::span<const counter::Command> table();  // each with its words, example and options

counter::Exit trail(const counter::Call& call);
counter::Exit search(const counter::Call& call);
counter::Exit verify(const counter::Call& call);  // the live log, --store DIR, or BUNDLE
counter::Exit prove(const counter::Call& call);
counter::Exit audit_export(const counter::Call& call);
counter::Exit denials(const counter::Call& call);
counter::Exit access(const counter::Call& call);
counter::Exit ledger(const counter::Call& call);
counter::Exit evidence_list(const counter::Call& call);
counter::Exit evidence_save(const counter::Call& call);
counter::Exit evidence_settle(const counter::Call& call);

// Parts of verify, one a file.
counter::Exit verify_store(const counter::Call& call);
counter::Exit verify_bundle(const counter::Call& call);

}  // namespace cli::audit
