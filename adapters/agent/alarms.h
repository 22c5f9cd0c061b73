// Alarms: what people at this agency must see until it is mended. Each has a stable key; raising it again replaces its words.
// Nothing protected goes into the words. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace adapters::agent {

class Alarms {
 public:
  void raise(const std::string& key, std::string words) {
    const std::lock_guard lock(mutex_);
    up_[key] = std::move(words);
  }
  void clear(const std::string& key) {
    const std::lock_guard lock(mutex_);
    up_.erase(key);
  }
  [[nodiscard]] std::vector<std::string> list() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> out;
    for (const auto& [key, words] : up_) out.push_back(words);
    return out;
  }
  [[nodiscard]] bool has(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    return up_.contains(key);
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::string> up_;
};

}  // namespace adapters::agent
