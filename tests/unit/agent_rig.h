// A consortium around an in-memory hub that is called directly, and whole agents that speak to it: no sockets, no processes. The hub is
// the real state machine; tests may stand between it and an agent.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <thread>

#include "adapters/agent/agent.h"
#include "adapters/agent/enrol.h"
#include "adapters/agent/mail/threads.h"
#include "hub/broker/rounds.h"
#include "schemas/body.h"

#include "tests/kit/hub_rig.h"  // last: brings doctest

namespace rig {

namespace agent = adapters::agent;
namespace keep = adapters::agent::keep;
namespace mail = adapters::agent::mail;
namespace wire = schemas::wire;
using hub::client::Answer;
using kit::Outcome;

class TempDir {
 public:
  TempDir();
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Starts at kit::kStart and goes on by itself; tests may push it ahead.
class TestClock {
 public:
  base::Instant now() const;
  void ahead(std::uint64_t ms) { offset_ += ms; }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::atomic<std::uint64_t> offset_{0};
};

class FakeHub {
 public:
  FakeHub();
  std::string anchor() const { return rig_.c.anchor(); }
  std::string enrol(const std::string& request_note);     // the certificate, logged
  void policy(const std::string& toml);                    // signed, logged, in force
  base::Result<std::unique_ptr<hub::client::Client>> connect(const base::Id& who, hub::client::Options o, hub::client::Pushes p);
  void connection(const base::Id& who, bool up);           // cut or restore one agent's line
  void redeliver(const base::Id& to, std::uint64_t index);
  void quorum(const std::vector<std::string>& lines);      // the anchor's next version, with these tlog-policy lines
  // From now on the hub shows this agent a log of its own, which begins as the other's did. What it sends goes into both.
  void fork(const base::Id& who);
  // Everything below is guarded by `mutex`.
  std::recursive_mutex mutex;
  kit::HubRig& hub() { return rig_; }
  // Stands in for the hub's answer to a BATCH, or lets it pass (nullopt).
  std::function<std::optional<base::Result<Answer>>(const base::Id& from, base::View frame)> on_batch;
  std::function<bool(const base::Id& from)> loses_answer;  // after it was logged and delivered
  std::function<void(Answer&)> spoil;                      // after the hub, before the agent
  std::function<bool(const base::Id& to, base::Bytes& frame)> on_deliver;   // false: withheld
  std::function<void(const base::Id& who, const wire::Fetch&, wire::Fetched&)> on_fetch;  // the hub's answer, before it leaves
  std::function<bool(const wire::Receipt&)> on_receipt;    // towards senders; false: withheld
  std::function<bool(const base::Id& from, const wire::DirPut&)> on_dir_put;  // false: no answer
  std::function<std::string(const base::Id& who, const std::string& body)> on_witness;  // what is asked of a witness instead
  bool stands = false;                                     // the hub's time does not go on: agents' clocks are wrong
  bool withholds_texts = false;                            // answers no question for a policy's text
  std::vector<base::Bytes> batches;                        // every BATCH frame that was sent, in order
  std::size_t receipts = 0;                                // RCP1s that recipients sent
  TestClock clock;

 private:
  friend class FakeClient;
  struct Session {
    hub::client::Pushes pushes;
    bool up = true;
  };
  void push(const base::Id& to, std::uint64_t index);
  void tick() {
    if (!stands) rig_.now = clock.now();
  }
  kit::HubRig& shown_to(const base::Id& who) { return who == forked_for_ ? *fork_ : rig_; }
  Outcome apply(kit::HubRig& rig, kit::Item i);
  kit::HubRig rig_;
  std::unique_ptr<kit::HubRig> fork_;
  base::Id forked_for_{};
  std::vector<std::pair<kit::Item, base::Instant>> history_;  // what the first log was made from
  hub::broker::Rounds rounds_{0}, fork_rounds_{0};
  std::map<base::Id, Session> sessions_;
};

class AgentBox {
 public:
  AgentBox(FakeHub& hub, const std::string& slug, const std::string& kind, std::vector<agent::AdapterSettings> adapters = {}, std::vector<agent::AdapterType> types = {});
  ~AgentBox() { stop(); }
  void start();                                            // also again, after stop(): as a restarted process would
  void stop();
  agent::Agent& operator*() { return *agent_; }
  agent::Agent* operator->() { return agent_.get(); }
  const base::Id& id() const { return id_; }
  const std::string& dir() const { return dir_.path(); }
  std::uint64_t outbox_limit = 10'000;
  std::function<void(agent::Settings&)> adjust;            // before it opens
  std::optional<agent::HttpSettings> http{};
  adapters::transport::Assets inbox = nullptr;             // the web inbox's files
  std::atomic<unsigned> renewals{0};                       // how often an agent of this box asked to be opened anew, with other keys

  base::Result<agent::Submitted> refer(const std::string& to, const std::string& ref = "R-1");
  base::Result<agent::Submitted> status(const base::Id& thread, const std::string& status);
  base::Result<agent::Submitted> say(const base::Id& thread, const std::string& text);
  schemas::Phase phase(const base::Id& thread);
  std::vector<keep::Message> messages(const base::Id& thread);
  keep::Progress progress(const base::Id& msg_id);
  bool alarm(const std::string& key) { return agent_->office().alarms.has(key); }

 private:
  FakeHub& hub_;
  TempDir dir_;
  base::Id id_{};
  std::vector<agent::AdapterSettings> adapters_;
  std::vector<agent::AdapterType> types_;
  std::unique_ptr<agent::Agent> agent_;
};

// Waits for something that other threads bring about.
template <class F>
bool eventually(const F& holds, std::uint64_t ms = 120'000) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(ms);
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return true;
}

schemas::Body referral(const std::string& ref);

}  // namespace rig
