// See meter.h. Reads /proc and /sys.
#include "tests/bench/meter.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

namespace bench {
namespace {

// Fields of /proc/PID/stat after the name; empty if the process has gone.
std::vector<std::string> stat_fields(int pid) {
  std::ifstream f("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  std::getline(f, line);
  std::istringstream rest(line.substr(std::min(line.size(), line.rfind(')') + 1)));
  std::vector<std::string> out;
  for (std::string s; rest >> s;) out.push_back(s);
  return out;
}

std::set<int> descendants(int root) {
  std::multimap<int, int> children;
  if (DIR* d = opendir("/proc")) {
    while (const dirent* e = readdir(d)) {
      const int pid = std::atoi(e->d_name);
      const auto fields = pid > 0 ? stat_fields(pid) : std::vector<std::string>();
      if (fields.size() > 1) children.emplace(std::stoi(fields[1]), pid);
    }
    closedir(d);
  }
  std::set<int> out;
  for (std::vector<int> todo{root}; !todo.empty();) {
    const int pid = todo.back();
    todo.pop_back();
    if (!out.insert(pid).second) continue;
    for (auto [i, end] = children.equal_range(pid); i != end; ++i) todo.push_back(i->second);
  }
  return out;
}

double field_after(const std::string& file, const std::string& name) {
  std::ifstream f(file);
  double sum = 0;
  for (std::string line; std::getline(f, line);) {
    if (line.rfind(name, 0) == 0) sum += std::stod(line.substr(name.size()));
  }
  return sum;
}

}  // namespace

std::int64_t now_ns() {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<std::int64_t>(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}

double own_cpu() {
  rusage r{};
  getrusage(RUSAGE_SELF, &r);
  const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  return seconds(r.ru_utime) + seconds(r.ru_stime);
}

double machine_cpu() {
  std::ifstream f("/proc/stat");
  std::string name;
  double v[8] = {};
  f >> name;
  for (double& x : v) f >> x;
  return (v[0] + v[1] + v[2] + v[5] + v[6] + v[7]) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

TreeUse tree_use(int root_pid, bool memory) {
  TreeUse use;
  if (root_pid <= 0) return use;
  const double hz = static_cast<double>(sysconf(_SC_CLK_TCK));
  for (int pid : descendants(root_pid)) {
    const auto f = stat_fields(pid);
    for (std::size_t i = 11; i < 15 && f.size() > 15; ++i) use.cpu += std::stod(f[i]) / hz;
    const std::string proc = "/proc/" + std::to_string(pid);
    use.written += field_after(proc + "/io", "write_bytes: ");
    if (memory) use.pss_mb += field_after(proc + "/smaps_rollup", "Pss:") / 1024;
  }
  return use;
}

DiskUse disk_use(const std::string& folder) {
  struct stat st {};
  DiskUse use;
  if (stat(folder.c_str(), &st) != 0) return use;
  std::ifstream f("/sys/dev/block/" + std::to_string(major(st.st_dev)) + ":" + std::to_string(minor(st.st_dev)) + "/stat");
  double v[17] = {};
  for (int i = 0; i < 17 && f >> v[i]; ++i) {
  }
  use.bytes = v[6] * 512;
  use.flushes = v[15];
  return use;
}

void settle(const std::string& folder) {
  const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY);
  if (fd < 0) return;
  syncfs(fd);
  close(fd);
}

double quantile(std::vector<double> v, double q) {
  if (v.empty()) return 0;
  std::sort(v.begin(), v.end());
  return v[std::min(v.size() - 1, static_cast<std::size_t>(q * static_cast<double>(v.size())))];
}

}  // namespace bench
