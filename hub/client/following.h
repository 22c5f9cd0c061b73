// A client of a hub whose key may change with the consortium's anchor.
#pragma once

#include "hub/client/client.h"

namespace hub::client {

struct Server {
  crypto::PublicKey key{};
  bool at_once = false;  // a line to another key is given up now, not only when it breaks
};
using WhichServer = std::function<Server()>;

// As Client::start(), but `server` is asked at every dial, on the client's thread; options.server is not looked at.
base::Result<std::unique_ptr<Client>> start_following(net::Context& context, const crypto::BoxKey& transport, Options options, Pushes pushes, WhichServer server);

}  // namespace hub::client
