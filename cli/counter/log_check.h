// Is what a hub hands out the log that it signed, and the one that was verified before? Fetches while it hashes; names the first entry that does
// not hold. Knows no socket: whoever asks a hub (hub_line.cc) or plays one (tests) passes a Source.
#pragma once

#include "cli/counter/agent.h"
#include "cli/counter/log_walk.h"
#include "crypto/certificate.h"

namespace cli::counter {

struct Source {  // may be called from another thread, one call at a time
  std::function<base::Result<base::Bytes>(std::uint64_t from, std::uint64_t to)> entries;  // n x 112 B; fewer is allowed
  std::function<base::Result<base::Bytes>(unsigned level, std::uint64_t n, unsigned width)> tile;  // docs/spec/audit.md section 2
  LogWalk::NoteAt note;
  // The directory after the first `dir_seq` notes.
  std::function<base::Result<crypto::Directory>(std::uint64_t dir_seq)> directory;
};

struct Verified {  // the last head that held
  Mark mark;
  crypto::Hash root{};
  base::Instant at{};  // by the clock of this machine
};

struct LogVerdict {
  std::uint64_t since = 0;  // entries below were not read again
  Mark mark;                // where the walk ended
  crypto::Hash root{};
  struct Bad {
    std::uint64_t index = 0;
    std::string why;
  };
  std::optional<Bad> bad;
};

// From the beginning, or from `before` on. An Error: nothing is known (the hub is away).
base::Result<LogVerdict> check_log(const Source& hub, const crypto::Checkpoint& head, const std::optional<Verified>& before, const Progress& progress);
// From entry `since` on alone: the tree before it is taken from the hub's tiles, and must lead to the signed root with the entries read.
base::Result<LogVerdict> check_log_since(const Source& hub, const crypto::Checkpoint& head, std::uint64_t since, const Progress& progress);
// The first entry at or after `t`, by halving; head.size if there is none.
base::Result<std::uint64_t> entry_at(const Source& hub, std::uint64_t size, base::Instant t);

}  // namespace cli::counter
