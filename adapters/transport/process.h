// A child process that is not trusted: pipes on its standard streams, a process group of its own, limits, and nothing inherited but what
// is named here (no descriptors, no environment). It dies with the thread that started it (PR_SET_PDEATHSIG), so start it in a thread that
// lives as long. A resource: not copyable; one thread uses it. Source: prctl(2), setrlimit(2), close_range(2), pidfd_open(2).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/transport/descriptor.h"
#include "crypto/base/result.h"

namespace adapters::transport {

struct ProcessOptions {
  std::vector<std::string> command;                    // a path, or a name that is looked up in `path`; then its words
  std::string path = "/usr/local/bin:/usr/bin:/bin";
  std::string folder = "/";                            // where it runs
  std::vector<std::string> environment;                // "NAME=value", all of it
  // 0: no limit. Memory is address space; CPU is what allow_cpu() renews; `processes` counts all of this user's and does not bind root.
  std::uint64_t memory_bytes = 0, cpu_seconds = 0, files = 64, processes = 256, file_bytes = 0;
  bool own_stderr = true;                              // false: the standard error is ours, for a person who watches
};

struct Ended {
  int code = 0, signal = 0;                            // signal 0: it left with `code`
  [[nodiscard]] std::string words() const;             // "it left with exit code 3", "it was ended by signal 9"
};

class Process {
 public:
  // kUsage: no command. kNotFound: no such program or folder. kIo: the system gave no process or pipe.
  static base::Result<std::unique_ptr<Process>> start(const ProcessOptions& options);
  ~Process();                                          // ends it and its group at once
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] int in() const { return in_.get(); }     // to its standard input; none of these blocks
  [[nodiscard]] int out() const { return out_.get(); }   // its standard output
  [[nodiscard]] int err() const { return err_.get(); }   // its standard error; -1 without own_stderr
  [[nodiscard]] int end() const { return end_.get(); }   // readable once it has ended
  void close_in() { in_.reset(); }

  // Gives it what fits now; how much that was. nullopt: it does not read any more.
  std::optional<std::size_t> put(std::string_view bytes);
  // What it has written on `fd` (out or err), at most 64 KiB: "" nothing now, nullopt it is closed.
  static std::optional<std::string> take(int fd);

  // How it ended, once it has; its group is ended with it, then.
  std::optional<Ended> ended();
  // Waits for its end up to `grace_ms`, then ends it and its group.
  Ended finish(std::uint64_t grace_ms);
  // From now on it may use `seconds` more of CPU.
  void allow_cpu(std::uint64_t seconds) const;

 private:
  Process() = default;
  Descriptor in_, out_, err_, end_;
  pid_t pid_ = -1;
  std::optional<Ended> ended_;
};

}  // namespace adapters::transport
