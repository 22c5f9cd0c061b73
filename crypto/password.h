// Passwords of people (decisions 0010): Argon2id (RFC 9106) through libsodium, in its own encoded form with salt and cost inside.
#pragma once

#include <string>
#include <string_view>

namespace crypto {

struct PasswordCost {
  unsigned passes = 2;            // RFC 9106 asks for one at this much memory at least
  std::size_t memory = 64u << 20; // bytes; while one password is tried
};

// "$argon2id$v=19$...": what is kept. Aborts only if the memory cannot be had.
std::string hash_password(std::string_view password, const PasswordCost& cost);
// Takes as long for any wrong password. An empty or broken `kept` matches nothing, at once: use a decoy where that would tell something.
bool password_matches(const std::string& kept, std::string_view password);
bool password_needs_rehash(const std::string& kept, const PasswordCost& cost);  // made under another cost

}  // namespace crypto
