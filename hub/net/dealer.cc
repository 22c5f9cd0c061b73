// Dealer: an agent's socket. libzmq retries the connection until the first handshake succeeds; a line lost later is reported by lost()
// and the owner makes a new Dealer, so that nothing queued for the old line leaks into the new one before its HELLO.
#include "hub/net/internal.h"

namespace hub::net {

struct Dealer::Impl {
  zmq::socket_t socket;
  Monitor monitor;
  bool lost = false;
  std::vector<zmq::message_t> parts{};
  ~Impl() {
    if (socket.handle() != nullptr) zmq_socket_monitor(socket.handle(), nullptr, 0);
  }
  Impl(zmq::context_t& context, zmq::socket_t s) : socket(std::move(s)), monitor(context, socket, unique_name("line-")) {}
};

Dealer::Dealer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Dealer::Dealer(Dealer&&) noexcept = default;
Dealer& Dealer::operator=(Dealer&&) noexcept = default;
Dealer::~Dealer() = default;
void* Dealer::raw() const { return impl_->socket.handle(); }
void* Dealer::monitor_raw() const { return impl_->monitor.socket().handle(); }

base::Result<Dealer> Dealer::connect(Context& context, const std::string& endpoint, const crypto::PublicKey& server,
                                     const crypto::BoxKey& own, std::int64_t max_message) try {
  zmq::socket_t socket(zmq_of(context), zmq::socket_type::dealer);
  set_limits(socket, max_message, 1000);
  socket.set(zmq::sockopt::reconnect_ivl, 50);
  socket.set(zmq::sockopt::reconnect_ivl_max, 2000);
  set_curve_key(socket, own);
  socket.set(zmq::sockopt::curve_serverkey, zmq::const_buffer(server.data(), server.size()));
  auto impl = std::make_unique<Impl>(zmq_of(context), std::move(socket));
  impl->socket.connect(endpoint);
  return Dealer(std::move(impl));
} catch (const zmq::error_t&) {
  return base::Error{base::Kind::kUsage, "cannot connect to " + endpoint, {}, zmq_strerror(zmq_errno())};
}

base::Status Dealer::send(base::View head, base::View payload) {
  if (zmq_send(impl_->socket.handle(), head.data(), head.size(), ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0 ||
      zmq_send(impl_->socket.handle(), payload.data(), payload.size(), ZMQ_DONTWAIT) < 0) {
    return base::Error{base::Kind::kBusy, "the line to the hub is full"};
  }
  return {};
}

std::optional<std::pair<base::Bytes, base::Bytes>> Dealer::receive() try {
  auto& parts = impl_->parts;
  while (receive_parts(impl_->socket, parts, 2)) {
    if (parts.size() == 2) return std::pair{base::to_bytes(view_of(parts[0])), base::to_bytes(view_of(parts[1]))};
  }
  return std::nullopt;
} catch (const zmq::error_t&) {
  return std::nullopt;
}

bool Dealer::lost() try {
  for (auto h = impl_->monitor.next(); h != Handshake::kNone; h = impl_->monitor.next()) impl_->lost |= h == Handshake::kLost;
  return impl_->lost;
} catch (const zmq::error_t&) {
  return true;
}

}  // namespace hub::net
