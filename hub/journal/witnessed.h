// The rows of cosigned checkpoints: written in one way by every journal. For hub/journal only.
#pragma once

#include "crypto/base/instant.h"
#include "hub/state/kv.h"

namespace hub::journal {

base::Status write_witnessed(state::Kv& kv, std::uint64_t size, base::Instant at, std::string_view note);

}  // namespace hub::journal
