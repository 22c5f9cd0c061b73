// Waiting for what another thread does in a folder: the kernel says when something there has changed (inotify), nobody sleeps.
#pragma once

#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>

namespace kit {

// Until `holds()`, which is asked again after each change in `folder`. False: it did not hold within two minutes.
template <class Holds>
bool after_changes(const std::string& folder, const Holds& holds) {
  const int fd = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (fd < 0 || ::inotify_add_watch(fd, folder.c_str(), IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_CLOSE_WRITE) < 0) {
    if (fd >= 0) ::close(fd);
    return false;
  }
  const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(2);
  bool held = holds();
  for (auto left = std::chrono::milliseconds(1); !held && left.count() > 0; held = holds()) {
    left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    pollfd changed{fd, POLLIN, 0};
    ::poll(&changed, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
    char events[4096];
    while (::read(fd, events, sizeof events) > 0) {
    }
  }
  ::close(fd);
  return held;
}

}  // namespace kit
