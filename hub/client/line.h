// Line: the client's connection and its thread. It dials, says HELLO, matches answers to requests by their req number, times them out,
// hands pushes over, and dials again when the line breaks or is a day old (CURVE has no rekey: protocol section 5).
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "hub/client/following.h"

namespace hub::client {

struct Reply {
  schemas::Op op{};
  base::Bytes payload;
};
struct Request {
  schemas::Op op{};
  base::Bytes payload;
  std::function<void(base::Result<Reply>)> done;  // empty: no answer is expected (CREDIT)
};

class Line {
 public:
  Line(net::Context& context, const crypto::BoxKey& key, Options options, Pushes pushes, WhichServer server = {});
  ~Line();
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  void submit(Request r);  // any thread; `done` runs on the line's thread, or here if the line has ended
  bool wait_connected(std::uint64_t timeout_ms);
  [[nodiscard]] bool connected() const { return up_; }
  [[nodiscard]] std::uint64_t timeout_ms() const { return options_.timeout_ms; }

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct Waiting {
    Time deadline;
    std::function<void(base::Result<Reply>)> done;
  };

  void run();
  void dial();
  void hang_up(std::uint64_t retry_ms);
  void keep_line();
  void send_queued();
  void receive_all();
  void take(schemas::wire::Head head, base::Bytes payload);
  void take_hello(schemas::Op op, const base::Bytes& payload);
  void take_unasked(schemas::Op op, base::Bytes payload);
  void expire();
  void fail_all(const char* why);
  [[nodiscard]] int patience() const;
  void set_up(bool up);
  [[nodiscard]] Server server() const { return which_ ? which_() : Server{options_.server}; }

  net::Context& context_;
  const crypto::BoxKey& key_;
  const Options options_;
  const Pushes pushes_;
  const WhichServer which_;
  net::Waker waker_;
  std::atomic<bool> stop_{false}, up_{false};

  std::mutex mutex_;  // guards queue_ and, with changed_, the change of up_
  std::condition_variable changed_;
  std::deque<Request> queue_;

  // The line's thread only.
  std::optional<net::Dealer> dealer_;
  crypto::PublicKey dialed_{};  // whom
  std::map<std::uint64_t, Waiting> waiting_;  // by req: also the order of their deadlines
  std::uint64_t next_req_ = 1, hello_req_ = 0, backoff_ms_ = 0;
  bool others_turn_ = false;  // dial with options_.other_key
  Time dial_at_{}, dialed_at_{}, up_since_{}, look_at_{};
  std::thread thread_;
};

}  // namespace hub::client
