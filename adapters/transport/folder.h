// A watched folder: hands each file that is dropped in to a handler once it is whole, then moves it to done/ or quarantine/.
// Whole means: renamed into place, or closed by its writer, or (found at start or by a rescan) unchanged for `settle_ms`; and in
// every case no process has it open for writing. Names that begin with '.' or end in ".tmp", ".part" or "~" are left alone, so
// "write under another name, then rename" always works. What the handler could not settle now is offered again later.
//
// One thread. A crash between the handler's return and the move hands the file in again: the handler must be idempotent.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <variant>
#include <vector>

#include "adapters/transport/descriptor.h"
#include "crypto/base/instant.h"
#include "crypto/base/result.h"

namespace adapters::transport {

struct FolderOptions {
  std::string path;       // also holds done/ and quarantine/
  std::vector<std::string> suffixes;  // ".json", in any case; other files are left alone
  bool keep_done = true;  // false: processed files are removed
  std::size_t max_bytes = 32u << 20;
  std::uint64_t settle_ms = 2 * base::kSecond;
  std::uint64_t rescan_ms = 5 * base::kSecond;  // also how soon a file is offered again
  base::Clock clock;
};

// ok: done. kBusy, kFull, kIo: not now, offer it again. Anything else: quarantine, with the error's message as the reason.
using FileHandler = std::function<base::Status(const std::string& name, std::string_view bytes)>;

class FolderWatch {
 public:
  FolderWatch(FolderOptions options, FileHandler handler);
  ~FolderWatch();
  FolderWatch(const FolderWatch&) = delete;
  FolderWatch& operator=(const FolderWatch&) = delete;

  base::Status start();  // makes the folders; kIo
  void stop();           // thread-safe, once or often
  [[nodiscard]] std::uint64_t quarantined() const { return quarantined_; }
  [[nodiscard]] std::uint64_t processed() const { return processed_; }
  [[nodiscard]] std::uint64_t trouble() const { return trouble_; }  // files that could not be moved or read, by the disk's fault

 private:
  struct Seen {
    std::uint64_t size = 0, changed_ns = 0;
    base::Instant since;
    bool finished = false;  // its writer said so
  };
  void run();
  void read_events();
  void scan();
  bool whole(const std::string& name, Seen& seen);
  void process(const std::string& name);
  base::Status settle(const std::string& name, const base::Status& verdict);
  [[nodiscard]] bool wanted(std::string_view name) const;
  [[nodiscard]] std::string file(const std::string& name) const { return options_.path + "/" + name; }

  FolderOptions options_;
  FileHandler handler_;
  StopFlag stop_;
  Descriptor inotify_;
  std::thread thread_;
  std::mutex stopping_;
  std::map<std::string, Seen> seen_;
  std::atomic<std::uint64_t> quarantined_{0}, processed_{0}, trouble_{0};
};

}  // namespace adapters::transport
