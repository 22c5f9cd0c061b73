// See agent.h.
#include "cli/counter/agent.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>

#include "cli/counter/bearer.h"
#include "cli/counter/hub_line.h"

namespace cli::counter {
namespace {

using base::Error;
using base::Kind;

constexpr std::size_t kMaxLine = 32u << 20;
constexpr timeval kSilence{120, 0};  // an agent that says nothing for so long is not well

Error silent(const std::string& where) {
  return {Kind::kBusy, "the agent does not answer", where, "is it running? see handoff-agent doctor"};
}

// The kind that an agent's error names; an unknown one is treated as an error of ours to show.
Kind kind_of(std::string_view kind) {
  for (int k = 0; k <= static_cast<int>(Kind::kUsage); ++k) {
    if (kind == base::name(static_cast<Kind>(k))) return static_cast<Kind>(k);
  }
  return Kind::kUnsupported;
}

Error error_of(const Json& e) {
  const auto part = [&](const char* key) {
    const auto it = e.find(key);
    return it != e.end() && it->is_string() ? it->get<std::string>() : std::string();
  };
  return {kind_of(part("kind")), part("what"), part("where"), part("mend")};
}

}  // namespace

Agent::Agent(Agent&& o) noexcept : fd_(std::exchange(o.fd_, -1)), where_(std::move(o.where_)), pending_(std::move(o.pending_)) {}
Agent& Agent::operator=(Agent&& o) noexcept {
  std::swap(fd_, o.fd_);
  std::swap(where_, o.where_);
  std::swap(pending_, o.pending_);
  return *this;
}
Agent::~Agent() {
  if (fd_ >= 0) ::close(fd_);
}

base::Result<Agent> Agent::connect(const std::string& dir) {
  const std::string path = dir + "/agent.sock";
  // A socket's path may have 107 bytes only; through the open folder any path will do.
  const int folder = ::open(dir.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return Error{Kind::kNotFound, "there is no such data folder", dir, "name the agent's data folder with --agent DIR"};
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string through = "/proc/self/fd/" + std::to_string(folder) + "/agent.sock";
  through.copy(address.sun_path, sizeof address.sun_path - 1);
  Agent agent(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), path);
  const int rc = agent.fd_ < 0 ? -1 : ::connect(agent.fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  const int why = errno;
  ::close(folder);
  if (rc != 0 && why == EACCES)
    return Error{Kind::kIo, "you may not speak to this agent", path, "ask its administrator to add you to the socket's group"};
  if (rc != 0) return Error{Kind::kNotFound, "no agent listens there", path, "start it: handoff-agent run --config " + dir + "/agent.toml"};
  ::setsockopt(agent.fd_, SOL_SOCKET, SO_RCVTIMEO, &kSilence, sizeof kSilence);
  ::setsockopt(agent.fd_, SOL_SOCKET, SO_SNDTIMEO, &kSilence, sizeof kSilence);
  return agent;
}

base::Status Agent::send(std::string_view line) {
  while (!line.empty()) {
    const ssize_t n = ::send(fd_, line.data(), line.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return silent(where_);
    line.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

base::Result<std::string> Agent::receive() {
  char block[65536];
  std::size_t searched = 0;
  for (;;) {
    if (const auto end = pending_.find('\n', searched); end != std::string::npos) {
      std::string line = pending_.substr(0, end);
      pending_.erase(0, end + 1);
      return line;
    }
    searched = pending_.size();
    if (searched > kMaxLine) return Error{Kind::kTooLarge, "the agent's answer is too long", where_};
    const ssize_t n = ::recv(fd_, block, sizeof block, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return silent(where_);
    pending_.append(block, static_cast<std::size_t>(n));
  }
}

base::Result<std::shared_ptr<Json>> Agent::ask(const Json& request, const Progress& progress) {
  const std::string line = schemas::dump(request) + "\n";
  if (line.size() > kMaxLine) return Error{Kind::kTooLarge, "the request is larger than 32 MiB", where_};
  TRY(send(line));
  for (;;) {
    TRY_ASSIGN(const std::string text, receive());
    auto parsed = schemas::parse_json(text, kMaxLine);
    if (!parsed.ok() || !(*parsed)->is_object())
      return base::malformed("the agent's answer is not one JSON object", where_, "are the agent and this program of one version?");
    const Json& j = **parsed;
    if (const auto p = j.find("progress"); p != j.end() && !j.contains("ok")) {
      if (progress && p->is_object()) progress(p->value("done", std::uint64_t{0}), p->value("total", std::uint64_t{0}));
      continue;
    }
    if (const auto e = j.find("error"); e != j.end() && e->is_object()) return error_of(*e);
    return std::move(parsed).value();
  }
}

base::Result<std::shared_ptr<Json>> ask(const Call& call, const Json& request, const Progress& progress) {
  TRY_ASSIGN(const Profile whom, whom_to_ask(call));
  if (!whom.hub.empty()) {
    TRY_ASSIGN(const auto hub, HubLine::connect(whom));
    return hub->ask(request, progress);
  }
  TRY_ASSIGN(auto agent, Agent::connect(whom.agent));
  const std::string bearer = kept_bearer(call);
  if (bearer.empty()) return agent.ask(request, progress);
  Json signed_in = request;
  signed_in["bearer"] = bearer;
  return agent.ask(signed_in, progress);
}

}  // namespace cli::counter
