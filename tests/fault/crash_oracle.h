// What must hold after every crash: what an agent acknowledged arrives at the other end, each message once, in order, none missing.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/fault/crash_county.h"
#include "tests/fault/crash_load.h"

namespace fault {

struct Folder {  // removed at the end, unless the test failed or HANDOFF_CRASH_KEEP is set
  std::string path;
  Folder();
  ~Folder();
};

// Two writers at each agent, from the moment when both can seal to each other.
class Load {
 public:
  explicit Load(const County& county);
  // Stops the load, waits until all is delivered, and judges every thread at both ends. Returns the number of messages.
  std::size_t judge();

 private:
  const County& county_;
  std::vector<std::unique_ptr<Writer>> writers_;
};

}  // namespace fault
