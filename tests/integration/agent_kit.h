// Real agent processes around a real hub process: enrolled over the wire, spoken to through their sockets.
#pragma once

#include <nlohmann/json.hpp>

#include "schemas/json.h"
#include "tests/integration/hub_kit.h"

namespace agent_kit {

using schemas::Json;

struct Road {  // to the hub, if it is not the straight one
  std::string endpoint;
  std::function<void(const std::string& slug, const std::string& dir)> enrolled;  // before it runs
};
hub_kit::Finished run_agent(const std::vector<std::string>& args);  // handoff-agent, to its end

class AgentProcess {
 public:
  // init, certificate from the test's authorities (handed to the hub by another member), enroll; then run.
  AgentProcess(hub_kit::World& world, const std::string& slug, const std::string& kind, const Road& road = {});
  ~AgentProcess();
  AgentProcess(const AgentProcess&) = delete;
  AgentProcess& operator=(const AgentProcess&) = delete;
  void start();                                   // waits for "ready"
  int end(int signal);                            // exit code, or 128 + signal
  Json ask(const Json& request) const;            // one request on a connection of its own; the answer, whatever it says
  Json must(const Json& request) const;           // the answer, which has to be ok
  [[nodiscard]] std::size_t count(const std::string& thread) const;   // events of a thread
  [[nodiscard]] std::string phase(const std::string& thread) const;
  [[nodiscard]] const std::string& dir() const { return dir_; }
  [[nodiscard]] int pid() const { return pid_; }
  bool said(const std::string& begin);            // takes what it printed since; true: a line begins so

 private:
  std::string dir_;
  int pid_ = -1, out_ = -1;
  std::string heard_;
};

}  // namespace agent_kit
