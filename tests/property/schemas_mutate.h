// Damaging a buffer the way lines, disks and enemies do.
#pragma once

#include <rapidcheck.h>

#include "crypto/base/bytes.h"

inline base::Bytes damaged(base::Bytes v) {
  const auto times = *rc::gen::inRange(1, 4);
  for (int i = 0; i < times && !v.empty(); ++i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, v.size());
    switch (*rc::gen::inRange(0, 5)) {
      case 0: v[at] ^= static_cast<base::Byte>(1u << *rc::gen::inRange(0, 8)); break;
      case 1: v[at] = *rc::gen::arbitrary<base::Byte>(); break;
      case 2: v.resize(at); break;
      case 3: v.erase(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(at)); break;
      default: v.insert(v.begin() + static_cast<std::ptrdiff_t>(at), 4, base::Byte{0}); break;
    }
  }
  return v;
}
