// Bytes, views and fixed-size ids: the vocabulary that every room shares.
// All of these are values. Nothing here allocates behind your back except Bytes itself.
// Errors: the decoders return std::nullopt on any character or length that is not exactly right.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace base {

using Byte = std::uint8_t;
using Bytes = std::vector<Byte>;
using View = std::span<const Byte>;
template <std::size_t N>
using Fixed = std::array<Byte, N>;

using Hash = Fixed<32>;  // SHA-256 output, key digests
using Id = Fixed<16>;    // agency, agent, message and thread ids (UUIDv7 layout for the last two)

inline View view(std::string_view s) { return {reinterpret_cast<const Byte*>(s.data()), s.size()}; }
inline std::string_view text(View v) { return {reinterpret_cast<const char*>(v.data()), v.size()}; }
inline Bytes to_bytes(View v) { return {v.begin(), v.end()}; }
inline Bytes to_bytes(std::string_view s) { return to_bytes(view(s)); }
inline std::string to_string(View v) { return std::string(text(v)); }

// Public comparison of public values. For secrets use crypto::same_secret.
bool equal(View a, View b);
bool all_zero(View v);

// Copies exactly N bytes. The caller has checked the length (CHECKed again).
template <std::size_t N>
Fixed<N> fixed(View v) {
  Fixed<N> out{};
  if (v.size() != N) __builtin_trap();
  std::memcpy(out.data(), v.data(), N);
  return out;
}

void append(Bytes& out, View v);
Bytes concat(std::initializer_list<View> parts);

// Little-endian integers inside binary structures; big-endian for LMDB keys and C2SP fields.
template <class T>
T load_le(const Byte* p) {
  T v = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) v = static_cast<T>(v | (static_cast<T>(p[i]) << (8 * i)));
  return v;
}
template <class T>
void store_le(Byte* p, T v) {
  for (std::size_t i = 0; i < sizeof(T); ++i) p[i] = static_cast<Byte>(v >> (8 * i));
}
template <class T>
T load_be(const Byte* p) {
  T v = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) v = static_cast<T>((v << 8) | p[i]);
  return v;
}
template <class T>
void store_be(Byte* p, T v) {
  for (std::size_t i = 0; i < sizeof(T); ++i) p[sizeof(T) - 1 - i] = static_cast<Byte>(v >> (8 * i));
}

std::string hex(View v);  // lowercase
std::optional<Bytes> unhex(std::string_view s);
std::optional<Id> unhex_id(std::string_view s);      // exactly 32 lowercase or uppercase digits
std::optional<Hash> unhex_hash(std::string_view s);  // exactly 64 digits
std::string uuid(const Id& id);                      // 8-4-4-4-12 lowercase
std::optional<Id> parse_uuid(std::string_view s);    // with or without dashes

// RFC 4648 standard alphabet with padding; decoding is strict (canonical, no white space).
std::string base64(View v);
std::optional<Bytes> unbase64(std::string_view s);

struct IdHash {
  std::size_t operator()(const Id& id) const { return load_le<std::size_t>(id.data()) ^ load_le<std::size_t>(id.data() + 8); }
};
struct HashHash {
  std::size_t operator()(const Hash& h) const { return load_le<std::size_t>(h.data()); }
};

}  // namespace base
