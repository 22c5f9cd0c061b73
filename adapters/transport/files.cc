#include "adapters/transport/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "adapters/transport/descriptor.h"

namespace adapters::transport {
namespace {

using base::Error;
using base::Kind;

Error failed(const char* what, const std::string& path) {
  const int code = errno;
  const Kind kind = code == ENOENT ? Kind::kNotFound : code == ENOSPC || code == EDQUOT ? Kind::kFull : Kind::kIo;
  return {kind, std::string(what) + ": " + std::strerror(code), path};
}

base::Status sync_folder(const std::string& folder) {
  const Descriptor d(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!d || ::fsync(d.get()) != 0) return failed("cannot sync the folder", folder);
  return {};
}

base::Status write_all(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed("cannot write", path);
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  if (::fsync(fd) != 0) return failed("cannot sync", path);
  return {};
}

}  // namespace

base::Result<std::string> read_file(const std::string& path, std::size_t max_bytes) {
  const Descriptor d(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat st {};
  if (!d || ::fstat(d.get(), &st) != 0) return failed("cannot read", path);
  if (!S_ISREG(st.st_mode)) return Error{Kind::kUnsupported, "not a regular file", path};
  if (static_cast<std::size_t>(st.st_size) > max_bytes)
    return Error{Kind::kTooLarge, "the file is over the limit of " + std::to_string(max_bytes) + " bytes", path};
  std::string out(static_cast<std::size_t>(st.st_size), '\0');
  std::size_t have = 0;
  while (have < out.size()) {
    const ssize_t n = ::read(d.get(), out.data() + have, out.size() - have);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return failed("cannot read", path);
    if (n == 0) break;
    have += static_cast<std::size_t>(n);
  }
  out.resize(have);
  return out;
}

base::Status write_file(const std::string& folder, const std::string& name, std::string_view bytes) {
  const std::string temporary = folder + "/." + name + ".tmp", final = folder + "/" + name;
  {
    const Descriptor d(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!d) return failed("cannot create", temporary);
    if (const auto done = write_all(d.get(), bytes, temporary); !done.ok()) {
      ::unlink(temporary.c_str());
      return done;
    }
  }
  if (::rename(temporary.c_str(), final.c_str()) != 0) return failed("cannot rename into place", final);
  return sync_folder(folder);
}

base::Status make_folder(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return {};
  const std::string parent = std::filesystem::path(path).parent_path().string();
  if (!parent.empty() && parent != path) TRY(make_folder(parent));
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return failed("cannot make the folder", path);
  return {};
}

base::Result<std::string> move_file(const std::string& from, const std::string& folder, const std::string& name) {
  for (unsigned n = 1; n < 100000; ++n) {
    const std::string target = n == 1 ? name : name + "." + std::to_string(n);
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, (folder + "/" + target).c_str(), RENAME_NOREPLACE) == 0) {
      TRY(sync_folder(folder));
      return target;
    }
    if (errno != EEXIST) return failed("cannot move", from);
  }
  return Error{Kind::kIo, "too many files of the same name", folder};
}

base::Status remove_file(const std::string& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return failed("cannot remove", path);
  return {};
}

}  // namespace adapters::transport
