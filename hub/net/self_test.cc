// Trap (iv): proof, by trying, that the gate is closed. A random CURVE key and a client without any key both have to be refused.
#include "hub/net/internal.h"

namespace hub::net {
namespace {

// What became of one attempt: kNone after the time limit.
Handshake knock(zmq::context_t& context, const std::string& endpoint, const crypto::PublicKey* server, const crypto::BoxKey& key) {
  zmq::socket_t socket(context, zmq::socket_type::dealer);
  set_limits(socket, 1024, 1);
  if (server != nullptr) {
    set_curve_key(socket, key);
    socket.set(zmq::sockopt::curve_serverkey, zmq::const_buffer(server->data(), server->size()));
  }
  Monitor monitor(context, socket, unique_name("knock-"));
  socket.connect(endpoint);
  std::vector<PollItem> items{{monitor.socket().handle()}};
  poll(items, 2 * kHandshakeMs);
  const auto seen = monitor.next();
  zmq_socket_monitor(socket.handle(), nullptr, 0);
  return seen;
}

}  // namespace

base::Status prove_gate_closed(Context& context, const std::string& endpoint, const crypto::PublicKey& server, crypto::Random& random) try {
  const auto stranger = crypto::BoxKey::generate(random);
  for (const auto* key : {&server, static_cast<const crypto::PublicKey*>(nullptr)}) {
    switch (knock(zmq_of(context), endpoint, key, stranger)) {
      case Handshake::kSucceeded: return base::Error{base::Kind::kDenied, "the gate is open: a stranger's handshake succeeded"};
      case Handshake::kNone: return base::Error{base::Kind::kIo, "the gate could not be tested: no answer from the own endpoint"};
      default: break;
    }
  }
  return {};
} catch (const zmq::error_t&) {
  return zmq_error("the gate could not be tested");
}

}  // namespace hub::net
