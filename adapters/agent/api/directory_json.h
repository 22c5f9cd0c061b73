// Notes that came by file: the operation that takes one, and how it is shown (docs/spec/agent-socket.md, directory). And who vouches for the log.
#pragma once

#include "adapters/agent/api/ops.h"
#include "adapters/agent/keep/offers.h"

namespace adapters::agent::api {

Json offer_json(const keep::Offered& o, const crypto::Directory& directory, base::Instant now);

// The newest checkpoint under the anchor's witnesses, as this agent has checked it against its own copy: {quorum, size, by}.
Json witnessed_json(mail::Office& o);

base::Status op_directory_offer(const Call& call, Json& out);

}  // namespace adapters::agent::api
