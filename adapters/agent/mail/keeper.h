// Keeper: the thread of what must be done from time to time: reading the log on, publishing epoch keys, destroying old ones, fetching
// the policy's text, and watching clocks, heartbeats, certificate and disk.
#pragma once

#include <condition_variable>
#include <thread>

#include "adapters/agent/ledger/logged.h"
#include "adapters/agent/mail/office.h"
#include "adapters/agent/mail/succession.h"
#include "adapters/agent/witness/witness.h"

namespace adapters::agent::mail {

class Keeper {
 public:
  Keeper(Office& office, std::function<void(const schemas::policy::Policy&)> on_policy) : office_(office), witness_(office), on_policy_(std::move(on_policy)) {}
  ~Keeper() { stop(); }
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;

  // What the agent itself does at every round; before start().
  void set_rounds(std::function<void(bool connected)> each) { each_round_ = std::move(each); }
  void start(hub::client::Client& hub);
  void stop();
  void on_connection(bool up);

 private:
  void run();
  void tick(bool connected);
  void follow_log();
  void hear_gossip();
  void publish_epochs();
  void destroy_epochs();
  void fetch_policy(bool connected);
  void watch(bool connected);
  void watch_mail();
  void sweep();
  void log_ledger();
  bool settle_old_head(ledger::LoggedHead& head);

  Office& office_;
  witness::Witness witness_;
  std::function<void(const schemas::policy::Policy&)> on_policy_;
  std::function<void(bool)> each_round_;
  hub::client::Client* hub_ = nullptr;
  base::Hash policy_{};        // rules that on_policy_ has seen
  base::Instant swept_;
  std::mutex mutex_;           // guards what follows
  std::condition_variable something_;
  bool stop_ = false, connected_ = false, woken_ = false;
  unsigned rounds_ = 0;
  std::thread thread_;
};

}  // namespace adapters::agent::mail
