// The adapter: what the agent delivers becomes a request to the plugin, and its verdict the agent's.
#include <mutex>
#include <nlohmann/json.hpp>

#include "adapters/foreign/foreign.h"
#include "adapters/foreign/link.h"

namespace adapters::foreign {
namespace {

using agent::Delivery;
using base::Error;
using base::Kind;

constexpr unsigned kPatience = 5;  // ends of the program in one delivery, until that delivery is taken for the cause

// "result" as the agent's verdict. A failure is final, whatever kind it names.
base::Status verdict(const Json& result) {
  const std::string word = text_or(result, "verdict");
  const auto it = result.find("error");
  Error e = error_from(it == result.end() ? Json() : *it);
  if (word == "ok") return {};
  if (word == "busy") return Error{Kind::kBusy, e.what, e.where, e.mend};
  if (word == "unsupported") return Error{Kind::kUnsupported, e.what, e.where, e.mend};
  if (e.kind == Kind::kBusy || e.kind == Kind::kUnsupported) e.kind = Kind::kMalformed;
  return e;
}

class Plugin final : public agent::Adapter {
 public:
  explicit Plugin(Settings s) : settings_(std::move(s)) {}
  ~Plugin() override { Plugin::stop(); }

  base::Status start(agent::Host& host) override {
    const std::lock_guard lock(mutex_);
    link_ = std::make_shared<Link>(settings_, host);
    link_->start();
    return {};
  }
  base::Status deliver(const Delivery& d) override {
    const auto l = link();
    if (!l->wants(d)) return Error{Kind::kUnsupported, "the plugin does not want this kind"};
    const auto answer = l->ask({{"op", "deliver"}, {"delivery", delivery_json(d)}});
    const base::Status s = answer.ok() ? verdict(**answer) : ended_in(d, answer.error());
    if (answer.ok()) ended_in_.erase(d.msg_id);
    if (s.ok()) ++delivered_;
    if (!s.ok() && s.error().kind != Kind::kBusy && s.error().kind != Kind::kUnsupported) ++failed_;
    return s;
  }
  void stop() override {
    if (const auto l = link()) l->stop();
  }
  [[nodiscard]] agent::Health health() const override {
    const auto l = link();
    agent::Health h = l ? l->health() : agent::Health{.ok = false, .words = "not started"};
    h.delivered = delivered_, h.failed = failed_;
    return h;
  }

 private:
  [[nodiscard]] std::shared_ptr<Link> link() const {
    const std::lock_guard lock(mutex_);
    return link_;
  }
  Error ended_in(const Delivery& d, const Error& e) {
    const bool during = e.kind == Kind::kBusy && e.where == kEndedWhere;
    if (!during || ++ended_in_[d.msg_id] < kPatience) return e;
    ended_in_.erase(d.msg_id);
    return {Kind::kMalformed, "the plugin ended " + std::to_string(kPatience) + " times while it had this delivery", "plugin", "mend the plugin"};
  }

  const Settings settings_;
  mutable std::mutex mutex_;
  std::shared_ptr<Link> link_;
  std::map<base::Id, unsigned> ended_in_;  // deliver() comes from one thread
  std::atomic<std::uint64_t> delivered_{0}, failed_{0};
};

base::Result<std::unique_ptr<agent::Adapter>> make(const schemas::Config& config, const std::string& name) {
  TRY_ASSIGN(Settings s, read_settings(config, name));
  return std::unique_ptr<agent::Adapter>(std::make_unique<Plugin>(std::move(s)));
}

}  // namespace

agent::AdapterType plugin() { return {"plugin", make}; }

}  // namespace adapters::foreign
