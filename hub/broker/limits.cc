// Token buckets and strikes: see limits.h.
#include "hub/broker/limits.h"

#include <cmath>

namespace hub::broker {
namespace {

constexpr std::uint64_t kStrikeWindowMs = 10 * 60 * 1000, kSuspendMs = 10 * 60 * 1000;
constexpr std::size_t kStrikes = 3;

}  // namespace

std::uint32_t TokenBucket::take(double cost, std::uint64_t now_ms) {
  if (now_ms > at_ms_) {
    const double filled = at_ms_ == 0 ? rate_.burst : level_ + static_cast<double>(now_ms - at_ms_) * rate_.per_second / 1000;
    level_ = std::min(filled, rate_.burst);
    at_ms_ = now_ms;
  }
  const double need = std::min(cost, rate_.burst);  // what costs more than the burst passes when the bucket is full
  if (level_ >= need) {
    level_ -= cost;
    return 0;
  }
  const double wait = (need - level_) * 1000 / rate_.per_second;
  return static_cast<std::uint32_t>(std::clamp(std::ceil(wait), 1.0, 60'000.0));
}

bool Strikes::strike(std::uint64_t now_ms) {
  while (!at_.empty() && at_.front() + kStrikeWindowMs <= now_ms) at_.pop_front();
  at_.push_back(now_ms);
  if (at_.size() < kStrikes) return false;
  at_.clear();
  until_ = now_ms + kSuspendMs;
  return true;
}

std::uint32_t Strikes::suspended_ms(std::uint64_t now_ms) const {
  return now_ms < until_ ? static_cast<std::uint32_t>(until_ - now_ms) : 0;
}

}  // namespace hub::broker
