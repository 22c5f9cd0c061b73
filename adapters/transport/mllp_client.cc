#include "adapters/transport/mllp_client.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
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
    socket_.reset();
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

base::Status MllpClient::ensure_connected() {
  if (socket_) {
    // Bytes that wait here answer nothing in flight, and a hang-up shows as readable too: begin afresh in either case.
    if (wait_for(socket_.get(), POLLIN, stop_, 0) == Ready::kTimeout) return {};
    socket_.reset();
  }
  TRY_ASSIGN(const Address address, parse_address(options_.to));
  TRY_ASSIGN(socket_, connect_to(address, stop_, options_.connect_ms));
  framer_ = Framer(options_.max_answer);
  return {};
}

base::Status MllpClient::wait(short events, base::Instant deadline) {
  for (;;) {
    if (options_.clock() >= deadline) return busy("no acknowledgement in time");
    const Ready ready = wait_for(socket_.get(), events, stop_, kTick);
    if (ready == Ready::kYes) return {};
    if (ready == Ready::kStopped) return busy("stopped");
  }
}

base::Status MllpClient::write_all(std::string_view bytes, base::Instant deadline) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(n));
    } else if (errno == EAGAIN || errno == EINTR) {
      TRY(wait(POLLOUT, deadline));
    } else {
      return busy("the connection broke");
    }
  }
  return {};
}

base::Result<std::string> MllpClient::read_answer(const IsAnswer& is_answer, base::Instant deadline) {
  std::vector<char> room(16u << 10);
  for (;;) {
    TRY(wait(POLLIN, deadline));
    const ssize_t n = ::recv(socket_.get(), room.data(), room.size(), 0);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (n <= 0) return busy("the other side closed the connection without an acknowledgement");
    for (Framed& framed : framer_.feed({room.data(), static_cast<std::size_t>(n)})) {
      if (framed.what == Framed::What::kMessage && is_answer(framed.bytes)) return std::move(framed.bytes);
      ++strays_;
    }
    if (framer_.dead()) return busy("the other side does not speak MLLP");
  }
}

}  // namespace adapters::transport
