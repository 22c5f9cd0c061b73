// What a benchmark run costs: CPU, memory and written bytes of a process tree, bytes and flushes of the disk behind a folder.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace bench {

std::int64_t now_ns();  // CLOCK_MONOTONIC
double own_cpu();       // user + system seconds of this process
double machine_cpu();   // busy seconds of all cores

struct TreeUse {
  double cpu = 0, written = 0, pss_mb = 0;
};
TreeUse tree_use(int root_pid, bool memory = false);  // the process and its descendants

struct DiskUse {
  double bytes = 0, flushes = 0;
};
DiskUse disk_use(const std::string& folder);  // of the whole device
void settle(const std::string& folder);       // everything written so far goes to the device

double quantile(std::vector<double> v, double q);

}  // namespace bench
