#include "adapters/transport/append.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "adapters/transport/descriptor.h"

namespace adapters::transport {
namespace {

using base::Error;
using base::Kind;

constexpr std::size_t kTail = 64u << 10;

Error failed(const char* what, const std::string& path) {
  const int code = errno;
  return {code == ENOSPC || code == EDQUOT ? Kind::kFull : Kind::kIo, std::string(what) + ": " + std::strerror(code), path,
          "look at the disk and at the folder's permissions"};
}

// The file's last bytes, from the beginning of a row if it is long.
base::Result<std::string> tail_of(int fd, off_t size, const std::string& path) {
  const auto want = std::min(static_cast<std::size_t>(size), kTail);
  std::string out(want, '\0');
  if (::pread(fd, out.data(), want, size - static_cast<off_t>(want)) != static_cast<ssize_t>(want)) return failed("cannot read", path);
  return out;
}

base::Status write_at_end(int fd, const std::string& bytes, off_t size, const std::string& path) {
  if (::pwrite(fd, bytes.data(), bytes.size(), size) == static_cast<ssize_t>(bytes.size()) && ::fsync(fd) == 0) return {};
  const Error why = failed("cannot write", path);
  if (::ftruncate(fd, size) != 0) return failed("cannot take back half a row", path);
  return why;
}

}  // namespace

base::Status append_row(const std::string& folder, const std::string& file, const std::string& header, const std::string& row) {
  const std::string path = folder + "/" + file;
  const Descriptor d(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  struct stat st {};
  if (!d || ::fstat(d.get(), &st) != 0) return failed("cannot open", path);
  off_t size = st.st_size;
  TRY_ASSIGN(const std::string tail, tail_of(d.get(), size, path));
  // Half a row is what a power loss left of one that was never reported as written.
  if (!tail.empty() && !tail.ends_with('\n')) {
    const auto end = tail.rfind('\n');
    size -= static_cast<off_t>(tail.size() - (end == tail.npos ? 0 : end + 1));
    if (::ftruncate(d.get(), size) != 0) return failed("cannot take back half a row", path);
  } else if (tail.ends_with("\r\n" + row)) {
    return {};
  }
  return write_at_end(d.get(), (size == 0 ? header : "") + row, size, path);
}

}  // namespace adapters::transport
