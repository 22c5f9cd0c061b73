// The system's generator, and UUIDv7 (RFC 9562 section 5.7) from any generator.
#include "crypto/random.h"

#include <sodium.h>

#include "crypto/secret.h"

namespace crypto {
namespace {

class SystemRandom final : public Random {
 public:
  void fill(std::span<base::Byte> out) override {
    if (!out.empty()) randombytes_buf(out.data(), out.size());
  }
};

}  // namespace

Random& system_random() {
  init();
  static SystemRandom random;
  return random;
}

base::Id uuid7(Random& r, base::Instant now) {
  base::Id id = r.bytes<16>();
  for (std::size_t i = 0; i < 6; ++i) id[i] = static_cast<base::Byte>(now.ms >> (8 * (5 - i)));
  id[6] = static_cast<base::Byte>(0x70 | (id[6] & 0x0f));  // version 7
  id[8] = static_cast<base::Byte>(0x80 | (id[8] & 0x3f));  // variant 10
  return id;
}

}  // namespace crypto
