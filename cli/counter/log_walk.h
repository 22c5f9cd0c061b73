// One pass over a log, oldest entry first: forms, times, the chains between entries, the directory's notes, the tree. What the scan of
// protocol section 6 checks without a mailbox of one's own. Knows no disk and no socket. A resource of one thread; entries() hashes on a second one.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "crypto/directory.h"
#include "crypto/merkle.h"

namespace cli::counter {

// Where a walk stands: what the next entry is held against. A value, to be kept between two commands (verified.h).
struct Mark {
  std::uint64_t size = 0, dir_seq = 0;
  std::vector<crypto::Hash> edge;  // of the tree (crypto::Frontier)
  base::Instant time{};            // of the last entry
  crypto::Hash last_hub{}, last_dir{};
  bool hub_known = true;           // false: which event of the hub came last is not known, and the next one is not held against it
};

class LogWalk {
 public:
  // The whole note with this dir_seq, or nullopt.
  using NoteAt = std::function<std::optional<std::string>(std::uint64_t dir_seq)>;
  LogWalk(crypto::Directory directory, NoteAt note_at) : directory_(std::move(directory)), note_at_(std::move(note_at)) {}

  // Takes the next entry in; or says why it does not hold, and nothing has changed.
  std::optional<std::string> entry(base::View ent);
  // The same for n x 112 bytes, faster. If one does not hold, those before it have been taken in: it is the one at tree().size().
  std::optional<std::string> entries(base::View data);

  [[nodiscard]] Mark mark() const;
  // Goes on where a walk stood. `directory` must hold the notes up to mark.dir_seq. kCorrupt: the mark does not fit itself or the directory.
  static base::Result<LogWalk> resume(const Mark& mark, crypto::Directory directory, NoteAt note_at);

  [[nodiscard]] const crypto::Frontier& tree() const { return tree_; }
  [[nodiscard]] const crypto::Directory& directory() const { return directory_; }
  // The roots of the whole subtrees of 256 entries so far, from the beginning of this walk if it began at 0 (else empty): what a hub's tiles of
  // level 1 must be.
  [[nodiscard]] const std::vector<crypto::Hash>& subtrees() const { return subtrees_; }

 private:
  bool follows(base::View ent);
  std::optional<std::string> rules(base::View ent, std::uint64_t index);
  std::optional<std::string> note(const crypto::Ent1& e, std::uint64_t index);
  void append(const crypto::Hash& leaf);

  crypto::Directory directory_;
  NoteAt note_at_;
  crypto::Frontier tree_;
  std::vector<crypto::Hash> subtrees_;
  bool from_start_ = true, hub_known_ = true;
  std::uint64_t dir_seq_ = 0;  // directory_.seq(), while many entries are taken in
  base::Instant last_time_{};
  crypto::Hash last_hub_{};
};

}  // namespace cli::counter
