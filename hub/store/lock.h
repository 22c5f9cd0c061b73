// FileLock: one process at a time per folder (flock on a file in it). Released by the destructor and by the kernel when the process dies.
#pragma once

#include <string>

#include "crypto/base/result.h"

namespace hub::store {

class FileLock {
 public:
  // Creates the file if missing. kBusy: another process holds it.
  static base::Result<FileLock> take(const std::string& path);
  FileLock(FileLock&& o) noexcept;
  FileLock& operator=(FileLock&& o) noexcept;
  ~FileLock();

 private:
  explicit FileLock(int fd) : fd_(fd) {}
  int fd_ = -1;
};

}  // namespace hub::store
