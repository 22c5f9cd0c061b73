// Notes that came by file: the operation that takes one, and how it is shown (docs/spec/agent-socket.md, directory).
#pragma once

#include "adapters/agent/api/ops.h"
#include "adapters/agent/keep/offers.h"

namespace adapters::agent::api {

Json offer_json(const keep::Offered& o, const crypto::Directory& directory, base::Instant now);

base::Status op_directory_offer(const Call& call, Json& out);

}  // namespace adapters::agent::api
