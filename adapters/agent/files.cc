// Whole reads and atomic replacement of small files.
#include "adapters/agent/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace adapters::agent {
namespace {

class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

base::Error io(const char* what, const std::string& path) {
  return {errno == ENOSPC ? base::Kind::kFull : base::Kind::kIo, what, path};
}

base::Status write_all(int fd, base::View bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return io("cannot write the file", path);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

}  // namespace

base::Result<base::Bytes> read_file(const std::string& path, std::size_t max) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) return base::Error{errno == ENOENT ? base::Kind::kNotFound : base::Kind::kIo, "cannot open the file", path};
  base::Bytes out;
  base::Byte block[16384];
  for (;;) {
    const ssize_t n = ::read(fd.get(), block, sizeof block);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return io("cannot read the file", path);
    if (n == 0) return out;
    base::append(out, {block, static_cast<std::size_t>(n)});
    if (out.size() > max) return base::Error{base::Kind::kTooLarge, "the file is too large", path};
  }
}

base::Result<crypto::SecretBytes> read_secret(const std::string& path, std::size_t max) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) return base::Error{errno == ENOENT ? base::Kind::kNotFound : base::Kind::kIo, "cannot open the file", path};
  crypto::SecretBytes block(max + 1);
  std::size_t have = 0;
  while (have < block.size()) {
    const ssize_t n = ::read(fd.get(), block.data() + have, block.size() - have);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return io("cannot read the file", path);
    if (n == 0) return crypto::SecretBytes(block.view().first(have));
    have += static_cast<std::size_t>(n);
  }
  return base::Error{base::Kind::kTooLarge, "the file is too large", path};
}

base::Result<std::string> read_text(const std::string& path, std::size_t max) {
  TRY_ASSIGN(const base::Bytes b, read_file(path, max));
  return base::to_string(b);
}

namespace {

base::Status write_new(const std::string& tmp, base::View bytes, unsigned mode) {
  ::unlink(tmp.c_str());
  const Fd fd(::open(tmp.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, static_cast<mode_t>(mode)));
  if (fd.get() < 0) return io("cannot create the file", tmp);
  TRY(write_all(fd.get(), bytes, tmp));
  if (::fsync(fd.get()) != 0) return io("cannot sync the file", tmp);
  return {};
}

base::Status rename_synced(const std::string& from, const std::string& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return io("cannot replace the file", to);
  const Fd dir(::open(folder_of(to).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (dir.get() < 0 || ::fsync(dir.get()) != 0) return io("cannot sync the folder", folder_of(to));
  return {};
}

}  // namespace

base::Status write_atomic(const std::string& path, base::View bytes, unsigned mode) {
  TRY(write_new(path + ".new", bytes, mode));
  return rename_synced(path + ".new", path);
}

base::Status write_over(const std::string& path, base::View bytes, unsigned mode) {
  TRY(write_new(path + ".new", bytes, mode));
  return rename_over(path + ".new", path);
}

// The old file has no name any more when it is overwritten: a crash in between leaves the new one whole, and at worst the old bytes unwiped.
base::Status rename_over(const std::string& from, const std::string& to) {
  const Fd old(::open(to.c_str(), O_WRONLY | O_CLOEXEC));
  TRY(rename_synced(from, to));
  struct stat st {};
  if (old.get() < 0 || ::fstat(old.get(), &st) != 0 || st.st_nlink != 0) return {};
  const base::Bytes zeros(static_cast<std::size_t>(st.st_size));
  TRY(write_all(old.get(), zeros, to));
  if (::fsync(old.get()) != 0) return io("cannot sync what was overwritten", to);
  return {};
}

base::Status make_folder(const std::string& path, unsigned mode) {
  if (::mkdir(path.c_str(), static_cast<mode_t>(mode)) != 0 && errno != EEXIST) return io("cannot make the folder", path);
  return {};
}

}  // namespace adapters::agent
