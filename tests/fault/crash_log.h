// The dead hub's log, read from its store without the hub's code: each look must extend the one before it.
#pragma once

#include <string>

#include "crypto/merkle.h"

namespace fault {

class LogWitness {
 public:
  // Reads the store under `hub_dir` while no hub runs. Empty: the log extends what was seen before; else what is wrong.
  std::string look(const std::string& hub_dir);
  [[nodiscard]] std::uint64_t size() const { return size_; }

 private:
  std::uint64_t size_ = 0;
  base::Hash root_ = crypto::merkle_root({});
};

}  // namespace fault
