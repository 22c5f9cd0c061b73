// The socket's threads.
#include "adapters/agent/api/server.h"

#include <poll.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <list>
#include <mutex>
#include <thread>
#include <vector>

namespace adapters::agent::api {
namespace {

class Fd {
 public:
  explicit Fd(int fd = -1) : fd_(fd) {}
  Fd(Fd&& o) noexcept : fd_(std::exchange(o.fd_, -1)) {}
  Fd& operator=(Fd&& o) noexcept {
    std::swap(fd_, o.fd_);
    return *this;
  }
  ~Fd() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

Peer peer_of(int fd) {
  ucred cred{};
  socklen_t n = sizeof cred;
  Peer p;
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &n) != 0) return p;
  p.uid = cred.uid;
  p.name = std::to_string(cred.uid);
  passwd entry{};
  passwd* found = nullptr;
  std::vector<char> buffer(16384);
  if (::getpwuid_r(cred.uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr) p.name = entry.pw_name;
  return p;
}

bool send_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

class SocketServer final : public Server {
 public:
  SocketServer(std::string path, Fd listener, Handler handler) : path_(std::move(path)), listener_(std::move(listener)), handler_(std::move(handler)) {}
  ~SocketServer() override {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
      for (const Session& s : sessions_) ::shutdown(s.fd.get(), SHUT_RDWR);
    }
    ::shutdown(listener_.get(), SHUT_RDWR);
    if (acceptor_.joinable()) acceptor_.join();
    for (Session& s : sessions_) s.thread.join();
    ::unlink(path_.c_str());
  }
  void run() {
    acceptor_ = std::thread([this] { accept_all(); });
  }

 private:
  struct Session {
    Fd fd;
    std::thread thread;
    bool ended = false;
  };

  void accept_all() {
    for (;;) {
      Fd fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      const std::lock_guard lock(mutex_);
      if (stop_) return;
      if (fd.get() < 0) continue;
      reap();
      if (sessions_.size() >= kMaxPeers) {
        send_all(fd.get(), "{\"ok\":false,\"error\":{\"kind\":\"busy\",\"what\":\"too many connections\"}}\n");
        continue;
      }
      Session& s = sessions_.emplace_back();
      s.fd = std::move(fd);
      s.thread = std::thread([this, &s] { serve(s); });
    }
  }
  void reap() {
    for (auto it = sessions_.begin(); it != sessions_.end();) {
      if (it->ended) {
        it->thread.join();
        it = sessions_.erase(it);
      } else {
        ++it;
      }
    }
  }
  void serve(Session& s) {
    const Peer peer = peer_of(s.fd.get());
    std::string pending;
    std::vector<char> block(65536);
    bool open = true;
    const Reply reply = [&](const std::string& line) { return open = open && send_all(s.fd.get(), line + "\n"); };
    while (open) {
      const ssize_t n = ::recv(s.fd.get(), block.data(), block.size(), 0);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) break;
      pending.append(block.data(), static_cast<std::size_t>(n));
      for (std::size_t end = pending.find('\n'); open && end != std::string::npos; end = pending.find('\n')) {
        handler_(pending.substr(0, end), peer, reply);
        pending.erase(0, end + 1);
      }
      if (pending.size() > kMaxLine) break;
    }
    const std::lock_guard lock(mutex_);
    ::shutdown(s.fd.get(), SHUT_RDWR);
    s.ended = true;
  }

  std::string path_;
  Fd listener_;
  Handler handler_;
  std::mutex mutex_;
  bool stop_ = false;
  std::list<Session> sessions_;
  std::thread acceptor_;
};

}  // namespace

base::Result<std::unique_ptr<Server>> Server::start(const std::string& path, Handler handler) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return base::Error{base::Kind::kUsage, "the path is too long for a socket", path, "use a data folder with a shorter path"};
  path.copy(address.sun_path, path.size());
  Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ::unlink(path.c_str());
  if (fd.get() < 0 || ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 || ::chmod(path.c_str(), 0660) != 0 ||
      ::listen(fd.get(), 16) != 0) {
    return base::Error{base::Kind::kIo, "the socket cannot be opened", path};
  }
  auto server = std::make_unique<SocketServer>(path, std::move(fd), std::move(handler));
  server->run();
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace adapters::agent::api
