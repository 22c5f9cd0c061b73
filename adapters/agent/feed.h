// One adapter's place in the feed: what is next for it, and what is done. Order holds per thread; a thread whose event must wait is
// parked, and others go on. Used by one thread.
#pragma once

#include <map>

#include "adapters/agent/keep/records.h"
#include "adapters/agent/mail/office.h"

namespace adapters::agent {

class Feed {
 public:
  Feed(std::string name, std::uint64_t retry_for_ms) : name_(std::move(name)), retry_for_ms_(retry_for_ms) {}
  static base::Status begin(keep::Store& store, const std::string& name);   // a new adapter begins at the end
  base::Status load(keep::Store& store);

  struct Next {
    std::uint64_t seq = 0;             // in the feed
    Delivery delivery;
  };
  // The next event that may be handed over now; nullopt: none. `wait_ms`: when a parked one is due.
  base::Result<std::optional<Next>> next(const mail::Office& office, std::uint64_t& wait_ms);
  // The adapter's verdict. Returns true if the event is finished; false: parked.
  base::Result<bool> settle(const mail::Office& office, const Next& item, const base::Status& verdict);
  static std::uint64_t queue(keep::Tx& tx, const std::string& name);

 private:
  struct Parked {
    base::Instant since, due;
    std::uint64_t wait_ms = 1'000;
  };
  base::Status finish(keep::Store& store, std::uint64_t seq, bool failed);

  std::string name_;
  std::uint64_t retry_for_ms_;
  keep::CursorRow cursor_;
  std::map<base::Id, Parked> parked_;
};

}  // namespace adapters::agent
