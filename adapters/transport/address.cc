#include "adapters/transport/address.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>

namespace adapters::transport {
namespace {

using base::Error;
using base::Kind;

struct FreeAddrinfo {
  void operator()(addrinfo* p) const { ::freeaddrinfo(p); }
};
using Resolved = std::unique_ptr<addrinfo, FreeAddrinfo>;

base::Result<Resolved> resolve(const Address& a, int flags) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* found = nullptr;
  const int rc = ::getaddrinfo(a.host.c_str(), a.port.c_str(), &hints, &found);
  if (rc != 0)
    return Error{Kind::kUsage, std::string("the address does not resolve: ") + ::gai_strerror(rc), a.host + ":" + a.port,
                 "write it as 127.0.0.1:2575"};
  return Resolved(found);
}

Error failed(const char* what, const Address& a, Kind kind = Kind::kIo) {
  return {kind, std::string(what) + ": " + std::strerror(errno), a.host + ":" + a.port};
}

bool valid_port(std::string_view port) {
  if (port.empty() || port.size() > 5) return false;
  unsigned n = 0;
  for (const char c : port) {
    if (c < '0' || c > '9') return false;
    n = n * 10 + static_cast<unsigned>(c - '0');
  }
  return n <= 65535;
}

}  // namespace

base::Result<Address> parse_address(std::string_view text) {
  Address a;
  const std::size_t colon = text.rfind(':');
  if (colon != std::string_view::npos) a.host = text.substr(0, colon);
  a.port = colon == std::string_view::npos ? text : text.substr(colon + 1);
  if (a.host.size() >= 2 && a.host.front() == '[' && a.host.back() == ']') a.host = a.host.substr(1, a.host.size() - 2);
  if (a.host.empty()) a.host = "127.0.0.1";
  if (!valid_port(a.port)) return Error{Kind::kUsage, "not an address with a port", std::string(text), "write it as 127.0.0.1:2575"};
  return a;
}

bool loopback(const Address& a) {
  in_addr v4{};
  if (::inet_pton(AF_INET, a.host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  if (::inet_pton(AF_INET6, a.host.c_str(), &v6) == 1) return IN6_IS_ADDR_LOOPBACK(&v6);
  return a.host == "localhost";
}

base::Result<Descriptor> listen_on(const Address& address) {
  TRY_ASSIGN(const Resolved found, resolve(address, AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE));
  Descriptor s(::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int on = 1;
  if (!s || ::setsockopt(s.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0) return failed("no socket", address);
  if (::bind(s.get(), found->ai_addr, found->ai_addrlen) != 0) return failed("cannot bind", address);
  if (::listen(s.get(), 128) != 0) return failed("cannot listen", address);
  return s;
}

base::Result<std::string> bound_address(const Descriptor& socket) {
  sockaddr_storage raw{};
  socklen_t size = sizeof raw;
  char host[NI_MAXHOST], port[NI_MAXSERV];
  if (::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&raw), &size) != 0 ||
      ::getnameinfo(reinterpret_cast<sockaddr*>(&raw), size, host, sizeof host, port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return Error{Kind::kIo, "the socket has no address"};
  }
  return std::strchr(host, ':') != nullptr ? "[" + std::string(host) + "]:" + port : std::string(host) + ":" + port;
}

base::Result<Descriptor> connect_to(const Address& address, const StopFlag& stop, std::uint64_t ms) {
  TRY_ASSIGN(const Resolved found, resolve(address, AI_NUMERICSERV));
  Descriptor s(::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!s) return failed("no socket", address);
  const int on = 1;
  ::setsockopt(s.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(s.get(), SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  if (::connect(s.get(), found->ai_addr, found->ai_addrlen) == 0) return s;
  if (errno != EINPROGRESS) return failed("cannot connect", address, Kind::kBusy);
  const Ready ready = wait_for(s.get(), POLLOUT, stop, ms);
  if (ready == Ready::kStopped) return Error{Kind::kBusy, "stopped"};
  if (ready == Ready::kTimeout) return Error{Kind::kBusy, "no connection in time", address.host + ":" + address.port};
  int code = 0;
  socklen_t size = sizeof code;
  ::getsockopt(s.get(), SOL_SOCKET, SO_ERROR, &code, &size);
  errno = code;
  if (code != 0) return failed("cannot connect", address, Kind::kBusy);
  return s;
}

}  // namespace adapters::transport
