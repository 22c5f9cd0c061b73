// The work item: N messages of one size from P senders to M mailboxes. A message counts once its sender holds a checked proof and its
// reader has opened it and had its receipt logged. Every byte is checked, and losses and repeats are counted. Thread-safe.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>

#include "crypto/base/bytes.h"
#include "tests/bench/meter.h"

namespace bench {

struct Args {
  std::string mode = "tput", peer = "handoff", data = ".", host = "127.0.0.1";
  int producers = 4, mailboxes = 8, window = 256, prefetch = 256, batch = 64, port = 0, server_pid = 0;
  std::uint64_t n = 100'000;
  std::size_t size = 1024;
  double secs = 6, drain = 15;
  [[nodiscard]] bool one_at_a_time() const { return mode == "lat"; }
};

class Work {
 public:
  explicit Work(const Args& args);

  [[nodiscard]] const Args& args() const { return args_; }
  [[nodiscard]] std::uint64_t share(int producer) const;
  [[nodiscard]] std::uint64_t id(int producer, std::uint64_t k) const { return k * static_cast<std::uint64_t>(args_.producers) + static_cast<std::uint64_t>(producer); }
  [[nodiscard]] int mailbox(std::uint64_t id) const { return static_cast<int>(id / static_cast<std::uint64_t>(args_.producers) % static_cast<std::uint64_t>(args_.mailboxes)); }
  [[nodiscard]] base::Bytes body(std::uint64_t id) const;

  void sent(std::uint64_t id);
  void confirmed(std::uint64_t id);
  // The id in a body that arrived in `box`; nullopt if it is not ours, byte for byte.
  std::optional<std::uint64_t> received(base::View body, int box);
  void acknowledged(std::uint64_t id);
  void refused() { ++nacks_; }
  bool wait_complete(std::uint64_t id);  // one at a time
  void producer_done() { --producing_; }

  void go();                             // the clock starts
  [[nodiscard]] bool stop_sending() const { return now_ns() > stop_at_ || aborted_; }
  [[nodiscard]] bool done() const { return aborted_ || (producing_ == 0 && complete_ == sent_); }
  // Waits for the end (or gives up after `drain`), prints the RESULT line; 0 if clean.
  int finish();

 private:
  void mark(std::uint64_t id, std::uint8_t bit, std::int64_t at);
  void print(double wall, const TreeUse& server, double client, const DiskUse& disk, double other);

  Args args_;
  base::Bytes pattern_;
  std::vector<std::atomic<std::uint8_t>> state_;  // bit 0 confirmed, bit 1 acknowledged
  std::vector<std::int64_t> sent_at_, received_at_, confirmed_at_;
  std::atomic<std::uint64_t> sent_{0}, complete_{0}, repeats_{0}, bad_{0}, nacks_{0};
  std::atomic<std::int64_t> last_{0}, stop_at_{0};
  std::atomic<int> producing_;
  std::atomic<bool> aborted_{false};
  std::int64_t started_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
};

}  // namespace bench
