// handoff-agent inspect: reads files as an adapter would, and sends nothing.
#pragma once

#include <string>
#include <vector>

#include "crypto/base/result.h"

namespace adapters {

struct InspectOptions {
  std::string format;   // empty: by the file's suffix
  std::string mapping;  // a mapping file; empty: the structure alone is looked at
};
struct Inspected {
  std::string json;   // one line: file, format, kind, verdict (read, partial, refused), fields, unmapped, warnings, error
  bool read = false;  // verdict read
};

// kUsage: no reader for that format; kNotFound, kMalformed: the mapping. What is wrong with the file itself is in the answer. No contents
// in it: `fields` are the paths that got a value.
base::Result<Inspected> inspect(const std::string& path, const InspectOptions& options);

}  // namespace adapters
