// fork, limits, exec: between the first and the last only what is safe after a fork in a program with threads.
#include "adapters/transport/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>

namespace adapters::transport {
namespace {

using base::Error;
using base::Kind;

Error failed(const char* what) { return {Kind::kIo, what, std::strerror(errno), "look at the limits of this machine"}; }

struct Pipe {
  Descriptor read, write;
};
// Above the standard streams, so that putting them in their place overwrites nothing.
Descriptor raised(int fd) {
  if (fd > 2) return Descriptor(fd);
  Descriptor low(fd);
  return Descriptor(::fcntl(fd, F_DUPFD_CLOEXEC, 3));
}
base::Result<Pipe> make_pipe() {
  std::array<int, 2> fds{};
  if (::pipe2(fds.data(), O_CLOEXEC) != 0) return failed("no pipe could be made");
  Pipe p;
  p.read = raised(fds[0]);
  p.write = raised(fds[1]);
  if (!p.read || !p.write) return failed("no pipe could be made");
  return p;
}

void never_blocks(int fd) { ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK); }

base::Result<std::string> program(const ProcessOptions& o) {
  if (o.command.empty() || o.command[0].empty()) return Error{Kind::kUsage, "no command is named"};
  const std::string& name = o.command[0];
  const Error none{Kind::kNotFound, "there is no such program, or it may not be run", name, "name its whole path, and make it executable"};
  if (name.find('/') != std::string::npos) {
    const std::string whole = name[0] == '/' ? name : o.folder + "/" + name;
    if (::access(whole.c_str(), X_OK) != 0) return none;
    return name;  // relative to its folder, where it will be by then
  }
  for (std::size_t at = 0; at <= o.path.size();) {
    const std::size_t colon = std::min(o.path.find(':', at), o.path.size());
    std::string candidate = o.path.substr(at, colon - at) + "/" + name;
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
    at = colon + 1;
  }
  return none;
}

struct Limit {
  int what;
  std::uint64_t most;
};

// All that the child needs, made before the fork.
struct Plan {
  std::string program, folder;
  std::vector<char*> words, environment;
  std::array<Limit, 5> limits{};
  int in = -1, out = -1, err = -1, report = -1;
  pid_t parent = 0;
};

void limit(int what, std::uint64_t most) {
  rlimit now{};
  if (most == 0 || ::getrlimit(static_cast<__rlimit_resource_t>(what), &now) != 0) return;
  now.rlim_cur = std::min<rlim_t>(most, now.rlim_max);
  if (what != RLIMIT_CPU) now.rlim_max = now.rlim_cur;  // that of the CPU is renewed while it runs
  ::setrlimit(static_cast<__rlimit_resource_t>(what), &now);
}

[[noreturn]] void become(const Plan& p) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != p.parent) ::_exit(127);  // the parent ended before it could be asked for
  for (int s = 1; s < NSIG; ++s) ::signal(s, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::dup2(p.in, 0);
  ::dup2(p.out, 1);
  if (p.err >= 0) ::dup2(p.err, 2);
  ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
  const rlimit nothing{0, 0};
  ::setrlimit(RLIMIT_CORE, &nothing);
  for (const Limit& l : p.limits) limit(l.what, l.most);
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (::chdir(p.folder.c_str()) == 0) ::execve(p.program.c_str(), p.words.data(), p.environment.data());
  const int why = errno;
  [[maybe_unused]] const auto n = ::write(p.report, &why, sizeof why);
  ::_exit(127);
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (const std::string& t : texts) out.push_back(const_cast<char*>(t.c_str()));
  out.push_back(nullptr);
  return out;
}

}  // namespace

std::string Ended::words() const {
  if (signal == SIGXCPU) return "it used up its CPU time";
  if (signal != 0) return "it was ended by signal " + std::to_string(signal);
  return "it left with exit code " + std::to_string(code);
}

