// Writing and reading fixed layouts by offset: what the codecs of transcript.h share.
#pragma once

#include "crypto/suite/suite.h"
#include "crypto/transcript.h"

namespace crypto::internal {

using base::Byte;
using base::View;

// Puts fields at fixed offsets of a zeroed buffer.
class Put {
 public:
  explicit Put(Byte* p) : p_(p) {}
  void bytes(std::size_t at, View v) { std::memcpy(p_ + at, v.data(), v.size()); }
  template <class T>
  void num(std::size_t at, T v) {
    base::store_le(p_ + at, v);
  }

 private:
  Byte* p_;
};

// Reads fields of a buffer whose length has been checked.
class Get {
 public:
  explicit Get(View v) : v_(v) {}
  template <std::size_t N>
  [[nodiscard]] base::Fixed<N> bytes(std::size_t at) const {
    return base::fixed<N>(v_.subspan(at, N));
  }
  template <class T>
  [[nodiscard]] T num(std::size_t at) const {
    return base::load_le<T>(v_.data() + at);
  }
  [[nodiscard]] bool zero(std::size_t at, std::size_t n) const { return base::all_zero(v_.subspan(at, n)); }

 private:
  View v_;
};

template <std::size_t N>
constexpr base::Fixed<N> label(std::string_view s) {
  base::Fixed<N> out{};
  for (std::size_t i = 0; i < s.size(); ++i) out[i] = static_cast<Byte>(s[i]);
  return out;
}
inline bool starts_with(View v, View magic) { return base::equal(v.first(magic.size()), magic); }

inline base::Error wrong(const char* what, const char* where) { return base::malformed(what, where); }

inline base::Status check_suite(std::uint16_t suite, const char* where) {
  if (find_suite(suite) != nullptr) return {};
  return base::Error{base::Kind::kUnsupported, "unknown suite", where, "update this program"};
}

}  // namespace crypto::internal
