// The shared context, poll(), and the socket options that every socket of ours carries.
#include <atomic>

#include "hub/net/internal.h"

namespace hub::net {

Context::Context() : impl_(std::make_unique<Impl>()) {}
Context::~Context() = default;
void* Context::raw() const { return &impl_->context; }

bool receive_parts(zmq::socket_t& socket, std::vector<zmq::message_t>& parts, std::size_t max) {
  parts.clear();
  bool excess = false;
  for (;;) {
    zmq::message_t part;
    if (!socket.recv(part, zmq::recv_flags::dontwait)) return false;  // only before the first part: messages arrive whole
    const bool more = part.more();
    if (parts.size() < max) {
      parts.push_back(std::move(part));
    } else {
      excess = true;
    }
    if (!more) break;
  }
  if (excess) parts.clear();
  return true;
}

void set_limits(zmq::socket_t& socket, std::int64_t max_message, int high_water) {
  socket.set(zmq::sockopt::linger, 0);
  socket.set(zmq::sockopt::maxmsgsize, max_message);
  socket.set(zmq::sockopt::sndhwm, high_water);
  socket.set(zmq::sockopt::rcvhwm, high_water);
  socket.set(zmq::sockopt::handshake_ivl, kHandshakeMs);
  socket.set(zmq::sockopt::heartbeat_ivl, kHeartbeatMs);
  socket.set(zmq::sockopt::heartbeat_timeout, kHeartbeatTimeoutMs);
}

void set_curve_key(zmq::socket_t& socket, const crypto::BoxKey& key) {
  socket.set(zmq::sockopt::curve_publickey, zmq::const_buffer(key.public_key().data(), 32));
  socket.set(zmq::sockopt::curve_secretkey, zmq::const_buffer(key.secret().data(), 32));
}

std::string unique_name(const char* prefix) {
  static std::atomic<std::uint64_t> count{0};  // inproc names are per context; one count for all is enough
  return std::string("inproc://") + prefix + std::to_string(++count);
}

Monitor::Monitor(zmq::context_t& context, zmq::socket_t& watched, const std::string& name) : events_(context, zmq::socket_type::pair) {
  constexpr int kEvents = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                          ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_DISCONNECTED;
  if (zmq_socket_monitor(watched.handle(), name.c_str(), kEvents) != 0) throw zmq::error_t();
  events_.set(zmq::sockopt::linger, 0);
  events_.connect(name);
}

Handshake Monitor::next() {
  std::vector<zmq::message_t> parts;
  while (receive_parts(events_, parts, 2)) {
    if (parts.empty() || parts[0].size() < 2) continue;
    switch (base::load_le<std::uint16_t>(parts[0].data<base::Byte>())) {  // native order; the build supports little-endian hosts only
      case ZMQ_EVENT_HANDSHAKE_SUCCEEDED: return Handshake::kSucceeded;
      case ZMQ_EVENT_DISCONNECTED: return Handshake::kLost;
      default: return Handshake::kRefused;
    }
  }
  return Handshake::kNone;
}

void poll(std::vector<PollItem>& items, int timeout_ms) {
  std::vector<zmq_pollitem_t> raw;
  raw.reserve(items.size());
  for (const auto& i : items) raw.push_back({i.socket, i.fd, ZMQ_POLLIN, 0});
  const int n = zmq_poll(raw.data(), static_cast<int>(raw.size()), timeout_ms);
  for (std::size_t i = 0; i < items.size(); ++i) items[i].readable = n > 0 && (raw[i].revents & ZMQ_POLLIN) != 0;
}

}  // namespace hub::net
