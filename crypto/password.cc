#include "crypto/password.h"

#include <sodium.h>

#include <cstring>

#include "crypto/base/check.h"
#include "crypto/secret.h"

namespace crypto {

std::string hash_password(std::string_view password, const PasswordCost& cost) {
  init();
  char out[crypto_pwhash_STRBYTES] = {};
  const int rc = crypto_pwhash_str_alg(out, password.data(), password.size(), cost.passes, cost.memory, crypto_pwhash_ALG_ARGON2ID13);
  CHECK(rc == 0);
  return out;
}

bool password_matches(const std::string& kept, std::string_view password) {
  init();
  if (!kept.starts_with("$argon2id$") || kept.size() >= crypto_pwhash_STRBYTES) return false;
  return crypto_pwhash_str_verify(kept.c_str(), password.data(), password.size()) == 0;
}

bool password_needs_rehash(const std::string& kept, const PasswordCost& cost) {
  init();
  return crypto_pwhash_str_needs_rehash(kept.c_str(), cost.passes, cost.memory) != 0;
}

}  // namespace crypto
