// "host:port" as people write it in a configuration, and the sockets it leads to.
#pragma once

#include <string>
#include <string_view>

#include "adapters/transport/descriptor.h"
#include "crypto/base/result.h"

namespace adapters::transport {

struct Address {
  std::string host, port;  // "127.0.0.1", "2575"; "[::1]:2575" gives "::1"
};
// A missing host ("2575" or ":2575") is loopback: a listener is open to the network only when told so.
base::Result<Address> parse_address(std::string_view text);

// This machine alone: 127.0.0.0/8, ::1 or "localhost".
bool loopback(const Address& address);

// Errors: kUsage for a name that does not resolve, kIo with the system's words.
base::Result<Descriptor> listen_on(const Address& address);  // numeric hosts only
base::Result<std::string> bound_address(const Descriptor& socket);
// Non-blocking connect, given up after `ms` or when `stop` is set (kBusy).
base::Result<Descriptor> connect_to(const Address& address, const StopFlag& stop, std::uint64_t ms);

}  // namespace adapters::transport
