// Supervisor: every adapter in a thread of its own with a durable place of its own in the feed. One that throws is started anew with
// back-off; one that is busy is asked again, in order per thread, while other threads' events go on; one that hangs delays nobody,
// not even stop(): after a grace its thread is left behind, holding nothing of the agent but a closed gate.
#pragma once

#include <shared_mutex>
#include <thread>

#include "adapters/agent/host.h"

namespace adapters::agent {

struct AdapterSpec {
  std::string name, type;
  std::function<base::Result<std::unique_ptr<Adapter>>()> make;
  std::uint64_t retry_for_ms = base::kDay;  // how long a busy adapter is asked again about one event
};
struct AdapterStatus {
  std::string name, type;
  Health health;
  std::uint64_t queue = 0;                  // feed entries it has not finished
};

class Runner;                               // one adapter's thread

class Supervisor {
 public:
  Supervisor(mail::Office& office, Host& host) : office_(office), host_(host) {}
  ~Supervisor() { stop(); }
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  // Starts all. A new adapter begins at the end of the feed as it is now.
  base::Status start(std::vector<AdapterSpec> specs);
  void wake();
  void stop(std::uint64_t grace_ms = 3'000);
  [[nodiscard]] std::vector<AdapterStatus> status() const;

 private:
  mail::Office& office_;
  Host& host_;
  std::vector<std::shared_ptr<Runner>> runners_;
};

}  // namespace adapters::agent
