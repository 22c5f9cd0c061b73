// What an agent gives back to a hub that lost its disk (docs/spec/audit.md, "Returns"): a file of parts, each of which proves itself
// against the log that it tells of. Nothing in it is trusted because of who brought it. A value; owns its bytes.
#pragma once

#include <string>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

namespace schemas {

struct Returned {
  std::string checkpoint;            // log-signed, of the tree that the entries end in; may be empty: no log was held
  std::uint64_t from = 0;            // index of the first entry
  base::Bytes entries;               // n x 112 B, up to the checkpoint's size
  std::vector<std::string> notes;    // whole signed notes: directory, ledger heads
  std::vector<std::string> texts;    // policies' rules
  std::vector<base::Bytes> batches;  // BATCH frames, as they were sent
  std::vector<base::Bytes> receipts; // RCP1 || sig
};
base::Bytes encode(const Returned& r);
base::Result<Returned> parse_returned(base::View file);  // kMalformed names the part

}  // namespace schemas
