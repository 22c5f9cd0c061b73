// Mistakes that must not compile. Built once as it is (must pass) and once a case with -DCASE=n (must fail, for the reason that
// tests/compile_fail/vault.cmake names).
#include <iostream>

#include "crypto/locker.h"
#include "crypto/seal.h"

namespace {

crypto::Secret<32> secret() { return {}; }
crypto::SignKey sign_key() { return crypto::SignKey::from_seed(secret()); }
crypto::BoxKey box_key() { return crypto::BoxKey::from_secret(secret()); }
void hub_stores(const crypto::SealedGroup&) {}

}  // namespace

int main() {
  const crypto::Secret<32> s = secret();
  const crypto::SignKey sign = sign_key();
  const crypto::BoxKey box = box_key();
  const crypto::DraftGroup plain;
#if CASE == 1
  const crypto::Secret<32> copy = s;  // a secret has one owner
#elif CASE == 2
  if (s == secret()) return 1;  // == is not constant-time: same_secret()
#elif CASE == 3
  std::cout << s;
#elif CASE == 4
  const crypto::SignKey copy = sign;
#elif CASE == 5
  std::cout << sign;
#elif CASE == 6
  if (sign == sign_key()) return 1;
#elif CASE == 7
  const crypto::BoxKey copy = box;
#elif CASE == 8
  if (box == box_key()) return 1;
#elif CASE == 9
  const base::Fixed<32> bytes = s;  // key material does not turn into a value
#elif CASE == 10
  hub_stores(plain);  // what is plain is never taken for sealed
#elif CASE == 11
  const crypto::Secret<64> longer = secret();  // nor one length for another
#elif CASE == 12
  const crypto::Locker locker(s, crypto::system_random());  // a locker takes its key over, it does not share it
#else
  hub_stores({});
#endif
  return s.empty() && sign.seed().empty() && box.secret().empty() && plain.to.empty() ? 1 : 0;
}
