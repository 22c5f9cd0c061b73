// See crash_county.h.
#include "tests/fault/crash_county.h"

#include <arpa/inet.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>

namespace fault {
namespace {

std::string program(const char* name) { return std::string(HANDOFF_BIN_DIR "/") + name; }

int free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t n = sizeof a;
  if (::bind(fd, reinterpret_cast<sockaddr*>(&a), sizeof a) != 0 || ::getsockname(fd, reinterpret_cast<sockaddr*>(&a), &n) != 0)
    throw std::runtime_error("no port");
  ::close(fd);
  return ntohs(a.sin_port);
}

void write(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

constexpr const char* kPolicy = R"([policy]
id = "crash"
version = 1
effective = 2020-01-01T00:00:00Z
[[flow]]
id = "F1"
from = ["*"]
to = ["*"]
kinds = ["*"]
purpose = ["*"]
decision = "allow"
)";
constexpr const char* kHubConfig = R"([hub]
startup_quiet_ms = 0
[limits]
signature_checks_per_second = 1000000
frames_per_second = 1000000
)";

}  // namespace

County::County(std::string folder) : folder_(std::move(folder)), listen_("tcp://127.0.0.1:" + std::to_string(free_port())) {
  const auto keys = run({program("handoff-hub"), "keygen", hub_dir(), "--json"});
  if (keys.code != 0) throw std::runtime_error("keygen failed");
  const auto public_keys = nlohmann::json::parse(keys.out);
  const std::string authority = folder_ + "/authority", policy = folder_ + "/policy.toml", policy_note = folder_ + "/policy.note",
                    secret = folder_ + "/secret";
  write(secret, std::string(32, 'k'));
  write(policy, kPolicy);
  must({program("handoff-authority"), "init", authority, "--consortium", "crash.example", "--authorities", "1", "--threshold", "1",
        "--test", "--passphrase-file", secret, "--hub-transport", public_keys["transport"], "--log-key", public_keys["vkey"]});
  must({program("handoff-authority"), "policy", "sign", authority, policy, "-o", policy_note, "--passphrase-file", secret});
  must({program("handoff-hub"), "init", hub_dir(), "--anchor", authority + "/anchor.note"});
  write(hub_dir() + "/hub.toml", kHubConfig);
  must({program("handoff-hub"), "add", hub_dir(), policy_note, "--rules", policy});
  for (std::size_t i = 0; i < 2; ++i) {
    const std::string cert = agent_dir(i) + ".cert";
    must({program("handoff-agent"), "init", agent_dir(i), "--slug", kSlugs[i], "--kind", i == 0 ? "hospital_ed" : "crisis_center", "--hub",
          listen_, "--consortium", "crash.example", "--key-file", secret});
    must({program("handoff-authority"), "issue", authority, agent_dir(i) + "/request.note", "-o", cert, "--passphrase-file", secret});
    must({program("handoff-agent"), "enroll", agent_dir(i), "--cert", cert, "--anchor", authority + "/anchor.note"});
    must({program("handoff-hub"), "add", hub_dir(), cert});
  }
  for (Who who : {kHub, kMercy, kHarbor}) {
    start(who);
    wait_ready(who);
  }
}

void County::must(const Command& command) {
  if (const auto done = run(command); done.code != 0)
    throw std::runtime_error(command[0] + " " + command[1] + ": exit " + std::to_string(done.code) + "\n" + done.out);
}

Command County::command_of(Who who) const {
  if (who == kHub) return {program("handoff-hub"), "run", hub_dir(), "--listen", listen_};
  return {program("handoff-agent"), "run", agent_dir(who)};
}

void County::start(Who who, const std::vector<std::string>& environment) {
  children_[who] = std::make_unique<Child>(command_of(who), log(who == kHub ? "hub" : kSlugs[who]), environment);
}

bool County::is_ready(Who who) { return children_[who]->ready(who == kHub ? "listening " : "ready ").has_value(); }

void County::wait_ready(Who who) {
  if (is_ready(who)) return;
  throw std::runtime_error(std::string(who == kHub ? "the hub" : kSlugs[who]) + " did not start again: exit " +
                           std::to_string(children_[who]->end(SIGTERM)));
}

int County::wait(Who who) { return children_[who]->wait(); }

int County::kill(Who who, int signal) { return children_[who]->end(signal); }

}  // namespace fault
