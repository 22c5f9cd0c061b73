// Router: the hub's CURVE socket with traps (ii), (iii) and (v) of protocol section 5 closed.
#include "hub/net/internal.h"

namespace hub::net {
namespace {

constexpr int kZapEnforceDomain = 93;  // ZMQ_ZAP_ENFORCE_DOMAIN: works in 4.3.4, but its header hides it as draft

// Trap (v): libzmq's own routing ids are 0x00 and four bytes. A client's choice can never start with 0x00.
bool own_route(const zmq::message_t& m) { return m.size() == 5 && *m.data<base::Byte>() == 0; }

}  // namespace

struct Router::Impl {
  zmq::socket_t socket;
  std::string endpoint;
  std::uint64_t dropped = 0;
  std::vector<zmq::message_t> parts{};
};

Router::Router(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;
Router::~Router() = default;
const std::string& Router::endpoint() const { return impl_->endpoint; }
std::uint64_t Router::dropped() const { return impl_->dropped; }
void* Router::raw() const { return impl_->socket.handle(); }

base::Result<Router> Router::bind(Context& context, const crypto::BoxKey& server_key, const Options& options) try {
  if (options.zap_domain.empty()) return base::Error{base::Kind::kUsage, "the ZAP domain must not be empty: libzmq would skip the gate"};
  zmq::socket_t socket(zmq_of(context), zmq::socket_type::router);
  set_limits(socket, options.max_message, options.high_water);
  socket.set(zmq::sockopt::router_mandatory, 1);  // ZMQ_ROUTER_HANDOVER stays off: it would let a peer take another's route
  socket.set(zmq::sockopt::ipv6, 0);
  socket.set(zmq::sockopt::curve_server, 1);
  set_curve_key(socket, server_key);
  socket.set(zmq::sockopt::zap_domain, options.zap_domain);
  const int on = 1;
  if (zmq_setsockopt(socket.handle(), kZapEnforceDomain, &on, sizeof on) != 0) {
    return base::Error{base::Kind::kUnsupported, "this libzmq cannot enforce a ZAP domain, so a missing gate would let everybody in"};
  }
  socket.bind(options.endpoint);
  auto impl = std::make_unique<Impl>(Impl{std::move(socket), {}});
  impl->endpoint = impl->socket.get(zmq::sockopt::last_endpoint);
  return Router(std::move(impl));
} catch (const zmq::error_t&) {
  return base::Error{base::Kind::kUsage, "cannot listen on " + options.endpoint, {}, zmq_strerror(zmq_errno())};
}

std::optional<Message> Router::receive() try {
  auto& parts = impl_->parts;
  while (receive_parts(impl_->socket, parts, 3)) {
    if (parts.size() == 3 && own_route(parts[0])) {
      const char* user = zmq_msg_gets(parts[2].handle(), "User-Id");
      if (user != nullptr && *user != 0) {
        return Message{user, base::to_bytes(view_of(parts[0])), base::to_bytes(view_of(parts[1])), base::to_bytes(view_of(parts[2]))};
      }
    }
    ++impl_->dropped;
  }
  return std::nullopt;
} catch (const zmq::error_t&) {
  return std::nullopt;
}

base::Status Router::send(base::View route, base::View head, base::View payload) {
  const auto part = [this](base::View v, int flags) {
    return zmq_send(impl_->socket.handle(), v.data(), v.size(), flags | ZMQ_DONTWAIT) >= 0;
  };
  if (!part(route, ZMQ_SNDMORE)) {
    if (zmq_errno() == EAGAIN) return base::Error{base::Kind::kBusy, "the peer's queue is full"};
    return base::Error{base::Kind::kNotFound, "the peer has gone"};
  }
  // A peer that goes between the parts swallows them; with its route accepted, neither part can block.
  if (!part(head, ZMQ_SNDMORE) || !part(payload, 0)) return base::Error{base::Kind::kNotFound, "the peer has gone"};
  return {};
}

}  // namespace hub::net
