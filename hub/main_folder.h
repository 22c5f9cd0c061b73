// The hub's data folder, and what its commands share.
//   anchor.note            the consortium's anchor, pinned at init
//   log.key transport.key  32 bytes in hex, mode 0600: the log's Ed25519 seed, the CURVE secret
//   next-log.key next-transport.key  the same for the next anchor (keygen --next); they take the others' places once an anchor names them
//   store/ index/          the journal; the search index (may be deleted)
//   incoming/              notes to be taken in: `handoff-hub add`
//   stopped                left by a clean stop, gone while running
//   metrics.prom           written every ten seconds
#pragma once

#include <string>
#include <vector>

#include "crypto/certificate.h"
#include "hub/journal/journal.h"

namespace hub {

// Exit codes: 0 it worked, 1 a finding, 2 an error, 3 the disk failed: run `check` before the next start (decisions D16).
inline constexpr int kWorked = 0, kFinding = 1, kError = 2, kDiskFailed = 3;

struct Arguments {                                           // what came after the command's name
  std::vector<std::string> words;                            // without dashes
  std::vector<std::pair<std::string, std::string>> options;  // --name value, or --name alone with ""
  [[nodiscard]] bool has(std::string_view name) const;
  [[nodiscard]] std::string get(std::string_view name, std::string fallback = {}) const;
};

class Folder {
 public:
  explicit Folder(std::string dir) : dir_(std::move(dir)) {}
  [[nodiscard]] const std::string& dir() const { return dir_; }
  [[nodiscard]] std::string path(const char* name) const { return dir_ + "/" + name; }

  [[nodiscard]] base::Result<crypto::SignKey> log_key(bool next = false) const;
  [[nodiscard]] base::Result<crypto::BoxKey> transport(bool next = false) const;
  [[nodiscard]] base::Result<state::LogKeys> keys() const;  // all that are here
  // Next keys that this anchor names take the places of the old ones, which are gone then. kConflict: it names keys that are not here.
  [[nodiscard]] base::Status use_keys_of(const crypto::Anchor& anchor) const;
  [[nodiscard]] base::Result<std::string> anchor_note() const;  // whole
  // The pinned anchor's values.
  [[nodiscard]] base::Result<crypto::Anchor> anchor() const;
  [[nodiscard]] base::Status write_key(const char* name, base::View secret) const;  // new file only
  [[nodiscard]] base::Result<std::unique_ptr<journal::Journal>> open_journal(std::uint64_t map_size) const;

 private:
  std::string dir_;
};

inline constexpr std::uint64_t kMapSize = 64ULL << 30;

base::Result<std::string> read_file(const std::string& path);
base::Status write_new_file(const std::string& path, std::string_view text, unsigned mode);
// Prints "where: what; mend" to stderr and gives the exit code that fits.
int report(const base::Error& e);
int exit_code(const base::Error& e);

int keygen_command(const Arguments& a);
int init_command(const Arguments& a);
int add_command(const Arguments& a);
int run_command(const Arguments& a);
int check_command(const Arguments& a);
int backup_command(const Arguments& a);
int restore_command(const Arguments& a);
int rebuild_command(const Arguments& a);

// A hub's keys, anchor and store into a new folder, also beside the hub that runs in the old one.
base::Status copy_folder(const Folder& from, const Folder& to);

}  // namespace hub
