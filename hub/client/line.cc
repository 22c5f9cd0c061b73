// The client's connection thread: see line.h.
#include "hub/client/line.h"

namespace hub::client {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::uint64_t kFirstBackoffMs = 50, kLastBackoffMs = 5000;
constexpr auto kLineAge = std::chrono::hours(24);
constexpr auto kLook = std::chrono::seconds(1);  // for another key of the hub
constexpr std::size_t kMaxWaiting = 100'000;

base::Error busy(const char* why) { return {base::Kind::kBusy, why, {}, "send the identical bytes again later"}; }

}  // namespace

Line::Line(net::Context& context, const crypto::BoxKey& key, Options options, Pushes pushes, WhichServer server)
    : context_(context), key_(key), options_(std::move(options)), pushes_(std::move(pushes)), which_(std::move(server)), dial_at_(steady_clock::now()) {
  thread_ = std::thread([this] { run(); });
}

Line::~Line() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  waker_.wake();
  thread_.join();
}

void Line::submit(Request r) {
  {
    const std::lock_guard lock(mutex_);
    if (!stop_) {
      queue_.push_back(std::move(r));
      if (queue_.size() == 1) waker_.wake();
      return;
    }
  }
  if (r.done) r.done(busy("the client is stopping"));
}

bool Line::wait_connected(std::uint64_t timeout_ms) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, milliseconds(timeout_ms), [this] { return up_.load(); });
}

void Line::set_up(bool up) {
  const std::lock_guard lock(mutex_);
  up_ = up;
  changed_.notify_all();
}

void Line::run() {
  while (!stop_) {
    keep_line();
    std::vector<net::PollItem> items{{nullptr, waker_.fd()}};
    if (dealer_) {
      items.push_back({dealer_->raw()});
      items.push_back({dealer_->monitor_raw()});
    }
    net::poll(items, patience());
    if (items[0].readable) waker_.drain();
    send_queued();
    receive_all();
    expire();
  }
  fail_all("the client is stopping");
  std::deque<Request> left;
  {
    const std::lock_guard lock(mutex_);
    left.swap(queue_);
  }
  for (auto& r : left) {
    if (r.done) r.done(busy("the client is stopping"));
  }
}

// Milliseconds until something is due by itself.
int Line::patience() const {
  const auto now = steady_clock::now();
  auto until = now + std::chrono::minutes(1);
  if (!dealer_) until = std::min(until, dial_at_);
  if (dealer_ && which_) until = std::min(until, now + kLook);
  if (dealer_ && !up_) until = std::min(until, dialed_at_ + milliseconds(options_.timeout_ms));
  if (!waiting_.empty()) until = std::min(until, waiting_.begin()->second.deadline);
  const auto ms = std::chrono::ceil<milliseconds>(until - now).count();
  return static_cast<int>(std::max<std::int64_t>(ms, 0));
}

void Line::keep_line() {
  const auto now = steady_clock::now();
  if (dealer_ && dealer_->lost()) hang_up(0);
  if (dealer_ && !up_ && now - dialed_at_ >= milliseconds(options_.timeout_ms)) hang_up(0);
  if (dealer_ && up_ && waiting_.empty() && now - up_since_ >= kLineAge) hang_up(1);
  if (dealer_ && which_ && now >= look_at_) {
    look_at_ = now + kLook;
    if (const auto s = server(); s.key != dialed_ && (s.at_once || !up_)) hang_up(1);
  }
  if (!dealer_ && now >= dial_at_) dial();
}

void Line::dial() {
  dialed_ = server().key;
  const crypto::BoxKey& key = others_turn_ && options_.other_key != nullptr ? *options_.other_key : key_;
  auto dealer = net::Dealer::connect(context_, options_.endpoint, dialed_, key);
  if (!dealer.ok()) {
    hang_up(kLastBackoffMs);
    return;
  }
  dealer_ = std::move(*dealer);
  dialed_at_ = steady_clock::now();
  wire::Hello hello;
  hello.credit = options_.credit;
  if (options_.checkpoint) hello.checkpoint = options_.checkpoint();
  if (options_.dir_seq) hello.dir_seq = options_.dir_seq();
  hello.software = options_.software;
  hello_req_ = next_req_++;
  if (!dealer_->send(wire::encode(wire::Head{schemas::Op::kHello, wire::kVersion, hello_req_}), wire::encode(hello)).ok()) hang_up(0);
}

