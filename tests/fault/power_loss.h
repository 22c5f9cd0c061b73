// Power loss without a special machine: reads a recorded trace and rebuilds every state of the disk that POSIX allows at every moment.
// Durable at a moment: what was synced before it. In flight: everything written since; any subset of its 4 KiB blocks may be there.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/fault/trace.h"

namespace fault {

struct TraceEvent {
  Op op;
  std::string path;
  std::uint64_t offset;
  std::string bytes;
};
std::vector<TraceEvent> read_trace(const std::string& file);  // aborts on a torn trace: it is our own file

// One file as it may lie on the disk.
using Files = std::map<std::string, std::string>;

struct Moment {
  std::size_t event;                // the crash came before this event
  std::vector<std::string> marks;   // what had been acknowledged by then
  const Files& files;
};

// Calls `judge` for the states at every event: nothing in flight arrived; all of it; each write alone; all but each; `samples` random
// subsets of blocks. Returns the number of states. `judge` returns false to stop.
std::size_t every_power_loss(const std::vector<TraceEvent>& trace, unsigned samples, std::uint64_t seed, const std::function<bool(const Moment&)>& judge);

}  // namespace fault
