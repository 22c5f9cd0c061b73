// FeedHost: the Host as one adapter sees it. What it hands in is sent, or rehearsed, as its mode says (modes.h); all else is the agent's
// answer as ever. Thread-safe.
#pragma once

#include <deque>
#include <mutex>

#include "adapters/agent/rehearse/modes.h"
#include "adapters/agent/rehearse/rehearsal.h"
#include "adapters/agent/rehearse/watch.h"

namespace adapters::agent::rehearse {

class FeedHost final : public Host {
 public:
  FeedHost(std::string adapter, mail::Office& office, Host& agent, Modes& modes) : adapter_(std::move(adapter)), office_(office), agent_(agent), modes_(modes) {}

  base::Result<Submitted> submit(Submission s) override;
  base::Result<std::uint64_t> quarantine(std::string_view adapter, std::string_view format, base::View bytes, const base::Error& why) override;
  base::Result<std::optional<std::uint64_t>> propose_match(std::string_view adapter, const schemas::Subject& who, Submission s) override;

  [[nodiscard]] std::optional<ThreadInfo> thread(const base::Id& id) const override { return agent_.thread(id); }
  [[nodiscard]] std::vector<ThreadInfo> threads_by_ref(std::string_view ref) const override { return agent_.threads_by_ref(ref); }
  [[nodiscard]] std::vector<ThreadInfo> threads_by_subject_id(const schemas::Identifier& id) const override { return agent_.threads_by_subject_id(id); }
  [[nodiscard]] ThreadPage threads(std::uint64_t before, std::size_t limit) const override { return agent_.threads(before, limit); }
  [[nodiscard]] std::vector<Delivery> events(const base::Id& id) const override { return agent_.events(id); }
  base::Status keep(std::string_view adapter, std::string_view key, base::View value) override { return agent_.keep(adapter, key, value); }
  [[nodiscard]] std::vector<std::pair<std::string, base::Bytes>> kept(std::string_view adapter) const override { return agent_.kept(adapter); }
  base::Result<base::Bytes> attachment(const base::Id& id, const schemas::Attachment& a) override { return agent_.attachment(id, a); }
  [[nodiscard]] std::optional<std::string> slug_for(std::string_view name) const override { return agent_.slug_for(name); }
  [[nodiscard]] std::string own_slug() const override { return agent_.own_slug(); }
  [[nodiscard]] std::string own_kind() const override { return agent_.own_kind(); }
  [[nodiscard]] base::Instant now() const override { return agent_.now(); }
  void say(std::string_view adapter, std::string_view words) override { agent_.say(adapter, words); }

 private:
  struct Refusal {  // an adapter tells of a refused message twice: submit() refuses it, then it asks for quarantine
    std::uint64_t no = 0;
    std::string what;
  };
  base::Result<Submitted> send(Submission s, Watch* watch);
  base::Result<Submitted> try_out(const Submission& s, Watch* watch);
  Outcome rehearsed(const Submission& s);
  std::optional<Refusal> told_before(const base::Error& why);
  void begin_anew();  // after a change of mode; with mutex_

  std::string adapter_;
  mail::Office& office_;
  Host& agent_;
  Modes& modes_;
  std::mutex mutex_;  // guards what follows
  std::uint64_t changes_ = 0;
  Chain chain_;
  std::deque<Refusal> refusals_;
};

}  // namespace adapters::agent::rehearse
