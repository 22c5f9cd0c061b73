// Gossip: the checkpoints that peers put into their sealed mail (`seen`), waiting to be held against the own log. A hub that shows two trees
// cannot take them out without being seen to take out the mail. Thread-safe.
#pragma once

#include <algorithm>
#include <map>
#include <mutex>

#include "crypto/note.h"

namespace adapters::agent::witness {

class Gossip {
 public:
  struct Heard {
    base::Instant at;
    std::string from;  // slug
    std::string note;  // a log-signed checkpoint
  };
  // The newest of each peer is kept: an older one is a part of what it has seen since, or its agent would have stopped.
  void hear(const base::Id& sender, Heard heard) {
    const std::lock_guard lock(mutex_);
    heard_[sender] = std::move(heard);
  }
  // How large a tree each peer has told of so far, whether or not there was anything to settle.
  void told(const base::Id& sender, std::uint64_t size) {
    const std::lock_guard lock(mutex_);
    std::uint64_t& known = told_[sender];
    known = std::max(known, size);
  }
  [[nodiscard]] std::vector<std::uint64_t> sizes() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::uint64_t> out;
    for (const auto& [sender, size] : told_) out.push_back(size);
    return out;
  }
  [[nodiscard]] std::map<base::Id, Heard> all() const {
    const std::lock_guard lock(mutex_);
    return heard_;
  }
  void settle(const base::Id& sender, const std::string& note) {  // unless a newer one has come
    const std::lock_guard lock(mutex_);
    const auto it = heard_.find(sender);
    if (it != heard_.end() && it->second.note == note) heard_.erase(it);
  }

 private:
  mutable std::mutex mutex_;
  std::map<base::Id, Heard> heard_;
  std::map<base::Id, std::uint64_t> told_;
};

}  // namespace adapters::agent::witness
