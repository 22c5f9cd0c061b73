#include "adapters/agent/people/totp.h"

#include <liboath/oath.h>

#include <cstdlib>

#include "adapters/agent/people/encoding.h"
#include "crypto/base/check.h"
#include "crypto/secret.h"

namespace adapters::agent::people {
namespace {

constexpr std::uint64_t kStepMs = 30 * base::kSecond;

std::string code_of_step(base::View secret, std::uint64_t step, unsigned digits) {
  char out[16] = {};
  const int rc = oath_hotp_generate(reinterpret_cast<const char*>(secret.data()), secret.size(), step, digits, false, OATH_HOTP_DYNAMIC_TRUNCATION, out);
  CHECK(rc == OATH_OK);
  return out;
}

}  // namespace

std::string totp_code(base::View secret, base::Instant at, unsigned digits) { return code_of_step(secret, at.ms / kStepMs, digits); }

std::optional<std::uint64_t> totp_step(base::View secret, std::string_view code, base::Instant now, std::uint64_t newest) {
  if (secret.empty() || code.size() != 6) return std::nullopt;
  const std::uint64_t middle = now.ms / kStepMs;
  std::optional<std::uint64_t> found;
  for (std::uint64_t step = middle - 1; step <= middle + 1; ++step) {
    if (crypto::same_secret(base::view(code_of_step(secret, step, 6)), base::view(code)) && step > newest) found = step;
  }
  return found;
}

std::string totp_base32(base::View secret) {
  char* text = nullptr;
  std::size_t size = 0;
  const int rc = oath_base32_encode(reinterpret_cast<const char*>(secret.data()), secret.size(), &text, &size);
  CHECK(rc == OATH_OK);
  std::string out(text, size);
  std::free(text);
  while (!out.empty() && out.back() == '=') out.pop_back();
  return out;
}

std::string totp_uri(base::View secret, std::string_view agency, std::string_view login) {
  return "otpauth://totp/" + percent_encoded(agency) + ":" + percent_encoded(login) + "?secret=" + totp_base32(secret) + "&issuer=" + percent_encoded(agency) + "&algorithm=SHA1&digits=6&period=30";
}

}  // namespace adapters::agent::people
