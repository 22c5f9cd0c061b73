// Queue: from any thread to one. Whoever takes, takes everything that waits: that is what makes natural batching.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>

namespace hub::broker {

template <class T>
class Queue {
 public:
  // False: closed, the value is dropped.
  bool push(T v) {
    {
      const std::lock_guard lock(mutex_);
      if (closed_) return false;
      items_.push_back(std::move(v));
    }
    some_.notify_one();
    return true;
  }
  // Waits for something (or not, with wait = false) and appends all of it to `out`. False: closed, and nothing is left.
  bool take_all(std::deque<T>& out, bool wait = true) {
    std::unique_lock lock(mutex_);
    if (wait) some_.wait(lock, [this] { return closed_ || !items_.empty(); });
    const bool alive = !closed_ || !items_.empty();
    if (out.empty()) {
      out.swap(items_);
    } else {
      for (auto& i : items_) out.push_back(std::move(i));
      items_.clear();
    }
    return alive;
  }
  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    some_.notify_all();
  }
  [[nodiscard]] std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return items_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable some_;
  std::deque<T> items_;
  bool closed_ = false;
};

}  // namespace hub::broker
