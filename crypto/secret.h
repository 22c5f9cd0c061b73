// Secret<N>: N bytes of key material in locked, guarded memory. Move-only: it cannot be copied, printed or compared with ==.
// Wiped when it dies. A moved-from Secret is empty. Not for sharing between threads without a lock around moves.
#pragma once

#include <cstddef>

#include "crypto/base/bytes.h"

namespace crypto {

// The owner of one sodium_malloc'd block; Secret<N> and the variable-sized SecretBytes sit on it.
class SecretBytes {
 public:
  SecretBytes() = default;
  explicit SecretBytes(std::size_t n);  // zeroed; aborts only if the process is out of memory
  explicit SecretBytes(base::View copy_of);
  SecretBytes(SecretBytes&& o) noexcept;
  SecretBytes& operator=(SecretBytes&& o) noexcept;
  SecretBytes(const SecretBytes&) = delete;
  SecretBytes& operator=(const SecretBytes&) = delete;
  ~SecretBytes();

  [[nodiscard]] base::Byte* data() { return p_; }
  [[nodiscard]] const base::Byte* data() const { return p_; }
  [[nodiscard]] std::size_t size() const { return n_; }
  [[nodiscard]] bool empty() const { return n_ == 0; }
  [[nodiscard]] base::View view() const { return {p_, n_}; }  // valid while this lives; do not keep
  void clear();
  bool operator==(const SecretBytes&) const = delete;

 private:
  base::Byte* p_ = nullptr;
  std::size_t n_ = 0;
};

template <std::size_t N>
class Secret : public SecretBytes {
 public:
  Secret() : SecretBytes(N) {}
  explicit Secret(const base::Fixed<N>& copy_of) : SecretBytes(base::View(copy_of)) {}
};

void wipe(void* p, std::size_t n);                  // sodium_memzero
bool same_secret(base::View a, base::View b);       // constant time for equal lengths
void init();                                        // sodium_init; idempotent, thread-safe; every entry point calls it

}  // namespace crypto
