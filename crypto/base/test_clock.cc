// The offset is mapped, so that reading the time costs no system call more.
#include "crypto/base/test_clock.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <memory>

namespace base {

Result<Clock> test_clock(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return Error{Kind::kIo, "the test clock cannot be opened", path, "it is a file of eight bytes"};
  struct stat about {};
  void* at = ::fstat(fd, &about) == 0 && about.st_size == 8 ? ::mmap(nullptr, 8, PROT_READ, MAP_SHARED, fd, 0) : MAP_FAILED;
  ::close(fd);
  if (at == MAP_FAILED) return Error{Kind::kUsage, "the test clock is a file of eight bytes", path};
  const std::shared_ptr<const std::atomic<std::int64_t>> offset(static_cast<const std::atomic<std::int64_t>*>(at),
                                                                [](const std::atomic<std::int64_t>* p) { ::munmap(const_cast<std::atomic<std::int64_t>*>(p), 8); });
  return Clock([offset] { return Instant{static_cast<std::uint64_t>(static_cast<std::int64_t>(real_now().ms) + offset->load())}; });
}

}  // namespace base
