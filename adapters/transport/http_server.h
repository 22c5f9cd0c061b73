// An HTTP/1.1 server (RFC 9112) over TLS 1.2 or newer, or plain on this machine. cpp-httplib reads and writes the messages; sockets,
// threads, limits and TLS are ours: one thread a connection, so that an event stream holds its own thread and nobody else's.
//
// A connection that was answered with 4xx or 5xx is closed: what the client may still be sending is then nobody's next request.
// Not taken: compressed bodies (they may unpack to anything), multipart forms, ranges (answered whole). Answers are sent as the handler gives
// them, never packed on the way.
// stop() returns when every thread has ended: streams find `write` false, an answer under way is finished or given up in two seconds.
#pragma once

#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "adapters/transport/descriptor.h"
#include "adapters/transport/http.h"
#include "crypto/base/instant.h"
#include "crypto/base/result.h"

namespace adapters::transport {

struct HttpServerOptions {
  std::string listen = "127.0.0.1:8460";
  std::string cert_file, key_file;              // PEM: chain, key; both empty: plain
  std::string client_ca;                        // PEM: whoever has no certificate under it is not served
  bool plain_on_network = false;                // plain HTTP beyond this machine, behind a proxy that speaks TLS
  std::size_t max_body = 32u << 20, max_header = 64u << 10;
  unsigned max_connections = 512;               // more are closed at once
  std::uint64_t idle_ms = 30 * base::kSecond;   // a connection without a request
  std::uint64_t read_ms = base::kMinute;        // from the first byte of a request to its last; the TLS handshake
  std::uint64_t write_ms = 30 * base::kSecond;  // a client that does not read
  base::Clock clock;
};

class HttpServer {
 public:
  HttpServer(HttpServerOptions options, HttpHandler handler);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  base::Status start();                       // kUsage: names the key and the mend; kIo
  void stop();                                // thread-safe, once or often
  [[nodiscard]] std::string address() const;  // as bound, with the port that the system chose for 0
  [[nodiscard]] bool tls() const { return !options_.cert_file.empty(); }
  [[nodiscard]] std::uint64_t turned_away() const { return turned_away_; }
  // Days until the server's certificate ends (negative: it has); nullopt without TLS.
  [[nodiscard]] std::optional<std::int64_t> certificate_days() const;

 private:
  struct Tls;     // OpenSSL's context
  struct Router;  // httplib's server, used for one request at a time
  struct Connection {
    Descriptor socket;
    std::thread thread;
    std::atomic<bool> done{false};
  };
  void accept_loop();
  void serve(Connection& c);
  void reap(bool all);

  HttpServerOptions options_;
  HttpHandler handler_;
  StopFlag stop_;
  Descriptor listener_;
  std::string address_;
  std::unique_ptr<Tls> tls_;
  std::unique_ptr<Router> router_;
  std::thread acceptor_;
  std::list<std::unique_ptr<Connection>> connections_;  // the acceptor's alone, then stop()'s
  std::mutex stopping_;
  std::atomic<std::uint64_t> turned_away_{0};
};

// "%2F" -> "/"; "+" stays. Broken escapes stay as they are.
std::string percent_decoded(std::string_view text);
// The pairs of a query or of a form's body, in which "+" is a space.
std::multimap<std::string, std::string, std::less<>> query_of(std::string_view text);

}  // namespace adapters::transport
