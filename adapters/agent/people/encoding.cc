#include "adapters/agent/people/encoding.h"

#include <algorithm>

namespace adapters::agent::people {

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (kPlain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return out;
}

std::string base64url(base::View v) {
  std::string s = base::base64(v);
  std::ranges::replace(s, '+', '-');
  std::ranges::replace(s, '/', '_');
  while (s.ends_with('=')) s.pop_back();
  return s;
}

std::optional<base::Bytes> unbase64url(std::string_view text) {
  std::string s(text);
  if (s.find_first_of("+/=") != std::string::npos) return std::nullopt;
  std::ranges::replace(s, '-', '+');
  std::ranges::replace(s, '_', '/');
  while (s.size() % 4 != 0) s += '=';
  return base::unbase64(s);
}

}  // namespace adapters::agent::people
