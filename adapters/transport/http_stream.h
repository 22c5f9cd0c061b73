// One connection: a non-blocking socket, with or without TLS, with deadlines and a limit on what comes before the body.
// Only the .cc files of the HTTP server include it.
#pragma once

#include <openssl/ssl.h>
#include <sys/types.h>

#include <string>

#include "adapters/transport/descriptor.h"
#include "adapters/transport/http_server.h"

namespace adapters::transport {

class HttpStream {
 public:
  HttpStream(const Descriptor& socket, const StopFlag& stop, const HttpServerOptions& options);
  ~HttpStream();
  HttpStream(const HttpStream&) = delete;
  HttpStream& operator=(const HttpStream&) = delete;

  bool handshake(SSL_CTX* context);                 // false: no TLS, or no certificate that we ask for
  bool next_request();                              // waits for its first byte; false: idle, closed, or stopping
  void begin_body() { header_left_ = ~std::size_t{0}; }
  void begin_stream() { streaming_ = true; }        // from now on a stop ends writing
  [[nodiscard]] bool gone() const;                  // the other side has hung up, or the server stops
  [[nodiscard]] const std::string& client() const { return client_; }  // common name of its certificate
  [[nodiscard]] const std::string& remote() const { return remote_; }

  // Bytes done, or -1: closed, too late, over the limit.
  ssize_t read(char* into, std::size_t size);
  ssize_t write(const char* bytes, std::size_t size);
  [[nodiscard]] int socket() const { return socket_.get(); }

  std::string accept_encoding;                      // of the request under way
  bool close_after = false;                         // the answer says so, or what was sent is not all read

 private:
  bool fill();                                      // more into buffer_; false: end, error or too late
  // One TLS or plain step: > 0 bytes, 0 closed, -1 error, -2 wait to read, -3 wait to write.
  int step(bool reading, void* bytes, std::size_t size);
  [[nodiscard]] std::uint64_t left(base::Instant deadline) const;

  const Descriptor& socket_;
  const StopFlag& stop_;
  const HttpServerOptions& options_;
  StopFlag never_;
  SSL* ssl_ = nullptr;
  std::string remote_, client_;
  std::string buffer_;
  std::size_t at_ = 0, header_left_ = 0;
  base::Instant deadline_{};
  bool streaming_ = false, broken_ = false;
};

}  // namespace adapters::transport
