// See kit.h.
#include "tests/unit/cli/kit.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace cli_kit {
namespace {

std::string read_whole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

Folder::Folder() {
  path = (std::filesystem::temp_directory_path() / "handoff-cli-XXXXXX").string();
  REQUIRE(::mkdtemp(path.data()) != nullptr);
}
Folder::~Folder() { std::filesystem::remove_all(path); }
std::string Folder::put(const std::string& name, const std::string& text) const {
  std::filesystem::create_directories(std::filesystem::path(path + "/" + name).parent_path());
  std::ofstream(path + "/" + name, std::ios::binary) << text;
  return path + "/" + name;
}

FakeAgent::FakeAgent(const std::string& dir, Json answer)
    : FakeAgent(dir, [line = answer.dump()](const Json&) { return std::vector{line}; }) {}

FakeAgent::FakeAgent(const std::string& dir, Answer answer) : answer_(std::move(answer)) {
  const int folder = ::open(dir.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  REQUIRE(folder >= 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = "/proc/self/fd/" + std::to_string(folder) + "/agent.sock";  // a socket's own path must be short
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  REQUIRE(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::listen(listener_, 8) == 0);
  ::close(folder);
  thread_ = std::thread([this] { serve(); });
}

FakeAgent::~FakeAgent() {
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
}

std::vector<Json> FakeAgent::requests() const {
  const std::lock_guard hold(mutex_);
  return requests_;
}

void FakeAgent::serve() {
  for (int fd = ::accept(listener_, nullptr, nullptr); fd >= 0; fd = ::accept(listener_, nullptr, nullptr)) {
    talk(fd);
    ::close(fd);
  }
}

void FakeAgent::talk(int fd) {
  std::string pending;
  char block[4096];
  for (ssize_t n = ::read(fd, block, sizeof block); n > 0; n = ::read(fd, block, sizeof block)) {
    pending.append(block, static_cast<std::size_t>(n));
    for (auto end = pending.find('\n'); end != std::string::npos; end = pending.find('\n')) {
      const Json request = Json::parse(pending.substr(0, end), nullptr, false);
      pending.erase(0, end + 1);
      {
        const std::lock_guard hold(mutex_);
        requests_.push_back(request);
      }
      const auto lines = answer_(request);
      if (lines.empty()) return;
      for (std::string line : lines) {
        line += "\n";
        for (std::size_t at = 0; at < line.size();) {
          const ssize_t sent = ::send(fd, line.data() + at, line.size() - at, MSG_NOSIGNAL);
          if (sent <= 0) return;
          at += static_cast<std::size_t>(sent);
        }
      }
    }
  }
}

Ran run(std::vector<std::string> words, const std::string& home, const std::string& in, const std::string& out_file) {
  const Folder scratch;
  const std::string stdin_file = scratch.put("in", in), out = out_file.empty() ? scratch.path + "/out" : out_file,
                    err = scratch.path + "/err";
  const std::string program = HANDOFF_BIN_DIR "/handoff", home_is = "HOME=" + home;
  std::vector<char*> argv{const_cast<char*>(program.c_str())};
  for (auto& w : words) argv.push_back(w.data());
  argv.push_back(nullptr);
  char* env[] = {const_cast<char*>(home_is.c_str()), nullptr};
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, stdin_file.c_str(), O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, out.c_str(), O_WRONLY | O_CREAT, 0600);
  posix_spawn_file_actions_addopen(&files, 2, err.c_str(), O_WRONLY | O_CREAT, 0600);
  pid_t pid = -1;
  REQUIRE(::posix_spawn(&pid, program.c_str(), &files, nullptr, argv.data(), env) == 0);
  posix_spawn_file_actions_destroy(&files);
  int status = 0;
  REQUIRE(::waitpid(pid, &status, 0) == pid);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), out_file.empty() ? read_whole(out) : "", read_whole(err)};
}

std::size_t widest_line(const std::string& text) {
  std::size_t widest = 0, columns = 0;
  for (const char c : text) {
    if (c == '\n') columns = 0;
    if (c != '\n' && (static_cast<unsigned char>(c) & 0xc0) != 0x80) widest = std::max(widest, ++columns);
  }
  return widest;
}

}  // namespace cli_kit
