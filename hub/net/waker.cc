// Waker: an eventfd. wake() is a single write(2), so it may be called from any thread and from a signal handler.
#include <sys/eventfd.h>
#include <unistd.h>

#include "hub/net/net.h"

namespace hub::net {

Waker::Waker() : fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) { CHECK(fd_ >= 0); }
Waker::~Waker() { ::close(fd_); }

void Waker::wake() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto n = ::write(fd_, &one, sizeof one);  // EAGAIN: the counter is full, so it is readable anyway
}

void Waker::drain() {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto n = ::read(fd_, &count, sizeof count);
}

}  // namespace hub::net
