// A clock that tests may set: real time plus an offset that lies in a file of eight bytes (milliseconds, little-endian, signed), so that
// many processes can be moved at once. Only for consortia whose anchor says `test` (decisions D18): whoever opens one checks that first.
#pragma once

#include <string>

#include "crypto/base/instant.h"
#include "crypto/base/result.h"

namespace base {

// kIo, kUsage: there is no such file, or it is not eight bytes long. The clock is callable from any thread and outlives the file's name.
Result<Clock> test_clock(const std::string& path);

}  // namespace base
