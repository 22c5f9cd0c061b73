// Reading and writing the authority's files: whole, durable, and never half written.
#pragma once

#include <filesystem>
#include <string>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

namespace cli::authority {

base::Result<std::string> read_file(const std::filesystem::path& file);  // at most 1 MiB; "-" is standard input
// Writes a temporary file beside it, syncs, renames. `fresh`: refuse to replace a file. `secret`: mode 0600.
struct WriteMode {
  bool fresh = false;
  bool secret = false;
};
base::Status write_file(const std::filesystem::path& file, base::View bytes, WriteMode mode = {});
base::Status make_dir(const std::filesystem::path& dir);  // 0700 if it is new

}  // namespace cli::authority
