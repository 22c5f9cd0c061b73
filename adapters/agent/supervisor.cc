// Adapters' threads.
#include "adapters/agent/supervisor.h"

#include <algorithm>
#include <chrono>
#include <deque>

#include "adapters/agent/blob/blobs.h"
#include "adapters/agent/feed.h"
#include "adapters/agent/gate.h"
#include "adapters/agent/rehearse/feed_host.h"

namespace adapters::agent {

namespace {

// An errand on its way; shared by who asked and the adapter's thread.
struct Asked {
  Errand errand;
  std::optional<base::Result<base::Status>> answer;  // guarded by the runner's mutex
};

base::Error not_running(const std::string& name, const std::string& why) { return {base::Kind::kBusy, "the adapter does not run: " + why, name, "see: handoff status"}; }

// What others bring inside a message passes the virus scan before a system of ours sees it: what is refused there is named, without its
// bytes; kBusy while there is no verdict.
base::Status screen(Host& host, Delivery& d) {
  auto* files = d.outgoing ? nullptr : blob::attachments_of(d.body.payload);
  if (files == nullptr) return {};
  for (schemas::Attachment& a : *files) {
    if (a.data.empty()) continue;
    const auto clean = host.attachment(d.thread_id, a);
    if (clean.ok()) continue;
    if (clean.error().kind != base::Kind::kDenied) return clean.error();
    a.data.clear();
  }
  return {};
}

}  // namespace

// Shared between the supervisor and its thread: whoever lets go last frees it.
class Runner {
 public:
  Runner(AdapterSpec spec, std::shared_ptr<Gate> gate, const rehearse::Modes& modes)
      : spec_(std::move(spec)), gate_(gate), host_(std::move(gate)), modes_(&modes), feed_(spec_.name, spec_.retry_for_ms) {}

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
  [[nodiscard]] const std::string& name() const { return spec_.name; }
  base::Result<base::Status> ask(Errand errand, std::uint64_t wait_ms) {
    const auto asked = std::make_shared<Asked>(Asked{std::move(errand), std::nullopt});
    std::unique_lock lock(mutex_);
    if (stop_ || !adapter_) return not_running(spec_.name, trouble_);
    errands_.push_back(asked);
    woken_ = true;
    changed_.notify_all();
    changed_.wait_for(lock, std::chrono::milliseconds(wait_ms), [&] { return asked->answer || stop_; });
    if (asked->answer) return *asked->answer;
    std::erase(errands_, asked);
    return base::Error{base::Kind::kBusy, "the adapter is busy with something else", spec_.name, "try again later"};
  }
  [[nodiscard]] const std::vector<HttpMount>& mounts() const { return spec_.mounts; }
  // The call has a thread of its own: one that hangs keeps its client waiting, and the stop no longer than its grace.
  static transport::HttpResponse http(const std::shared_ptr<Runner>& self, const transport::HttpRequest& request) {
    std::unique_lock lock(self->mutex_);
    std::shared_ptr<Adapter> adapter = self->stop_ || self->http_until_ ? nullptr : self->adapter_;
    if (!adapter) return not_now();
    const auto call = std::make_shared<Call>(Call{request, std::nullopt});
    lock.unlock();
    std::thread([self, call, adapter = std::move(adapter)]() mutable {
      transport::HttpResponse answer = answer_of(*adapter, call->request);
      adapter.reset();
      const std::lock_guard held(self->mutex_);
      call->answer = std::move(answer);
      self->answered_.notify_all();
    }).detach();
    lock.lock();
    self->answered_.wait(lock, [&] { return call->answer || self->http_until_; });
    if (!call->answer) self->answered_.wait_until(lock, *self->http_until_, [&] { return call->answer.has_value(); });
    return call->answer ? std::move(*call->answer) : not_now();
  }
  void end_http(std::chrono::steady_clock::time_point until) {
    const std::lock_guard lock(mutex_);
    http_until_ = until;
    answered_.notify_all();
  }
  [[nodiscard]] AdapterStatus status() const {
    AdapterStatus s{spec_.name, spec_.type, {}, 0, keep::FeedMode::kLive, {}};
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
  struct Call {
    transport::HttpRequest request;
    std::optional<transport::HttpResponse> answer;  // guarded by the runner's mutex
  };
  static transport::HttpResponse plain(int status, std::string_view words) { return {.status = status, .type = "text/plain", .body = std::string(words)}; }
  static transport::HttpResponse not_now() {
    transport::HttpResponse later = plain(503, "this part of the agent is being started or stopped; try again\n");
    later.headers.emplace_back("Retry-After", "5");
    return later;
  }
  static transport::HttpResponse answer_of(Adapter& adapter, const transport::HttpRequest& request) noexcept {
    try {
      return adapter.http(request);
    } catch (...) {  // its words may quote what it was handed: they are not repeated
      return plain(500, "it failed unexpectedly\n");
    }
  }
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
    for (const auto& asked : errands_) asked->answer.emplace(not_running(spec_.name, trouble_));
    errands_.clear();
    changed_.notify_all();
  }
  // What has been asked for meanwhile. One that throws ends the adapter's life, as an event does.
  void run_errands(Adapter& adapter) {
    for (;;) {
      std::shared_ptr<Asked> next;
      {
        const std::lock_guard lock(mutex_);
        if (stop_ || errands_.empty()) return;
        next = errands_.front();
      }
      const base::Status answer = next->errand(adapter);
      const std::lock_guard lock(mutex_);
      std::erase(errands_, next);
      next->answer.emplace(answer);
      changed_.notify_all();
    }
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
      run_errands(adapter);
      std::uint64_t wait = 60'000;
      std::optional<Feed::Next> next;
      gate_->with([&](mail::Office& office, Host&) {
        if (modes_->holds_back(spec_.name)) return;
        auto n = feed_.next(office, wait);
        if (n.ok()) next = std::move(n).value();
      });
      if (!next) {
        pause(wait);
        continue;
      }
      base::Status verdict = screen(host_, next->delivery);
      if (verdict.ok()) verdict = adapter.deliver(next->delivery);
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
  const rehearse::Modes* modes_;  // behind the gate
  Feed feed_;
  mutable std::mutex mutex_;
  std::condition_variable changed_, answered_;
  std::optional<std::chrono::steady_clock::time_point> http_until_;  // calls are no longer taken; those under way have until then
  std::shared_ptr<Adapter> adapter_;
  std::string trouble_ = "starting";
  std::deque<std::shared_ptr<Asked>> errands_;
  bool stop_ = false, woken_ = false, ended_ = false;
  std::thread thread_;
};

base::Status Supervisor::start(std::vector<AdapterSpec> specs) {
  const std::lock_guard lock(mutex_);
  for (AdapterSpec& spec : specs) {
    TRY(Feed::begin(office_.store, spec.name));
    fronts_.push_back(std::make_unique<rehearse::FeedHost>(spec.name, office_, host_, modes_));
    runners_.push_back(std::make_shared<Runner>(std::move(spec), std::make_shared<Gate>(office_, *fronts_.back()), modes_));
  }
  for (const auto& r : runners_) Runner::start(r);
  return {};
}

std::vector<std::shared_ptr<Runner>> Supervisor::runners() const {
  const std::lock_guard lock(mutex_);
  return runners_;
}

void Supervisor::wake() {
  for (const auto& r : runners()) r->wake();
}

void Supervisor::end_http(std::uint64_t grace_ms) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(grace_ms);
  for (const auto& r : runners()) r->end_http(until);
}

void Supervisor::stop(std::uint64_t grace_ms) {
  std::vector<std::shared_ptr<Runner>> all;
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    all.swap(runners_);
  }
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(grace_ms);
  for (const auto& r : all) r->ask_to_stop();
  for (const auto& r : all) r->finish(until);
}

