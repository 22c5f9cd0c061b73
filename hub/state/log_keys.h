// LogKeys: the keys that this hub holds and an anchor may name: those in use, and those made for the next anchor (docs/decisions/0017).
// A resource: it owns secret keys, and outlives the State that signs with them.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "crypto/certificate.h"

namespace hub::state {

struct LogKeys {
  crypto::SignKey log;
  std::optional<crypto::SignKey> next_log{};
  std::vector<crypto::PublicKey> transports{};  // public halves, in use and next; empty: not looked at

  // The log key that this anchor names; nullptr: it names a log or transport key that is not here.
  [[nodiscard]] const crypto::SignKey* fit(const crypto::Anchor& anchor) const {
    if (!transports.empty() && std::find(transports.begin(), transports.end(), anchor.hub_transport) == transports.end()) return nullptr;
    if (log.public_key() == anchor.log.key) return &log;
    return next_log && next_log->public_key() == anchor.log.key ? &*next_log : nullptr;
  }
};

}  // namespace hub::state
