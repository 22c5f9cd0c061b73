// The common base of adapters that watch one folder and write into another: start and stop, the table's common keys, health, and what a
// disk that is not the agent's own may do. A derived class says how a file is taken and an event delivered; its destructor calls stop().
//
// Keys of the table, besides the derived class's own:
//   in = "DIR"         watched; processed files go to in/done, refused ones to in/quarantine with NAME.reason.txt
//   out = "DIR"        written into, whole files; never the same folder
//   purpose ("CRISIS"), keep_done (true), settle_ms (2000), rescan_ms (5000)
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/agent/plugin.h"
#include "adapters/folder/sheet.h"
#include "adapters/transport/folder.h"
#include "schemas/config.h"
#include "schemas/registry.h"

namespace adapters::folder {

struct Settings {
  std::string name, out;
  schemas::Purpose purpose = schemas::Purpose::kCrisis;
  transport::FolderOptions in;
};

// kUsage and kMalformed name the key and the mend. `suffixes`: of the files that are taken.
base::Result<Settings> read_settings(const schemas::Config& config, const std::string& name, std::vector<std::string> suffixes);
// kUsage for a key that nobody asked for; call last.
base::Status refuse_unknown(const schemas::Config& config, const std::string& name);

// kBusy, kFull, kIo: the same bytes may be offered again.
bool passing(base::Kind kind);

class Adapter : public agent::Adapter {
 public:
  explicit Adapter(Settings s) : settings_(std::move(s)) {}
  base::Status start(agent::Host& host) override;
  // As a file that came in now, but for what take() writes beside it.
  base::Status take_again(std::string_view, base::View bytes) override { return take("again", base::text(bytes)); }
  void stop() override;
  [[nodiscard]] agent::Health health() const override;

 protected:
  // In the watch's own thread. ok: done. kBusy, kFull, kIo: offered again. Anything else: into quarantine, with the message as the reason.
  virtual base::Status take(const std::string& file, std::string_view bytes) = 0;
  [[nodiscard]] virtual std::string words() const { return "watching " + settings_.in.path; }  // thread-safe

  // What keeps it from its work, in words; "" if nothing does.
  [[nodiscard]] virtual std::string trouble() const;  // thread-safe

  // kStale for an event that contradicts another or that the thread's rules refused: not for anybody's records.
  static base::Status still_true(const agent::Delivery& d);
  // The folder may be somebody else's disk: what fails there is tried again (kBusy), and health says so meanwhile.
  base::Status noted(const base::Status& written);
  base::Status write(const std::string& file, std::string_view bytes) { return write(settings_.out, file, bytes); }
  base::Status write(const std::string& folder, const std::string& file, std::string_view bytes);
  // What became of a file's records: OUT/NAME.result.csv, and what was refused in quarantine. Not ok: the file as a whole was refused.
  base::Status report(const std::string& file, const Taken& taken);
  void keep_refused(const Outcome& o);
  base::Status delivered(const base::Status& written);  // `written`, and counted

  agent::Host* host_ = nullptr;  // from start() on
  std::atomic<std::uint64_t> accepted_{0}, refused_{0}, delivered_{0};

 private:
  Settings settings_;
  std::optional<transport::FolderWatch> watch_;
  std::atomic<bool> disk_trouble_{false};
};

}  // namespace adapters::folder
