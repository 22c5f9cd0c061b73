// Subscriptions (R4 rest-hook): a system of ours is called when something of its criteria is new. The call names what changed and nothing
// of its content. Subscriptions and calls that wait are kept by the host, so that a restart loses none. Headers that a subscription brings
// are secrets: they are sent, never shown again, never logged.
//
// A call that is not answered with 2xx is repeated after 2 s, 4 s ... 5 min; after a day it is given up and the Subscription says `error`.
#pragma once

#include <condition_variable>
#include <deque>
#include <thread>

#include "adapters/facade/outcome.h"
#include "adapters/facade/search.h"

namespace adapters::facade {

class Hooks {
 public:
  explicit Hooks(const Settings& settings) : settings_(settings), caller_(settings.push) {}
  ~Hooks() { stop(); }
  Hooks(const Hooks&) = delete;
  Hooks& operator=(const Hooks&) = delete;

  void start(agent::Host& host);
  void stop();
  HttpResponse create(const Json& subscription, const std::string& id);
  HttpResponse update(const Json& subscription, const std::string& id);
  HttpResponse remove(const std::string& id);
  [[nodiscard]] HttpResponse read(const std::string& id) const;
  [[nodiscard]] HttpResponse list() const;
  // Something is new: a call for each subscription that it meets is on disk when this returns ok.
  base::Status tell(const std::vector<Item>& changed);
  [[nodiscard]] std::size_t waiting() const;
  // Tries what is due once; for tests, and the thread's own work. Returns when to look again.
  std::uint64_t run_once();

 private:
  struct Subscription {
    std::shared_ptr<const Json> json;  // with its headers
    std::string type;
    Catalogue::Filter filter;
  };
  struct Call {
    std::string key, subscription, what;  // what: "Task/ID"
    base::Instant since, due;
    unsigned tries = 0;
  };
  base::Result<Subscription> parse(const Json& j) const;
  HttpResponse keep(Json j, const std::string& id, int status);
  [[nodiscard]] static Json shown(const Json& j);   // without its secrets
  bool call(const Call& c, const Json& subscription);
  void loop();

  const Settings& settings_;
  transport::Outbound caller_;
  agent::Host* host_ = nullptr;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stop_ = false;
  std::map<std::string, Subscription> subscriptions_;
  std::deque<Call> calls_;
  std::uint64_t next_ = 0;
  std::mutex stopping_;  // stop() may be called from several threads
  std::thread thread_;
};

}  // namespace adapters::facade
