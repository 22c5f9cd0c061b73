// Supervisor: every adapter in a thread of its own with a durable place of its own in the feed. One that throws is started anew with
// back-off; one that is busy is asked again, in order per thread, while other threads' events go on; one that hangs delays nobody,
// not even stop(): after a grace its thread is left behind, holding nothing of the agent but a closed gate.
#pragma once

#include <mutex>
#include <shared_mutex>
#include <thread>

#include "adapters/agent/host.h"
#include "adapters/agent/rehearse/modes.h"

namespace adapters::agent {

struct AdapterSpec {
  std::string name, type;
  std::function<base::Result<std::unique_ptr<Adapter>>()> make;
  std::uint64_t retry_for_ms = base::kDay;  // how long a busy adapter is asked again about one event
  std::vector<HttpMount> mounts{};          // its paths, which are its own also while it is being started anew
};
struct AdapterStatus {
  std::string name, type;
  Health health;
  std::uint64_t queue = 0;                  // feed entries it has not finished
  keep::FeedMode mode = keep::FeedMode::kLive;
  std::vector<std::string> kinds;           // of a shadow: live already
};
// Something asked of an adapter beside its feed. It may run after whoever asked has given up: it holds copies, or shares.
using Errand = std::function<base::Status(Adapter&)>;

class Runner;                               // one adapter's thread

class Supervisor {
 public:
  Supervisor(mail::Office& office, Host& host, rehearse::Modes& modes) : office_(office), host_(host), modes_(modes) {}
  ~Supervisor() { stop(); }
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  // Starts all. A new adapter begins at the end of the feed as it is now.
  base::Status start(std::vector<AdapterSpec> specs);
  void wake();
  // No further HTTP calls are taken; one under way that has no answer after the grace is answered 503 and left behind. Before the server stops.
  void end_http(std::uint64_t grace_ms = 3'000);
  void stop(std::uint64_t grace_ms = 3'000);
  [[nodiscard]] std::vector<AdapterStatus> status() const;
  // Runs the errand on that adapter's own thread, between two events, and gives what it returned. kNotFound: no adapter of that name; kBusy:
  // it does not run, or has not finished the errand in time (it may still do it).
  base::Result<base::Status> ask(const std::string& adapter, Errand errand, std::uint64_t wait_ms = 60'000);
  // The longest prefix of an adapter that this path lies below.
  [[nodiscard]] std::optional<HttpMount> mount_for(std::string_view path) const;
  // That adapter's answer, from a thread of the call's own; 503 with Retry-After while it is not running, 500 if it fails.
  transport::HttpResponse http(const HttpMount& mount, const transport::HttpRequest& request) const;

 private:
  mail::Office& office_;
  Host& host_;
  rehearse::Modes& modes_;
  std::vector<std::unique_ptr<Host>> fronts_;  // the Host as each adapter sees it; behind its gate
  [[nodiscard]] std::vector<std::shared_ptr<Runner>> runners() const;
  mutable std::mutex mutex_;                   // guards what follows
  std::vector<std::shared_ptr<Runner>> runners_;
  bool stopped_ = false;
};

}  // namespace adapters::agent
