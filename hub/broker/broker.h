// Broker: the running hub. Sessions, verification, commits, delivery, queries and duties, each on a thread of its own (protocol
// section 7); everything that changes state goes through the journal. start() returns once it listens; the gate has then been proved.
#pragma once

#include <memory>
#include <string>

#include "hub/broker/limits.h"
#include "hub/journal/journal.h"
#include "hub/net/net.h"

namespace hub::broker {

struct Parts {  // all must outlive the Broker
  net::Context& context;
  journal::Journal& journal;
  const crypto::BoxKey& transport;
  crypto::Random& random;
  base::Clock clock;   // the time that the log tells
  base::Clock steady;  // for rates and duties: never jumps
};

struct Options {
  std::string listen = "tcp://127.0.0.1:7780";
  std::string data_dir;  // metrics.prom, incoming/, index/; empty: none of these
  std::string software = "handoff-hub/0.1";
  unsigned verifiers = 1;      // 1 or 2
  std::uint64_t quiet_ms = 0;  // after the start: HELLO only (protocol section 12, hub start-up)
  Limits limits;
};

class Broker {
 public:
  static base::Result<std::unique_ptr<Broker>> start(const Parts& parts, const Options& options);
  virtual ~Broker() = default;
  [[nodiscard]] virtual const std::string& endpoint() const = 0;  // with the real port
  // Waits for stop(), then ends cleanly with a stop entry; or for the first failure: kIo, kFull, kCorrupt from the journal (D16),
  // kDenied when the gate was found open. After a failure nothing more is answered. Call once.
  virtual base::Status wait() = 0;
  virtual void stop() = 0;  // any thread, signal-safe
};

}  // namespace hub::broker
