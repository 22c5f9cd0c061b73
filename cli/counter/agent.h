// The line to one's own agent: a Unix socket that speaks JSON lines (docs/spec/agent-socket.md). One question at a time.
#pragma once

#include <functional>

#include "cli/counter/call.h"
#include "schemas/json.h"

namespace cli::counter {

using schemas::Json;
using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

class Agent {
 public:
  // The agent with this data folder. kNotFound: no agent there; kBusy: it does not answer.
  static base::Result<Agent> connect(const std::string& dir);
  Agent(Agent&& o) noexcept;
  Agent& operator=(Agent&& o) noexcept;
  ~Agent();

  // The answer, or the agent's own error. Lines of progress go to `progress`.
  base::Result<std::shared_ptr<Json>> ask(const Json& request, const Progress& progress = {});

 private:
  Agent(int fd, std::string where) : fd_(fd), where_(std::move(where)) {}
  base::Status send(std::string_view line);
  base::Result<std::string> receive();
  int fd_ = -1;
  std::string where_, pending_;
};

// Asks whom the options name: an agent, or the hub of an auditor's profile (hub_line.h).
base::Result<std::shared_ptr<Json>> ask(const Call& call, const Json& request, const Progress& progress = {});

}  // namespace cli::counter
