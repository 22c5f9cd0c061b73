// The relay's thread, and the recordings played again.
#include "tests/integration/evil/tap.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace evil {
namespace {

sockaddr_in local(std::uint16_t port) {
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_port = htons(port);
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return a;
}

void send_all(int fd, base::View bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return;
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
}

}  // namespace

Tap::Tap(const std::string& hub_endpoint) : hub_port_(static_cast<std::uint16_t>(std::stoul(hub_endpoint.substr(hub_endpoint.rfind(':') + 1)))) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in a = local(0);
  socklen_t size = sizeof a;
  REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&a), sizeof a) == 0);
  REQUIRE(::listen(listener_, 16) == 0);
  REQUIRE(::getsockname(listener_, reinterpret_cast<sockaddr*>(&a), &size) == 0);
  port_ = ntohs(a.sin_port);
  thread_ = std::thread([this] { run(); });
}

Tap::~Tap() {
  stop_ = true;
  thread_.join();
  for (const Line& l : lines_) {
    ::close(l.client);
    if (l.hub >= 0) ::close(l.hub);
  }
  ::close(listener_);
}

int Tap::dial() const {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in a = local(hub_port_);
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&a), sizeof a) == 0) return fd;
  ::close(fd);
  return -1;
}

std::vector<Tap::Session> Tap::sessions() const {
  const std::lock_guard lock(mutex_);
  return sessions_;
}

void Tap::play_down(base::Bytes bytes) {
  const std::lock_guard lock(mutex_);
  instead_ = std::move(bytes);
  for (Line& l : lines_) l.over = true;
}

void Tap::relay_again() {
  const std::lock_guard lock(mutex_);
  instead_.reset();
  for (Line& l : lines_) l.over = true;
}

void Tap::greet() {
  const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (client < 0) return;
  Line line{client, -1, sessions_.size(), false};
  if (instead_) {
    send_all(client, *instead_);
    ++played_;
  } else {
    line.hub = dial();
    line.over = line.hub < 0;
  }
  sessions_.emplace_back();
  lines_.push_back(line);
}

void Tap::pump(int from, int to, base::Bytes& kept, Line& line) {
  base::Byte block[65536];
  const ssize_t n = ::recv(from, block, sizeof block, MSG_DONTWAIT);
  if (n == 0 || (n < 0 && errno != EAGAIN)) line.over = true;
  if (n <= 0) return;
  kept.insert(kept.end(), block, block + n);
  if (to >= 0) send_all(to, base::View(block, static_cast<std::size_t>(n)));
}

void Tap::run() {
  while (!stop_) {
    std::vector<pollfd> fds{{listener_, POLLIN, 0}};
    {
      const std::lock_guard lock(mutex_);
      for (const Line& l : lines_) {
        fds.push_back({l.client, POLLIN, 0});
        if (l.hub >= 0) fds.push_back({l.hub, POLLIN, 0});
      }
    }
    (void)::poll(fds.data(), fds.size(), 50);
    const std::lock_guard lock(mutex_);
    for (Line& l : lines_) {
      pump(l.client, l.hub, sessions_[l.session].up, l);
      if (l.hub >= 0) pump(l.hub, l.client, sessions_[l.session].down, l);
    }
    std::erase_if(lines_, [](const Line& l) {
      if (!l.over) return false;
      ::close(l.client);
      if (l.hub >= 0) ::close(l.hub);
      return true;
    });
    if ((fds[0].revents & POLLIN) != 0) greet();
  }
}

base::Bytes Tap::play_up(base::View bytes) const {
  const int fd = dial();
  REQUIRE(fd >= 0);
  send_all(fd, bytes);
  base::Bytes answer;
  base::Byte block[65536];
  for (pollfd p{fd, POLLIN, 0}; ::poll(&p, 1, 1'000) == 1;) {
    const ssize_t n = ::recv(fd, block, sizeof block, 0);
    if (n <= 0) break;
    answer.insert(answer.end(), block, block + n);
  }
  ::close(fd);
  return answer;
}

}  // namespace evil
