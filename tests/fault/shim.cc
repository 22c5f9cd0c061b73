// libfaultdisk.so, for LD_PRELOAD: fails the n-th write or sync of a program, or records all of them. Touches only files below one
// folder. Environment:
//   FAULT_DIR    the folder (absolute); nothing happens without it
//   FAULT_AT     the number of the call that fails, from 1 (every later one fails as well: a broken disk stays broken)
//   FAULT_ERRNO  EIO (default) or ENOSPC; ENOSPC fails writes only
//   FAULT_ONLY   "sync" or "write": count only these
//   FAULT_TRACE  file that takes the trace (trace.h)
//   FAULT_MARKS  a file whose writes are recorded as marks
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>

#include "tests/fault/trace.h"

namespace {

struct Plan {
  const char* dir = std::getenv("FAULT_DIR");
  const char* marks = std::getenv("FAULT_MARKS");
  long at = std::getenv("FAULT_AT") ? std::atol(std::getenv("FAULT_AT")) : 0;
  int error = std::getenv("FAULT_ERRNO") && !std::strcmp(std::getenv("FAULT_ERRNO"), "ENOSPC") ? ENOSPC : EIO;
  bool syncs = !std::getenv("FAULT_ONLY") || !std::strcmp(std::getenv("FAULT_ONLY"), "sync");
  bool writes = !std::getenv("FAULT_ONLY") || !std::strcmp(std::getenv("FAULT_ONLY"), "write");
  int trace = std::getenv("FAULT_TRACE") ? static_cast<int>(syscall(SYS_openat, AT_FDCWD, std::getenv("FAULT_TRACE"), O_WRONLY | O_CREAT | O_APPEND, 0600)) : -1;
  long count = 0;
  std::mutex mutex;
};
Plan& plan() {
  static Plan p;
  return p;
}

bool path_of(int fd, char (&out)[PATH_MAX]) {
  char link[64];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const auto n = readlink(link, out, sizeof out - 1);
  if (n <= 0) return false;
  out[n] = 0;
  return true;
}

bool ours(const char* path) {
  const char* dir = plan().dir;
  return dir && !std::strncmp(path, dir, std::strlen(dir)) && (path[std::strlen(dir)] == '/' || path[std::strlen(dir)] == 0);
}

void record(fault::Op op, const char* path, std::uint64_t offset, const iovec* iov, int n) {
  if (plan().trace < 0) return;
  fault::Event event{op, {}, static_cast<std::uint32_t>(std::strlen(path)), offset, 0};
  for (int i = 0; i < n; ++i) event.len += iov[i].iov_len;
  iovec out[66] = {{&event, sizeof event}, {const_cast<char*>(path), event.path_len}};
  for (int i = 0; i < n && i < 64; ++i) out[i + 2] = iov[i];
  if (syscall(SYS_writev, plan().trace, out, n + 2) < 0) std::abort();  // a trace with holes would prove nothing
}

bool fails(bool is_sync) {
  Plan& p = plan();
  if (p.at == 0 || (is_sync ? !p.syncs || p.error == ENOSPC : !p.writes)) return false;
  return ++p.count >= p.at;
}

// Counts, fails or records one write; `go` does it.
template <class Go>
ssize_t written(int fd, const iovec* iov, int n, off_t offset, Go go) {
  char path[PATH_MAX];
  if (!plan().dir || !path_of(fd, path)) return go();
  const bool mark = plan().marks && !std::strcmp(path, plan().marks);
  if (!mark && !ours(path)) return go();
  std::lock_guard hold(plan().mutex);
  if (!mark && fails(false)) {
    errno = plan().error;
    return -1;
  }
  const off_t at = offset >= 0 ? offset : lseek(fd, 0, SEEK_CUR);
  const ssize_t done = go();
  const int flags = fcntl(fd, F_GETFL);
  if (done > 0) record(mark ? fault::Op::kMark : flags & O_DSYNC ? fault::Op::kSyncWrite : fault::Op::kWrite, path, static_cast<std::uint64_t>(at), iov, n);
  return done;
}

template <class Go>
int synced(int fd, Go go) {
  char path[PATH_MAX];
  if (!plan().dir || !path_of(fd, path) || !ours(path)) return go();
  std::lock_guard hold(plan().mutex);
  if (fails(true)) {
    errno = plan().error;
    return -1;
  }
  const int rc = go();
  if (rc == 0) record(fault::Op::kSync, path, 0, nullptr, 0);
  return rc;
}

template <class F>
F next(F, const char* name) {
  return reinterpret_cast<F>(dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

ssize_t write(int fd, const void* p, size_t n) {
  static auto real = next(&write, "write");
  const iovec v{const_cast<void*>(p), n};
  return written(fd, &v, 1, -1, [&] { return real(fd, p, n); });
}
ssize_t writev(int fd, const iovec* v, int n) {
  static auto real = next(&writev, "writev");
  return written(fd, v, n, -1, [&] { return real(fd, v, n); });
}
ssize_t pwrite(int fd, const void* p, size_t n, off_t at) {
  static auto real = next(&pwrite, "pwrite");
  const iovec v{const_cast<void*>(p), n};
  return written(fd, &v, 1, at, [&] { return real(fd, p, n, at); });
}
ssize_t pwrite64(int fd, const void* p, size_t n, off64_t at) { return pwrite(fd, p, n, at); }
ssize_t pwritev(int fd, const iovec* v, int n, off_t at) {
  static auto real = next(&pwritev, "pwritev");
  return written(fd, v, n, at, [&] { return real(fd, v, n, at); });
}
ssize_t pwritev64(int fd, const iovec* v, int n, off64_t at) { return pwritev(fd, v, n, at); }
int fsync(int fd) {
  static auto real = next(&fsync, "fsync");
  return synced(fd, [&] { return real(fd); });
}
int fdatasync(int fd) {
  static auto real = next(&fdatasync, "fdatasync");
  return synced(fd, [&] { return real(fd); });
}
int ftruncate(int fd, off_t size) {
  static auto real = next(&ftruncate, "ftruncate");
  const int rc = real(fd, size);
  char path[PATH_MAX];
  if (rc == 0 && plan().dir && path_of(fd, path) && ours(path)) {
    std::lock_guard hold(plan().mutex);
    record(fault::Op::kTruncate, path, static_cast<std::uint64_t>(size), nullptr, 0);
  }
  return rc;
}
int ftruncate64(int fd, off64_t size) { return ftruncate(fd, size); }

}  // extern "C"
