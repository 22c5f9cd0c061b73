// See crash_child.h.
#include "tests/fault/crash_child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <stdexcept>
#include <utility>

extern char** environ;

namespace fault {
namespace {

int spawn(const Command& command, int& out, const std::string& log, const std::vector<std::string>& environment = {}) {
  int fds[2];
  if (::pipe2(fds, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, fds[1], 1);
  if (!log.empty()) posix_spawn_file_actions_addopen(&actions, 2, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  std::vector<char*> argv;
  for (const auto& word : command) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  std::vector<char*> env;
  for (const auto& setting : environment) env.push_back(const_cast<char*>(setting.c_str()));
  for (char** e = environ; *e != nullptr; ++e) env.push_back(*e);
  env.push_back(nullptr);
  int pid = -1;
  const int rc = ::posix_spawn(&pid, argv[0], &actions, nullptr, argv.data(), env.data());
  posix_spawn_file_actions_destroy(&actions);
  ::close(fds[1]);
  if (rc != 0) throw std::runtime_error(command[0] + ": cannot be started");
  out = fds[0];
  return pid;
}

int wait_for(int pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Finished run(const Command& command) {
  Finished f;
  int out = -1;
  const int pid = spawn(command, out, {});
  std::array<char, 4096> chunk;
  for (ssize_t n; (n = ::read(out, chunk.data(), chunk.size())) > 0;) f.out.append(chunk.data(), static_cast<std::size_t>(n));
  ::close(out);
  f.code = wait_for(pid);
  return f;
}

Child::Child(const Command& command, const std::string& log, const std::vector<std::string>& environment) {
  pid_ = spawn(command, out_, log, environment);
}

Child::~Child() {
  if (pid_ > 0) end(SIGKILL);
}

std::optional<std::string> Child::ready(const std::string& word) {
  std::string line;
  for (char c; ::read(out_, &c, 1) == 1;) {
    if (c != '\n') {
      line += c;
    } else if (line.starts_with(word)) {
      return line.substr(word.size());
    } else {
      line.clear();
    }
  }
  return std::nullopt;
}

int Child::end(int signal) {
  ::kill(pid_, signal);
  return wait();
}

int Child::wait() {
  const int code = wait_for(std::exchange(pid_, -1));
  ::close(out_);
  return code;
}

std::optional<nlohmann::json> ask(const std::string& data_dir, const nlohmann::json& question) {
  struct Socket {
    int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ~Socket() { ::close(fd); }
  } s;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = data_dir + "/agent.sock";
  if (path.size() >= sizeof address.sun_path) throw std::runtime_error("the temporary folder's path is too long for a socket");
  std::memcpy(address.sun_path, path.data(), path.size());
  if (::connect(s.fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return std::nullopt;
  const std::string line = question.dump() + "\n";
  if (::send(s.fd, line.data(), line.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(line.size())) return std::nullopt;
  std::string answer;
  std::array<char, 65536> chunk;
  while (answer.empty() || answer.back() != '\n') {
    const auto n = ::recv(s.fd, chunk.data(), chunk.size(), 0);
    if (n <= 0) return std::nullopt;
    answer.append(chunk.data(), static_cast<std::size_t>(n));
  }
  // Progress lines come before the answer.
  answer.pop_back();
  return nlohmann::json::parse(answer.substr(answer.rfind('\n') + 1));
}

}  // namespace fault
