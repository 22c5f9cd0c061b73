// Rows at the end of a file that another system may take away at any time: a row is written whole, synced, or not at all; the next one begins
// a new file with its header. Not thread-safe.
#pragma once

#include <string>

#include "crypto/base/result.h"

namespace adapters::transport {

// `header` and `row` with their CRLF. Nothing is written if the row is the file's last one already (an event that comes again). kFull and kIo
// name the file.
base::Status append_row(const std::string& folder, const std::string& file, const std::string& header, const std::string& row);

}  // namespace adapters::transport
