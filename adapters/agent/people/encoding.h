// Bytes as texts in addresses and in JSON.
#pragma once

#include <optional>
#include <string>

#include "crypto/base/bytes.h"

namespace adapters::agent::people {

std::string percent_encoded(std::string_view text);             // letters, digits and -._~ stay (RFC 3986)
std::string base64url(base::View v);                            // without padding (RFC 4648)
std::optional<base::Bytes> unbase64url(std::string_view text);

}  // namespace adapters::agent::people
