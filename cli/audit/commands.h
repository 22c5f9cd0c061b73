// What a compliance officer asks. Positions, times, kinds, agencies, sizes, digests and proofs; never a name or a content.
#pragma once

#include "cli/counter/call.h"

namespace cli::audit {

counter::Exit trail(const counter::Call& call);
counter::Exit search(const counter::Call& call);
counter::Exit verify(const counter::Call& call);  // the live log, --store DIR, or BUNDLE
counter::Exit prove(const counter::Call& call);
counter::Exit denials(const counter::Call& call);

// Parts of verify, one a file.
counter::Exit verify_store(const counter::Call& call);
counter::Exit verify_bundle(const counter::Call& call);

}  // namespace cli::audit