base::Result<std::unique_ptr<Process>> Process::start(const ProcessOptions& o) {
  Plan plan;
  TRY_ASSIGN(plan.program, program(o));
  if (::access(o.folder.c_str(), X_OK) != 0) return Error{Kind::kNotFound, "there is no such folder", o.folder};
  TRY_ASSIGN(Pipe in, make_pipe());
  TRY_ASSIGN(Pipe out, make_pipe());
  TRY_ASSIGN(Pipe err, make_pipe());
  TRY_ASSIGN(Pipe report, make_pipe());
  plan.folder = o.folder;
  plan.words = pointers(o.command);
  plan.environment = pointers(o.environment);
  plan.limits = {{{RLIMIT_AS, o.memory_bytes}, {RLIMIT_CPU, o.cpu_seconds}, {RLIMIT_NOFILE, o.files}, {RLIMIT_NPROC, o.processes}, {RLIMIT_FSIZE, o.file_bytes}}};
  plan.in = in.read.get(), plan.out = out.write.get(), plan.err = o.own_stderr ? err.write.get() : -1, plan.report = report.write.get();
  plan.parent = ::getpid();
  std::unique_ptr<Process> p(new Process);
  p->pid_ = ::fork();
  if (p->pid_ == 0) become(plan);
  if (p->pid_ < 0) return failed("no process could be started");
  ::setpgid(p->pid_, p->pid_);
  p->end_ = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, p->pid_, 0)));
  report.write.reset();
  int why = 0;
  ssize_t told = 0;
  while ((told = ::read(report.read.get(), &why, sizeof why)) < 0 && errno == EINTR) {
  }
  if (told == sizeof why) {
    errno = why;
    return Error{Kind::kNotFound, "the program does not start", o.command[0], std::strerror(why)};
  }
  p->in_ = std::move(in.write);
  p->out_ = std::move(out.read);
  if (o.own_stderr) p->err_ = std::move(err.read);
  for (const int fd : {p->in(), p->out(), p->err()})
    if (fd >= 0) never_blocks(fd);
  return p;
}

Process::~Process() { finish(0); }

std::optional<std::size_t> Process::put(std::string_view bytes) {
  sigset_t broken, before;
  sigemptyset(&broken);
  sigaddset(&broken, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &broken, &before);
  const ssize_t n = in_ ? ::write(in(), bytes.data(), bytes.size()) : -1;
  const int why = in_ ? errno : EPIPE;
  if (n < 0 && why == EPIPE) {  // the signal that came with it is taken back
    const timespec now{};
    ::sigtimedwait(&broken, nullptr, &now);
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (n >= 0) return static_cast<std::size_t>(n);
  if (why == EAGAIN || why == EINTR) return std::size_t{0};
  return std::nullopt;
}

std::optional<std::string> Process::take(int fd) {
  std::string bytes(64u << 10, '\0');
  const ssize_t n = ::read(fd, bytes.data(), bytes.size());
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return std::string();
  if (n <= 0) return std::nullopt;
  bytes.resize(static_cast<std::size_t>(n));
  return bytes;
}

std::optional<Ended> Process::ended() {
  if (ended_ || pid_ < 0) return ended_;
  siginfo_t seen{};
  if (::waitid(P_PID, static_cast<id_t>(pid_), &seen, WEXITED | WNOHANG | WNOWAIT) != 0 || seen.si_pid == 0) return std::nullopt;
  ::kill(-pid_, SIGKILL);  // before it is reaped: until then nobody else can have this number
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  ended_ = WIFSIGNALED(status) ? Ended{0, WTERMSIG(status)} : Ended{WEXITSTATUS(status), 0};
  return ended_;
}

Ended Process::finish(std::uint64_t grace_ms) {
  if (pid_ < 0) return {};
  if (ended()) return *ended_;
  pollfd p{end(), POLLIN, 0};
  if (grace_ms > 0) ::poll(&p, 1, static_cast<int>(std::min<std::uint64_t>(grace_ms, 1u << 30)));
  if (ended()) return *ended_;
  ::kill(-pid_, SIGKILL);
  ::kill(pid_, SIGKILL);
  ::poll(&p, 1, -1);
  return *ended();
}

void Process::allow_cpu(std::uint64_t seconds) const {
  clockid_t clock{};
  timespec used{};
  rlimit now{};
  if (seconds == 0 || ::clock_getcpuclockid(pid_, &clock) != 0 || ::clock_gettime(clock, &used) != 0) return;
  if (::prlimit(pid_, RLIMIT_CPU, nullptr, &now) != 0) return;
  now.rlim_cur = std::min<rlim_t>(static_cast<rlim_t>(used.tv_sec) + seconds, now.rlim_max);
  ::prlimit(pid_, RLIMIT_CPU, &now, nullptr);
}

}  // namespace adapters::transport
