// Modes: which adapters are live, which only rehearse, and what they have rehearsed. Kept in the store; a change is on disk when it
// returns, and no live submission that began before it is still under way. Thread-safe.
//
//   live       what is handed in is sent; events are handed out
//   dry-run    rehearsed; each message is remembered (the last 1000 an adapter); events wait
//   shadow     rehearsed; counted by kind, verdict, reason and reader; events wait
//   shadow with kinds  (go-live --kinds): those kinds are sent, others rehearsed; events are handed out
#pragma once

#include <shared_mutex>

#include "adapters/agent/keep/records_feed.h"
#include "adapters/agent/mail/office.h"

namespace adapters::agent::rehearse {

class Modes {
 public:
  explicit Modes(mail::Office& office) : office_(office) {}
  base::Status load();

  [[nodiscard]] keep::ModeRow get(const std::string& adapter) const;   // live, if nobody has said otherwise
  // kUsage: kinds without shadow, or one that is none. The same again changes nothing.
  base::Status set(const std::string& adapter, keep::FeedMode mode, std::vector<std::string> kinds, const std::string& by);
  [[nodiscard]] bool holds_back(const std::string& adapter) const;     // events wait
  // Runs `call` while the mode cannot change, and tells it whether a message of that kind is sent. `kind` empty: could be any.
  template <class F>
  auto with(const std::string& adapter, std::string_view kind, const F& call) const {
    const std::shared_lock lock(mutex_);
    return call(sends(adapter, kind));
  }
  // Remembers and counts. Returns the row's number; 0 in shadow.
  std::uint64_t note(const std::string& adapter, keep::RehearsedRow row);
  // The adapter has said more exactly where the trouble of that row lies.
  void place(const std::string& adapter, std::uint64_t no, const std::string& where);
  [[nodiscard]] std::vector<keep::RehearsedRow> rows(const std::string& adapter, std::uint64_t before, std::size_t limit) const;  // newest first
  [[nodiscard]] std::uint64_t changes() const { return changes_; }     // goes up with each

 private:
  [[nodiscard]] bool sends(const std::string& adapter, std::string_view kind) const;  // with the lock

  mail::Office& office_;
  mutable std::shared_mutex mutex_;
  std::map<std::string, std::pair<keep::FeedMode, std::vector<std::string>>> now_;
  std::atomic<std::uint64_t> changes_{0};
};

}  // namespace adapters::agent::rehearse
