#include "adapters/transport/mllp_client.h"

#include <poll.h>

#include <algorithm>
#include <vector>

namespace adapters::transport {
namespace {

constexpr std::uint64_t kTick = 100;
base::Error busy(std::string what) { return {base::Kind::kBusy, std::move(what)}; }

}  // namespace

base::Result<std::string> MllpClient::send(std::string_view message, const IsAnswer& is_answer) {
  std::uint64_t pause = options_.first_wait_ms;
  for (unsigned attempt = 1;; ++attempt) {
    if (stop_.is_set()) return busy("stopped");
    auto answer = once(message, is_answer);
    if (answer.ok()) return answer;
    stream_.reset();
    if (answer.error().kind != base::Kind::kBusy || attempt >= options_.attempts) return answer.error();
    if (wait_for(-1, 0, stop_, pause) == Ready::kStopped) return busy("stopped");
    pause = std::min(pause * 2, options_.longest_wait_ms);
  }
}

base::Result<std::string> MllpClient::once(std::string_view message, const IsAnswer& is_answer) {
  TRY(ensure_connected());
  const base::Instant deadline = options_.clock().plus(options_.answer_ms);
  TRY(write_all(frame(message), deadline));
  return read_answer(is_answer, deadline);
}

// Bytes that wait here answer nothing in flight, and a hang-up shows as readable too; what TLS sends for itself does no harm.
bool MllpClient::quiet() {
  if (!stream_.holds() && wait_for(stream_.fd(), POLLIN, stop_, 0) == Ready::kTimeout) return true;
  char byte = 0;
  std::size_t n = 0;
  return stream_.read(&byte, 1, n) == Stream::Io::kWantRead;
}

base::Status MllpClient::ensure_connected() {
  if (stream_ && quiet()) return {};
  stream_.reset();
  TRY_ASSIGN(const Address address, parse_address(options_.to));
  if (!tls_) {
    TRY_ASSIGN(tls_, tls_client(options_.tls));
  }
  TRY_ASSIGN(Descriptor socket, connect_to(address, stop_, options_.connect_ms));
  stream_ = Stream::connected(std::move(socket), tls_, options_.tls.name.empty() ? address.host : options_.tls.name);
  if (!stream_) return base::Error{base::Kind::kUsage, "not a name that a certificate can carry", options_.tls.name};
  framer_ = Framer(options_.max_answer);
  const base::Instant deadline = options_.clock().plus(options_.connect_ms);
  for (;;) {
    const Stream::Io io = stream_.handshake();
    if (io == Stream::Io::kDone) return {};
    if (io == Stream::Io::kClosed) return busy(stream_.why().empty() ? "the other side ended the TLS handshake" : stream_.why());
    TRY(wait(io, deadline));
  }
}

base::Status MllpClient::wait(Stream::Io io, base::Instant deadline) {
  for (;;) {
    if (options_.clock() >= deadline) return busy("no acknowledgement in time");
    const Ready ready = wait_for(stream_, io, stop_, kTick);
    if (ready == Ready::kYes) return {};
    if (ready == Ready::kStopped) return busy("stopped");
  }
}

base::Status MllpClient::write_all(std::string_view bytes, base::Instant deadline) {
  while (!bytes.empty()) {
    std::size_t n = 0;
    const Stream::Io io = stream_.write(bytes, n);
    bytes.remove_prefix(n);
    if (io == Stream::Io::kDone) continue;
    if (io == Stream::Io::kClosed) return busy(stream_.why().empty() ? "the connection broke" : stream_.why());
    TRY(wait(io, deadline));
  }
  return {};
}

base::Result<std::string> MllpClient::read_answer(const IsAnswer& is_answer, base::Instant deadline) {
  std::vector<char> room(16u << 10);
  for (;;) {
    std::size_t n = 0;
    const Stream::Io io = stream_.read(room.data(), room.size(), n);
    if (io == Stream::Io::kClosed)
      return busy(stream_.why().empty() ? "the other side closed the connection without an acknowledgement" : stream_.why());
    if (io != Stream::Io::kDone) {
      TRY(wait(io, deadline));
      continue;
    }
    for (Framed& framed : framer_.feed({room.data(), n})) {
      if (framed.what == Framed::What::kMessage && is_answer(framed.bytes)) return std::move(framed.bytes);
      ++strays_;
    }
    if (framer_.dead()) return busy("the other side does not speak MLLP");
  }
}

}  // namespace adapters::transport
