// One-time codes of an authenticator app (RFC 6238: SHA-1, 30 seconds, 6 digits), through liboath.
#pragma once

#include <optional>
#include <string>

#include "crypto/base/bytes.h"
#include "crypto/base/instant.h"

namespace adapters::agent::people {

inline constexpr std::size_t kTotpSecret = 20;

// The step that `code` is of, if it is this one, the one before or the next, and after `newest`: a code serves once.
std::optional<std::uint64_t> totp_step(base::View secret, std::string_view code, base::Instant now, std::uint64_t newest);
std::string totp_code(base::View secret, base::Instant at, unsigned digits = 6);  // what the app shows
std::string totp_base32(base::View secret);
// "otpauth://totp/..." for the app's camera.
std::string totp_uri(base::View secret, std::string_view agency, std::string_view login);

}  // namespace adapters::agent::people
