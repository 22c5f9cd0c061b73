// lock: the running agent gives its keys away. It ends orderly and becomes (execve) a process that has never held a key or a message: nothing
// of what it knew can be in its memory. That process keeps the folder and the socket, answers that it is locked, and becomes the agent again
// once its secret lies where agent.toml says.
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "adapters/agent/api/server.h"
#include "adapters/agent/settings.h"
#include "adapters/program/commands.h"
#include "adapters/program/line.h"
#include "adapters/transport/http_server.h"

namespace adapters::program {
namespace {

constexpr const char* kSays =
    R"({"ok":false,"error":{"kind":"busy","what":"the keys of this agent are locked: nothing is sent, received or shown","where":"","mend":"put its passphrase back where agent.toml says"}})";

const char* credentials() { return std::getenv("CREDENTIALS_DIRECTORY"); }

// What watches this agency's agent learns it where it always asks.
transport::HttpResponse locked_page(const transport::HttpRequest& r) {
  const bool health = r.path == "/healthz";
  return {.status = 503, .type = health ? "application/json" : "text/plain", .body = health ? "{\"status\":\"locked\"}\n" : "the keys of this agent are locked\n",
          .headers = {{"Cache-Control", "no-store"}, {"Retry-After", "5"}}};
}

std::unique_ptr<transport::HttpServer> serve_locked(const agent::Settings& s) {
  if (!s.http) return nullptr;
  transport::HttpServerOptions o;
  o.listen = s.http->listen;
  o.cert_file = s.http->tls_cert, o.key_file = s.http->tls_key, o.client_ca = s.http->client_ca;
  o.plain_on_network = s.http->plain_on_network;
  o.clock = base::real_now;
  auto server = std::make_unique<transport::HttpServer>(std::move(o), locked_page);
  const base::Status started = server->start();
  if (started.ok()) return server;
  fmt::print(stderr, "handoff-agent: while locked, /healthz does not answer: {}\n", started.error().message());
  return nullptr;
}

bool secret_is_there(const agent::Settings& s) { return agent::unlock_secret(s.unlock, credentials()).ok(); }

// The process that listens on the agent's socket.
base::Result<pid_t> agent_behind(const std::string& socket) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  socket.copy(address.sun_path, sizeof address.sun_path - 1);
  ucred who{};
  socklen_t n = sizeof who;
  const bool known = fd >= 0 && ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                     ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &n) == 0;
  if (fd >= 0) ::close(fd);
  if (!known) return base::Error{base::Kind::kNotFound, "no agent runs here", socket};
  return who.pid;
}

}  // namespace

[[noreturn]] void become(const char* command, const std::string& config) {
  std::fflush(stdout);
  ::execl("/proc/self/exe", "handoff-agent", command, "--config", config.c_str(), nullptr);
  std::perror("handoff-agent: cannot go on as another process");
  ::_exit(kFailed);
}

base::Result<int> lock(const Arguments& a) {
  TRY_ASSIGN(const std::string config, config_path(a));
  TRY_ASSIGN(const agent::Settings s, agent::load_settings(config));
  if (secret_is_there(s)) {
    return base::Error{base::Kind::kConflict, "its secret still lies where agent.toml says: it would unlock at once",
                       s.unlock.passphrase_file.empty() ? s.unlock.key_file : s.unlock.passphrase_file, "take it away first (unmount it, or delete it)"};
  }
  TRY_ASSIGN(const pid_t pid, agent_behind(s.dir + "/agent.sock"));
  if (::kill(pid, SIGUSR1) != 0) return base::Error{base::Kind::kDenied, "the agent belongs to another user", s.dir, "run this as the agent's user"};
  fmt::print("{}: locking; it unlocks when its secret is back\n", s.dir);
  return kWorked;
}

// What `run` becomes. Not for people to type.
base::Result<int> locked(const Arguments& a) {
  TRY_ASSIGN(const std::string config, config_path(a));
  TRY_ASSIGN(const agent::Settings s, agent::load_settings(config));
  ::prctl(PR_SET_DUMPABLE, 0);
  const int folder = ::open((s.dir + "/agent.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (folder < 0 || ::flock(folder, LOCK_EX | LOCK_NB) != 0) return base::Error{base::Kind::kConflict, "another agent runs in this folder", s.dir, "stop it first"};
  sigset_t stop;
  sigemptyset(&stop);
  for (const int signal : {SIGTERM, SIGINT, SIGUSR1}) sigaddset(&stop, signal);
  ::pthread_sigmask(SIG_BLOCK, &stop, nullptr);
  const std::string socket = s.dir + "/agent.sock";
  TRY_ASSIGN(auto server, agent::api::Server::start(socket, [](const std::string&, const agent::api::Peer&, const agent::api::Reply& reply) { (void)reply(kSays); }));
  auto web = serve_locked(s);
  fmt::print("locked {}\n", socket);
  std::fflush(stdout);
  const timespec second{1, 0};
  for (;;) {
    const int signal = ::sigtimedwait(&stop, nullptr, &second);
    if (signal == SIGTERM || signal == SIGINT) return kWorked;
    if (!secret_is_there(s)) continue;
    server.reset();
    web.reset();
    become("run", config);
  }
}

}  // namespace adapters::program
