// A buffer as the FlatBuffers verifier wants it: eight-byte aligned. Borrows the caller's bytes if they already are, else copies
// (a message of the network may start anywhere in its receive buffer).
#pragma once

#include <cstdint>
#include <cstring>
#include <vector>

#include "crypto/base/bytes.h"

namespace schemas::internal {

class Aligned {
 public:
  explicit Aligned(base::View v) : data_(v.data()), size_(v.size()) {
    if (v.empty() || reinterpret_cast<std::uintptr_t>(v.data()) % 8 == 0) return;
    copy_.resize((v.size() + 7) / 8);
    std::memcpy(copy_.data(), v.data(), v.size());
    data_ = reinterpret_cast<const base::Byte*>(copy_.data());
  }
  Aligned(const Aligned&) = delete;
  Aligned& operator=(const Aligned&) = delete;
  [[nodiscard]] const base::Byte* data() const { return data_; }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  const base::Byte* data_;
  std::size_t size_;
  std::vector<std::uint64_t> copy_;
};

}  // namespace schemas::internal
