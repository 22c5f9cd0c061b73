// Real programs as children that can be killed at any moment, and an agent's socket seen from outside.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace fault {

using Command = std::vector<std::string>;

struct Finished {
  int code = -1;  // exit code, or 128 + signal
  std::string out;
};
Finished run(const Command& command);  // to its end; what it says on stderr is shown

class Child {  // killed when it goes out of scope
 public:
  // stderr is appended to `log`; `environment` ("NAME=value") is added to our own.
  Child(const Command& command, const std::string& log, const std::vector<std::string>& environment = {});
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  // The rest of the first line that begins with `word`; nullopt if the program ended without it.
  std::optional<std::string> ready(const std::string& word);
  int end(int signal);  // exit code, or 128 + signal
  int wait();           // the same, once it ends by itself

 private:
  int pid_ = -1, out_ = -1;
};

// One question over DATA/agent.sock. nullopt: no agent, or it died before it had answered; nothing is known then.
std::optional<nlohmann::json> ask(const std::string& data_dir, const nlohmann::json& question);

}  // namespace fault
