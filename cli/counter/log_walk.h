// One pass over a log, oldest entry first: forms, times, the chains between entries, the directory's notes, the tree. What the scan of
// protocol section 6 checks without a mailbox of one's own. Knows no disk and no socket. A resource of one thread.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "crypto/directory.h"
#include "crypto/merkle.h"

namespace cli::counter {

class LogWalk {
 public:
  // The whole note with this dir_seq, or nullopt.
  using NoteAt = std::function<std::optional<std::string>(std::uint64_t dir_seq)>;
  LogWalk(crypto::Directory directory, NoteAt note_at) : directory_(std::move(directory)), note_at_(std::move(note_at)) {}

  // Takes the next entry in; or says why it does not hold, and nothing has changed.
  std::optional<std::string> entry(base::View ent);
  [[nodiscard]] const crypto::Frontier& tree() const { return tree_; }
  [[nodiscard]] const crypto::Directory& directory() const { return directory_; }

 private:
  std::optional<std::string> note(const crypto::Ent1& e);

  crypto::Directory directory_;
  NoteAt note_at_;
  crypto::Frontier tree_;
  base::Instant last_time_{};
  crypto::Hash last_hub_{};
};

}  // namespace cli::counter
