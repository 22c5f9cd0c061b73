// An MLLP listener: one thread accepts, one thread serves each connection, messages of one connection are answered in order.
// What a message means is the handler's business; it may block (a durable commit) without holding up other connections.
// stop() returns when every thread has ended; an answer that was being written is finished or given up within the write timeout.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "adapters/transport/address.h"
#include "adapters/transport/framer.h"
#include "adapters/transport/tls.h"
#include "crypto/base/instant.h"
#include "crypto/base/result.h"

namespace adapters::transport {

struct MllpServerOptions {
  std::string listen = "127.0.0.1:2575";
  std::size_t max_message = 16u << 20;
  unsigned max_connections = 64;                // more are closed at once
  std::uint64_t idle_ms = 10 * base::kMinute;   // a connection without a message
  std::uint64_t frame_ms = base::kMinute;       // from the first byte of a message to its last
  std::uint64_t write_ms = 30 * base::kSecond;  // a client that does not read its answer
  TlsServerFiles tls{};                         // none: plain, then on loopback only
  bool plain_on_network = false;                // unless somebody says that this network is safe
  base::Clock clock;
};

// Called from connection threads, several at once. What they return is framed and sent; nothing is sent for nullopt.
struct MllpHandlers {
  std::function<std::optional<std::string>(std::string_view message)> message;
  // A frame that is no message; `head` is its beginning. After kTooLarge and kNoise the connection is closed.
  std::function<std::optional<std::string>(Framed::What what, std::string_view head)> refused;
};

class MllpServer {
 public:
  MllpServer(MllpServerOptions options, MllpHandlers handlers);
  ~MllpServer();
  MllpServer(const MllpServer&) = delete;
  MllpServer& operator=(const MllpServer&) = delete;

  base::Status start();                       // kUsage (an address, a TLS file, plain on a network), kIo
  void stop();                                // thread-safe, once or often
  [[nodiscard]] std::string address() const;  // as bound, with the port that the system chose for 0
  [[nodiscard]] std::uint64_t turned_away() const { return turned_away_; }  // too many, or TLS that came to nothing

 private:
  struct Connection {
    Stream stream;
    std::thread thread;
    std::atomic<bool> done{false};
  };
  void accept_loop();
  void serve(Connection& c);
  bool shake_hands(Stream& stream);
  bool answer(Stream& stream, const Framed& framed, base::Instant& since);  // false: close
  bool send_all(Stream& stream, std::string_view bytes);
  void linger(Stream& stream);
  void reap(bool all);

  MllpServerOptions options_;
  MllpHandlers handlers_;
  TlsContext tls_;
  StopFlag stop_;
  Descriptor listener_;
  std::string address_;
  std::thread acceptor_;
  std::list<std::unique_ptr<Connection>> connections_;  // the acceptor's alone, then stop()'s
  std::mutex stopping_;
  std::atomic<std::uint64_t> turned_away_{0};
};

}  // namespace adapters::transport
