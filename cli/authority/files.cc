// See files.h.
#include "cli/authority/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace cli::authority {

using base::Error;
using base::Kind;
using base::Status;

namespace {

constexpr std::size_t kMaxFile = 1U << 20;

Error io(const std::string& what, const std::filesystem::path& file) {
  return {Kind::kIo, what + ": " + std::strerror(errno), file.string(), ""};
}

class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  ~Fd() {
    if (fd_ > 2) ::close(fd_);
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

Status write_all(int fd, base::View bytes, const std::filesystem::path& file) {
  while (!bytes.empty()) {
    auto n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return io("cannot write", file);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  if (::fsync(fd) != 0) return io("cannot sync", file);
  return {};
}

}  // namespace

base::Result<std::string> read_file(const std::filesystem::path& file) {
  Fd fd(file == "-" ? 0 : ::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0)
    return Error{errno == ENOENT ? Kind::kNotFound : Kind::kIo, std::string("cannot read: ") + std::strerror(errno), file.string(), ""};
  std::string out;
  char buffer[4096];
  for (;;) {
    auto n = ::read(fd.get(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return io("cannot read", file);
    if (n == 0) return out;
    out.append(buffer, static_cast<std::size_t>(n));
    if (out.size() > kMaxFile) return Error{Kind::kTooLarge, "the file is over 1 MiB", file.string(), ""};
  }
}

Status write_file(const std::filesystem::path& file, base::View bytes, WriteMode mode) {
  if (file == "-") return write_all(1, bytes, file).ok() ? Status() : Status(io("cannot write", file));
  if (mode.fresh && std::filesystem::exists(file))
    return Error{Kind::kConflict, "the file is already there", file.string(), "choose another place"};
  auto part = file;
  part += ".part";
  {
    Fd fd(::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode.secret ? 0600 : 0644));
    if (fd.get() < 0) return io("cannot create", part);
    TRY(write_all(fd.get(), bytes, part));
  }
  if (::rename(part.c_str(), file.c_str()) != 0) return io("cannot rename", file);
  auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  Fd dir(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (dir.get() < 0 || ::fsync(dir.get()) != 0) return io("cannot sync", folder);
  return {};
}

Status make_dir(const std::filesystem::path& dir) {
  if (::mkdir(dir.c_str(), 0700) != 0 && errno != EEXIST) return io("cannot make the folder", dir);
  return {};
}

}  // namespace cli::authority
