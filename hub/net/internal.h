// What the files of hub/net share: <zmq.hpp>, the raw context, multi-part receive, CURVE options.
#pragma once

#include <zmq.hpp>

#include "hub/net/net.h"

namespace hub::net {

struct Context::Impl {
  zmq::context_t context{1};
};

inline zmq::context_t& zmq_of(const Context& c) { return *static_cast<zmq::context_t*>(c.raw()); }
inline base::View view_of(const zmq::message_t& m) { return {m.data<base::Byte>(), m.size()}; }
inline base::Error zmq_error(const char* what) { return {base::Kind::kIo, what, {}, zmq_strerror(zmq_errno())}; }

// One whole message. False: none is waiting. Parts beyond `max` are read and thrown away, and `parts` is then empty.
bool receive_parts(zmq::socket_t& socket, std::vector<zmq::message_t>& parts, std::size_t max);

// Finite queues, no linger, size limit, handshake limit, heartbeats that notice a dead line.
void set_limits(zmq::socket_t& socket, std::int64_t max_message, int high_water);
void set_curve_key(zmq::socket_t& socket, const crypto::BoxKey& key);

inline constexpr int kHandshakeMs = 5000;
inline constexpr int kHeartbeatMs = 10'000;
inline constexpr int kHeartbeatTimeoutMs = 30'000;

// The outcome of a handshake as a socket monitor tells it.
enum class Handshake { kNone, kSucceeded, kRefused, kLost };
class Monitor {
 public:
  // `name` must be unique in the context.
  Monitor(zmq::context_t& context, zmq::socket_t& watched, const std::string& name);
  Handshake next();  // kNone: nothing waiting
  zmq::socket_t& socket() { return events_; }

 private:
  zmq::socket_t events_;
};
std::string unique_name(const char* prefix);

}  // namespace hub::net