std::optional<HttpMount> Supervisor::mount_for(std::string_view path) const {
  std::optional<HttpMount> best;
  const std::lock_guard lock(mutex_);
  for (const auto& r : runners_) {
    for (const HttpMount& m : r->mounts()) {
      const bool below = path.starts_with(m.prefix) && (path.size() == m.prefix.size() || path[m.prefix.size()] == '/');
      if (below && (!best || m.prefix.size() > best->prefix.size())) best = m;
    }
  }
  return best;
}

transport::HttpResponse Supervisor::http(const HttpMount& mount, const transport::HttpRequest& request) const {
  std::shared_ptr<Runner> runner;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& r : runners_) {
      for (const HttpMount& m : r->mounts()) {
        if (m.prefix == mount.prefix) runner = r;
      }
    }
  }
  if (runner) return Runner::http(runner, request);
  return {.status = 404, .type = "", .body = ""};
}

std::vector<AdapterStatus> Supervisor::status() const {
  std::vector<AdapterStatus> out;
  for (const auto& r : runners()) {
    out.push_back(r->status());
    const keep::ModeRow mode = modes_.get(out.back().name);
    out.back().mode = mode.mode;
    out.back().kinds = mode.kinds;
    (void)office_.store.read([&](keep::Tx& tx) {
      out.back().queue = Feed::queue(tx, out.back().name);
      return base::Status{};
    });
  }
  return out;
}

base::Result<base::Status> Supervisor::ask(const std::string& adapter, Errand errand, std::uint64_t wait_ms) {
  for (const auto& r : runners()) {
    if (r->name() == adapter) return r->ask(std::move(errand), wait_ms);
  }
  const std::lock_guard lock(mutex_);
  if (stopped_) return base::Error{base::Kind::kBusy, "the agent is stopping", adapter};
  return base::Error{base::Kind::kNotFound, "there is no adapter of that name", adapter, "see: handoff status"};
}

}  // namespace adapters::agent
