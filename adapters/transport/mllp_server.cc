#include "adapters/transport/mllp_server.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

namespace adapters::transport {
namespace {
constexpr std::uint64_t kTick = 100;  // how often a waiting thread looks at the clock
}

MllpServer::MllpServer(MllpServerOptions options, MllpHandlers handlers) : options_(std::move(options)), handlers_(std::move(handlers)) {}

MllpServer::~MllpServer() { stop(); }

base::Status MllpServer::start() {
  TRY_ASSIGN(const Address address, parse_address(options_.listen));
  TRY_ASSIGN(tls_, tls_server(options_.tls));
  if (!tls_ && !options_.plain_on_network && !loopback(address))
    return base::Error{base::Kind::kUsage, "a listener that the network can reach needs TLS", options_.listen,
                       "set tls_cert and tls_key, listen on 127.0.0.1, or set plain_on_network = true on a network that is safe by other means"};
  TRY_ASSIGN(listener_, listen_on(address));
  TRY_ASSIGN(address_, bound_address(listener_));
  acceptor_ = std::thread([this] { accept_loop(); });
  return {};
}

void MllpServer::stop() {
  const std::lock_guard lock(stopping_);
  stop_.set();
  if (acceptor_.joinable()) acceptor_.join();
  reap(true);
  listener_.reset();
}

std::string MllpServer::address() const { return address_; }

void MllpServer::reap(bool all) {
  for (auto it = connections_.begin(); it != connections_.end();) {
    if (all || (*it)->done) {
      (*it)->thread.join();
      it = connections_.erase(it);
    } else {
      ++it;
    }
  }
}

void MllpServer::accept_loop() {
  while (!stop_.is_set()) {
    if (wait_for(listener_.get(), POLLIN, stop_, 1000) == Ready::kStopped) return;
    reap(false);
    Descriptor socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket) {
      // Out of descriptors: wait for some to close rather than spin on the pending connection.
      if (errno == EMFILE || errno == ENFILE) wait_for(-1, 0, stop_, kTick);
      continue;
    }
    if (connections_.size() >= options_.max_connections) {
      ++turned_away_;
      continue;
    }
    const int on = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::setsockopt(socket.get(), SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    Connection& c = *connections_.emplace_back(std::make_unique<Connection>());
    c.stream = Stream::accepted(std::move(socket), tls_);
    c.thread = std::thread([this, &c] {
      if (c.stream && shake_hands(c.stream)) serve(c);
      c.stream.reset();
      c.done = true;
    });
  }
}

bool MllpServer::shake_hands(Stream& stream) {
  const base::Instant deadline = options_.clock().plus(options_.frame_ms);
  for (;;) {
    const Stream::Io io = stream.handshake();
    if (io == Stream::Io::kDone) return true;
    if (io == Stream::Io::kClosed || options_.clock() >= deadline) return ++turned_away_, false;
    if (wait_for(stream, io, stop_, kTick) == Ready::kStopped) return false;
  }
}

void MllpServer::serve(Connection& c) {
  Framer framer(options_.max_message);
  std::vector<char> room(64u << 10);
  Stream::Io waits_for = Stream::Io::kWantRead;
  base::Instant since = options_.clock();  // of the last message's answer, or of the beginning of the present message
  for (;;) {
    const std::uint64_t limit = framer.in_frame() ? options_.frame_ms : options_.idle_ms;
    const base::Instant now = options_.clock();
    if (now >= since.plus(limit)) return;
    const Ready ready = wait_for(c.stream, waits_for, stop_, std::min(kTick, since.plus(limit).ms - now.ms));
    if (ready == Ready::kStopped) return;
    if (ready == Ready::kTimeout) continue;
    std::size_t n = 0;
    const Stream::Io io = c.stream.read(room.data(), room.size(), n);
    if (io == Stream::Io::kClosed) return;
    waits_for = io == Stream::Io::kWantWrite ? io : Stream::Io::kWantRead;
    if (io != Stream::Io::kDone) continue;
    const bool was_in_frame = framer.in_frame();
    const std::vector<Framed> done = framer.feed({room.data(), n});
    for (const Framed& framed : done) {
      if (stop_.is_set() || !answer(c.stream, framed, since)) return;
    }
    if (framer.in_frame() && (!done.empty() || !was_in_frame)) since = options_.clock();
  }
}

bool MllpServer::answer(Stream& stream, const Framed& framed, base::Instant& since) {
  const bool whole = framed.what == Framed::What::kMessage;
  const std::optional<std::string> reply = whole ? handlers_.message(framed.bytes) : handlers_.refused(framed.what, framed.bytes);
  since = options_.clock();  // before the answer leaves: from then on the time is the client's
  if (reply && !send_all(stream, frame(*reply))) return false;
  const bool fatal = framed.what == Framed::What::kTooLarge || framed.what == Framed::What::kNoise;
  if (fatal) linger(stream);
  return !fatal;
}

bool MllpServer::send_all(Stream& stream, std::string_view bytes) {
  const base::Instant deadline = options_.clock().plus(options_.write_ms);
  while (!bytes.empty()) {
    std::size_t n = 0;
    const Stream::Io io = stream.write(bytes, n);
    bytes.remove_prefix(n);
    if (io == Stream::Io::kDone) continue;
    if (io == Stream::Io::kClosed) return false;
    if (options_.clock() >= deadline || wait_for(stream, io, stop_, kTick) == Ready::kStopped) return false;
  }
  return true;
}

// Closing with unread bytes resets the connection and may destroy our answer on its way: read what still comes, for a while.
void MllpServer::linger(Stream& stream) {
  stream.end_writing();
  const base::Instant deadline = options_.clock().plus(2 * base::kSecond);
  std::array<char, 16384> sink{};
  while (options_.clock() < deadline) {
    const Ready ready = wait_for(stream.fd(), POLLIN, stop_, kTick);
    if (ready == Ready::kStopped) return;
    if (ready == Ready::kYes && ::recv(stream.fd(), sink.data(), sink.size(), 0) == 0) return;
  }
}

}  // namespace adapters::transport
