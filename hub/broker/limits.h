// What one peer may cost the hub: token buckets and strikes (protocol section 7). Values of the front's thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>

namespace hub::broker {

struct Rate {
  double per_second = 0;
  double burst = 0;
};

struct Limits {
  Rate frames{2000, 4000};
  Rate bytes{64.0 * (1 << 20), 128.0 * (1 << 20)};
  Rate messages{100'000, 200'000};
  Rate signature_checks{200, 400};
  std::uint32_t batches_in_flight = 4;       // per sender
  std::uint32_t queries_in_flight = 16;      // per peer
  std::uint64_t house_bytes = 128ULL << 20;  // frames accepted and not yet answered, of all peers together
  std::uint32_t house_items = 20'000;        // the same, counted
  std::uint32_t max_credit = 4096;           // groups
  std::uint64_t window_bytes = 16ULL << 20;  // pushed to one peer and not yet credited back
  std::uint32_t block_messages = 4096;       // one commit
  std::uint64_t witness_round_ms = 10'000;   // one checkpoint is offered to all witnesses for so long
  std::uint64_t block_bytes = 7'000'000;     // one record (6.1)
};

// Refills by time; may be overdrawn by a cost that was only known afterwards.
class TokenBucket {
 public:
  explicit TokenBucket(Rate rate) : rate_(rate), level_(rate.burst) {}
  // Milliseconds to wait until `cost` may be taken; 0: taken.
  std::uint32_t take(double cost, std::uint64_t now_ms);
  void charge(double cost) { level_ -= cost; }

 private:
  Rate rate_;
  double level_;
  std::uint64_t at_ms_ = 0;
};

// Three bad frames in ten minutes put a peer out for ten minutes.
class Strikes {
 public:
  bool strike(std::uint64_t now_ms);                                     // true: this one suspends the peer
  [[nodiscard]] std::uint32_t suspended_ms(std::uint64_t now_ms) const;  // 0: not suspended

 private:
  std::deque<std::uint64_t> at_;
  std::uint64_t until_ = 0;
};

}  // namespace hub::broker
