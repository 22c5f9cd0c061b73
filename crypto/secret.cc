// Locked, guarded memory for key material: sodium_malloc puts guard pages around it and mlocks it where the system allows.
#include "crypto/secret.h"

#include <sodium.h>

#include <cstring>
#include <utility>

#include "crypto/base/check.h"

namespace crypto {

SecretBytes::SecretBytes(std::size_t n) : n_(n) {
  if (n == 0) return;
  init();
  p_ = static_cast<base::Byte*>(sodium_malloc(n));
  CHECK(p_ != nullptr);
  std::memset(p_, 0, n);
}

SecretBytes::SecretBytes(base::View copy_of) : SecretBytes(copy_of.size()) {
  if (n_ != 0) std::memcpy(p_, copy_of.data(), n_);
}

SecretBytes::SecretBytes(SecretBytes&& o) noexcept : p_(std::exchange(o.p_, nullptr)), n_(std::exchange(o.n_, 0)) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& o) noexcept {
  if (this != &o) {
    clear();
    p_ = std::exchange(o.p_, nullptr);
    n_ = std::exchange(o.n_, 0);
  }
  return *this;
}

SecretBytes::~SecretBytes() { clear(); }

void SecretBytes::clear() {
  if (p_ != nullptr) sodium_free(p_);  // wipes before it unmaps
  p_ = nullptr;
  n_ = 0;
}

void wipe(void* p, std::size_t n) {
  if (n != 0) sodium_memzero(p, n);
}

bool same_secret(base::View a, base::View b) {
  return a.size() == b.size() && (a.empty() || sodium_memcmp(a.data(), b.data(), a.size()) == 0);
}

void init() {
  static const int rc = sodium_init();
  CHECK(rc >= 0);
}

}  // namespace crypto
