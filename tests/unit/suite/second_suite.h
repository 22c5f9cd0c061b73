// A suite that no program has: the sizes of suite 1, and other primitives throughout. It shows what adding one touches (crypto/suite/suite.h):
// these two rows, and a line in each table, for which it is the tables' guest here.
#pragma once

#include "crypto/suite/sealing.h"
#include "crypto/suite/suite.h"

namespace second {

inline constexpr std::uint16_t kId = 0x7F01;

// Known while it lives.
class Known {
 public:
  Known();
  ~Known();
  Known(const Known&) = delete;
  Known& operator=(const Known&) = delete;
};

}  // namespace second
