// One child a file.
#include "adapters/agent/blob/scanner.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>

namespace adapters::agent::blob {
namespace {

using std::chrono::steady_clock;

class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  ~Fd() { close(); }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  [[nodiscard]] int get() const { return fd_; }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_;
};

// A child that closes its input early must not end this process.
class NoSigpipe {
 public:
  NoSigpipe() {
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, &before_);
  }
  ~NoSigpipe() {
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    const timespec now{};
    while (sigtimedwait(&pipe, nullptr, &now) == SIGPIPE) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoSigpipe(const NoSigpipe&) = delete;
  NoSigpipe& operator=(const NoSigpipe&) = delete;

 private:
  sigset_t before_{};
};

void limit(int what, rlim_t most) {
  const rlimit l{most, most};
  ::setrlimit(static_cast<__rlimit_resource_t>(what), &l);
}

// Between fork and exec: nothing but system calls.
[[noreturn]] void become(char* const* argv, int input, rlim_t cpu_seconds) {
  static char path[] = "PATH=/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin", lang[] = "LANG=C";
  static char* const env[] = {path, lang, nullptr};
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  const int nowhere = ::open("/dev/null", O_WRONLY);
  if (::dup2(input, 0) < 0 || ::dup2(nowhere, 1) < 0 || ::dup2(nowhere, 2) < 0) ::_exit(127);
  ::close_range(3, ~0U, 0);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, cpu_seconds);
  limit(RLIMIT_AS, rlim_t{4} << 30);
  limit(RLIMIT_FSIZE, rlim_t{256} << 20);
  limit(RLIMIT_NOFILE, 256);
  ::execve(argv[0], argv, env);
  ::_exit(127);
}

int left(steady_clock::time_point end) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(end - steady_clock::now()).count();
  return ms <= 0 ? 0 : static_cast<int>(std::min<decltype(ms)>(ms, 1'000'000));
}

bool ready(int fd, short events, steady_clock::time_point end) {
  pollfd p{fd, events, 0};
  for (;;) {
    const int n = ::poll(&p, 1, left(end));
    if (n < 0 && errno == EINTR) continue;
    return n > 0;
  }
}

void feed(int to, base::View bytes, steady_clock::time_point end) {
  const NoSigpipe quiet;
  while (!bytes.empty() && ready(to, POLLOUT, end)) {
    const ssize_t n = ::write(to, bytes.data(), bytes.size());
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (n <= 0) return;  // it has seen enough
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
}

}  // namespace

keep::BlobScan Scanner::scan(base::View bytes) const {
  std::vector<char*> argv;
  for (const std::string& word : command_) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return keep::BlobScan::kNotYet;
  Fd out(ends[0]), in(ends[1]);
  ::fcntl(in.get(), F_SETFL, O_NONBLOCK);
  const rlim_t cpu = timeout_ms_ / 1000 + 1;
  const pid_t child = ::fork();
  if (child < 0) return keep::BlobScan::kNotYet;
  if (child == 0) become(argv.data(), out.get(), cpu);
  out.close();
  const Fd watch(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
  const auto end = steady_clock::now() + std::chrono::milliseconds(timeout_ms_);
  feed(in.get(), bytes, end);
  in.close();
  const bool ended = watch.get() >= 0 && ready(watch.get(), POLLIN, end);
  if (!ended) ::kill(-child, SIGKILL), ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (ended) ::kill(-child, SIGKILL);  // what it may have left behind
  if (!ended || !WIFEXITED(status)) return keep::BlobScan::kNotYet;
  if (WEXITSTATUS(status) == 0) return keep::BlobScan::kClean;
  return WEXITSTATUS(status) == 1 ? keep::BlobScan::kInfected : keep::BlobScan::kNotYet;
}

}  // namespace adapters::agent::blob
