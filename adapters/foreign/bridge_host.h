// The agent as an adapter sees it, when the adapter runs in a process of its own: each call is a request on the line and waits for its
// answer. Thread-safe. Once the agent has gone, everything is kBusy or empty.
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>

#include "adapters/foreign/words.h"

namespace adapters::foreign {

class BridgeHost final : public agent::Host {
 public:
  // `write`: one line, without its end; called by one thread at a time.
  BridgeHost(const Json& hello, std::function<void(const std::string& line)> write);
  void write(const Json& message);
  void settle(Json answer);  // submitted, kept, answer, refused
  void gone();               // no more answers will come

  base::Result<agent::Submitted> submit(agent::Submission s) override;
  base::Result<std::uint64_t> quarantine(std::string_view adapter, std::string_view format, base::View bytes, const base::Error& why) override;
  [[nodiscard]] std::optional<agent::ThreadInfo> thread(const base::Id& thread_id) const override;
  [[nodiscard]] std::vector<agent::ThreadInfo> threads_by_ref(std::string_view ref) const override;
  [[nodiscard]] std::vector<agent::ThreadInfo> threads_by_subject_id(const schemas::Identifier& id) const override;
  [[nodiscard]] agent::ThreadPage threads(std::uint64_t before, std::size_t limit) const override;
  [[nodiscard]] std::vector<agent::Delivery> events(const base::Id& thread_id) const override;
  base::Result<base::Bytes> attachment(const base::Id& thread_id, const schemas::Attachment& a) override;
  base::Result<std::optional<std::uint64_t>> propose_match(std::string_view adapter, const schemas::Subject& who, agent::Submission s) override;
  [[nodiscard]] std::optional<std::string> slug_for(std::string_view name) const override;
  [[nodiscard]] std::string own_slug() const override { return agency_; }
  [[nodiscard]] std::string own_kind() const override { return kind_; }
  [[nodiscard]] base::Instant now() const override;
  void say(std::string_view adapter, std::string_view words) override;

 private:
  base::Result<std::shared_ptr<Json>> ask(Json request) const;
  std::vector<agent::ThreadInfo> threads_of(Json question, std::uint64_t* next = nullptr) const;

  std::string agency_, kind_;
  std::int64_t ahead_ms_ = 0;  // of the agent's clock
  std::function<void(const std::string&)> write_;
  mutable std::mutex writing_, mutex_;
  mutable std::condition_variable changed_;
  mutable std::uint64_t ids_ = 0;
  mutable std::map<std::uint64_t, std::shared_ptr<Json>> waiting_;
  bool gone_ = false;
};

}  // namespace adapters::foreign
