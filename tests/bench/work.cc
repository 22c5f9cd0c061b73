// See work.h.
#include "tests/bench/work.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <thread>

namespace bench {

Work::Work(const Args& args) : args_(args), pattern_(args.size), state_(args.n), producing_(args.producers) {
  std::mt19937_64 random(42);
  for (auto& b : pattern_) b = static_cast<base::Byte>(random());
  if (args.one_at_a_time()) {
    sent_at_.resize(args.n);
    received_at_.resize(args.n);
    confirmed_at_.resize(args.n);
  }
}

std::uint64_t Work::share(int producer) const {
  const auto p = static_cast<std::uint64_t>(args_.producers);
  return args_.n / p + (static_cast<std::uint64_t>(producer) < args_.n % p ? 1 : 0);
}

base::Bytes Work::body(std::uint64_t id) const {
  base::Bytes out = pattern_;
  base::store_le(out.data(), id);
  return out;
}

void Work::sent(std::uint64_t id) {
  sent_.fetch_add(1, std::memory_order_relaxed);
  if (args_.one_at_a_time()) sent_at_[id] = now_ns();
}

void Work::mark(std::uint64_t id, std::uint8_t bit, std::int64_t at) {
  const std::uint8_t before = state_[id].fetch_or(bit);
  if ((before & bit) != 0) {
    ++repeats_;
    return;
  }
  if ((before | bit) != 3) return;
  std::int64_t seen = last_;
  while (seen < at && !last_.compare_exchange_weak(seen, at)) {
  }
  ++complete_;
  if (args_.one_at_a_time()) {
    std::lock_guard hold(mutex_);
    changed_.notify_all();
  }
}

void Work::confirmed(std::uint64_t id) {
  const std::int64_t at = now_ns();
  if (args_.one_at_a_time()) confirmed_at_[id] = at;
  mark(id, 1, at);
}

std::optional<std::uint64_t> Work::received(base::View body, int box) {
  const std::int64_t at = args_.one_at_a_time() ? now_ns() : 0;
  const auto id = body.size() == args_.size ? base::load_le<std::uint64_t>(body.data()) : args_.n;
  if (id >= args_.n || mailbox(id) != box || !base::equal(body.subspan(8), base::View(pattern_).subspan(8))) {
    ++bad_;
    return std::nullopt;
  }
  if (args_.one_at_a_time() && received_at_[id] == 0) received_at_[id] = at;
  return id;
}

void Work::acknowledged(std::uint64_t id) { mark(id, 2, now_ns()); }

bool Work::wait_complete(std::uint64_t id) {
  std::unique_lock hold(mutex_);
  if (!changed_.wait_for(hold, std::chrono::seconds(10), [&] { return state_[id] == 3 || aborted_; })) aborted_ = true;
  return !aborted_;
}

void Work::go() {
  settle(args_.data);
  started_ = now_ns();
  stop_at_ = started_ + static_cast<std::int64_t>(args_.secs * 1e9);
}

int Work::finish() {
  const TreeUse before = tree_use(args_.server_pid);
  const DiskUse disk_before = disk_use(args_.data);
  const double client_before = own_cpu(), machine_before = machine_cpu();
  double peak = 0;
  const std::int64_t give_up = stop_at_ + static_cast<std::int64_t>(args_.drain * 1e9);
  for (int i = 0; !done(); ++i) {
    usleep(20'000);  // how often memory is sampled; the load runs in threads of its own
    if (i % 20 == 0) peak = std::max(peak, tree_use(args_.server_pid, true).pss_mb);
    if (now_ns() > give_up) aborted_ = true;
  }
  const double wall = static_cast<double>(now_ns() - started_) / 1e9, client = own_cpu() - client_before, busy = machine_cpu() - machine_before;
  usleep(300'000);  // late flushes still count
  TreeUse after = tree_use(args_.server_pid, true);
  after.cpu -= before.cpu;
  after.written -= before.written;
  after.pss_mb = std::max(after.pss_mb, peak);
  DiskUse disk = disk_use(args_.data);
  disk.flushes -= disk_before.flushes;
  settle(args_.data);
  disk.bytes = disk_use(args_.data).bytes - disk_before.bytes;
  print(static_cast<double>(last_ - started_) / 1e9, after, client, disk, std::max(0.0, (busy - client - after.cpu) / wall));
  return !aborted_ && complete_ == sent_ && bad_ == 0 && nacks_ == 0 ? 0 : 1;
}

void Work::print(double seconds, const TreeUse& server, double client, const DiskUse& disk, double other) {
  std::printf("RESULT peer=%s mode=%s size=%zu n=%lu secs=%.3f rate=%.0f srv_cpu=%.2f cli_cpu=%.2f rss_mb=%.0f wr_mb=%.1f dev_mb=%.1f flushes=%.0f other=%.2f",
              args_.peer.c_str(), args_.mode.c_str(), args_.size, complete_.load(), seconds, seconds > 0 ? static_cast<double>(complete_) / seconds : 0, server.cpu,
              client, server.pss_mb, server.written / 1e6, disk.bytes / 1e6, disk.flushes, other);
  if (args_.one_at_a_time()) {
    std::vector<double> received, confirmed;
    for (std::uint64_t i = 0; i < args_.n; ++i) {
      if (state_[i] != 3) continue;
      received.push_back(static_cast<double>(received_at_[i] - sent_at_[i]) / 1e3);
      confirmed.push_back(static_cast<double>(confirmed_at_[i] - sent_at_[i]) / 1e3);
    }
    if (!received.empty()) {
      std::printf(" recv_p50=%.0f recv_p99=%.0f conf_p50=%.0f conf_p99=%.0f", quantile(received, .5), quantile(received, .99), quantile(confirmed, .5),
                  quantile(confirmed, .99));
    }
  }
  const bool ok = !aborted_ && complete_ == sent_ && bad_ == 0 && nacks_ == 0;
  std::printf(" sent=%lu dup=%lu bad=%lu nack=%lu left=0 ok=%d\n", sent_.load(), repeats_.load(), bad_.load(), nacks_.load(), ok ? 1 : 0);
  std::fflush(stdout);
}

}  // namespace bench
