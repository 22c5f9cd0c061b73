// Adapters' threads.
#include "adapters/agent/supervisor.h"

#include <algorithm>
#include <chrono>

#include "adapters/agent/feed.h"
#include "adapters/agent/gate.h"

namespace adapters::agent {

// Shared between the supervisor and its thread: whoever lets go last frees it.
class Runner {
 public:
  Runner(AdapterSpec spec, std::shared_ptr<Gate> gate) : spec_(std::move(spec)), gate_(gate), host_(std::move(gate)), feed_(spec_.name, spec_.retry_for_ms) {}

  static void start(const std::shared_ptr<Runner>& self) {
    self->thread_ = std::thread([self] {
      self->run();
      const std::lock_guard lock(self->mutex_);
      self->ended_ = true;
      self->changed_.notify_all();
    });
  }
  void wake() {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    changed_.notify_all();
  }
  void ask_to_stop() {
    std::shared_ptr<Adapter> adapter;
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
      adapter = adapter_;
      changed_.notify_all();
    }
    if (adapter) std::thread([adapter] { stop_quietly(*adapter); }).detach();  // a stop() that hangs is nobody's delay either
  }
  // False: still inside foreign code after the grace; its thread is left behind.
  bool finish(std::chrono::steady_clock::time_point until) {
    bool ended = false;
    {
      std::unique_lock lock(mutex_);
      ended = changed_.wait_until(lock, until, [&] { return ended_; });
    }
    gate_->close();
    if (!thread_.joinable()) return true;
    if (ended) {
      thread_.join();
    } else {
      thread_.detach();
    }
    return ended;
  }
  [[nodiscard]] AdapterStatus status() const {
    AdapterStatus s{spec_.name, spec_.type, {}, 0};
    std::shared_ptr<Adapter> adapter;
    {
      const std::lock_guard lock(mutex_);
      adapter = adapter_;
      if (!adapter) s.health = {false, trouble_, 0, 0, 0, 0};
    }
    if (adapter) s.health = adapter->health();
    return s;
  }

 private:
  static void stop_quietly(Adapter& a) noexcept {
    try {
      a.stop();
    } catch (...) {
    }
  }
  bool stopping() const {
    const std::lock_guard lock(mutex_);
    return stop_;
  }
  void pause(std::uint64_t ms) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::milliseconds(ms), [&] { return stop_ || woken_; });
    woken_ = false;
  }
  void trouble(std::string words) {
    const std::lock_guard lock(mutex_);
    adapter_.reset();
    trouble_ = std::move(words);
  }

  void run() {
    std::uint64_t back_off = 500;
    while (!stopping()) {
      if (live()) back_off = 500;
      if (stopping()) return;
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, std::chrono::milliseconds(back_off), [&] { return stop_; });
      back_off = std::min<std::uint64_t>(60'000, back_off * 2);
    }
  }

  // One life of the adapter. True if it had started.
  bool live() {
    std::shared_ptr<Adapter> adapter;
    bool started = false;
    std::string why = "stopped";
    try {
      auto made = spec_.make();
      if (!made.ok()) {
        trouble(made.error().message());
        return false;
      }
      adapter = std::move(made).value();
      if (auto s = adapter->start(host_); !s.ok()) {
        why = s.error().message();
      } else {
        started = true;
        {
          const std::lock_guard lock(mutex_);
          adapter_ = adapter;
        }
        serve(*adapter);
      }
    } catch (...) {  // its words may quote what it was handed: they are not repeated
      why = "it failed unexpectedly and is started anew";
      host_.say(spec_.name, why);
    }
    if (adapter) stop_quietly(*adapter);
    trouble(std::move(why));
    return started;
  }

  void serve(Adapter& adapter) {
    gate_->with([&](mail::Office& office, Host&) { (void)feed_.load(office.store); });
    while (!stopping()) {
      std::uint64_t wait = 60'000;
      std::optional<Feed::Next> next;
      gate_->with([&](mail::Office& office, Host&) {
        auto n = feed_.next(office, wait);
        if (n.ok()) next = std::move(n).value();
      });
      if (!next) {
        pause(wait);
        continue;
      }
      const base::Status verdict = adapter.deliver(next->delivery);
      gate_->with([&](mail::Office& office, Host& host) {
        const auto done = feed_.settle(office, *next, verdict);
        if (done.ok() && *done && !verdict.ok() && verdict.error().kind != base::Kind::kUnsupported) {
          (void)host.quarantine(spec_.name, "delivery", next->delivery.msg_id, verdict.error());
        }
      });
    }
  }

  AdapterSpec spec_;
  std::shared_ptr<Gate> gate_;
  GuardedHost host_;
  Feed feed_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::shared_ptr<Adapter> adapter_;
  std::string trouble_ = "starting";
  bool stop_ = false, woken_ = false, ended_ = false;
  std::thread thread_;
};

base::Status Supervisor::start(std::vector<AdapterSpec> specs) {
  for (AdapterSpec& spec : specs) {
    TRY(Feed::begin(office_.store, spec.name));
    runners_.push_back(std::make_shared<Runner>(std::move(spec), std::make_shared<Gate>(office_, host_)));
  }
  for (const auto& r : runners_) Runner::start(r);
  return {};
}

void Supervisor::wake() {
  for (const auto& r : runners_) r->wake();
}

void Supervisor::stop(std::uint64_t grace_ms) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(grace_ms);
  for (const auto& r : runners_) r->ask_to_stop();
  for (const auto& r : runners_) r->finish(until);
  runners_.clear();
}

std::vector<AdapterStatus> Supervisor::status() const {
  std::vector<AdapterStatus> out;
  for (const auto& r : runners_) {
    out.push_back(r->status());
    (void)office_.store.read([&](keep::Tx& tx) {
      out.back().queue = Feed::queue(tx, out.back().name);
      return base::Status{};
    });
  }
  return out;
}

}  // namespace adapters::agent
