// Gate: what an adapter's thread holds of the agent. Closed, it lets nothing through any more, so a thread that hangs in foreign code
// can be left behind safely. GuardedHost is the Host behind a Gate.
#pragma once

#include <shared_mutex>

#include "adapters/agent/host.h"

namespace adapters::agent {

class Gate {
 public:
  Gate(mail::Office& office, Host& host) : office_(&office), host_(&host) {}
  // Runs `call` with the agent, or not at all once closed. close() waits for calls that are inside.
  template <class F>
  bool with(const F& call) const {
    const std::shared_lock lock(mutex_);
    if (host_ == nullptr) return false;
    call(*office_, *host_);
    return true;
  }
  void close() {
    const std::unique_lock lock(mutex_);
    office_ = nullptr;
    host_ = nullptr;
  }

 private:
  mutable std::shared_mutex mutex_;
  mail::Office* office_;
  Host* host_;
};

class GuardedHost final : public Host {
 public:
  explicit GuardedHost(std::shared_ptr<Gate> gate) : gate_(std::move(gate)) {}
  base::Result<Submitted> submit(Submission s) override {
    base::Result<Submitted> out = stopping();
    gate_->with([&](mail::Office&, Host& h) { out = h.submit(std::move(s)); });
    return out;
  }
  base::Result<std::uint64_t> quarantine(std::string_view adapter, std::string_view format, base::View bytes, const base::Error& why) override {
    base::Result<std::uint64_t> out = stopping();
    gate_->with([&](mail::Office&, Host& h) { out = h.quarantine(adapter, format, bytes, why); });
    return out;
  }
  [[nodiscard]] std::optional<ThreadInfo> thread(const base::Id& id) const override {
    std::optional<ThreadInfo> out;
    gate_->with([&](mail::Office&, Host& h) { out = h.thread(id); });
    return out;
  }
  [[nodiscard]] std::vector<ThreadInfo> threads_by_ref(std::string_view ref) const override {
    std::vector<ThreadInfo> out;
    gate_->with([&](mail::Office&, Host& h) { out = h.threads_by_ref(ref); });
    return out;
  }
  [[nodiscard]] std::vector<ThreadInfo> threads_by_subject_id(const schemas::Identifier& id) const override {
    std::vector<ThreadInfo> out;
    gate_->with([&](mail::Office&, Host& h) { out = h.threads_by_subject_id(id); });
    return out;
  }
  [[nodiscard]] ThreadPage threads(std::uint64_t before, std::size_t limit) const override {
    ThreadPage out;
    gate_->with([&](mail::Office&, Host& h) { out = h.threads(before, limit); });
    return out;
  }
  [[nodiscard]] std::vector<Delivery> events(const base::Id& id) const override {
    std::vector<Delivery> out;
    gate_->with([&](mail::Office&, Host& h) { out = h.events(id); });
    return out;
  }
  base::Result<base::Bytes> attachment(const base::Id& id, const schemas::Attachment& a) override {
    base::Result<base::Bytes> out = stopping();
    gate_->with([&](mail::Office&, Host& h) { out = h.attachment(id, a); });
    return out;
  }
  base::Result<std::optional<std::uint64_t>> propose_match(std::string_view adapter, const schemas::Subject& who, Submission s) override {
    base::Result<std::optional<std::uint64_t>> out = stopping();
    gate_->with([&](mail::Office&, Host& h) { out = h.propose_match(adapter, who, std::move(s)); });
    return out;
  }
  base::Status keep(std::string_view adapter, std::string_view key, base::View value) override {
    base::Status out = stopping();
    gate_->with([&](mail::Office&, Host& h) { out = h.keep(adapter, key, value); });
    return out;
  }
  [[nodiscard]] std::vector<std::pair<std::string, base::Bytes>> kept(std::string_view adapter) const override {
    std::vector<std::pair<std::string, base::Bytes>> out;
    gate_->with([&](mail::Office&, Host& h) { out = h.kept(adapter); });
    return out;
  }
  [[nodiscard]] std::optional<std::string> slug_for(std::string_view name) const override {
    std::optional<std::string> out;
    gate_->with([&](mail::Office&, Host& h) { out = h.slug_for(name); });
    return out;
  }
  [[nodiscard]] std::string own_slug() const override {
    std::string out;
    gate_->with([&](mail::Office&, Host& h) { out = h.own_slug(); });
    return out;
  }
  [[nodiscard]] std::string own_kind() const override {
    std::string out;
    gate_->with([&](mail::Office&, Host& h) { out = h.own_kind(); });
    return out;
  }
  [[nodiscard]] base::Instant now() const override {
    base::Instant out;
    gate_->with([&](mail::Office&, Host& h) { out = h.now(); });
    return out;
  }
  void say(std::string_view adapter, std::string_view words) override {
    gate_->with([&](mail::Office&, Host& h) { h.say(adapter, words); });
  }

 private:
  static base::Error stopping() { return {base::Kind::kBusy, "the agent is stopping", "agent", "send again when it runs"}; }
  std::shared_ptr<Gate> gate_;
};

}  // namespace adapters::agent
