// The trace that the preloaded recorder writes and replay reads: one header per event, then the path and the bytes.
#pragma once

#include <cstdint>

namespace fault {

enum class Op : std::uint8_t {
  kWrite = 1,      // bytes at an offset; in flight until the file is synced
  kSyncWrite = 2,  // the same on an O_SYNC or O_DSYNC descriptor: these bytes are durable when the call returns
  kSync = 3,       // fsync, fdatasync or msync: everything written to the file before it is durable
  kTruncate = 4,   // the new size is in `offset`
  kMark = 5,       // a line that the program wrote to its marks file: "acknowledged 17"
};

struct Event {
  Op op;
  std::uint8_t zero[3];
  std::uint32_t path_len;
  std::uint64_t offset;
  std::uint64_t len;
};
static_assert(sizeof(Event) == 24);

}  // namespace fault
