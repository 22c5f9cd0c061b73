// The agent's Unix socket: JSON lines in, JSON lines out (docs/spec/agent-socket.md). One thread a connection, at most kMaxPeers; a
// peer is known by its Unix user. Knows no operation: the handler does.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "crypto/base/result.h"

namespace adapters::agent::api {

inline constexpr std::size_t kMaxLine = 32u << 20, kMaxPeers = 32;

struct Peer {
  unsigned uid = 0;
  std::string name;  // login name, or the number
};
using Reply = std::function<bool(const std::string& line)>;  // false: the peer has gone
using Handler = std::function<void(const std::string& line, const Peer& peer, const Reply& reply)>;  // called from many threads

class Server {
 public:
  // Replaces a socket that a dead agent left behind. Mode 0660.
  static base::Result<std::unique_ptr<Server>> start(const std::string& path, Handler handler);
  virtual ~Server() = default;  // closes every connection and waits for handlers
};

}  // namespace adapters::agent::api
