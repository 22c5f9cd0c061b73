// A consortium of real programs in one folder: a hub and two agents, each of which can be killed and started again.
#pragma once

#include <memory>

#include "tests/fault/crash_child.h"

namespace fault {

inline constexpr const char* kSlugs[] = {"mercy", "harbor"};

class County {
 public:
  // Makes keys, anchor, certificates and policy with the programs themselves, and starts everything. Throws if a step fails.
  explicit County(std::string folder);

  [[nodiscard]] std::string hub_dir() const { return folder_ + "/hub"; }
  [[nodiscard]] std::string agent_dir(std::size_t i) const { return folder_ + "/" + kSlugs[i]; }
  [[nodiscard]] std::string log(const std::string& name) const { return folder_ + "/" + name + ".log"; }

  enum Who : std::size_t { kMercy, kHarbor, kHub };
  void start(Who who, const std::vector<std::string>& environment = {});  // without waiting
  void wait_ready(Who who);                                               // throws if it ends instead
  bool is_ready(Who who);                                                 // false: it ended instead
  int kill(Who who, int signal);
  int wait(Who who);  // until it ends by itself

 private:
  void must(const Command& command);
  Command command_of(Who who) const;

  std::string folder_, listen_;
  std::unique_ptr<Child> children_[3];
};

}  // namespace fault
