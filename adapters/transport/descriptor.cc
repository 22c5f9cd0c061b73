#include "adapters/transport/descriptor.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "crypto/base/check.h"

namespace adapters::transport {

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  if (this != &other) {
    reset();
    fd_ = std::exchange(other.fd_, -1);
  }
  return *this;
}

void Descriptor::reset() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

StopFlag::StopFlag() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) { CHECK(static_cast<bool>(event_)); }

void StopFlag::set() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto n = ::write(event_.get(), &one, sizeof one);
}

bool StopFlag::is_set() const {
  pollfd p{event_.get(), POLLIN, 0};
  return ::poll(&p, 1, 0) > 0;
}

Bell::Bell() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) { CHECK(static_cast<bool>(event_)); }

void Bell::ring() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto n = ::write(event_.get(), &one, sizeof one);
}

void Bell::quiet() {
  std::uint64_t rings = 0;
  [[maybe_unused]] const auto n = ::read(event_.get(), &rings, sizeof rings);
}

Ready wait_for(int fd, short events, const StopFlag& stop, std::uint64_t ms) {
  std::array<pollfd, 2> p{pollfd{stop.fd(), POLLIN, 0}, pollfd{fd, events, 0}};
  const int timeout = static_cast<int>(std::min<std::uint64_t>(ms, 1u << 30));
  const int n = ::poll(p.data(), fd >= 0 ? 2 : 1, timeout);
  if (n < 0 && errno == EINTR) return Ready::kTimeout;  // the caller looks at its clock and waits again
  if (p[0].revents != 0) return Ready::kStopped;
  return n > 0 && p[1].revents != 0 ? Ready::kYes : Ready::kTimeout;
}

}  // namespace adapters::transport
