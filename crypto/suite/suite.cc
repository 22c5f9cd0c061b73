// The table of suites, and its one guest.
#include "crypto/suite/suite.h"

#include "crypto/base/check.h"
#include "crypto/suite/guest.h"
#include "crypto/suite/sodium/sodium.h"

namespace crypto {
namespace {

constexpr const Suite* kSuites[] = {&sodium::kSuite};
const Suite* guest = nullptr;

}  // namespace

const Suite* find_suite(std::uint16_t id) {
  for (const Suite* s : kSuites) {
    if (s->id == id) return s;
  }
  return guest != nullptr && guest->id == id ? guest : nullptr;
}

bool verify(std::uint16_t suite, const PublicKey& key, base::View bytes, base::View sig) {
  const Suite* s = find_suite(suite);
  return s != nullptr && s->verify(key, bytes, sig);
}

Signature sign(std::uint16_t suite, const SignKey& key, base::View bytes) {
  const Suite* s = find_suite(suite);
  CHECK(s != nullptr);
  return s->sign(key, bytes);
}

namespace internal {

void set_guest(const Suite* s) { guest = s; }

}  // namespace internal
}  // namespace crypto
