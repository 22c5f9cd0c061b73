// Random: where fresh bytes come from. Passed in, so that tests can repeat a run and attack a repeated generator.
#pragma once

#include <span>

#include "crypto/base/bytes.h"
#include "crypto/base/instant.h"

namespace crypto {

class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<base::Byte> out) = 0;  // thread-safe
  template <std::size_t N>
  base::Fixed<N> bytes() {
    base::Fixed<N> out;
    fill(out);
    return out;
  }
};

Random& system_random();              // libsodium's; for main.cc and tests that do not care
base::Id uuid7(Random& r, base::Instant now);  // RFC 9562 section 5.7: time-ordered, 74 random bits

}  // namespace crypto