// Ends the line; whatever was in flight is unknown to its caller. retry_ms 0: by the back-off, which differs from client to client.
void Line::hang_up(std::uint64_t retry_ms) {
  dealer_.reset();
  const bool was_up = up_;
  if (was_up) set_up(false);
  if (!was_up) others_turn_ = !others_turn_;  // a key that was let in is tried first again
  if (retry_ms == 0) {
    backoff_ms_ = std::clamp(backoff_ms_ * 2, kFirstBackoffMs, kLastBackoffMs);
    retry_ms = backoff_ms_ + backoff_ms_ * key_.public_key()[0] / 512;
  }
  dial_at_ = steady_clock::now() + milliseconds(retry_ms);
  fail_all("the line to the hub broke");
  if (was_up && pushes_.connection) pushes_.connection(false, {});
}

void Line::fail_all(const char* why) {
  std::map<std::uint64_t, Waiting> failed;
  failed.swap(waiting_);
  for (auto& [req, w] : failed) w.done(busy(why));
}

void Line::send_queued() {
  std::deque<Request> now;
  {
    const std::lock_guard lock(mutex_);
    now.swap(queue_);
  }
  const auto deadline = steady_clock::now() + milliseconds(options_.timeout_ms);
  for (auto& r : now) {
    const char* refused = !up_ || !dealer_                 ? "there is no connection to the hub"
                          : waiting_.size() >= kMaxWaiting ? "too much is in flight"
                                                           : nullptr;
    const auto req = r.done ? next_req_++ : 0;
    if (refused == nullptr && !dealer_->send(wire::encode(wire::Head{r.op, wire::kVersion, req}), r.payload).ok())
      refused = "the line to the hub is full";
    if (!r.done) continue;
    if (refused != nullptr) {
      r.done(busy(refused));
    } else {
      waiting_.emplace(req, Waiting{deadline, std::move(r.done)});
    }
  }
}

void Line::receive_all() {
  while (dealer_) {
    auto message = dealer_->receive();
    if (!message) return;
    const auto head = wire::decode_head(message->first);
    if (head.ok()) take(*head, std::move(message->second));  // a hub that speaks nonsense is not heard
  }
}

void Line::take(wire::Head head, base::Bytes payload) {
  if (head.req == 0) return take_unasked(head.op, std::move(payload));
  if (head.req == hello_req_) return take_hello(head.op, payload);
  const auto w = waiting_.find(head.req);
  if (w == waiting_.end()) return;  // too late
  const auto done = std::move(w->second.done);
  waiting_.erase(w);
  done(Reply{head.op, std::move(payload)});
}

void Line::take_hello(schemas::Op op, const base::Bytes& payload) {
  if (op == schemas::Op::kHello) {
    auto hub = wire::decode<wire::Hello>(payload);
    if (!hub.ok()) return hang_up(kLastBackoffMs);
    backoff_ms_ = 0;
    up_since_ = steady_clock::now();
    set_up(true);
    if (pushes_.connection) pushes_.connection(true, *hub);
    return;
  }
  const auto nack = wire::decode<wire::Nack>(payload);
  hang_up(nack.ok() && nack->retry_ms > 0 ? nack->retry_ms : kLastBackoffMs);
}

void Line::take_unasked(schemas::Op op, base::Bytes payload) {
  if (op == schemas::Op::kDeliver) {
    if (pushes_.deliver) pushes_.deliver(std::move(payload));
  } else if (op == schemas::Op::kReceipt) {
    auto receipt = wire::decode<wire::Receipt>(payload);
    if (receipt.ok() && pushes_.receipt) pushes_.receipt(std::move(*receipt));
  } else if (op == schemas::Op::kNack) {  // another process of this agent has taken over, or the hub does not know this line
    const auto nack = wire::decode<wire::Nack>(payload);
    hang_up(nack.ok() && nack->retry_ms > 0 ? nack->retry_ms : kLastBackoffMs);
  }
}

void Line::expire() {
  const auto now = steady_clock::now();
  while (!waiting_.empty() && waiting_.begin()->second.deadline <= now) {
    const auto done = std::move(waiting_.begin()->second.done);
    waiting_.erase(waiting_.begin());
    done(busy("the hub did not answer in time"));
  }
}

}  // namespace hub::client
