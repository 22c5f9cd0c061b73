// A file descriptor that closes itself, and a flag that threads can wait on beside sockets. Resources: not copyable.
#pragma once

#include <cstdint>
#include <utility>

namespace adapters::transport {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor() { reset(); }
  [[nodiscard]] int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  void reset();

 private:
  int fd_ = -1;
};

// Set once, from any thread; every wait returns from then on.
class StopFlag {
 public:
  StopFlag();
  void set();
  [[nodiscard]] bool is_set() const;
  [[nodiscard]] int fd() const { return event_.get(); }

 private:
  Descriptor event_;
};

// Rung from any thread to end another's poll; quiet() takes back all rings so far.
class Bell {
 public:
  Bell();
  void ring();
  void quiet();
  [[nodiscard]] int fd() const { return event_.get(); }

 private:
  Descriptor event_;
};

enum class Ready { kYes, kStopped, kTimeout };
// Waits until `fd` has one of the poll `events` (or an error or hang-up), the flag is set, or `ms` have passed. fd -1: only the flag.
Ready wait_for(int fd, short events, const StopFlag& stop, std::uint64_t ms);

}  // namespace adapters::transport
