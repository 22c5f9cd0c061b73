// Who but the hub vouches for the log: the newest checkpoint under enough witnesses, and whether the tree that the hub signs now grew from it.
#pragma once

#include "cli/counter/log_check.h"
#include "crypto/directory.h"

namespace cli::counter {

struct Vouched {
  bool quorum = false;  // the anchor asks for witnesses
  std::uint64_t size = 0;
  std::vector<std::string> by;  // as the anchor names them
  std::optional<LogVerdict::Bad> bad;
};
using ConsistencyAt = std::function<base::Result<std::vector<crypto::Hash>>(std::uint64_t from, std::uint64_t to)>;

// `witnessed`: a whole note that the hub handed out before it signed `head`; empty: none yet. A note without enough cosignatures counts as none.
base::Result<Vouched> vouched(const crypto::Directory& directory, const std::string& witnessed, const crypto::Checkpoint& head, const ConsistencyAt& consistency);

}  // namespace cli::counter
