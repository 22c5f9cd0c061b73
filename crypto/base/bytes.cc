// Hex, base64 and byte helpers; std only.
#include "crypto/base/bytes.h"

namespace base {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::string_view kB64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

int sextet(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

template <std::size_t N>
std::optional<Fixed<N>> unhex_fixed(std::string_view s) {
  auto b = unhex(s);
  if (!b || b->size() != N) return std::nullopt;
  return fixed<N>(*b);
}

}  // namespace

bool equal(View a, View b) { return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0); }

bool all_zero(View v) {
  Byte acc = 0;
  for (Byte b : v) acc |= b;
  return acc == 0;
}

void append(Bytes& out, View v) { out.insert(out.end(), v.begin(), v.end()); }

Bytes concat(std::initializer_list<View> parts) {
  std::size_t n = 0;
  for (View p : parts) n += p.size();
  Bytes out;
  out.reserve(n);
  for (View p : parts) append(out, p);
  return out;
}

std::string hex(View v) {
  std::string out;
  out.reserve(v.size() * 2);
  for (Byte b : v) {
    out += kHex[b >> 4];
    out += kHex[b & 15];
  }
  return out;
}

std::optional<Bytes> unhex(std::string_view s) {
  if (s.size() % 2 != 0) return std::nullopt;
  Bytes out;
  out.reserve(s.size() / 2);
  for (std::size_t i = 0; i < s.size(); i += 2) {
    int hi = nibble(s[i]);
    int lo = nibble(s[i + 1]);
    if (hi < 0 || lo < 0) return std::nullopt;
    out.push_back(static_cast<Byte>(hi << 4 | lo));
  }
  return out;
}

std::optional<Id> unhex_id(std::string_view s) { return unhex_fixed<16>(s); }
std::optional<Hash> unhex_hash(std::string_view s) { return unhex_fixed<32>(s); }

std::string uuid(const Id& id) {
  std::string h = hex(id);
  return h.substr(0, 8) + "-" + h.substr(8, 4) + "-" + h.substr(12, 4) + "-" + h.substr(16, 4) + "-" + h.substr(20);
}

std::optional<Id> parse_uuid(std::string_view s) {
  if (s.size() == 32) return unhex_id(s);
  if (s.size() != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-') return std::nullopt;
  std::string plain;
  for (char c : s)
    if (c != '-') plain += c;
  return unhex_id(plain);
}

std::string base64(View v) {
  std::string out;
  out.reserve((v.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < v.size(); i += 3) {
    std::size_t n = std::min<std::size_t>(3, v.size() - i);
    std::uint32_t w = static_cast<std::uint32_t>(v[i]) << 16;
    if (n > 1) w |= static_cast<std::uint32_t>(v[i + 1]) << 8;
    if (n > 2) w |= v[i + 2];
    out += kB64[w >> 18];
    out += kB64[w >> 12 & 63];
    out += n > 1 ? kB64[w >> 6 & 63] : '=';
    out += n > 2 ? kB64[w & 63] : '=';
  }
  return out;
}

std::optional<Bytes> unbase64(std::string_view s) {
  if (s.size() % 4 != 0) return std::nullopt;
  Bytes out;
  out.reserve(s.size() / 4 * 3);
  for (std::size_t i = 0; i < s.size(); i += 4) {
    bool last = i + 4 == s.size();
    std::size_t pad = 0;
    if (last && s[i + 3] == '=') pad = s[i + 2] == '=' ? 2 : 1;
    std::uint32_t w = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      int d = k >= 4 - pad ? 0 : sextet(s[i + k]);
      if (d < 0) return std::nullopt;
      w = w << 6 | static_cast<std::uint32_t>(d);
    }
    if ((pad == 1 && (w & 0xff) != 0) || (pad == 2 && (w & 0xffff) != 0)) return std::nullopt;
    out.push_back(static_cast<Byte>(w >> 16));
    if (pad < 2) out.push_back(static_cast<Byte>(w >> 8));
    if (pad < 1) out.push_back(static_cast<Byte>(w));
  }
  return out;
}

}  // namespace base
