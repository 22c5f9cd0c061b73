// See save.h.
#include "cli/counter/save.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>

namespace cli::counter {

base::Status write_private(const std::string& path, std::string_view text) {
  const std::string temporary = path + ".part";
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  const base::Error failed{base::Kind::kUsage, "the file cannot be written", path, "check the folder and its permissions"};
  if (fd < 0) return failed;
  bool good = true;
  for (std::string_view rest = text; good && !rest.empty();) {
    const ssize_t n = ::write(fd, rest.data(), rest.size());
    good = n > 0;
    if (good) rest.remove_prefix(static_cast<std::size_t>(n));
  }
  good = ::fsync(fd) == 0 && good;
  ::close(fd);
  if (good && ::rename(temporary.c_str(), path.c_str()) == 0) return {};
  ::unlink(temporary.c_str());
  return failed;
}

}  // namespace cli::counter
