// Whole files, or none: reading with a limit, writing so that a reader sees the old file or the new one and never a part.
// Errors: kNotFound, kTooLarge, kFull (no space), kIo. They name the file, never its contents.
#pragma once

#include <string>
#include <string_view>

#include "crypto/base/result.h"

namespace adapters::transport {

base::Result<std::string> read_file(const std::string& path, std::size_t max_bytes);
// Written under a temporary name, synced, renamed into place, folder synced.
base::Status write_file(const std::string& folder, const std::string& name, std::string_view bytes);
base::Status make_folder(const std::string& path);  // parents too; 0700
// Moves into another folder of the same file system under `name`, or under "name.2", "name.3" ... if that is taken. The name it got.
base::Result<std::string> move_file(const std::string& from, const std::string& folder, const std::string& name);
base::Status remove_file(const std::string& path);

}  // namespace adapters::transport
