// An MLLP sender: one persistent connection, one message in flight. An answer is credited only if the caller's predicate says that it
// belongs to this message; others are dropped, and after a timeout the connection is closed, so that a late answer can never be taken
// for the next message's. One caller at a time; stop() from any thread ends a wait.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "adapters/transport/address.h"
#include "adapters/transport/framer.h"
#include "adapters/transport/tls.h"
#include "crypto/base/instant.h"
#include "crypto/base/result.h"

namespace adapters::transport {

struct MllpClientOptions {
  std::string to;
  std::uint64_t connect_ms = 10 * base::kSecond;
  std::uint64_t answer_ms = 30 * base::kSecond;
  unsigned attempts = 3;              // for one send()
  std::uint64_t first_wait_ms = 500;  // doubled after each failure
  std::uint64_t longest_wait_ms = 30 * base::kSecond;
  std::size_t max_answer = 1u << 20;
  TlsClientFiles tls{};               // none: plain
  base::Clock clock;
};

class MllpClient {
 public:
  explicit MllpClient(MllpClientOptions options) : options_(std::move(options)) {}

  using IsAnswer = std::function<bool(std::string_view reply)>;
  // The answer, or kBusy when there was none after all attempts (the same bytes may be sent again), or kUsage for a bad address or TLS file.
  base::Result<std::string> send(std::string_view message, const IsAnswer& is_answer);
  void use_clock(base::Clock clock) { options_.clock = std::move(clock); }  // before the first send()
  void stop() { stop_.set(); }
  [[nodiscard]] std::uint64_t strays() const { return strays_; }  // answers to nothing we asked

 private:
  base::Result<std::string> once(std::string_view message, const IsAnswer& is_answer);
  base::Status ensure_connected();
  base::Status write_all(std::string_view bytes, base::Instant deadline);
  base::Result<std::string> read_answer(const IsAnswer& is_answer, base::Instant deadline);
  base::Status wait(Stream::Io io, base::Instant deadline);
  bool quiet();                       // the connection is up and nothing came on it unasked

  MllpClientOptions options_;
  StopFlag stop_;
  TlsContext tls_;
  Stream stream_;
  Framer framer_{0};
  std::atomic<std::uint64_t> strays_{0};
};

}  // namespace adapters::transport
