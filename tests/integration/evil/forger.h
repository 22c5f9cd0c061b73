// A log of the hub's own making: it begins as a copy of the true one and then holds what the hub likes, signed with the true log key.
#pragma once

#include "tests/integration/evil/between.h"

namespace evil {

class Forger {
 public:
  explicit Forger(hub_kit::World& world);  // a copy of the log and the directory as they are now

  // Each gives the index of the (first) new entry.
  std::uint64_t accept(base::View batch_frame);                 // logged as a batch, whatever it is
  std::uint64_t note(const std::string& whole);                 // a type-3 entry, valid or not
  std::uint64_t receipt(const wire::Receipt& r);                // a type-2 entry
  std::uint64_t reject();                                       // a type-7 entry about nothing
  std::uint64_t end(const base::Hash& group_leaf, schemas::EntryType type, base::Instant at);

  [[nodiscard]] std::uint64_t size() const { return entries_.size(); }
  [[nodiscard]] base::Hash root() const;
  [[nodiscard]] std::string checkpoint() const;
  [[nodiscard]] wire::Proven proven(std::uint64_t index) const;
  // Group `group_no` of a batch as a DELIVER, at its entry; with `end` as tombstones that rest on that entry.
  [[nodiscard]] base::Bytes deliver(base::View batch_frame, std::uint32_t group_no, std::uint64_t first, std::optional<std::uint64_t> end = {}) const;
  // Answers LOGGET and DIRGET from this log; any other frame passes.
  Go serve(Frame& f) const;

 private:
  std::uint64_t add(crypto::Ent1 e);
  std::vector<base::Bytes> entries_;
  std::vector<wire::DirNote> notes_;
  std::string origin_;
  crypto::SignKey key_;
};

}  // namespace evil
