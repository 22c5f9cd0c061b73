// ZeroMQ in RAII, CURVE and ZAP with every fail-open trap of protocol section 5 closed. The only room that sees <zmq.h>.
// A Context is shared by all sockets of a process and outlives them. Sockets belong to one thread (move them before use).
// Keys are raw 32-byte X25519, not Z85.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"
#include "crypto/keys.h"

namespace hub::net {

class Context {
 public:
  Context();
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  [[nodiscard]] void* raw() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Answers ZAP on inproc://zeromq.zap.01 in a thread of its own. `who(curve_key)` returns the User-Id (an agent id in hex) or nullopt to
// refuse; it is called from that thread. Construct it BEFORE the Router; destroying it makes every handshake fail (never fail open).
class ZapGate {
 public:
  using Who = std::function<std::optional<std::string>(const crypto::PublicKey&)>;
  static base::Result<std::unique_ptr<ZapGate>> start(Context& context, Who who);
  virtual ~ZapGate() = default;
  [[nodiscard]] virtual std::uint64_t refused() const = 0;
};

struct Message {        // what a Router received, already cleared of traps (iii) and (v)
  std::string user_id;  // from ZAP: the agent id in hex. Never from the routing id
  base::Bytes route;    // 5 bytes, starts 0x00
  base::Bytes head, payload;
};

class Router {  // the hub's socket
 public:
  struct Options {
    std::string endpoint;  // tcp://127.0.0.1:7780, port 0 or * = any
    std::int64_t max_message = 4 << 20;
    int high_water = 1000;
    std::string zap_domain = "handoff";
  };
  static base::Result<Router> bind(Context& context, const crypto::BoxKey& server_key, const Options& options);
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;
  ~Router();
  [[nodiscard]] const std::string& endpoint() const;  // with the real port
  // Next message, or nullopt when none is waiting. Messages without a User-Id or with a forged routing id are counted and dropped.
  std::optional<Message> receive();
  // kBusy: peer's queue is full; kNotFound: peer has gone.
  base::Status send(base::View route, base::View head, base::View payload);
  [[nodiscard]] std::uint64_t dropped() const;
  [[nodiscard]] void* raw() const;

 private:
  struct Impl;
  explicit Router(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

class Dealer {  // an agent's socket
 public:
  static base::Result<Dealer> connect(Context& context, const std::string& endpoint, const crypto::PublicKey& server,
                                      const crypto::BoxKey& own, std::int64_t max_message = (4 << 20) + (64 << 10));
  Dealer(Dealer&&) noexcept;
  Dealer& operator=(Dealer&&) noexcept;
  ~Dealer();
  base::Status send(base::View head, base::View payload);        // kBusy if it would block
  std::optional<std::pair<base::Bytes, base::Bytes>> receive();  // head, payload; nullopt: none waiting
  // The line was up and broke, or a handshake was refused. Poll monitor_raw() to be woken; then make a new Dealer.
  bool lost();
  [[nodiscard]] void* raw() const;
  [[nodiscard]] void* monitor_raw() const;

 private:
  struct Impl;
  explicit Dealer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Wakes a poll() from another thread (eventfd).
class Waker {
 public:
  Waker();
  ~Waker();
  Waker(const Waker&) = delete;
  Waker& operator=(const Waker&) = delete;
  void wake();  // any thread, signal-safe
  void drain();
  [[nodiscard]] int fd() const { return fd_; }

 private:
  int fd_;
};

struct PollItem {
  void* socket = nullptr;  // raw() of a socket, or null
  int fd = -1;             // or a file descriptor
  bool readable = false;   // out
};
// Waits up to timeout_ms (-1: for ever) for anything readable.
void poll(std::vector<PollItem>& items, int timeout_ms);

// Start-up and hourly self-test (iv): a random client key MUST be refused by `endpoint`. kDenied = the gate is open: stop.
base::Status prove_gate_closed(Context& context, const std::string& endpoint, const crypto::PublicKey& server, crypto::Random& random);

}  // namespace hub::net
