// Scanner: the agency's own virus scanner, a program that reads one file from its standard input and answers with its exit code: 0 clean,
// 1 infected, anything else (and silence until the time limit): no verdict. The bytes go through a pipe and never to a file of ours. The
// child has no environment, no open file of ours, limits on memory, time and files, and leaves no core. Thread-safe; blocks its caller.
#pragma once

#include <string>
#include <vector>

#include "adapters/agent/keep/records.h"

namespace adapters::agent::blob {

class Scanner {
 public:
  Scanner(std::vector<std::string> command, std::uint64_t timeout_ms) : command_(std::move(command)), timeout_ms_(timeout_ms) {}
  [[nodiscard]] keep::BlobScan scan(base::View bytes) const;  // kNotYet: no verdict

 private:
  std::vector<std::string> command_;
  std::uint64_t timeout_ms_;
};

}  // namespace adapters::agent::blob
