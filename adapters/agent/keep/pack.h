// The bytes of records in the agent's own store. A record names its fields once, in order, and that serves both ways:
//
//   void fields(auto& f, MaybeConst<SeenRow> auto& r) { f(r.msg_id, r.reader, r.at); }
//
// A field is a whole number, a bool or an enum (little-endian, in its own width), a time, an array of bytes of fixed length, a text or bytes (u32 length,
// contents), a row with fields(), or a vector, set or map of those (u32 count, contents). Fields that a later version added stand last, behind
// `if (f.more())`: older records end before them. Values; nothing here touches a disk.
#pragma once

#include <algorithm>
#include <concepts>
#include <optional>
#include <string>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/instant.h"

namespace adapters::agent::keep {

template <class T, class Row>
concept MaybeConst = std::same_as<std::remove_const_t<T>, Row>;

namespace shape {
template <class T>
concept Counted = std::convertible_to<const T&, std::string_view> || std::same_as<T, base::Bytes> || std::same_as<T, base::View>;  // a length and bytes
template <class T>
inline constexpr bool kFixed = false;
template <std::size_t N>
inline constexpr bool kFixed<base::Fixed<N>> = true;
template <class T>
concept Map = requires { typename T::mapped_type; };
template <class T>
concept Several = requires(T& v) { v.begin(), v.end(), v.size(); };
}  // namespace shape

class Packer {
 public:
  template <class... T>
  Packer& operator()(const T&... v) {
    (put(v), ...);
    return *this;
  }
  [[nodiscard]] static constexpr bool more() { return true; }
  template <class E>
  void within(E, E, E) {}  // see Unpacker
  base::Bytes take() { return std::move(out_); }

 private:
  template <class T>
  void put(const T& v) {
    if constexpr (std::is_enum_v<T>) {
      put(static_cast<std::underlying_type_t<T>>(v));
    } else if constexpr (std::same_as<T, bool>) {
      put(static_cast<std::uint8_t>(v));
    } else if constexpr (std::integral<T>) {
      base::Byte b[sizeof(T)];
      base::store_le(b, v);
      base::append(out_, {b, sizeof(T)});
    } else if constexpr (std::same_as<T, base::Instant>) {
      put(v.ms);
    } else if constexpr (shape::Counted<T>) {
      put(static_cast<std::uint32_t>(v.size()));
      base::append(out_, {reinterpret_cast<const base::Byte*>(v.data()), v.size()});
    } else if constexpr (shape::kFixed<T>) {
      base::append(out_, v);
    } else if constexpr (shape::Map<T>) {
      put(static_cast<std::uint32_t>(v.size()));
      for (const auto& [key, one] : v) (*this)(key, one);
    } else if constexpr (shape::Several<const T>) {
      put(static_cast<std::uint32_t>(v.size()));
      for (const auto& one : v) put(one);
    } else {
      fields(*this, v);
    }
  }
  base::Bytes out_;
};

// Runs out of bytes: the fields keep what they had, and it is remembered. Ask ok() once, at the end.
class Unpacker {
 public:
  explicit Unpacker(base::View in) : in_(in) {}
  template <class... T>
  Unpacker& operator()(T&... v) {
    (get(v), ...);
    return *this;
  }
  [[nodiscard]] bool ok() const { return ok_ && in_.empty(); }     // everything was there, and nothing is left over
  [[nodiscard]] bool more() const { return ok_ && !in_.empty(); }  // fields that a later version added
  template <class E>
  void within(E v, E least, E most) {  // else the record is none of ours
    if (v < least || v > most) ok_ = false;
  }

 private:
  template <class T>
  void get(T& v) {
    if constexpr (std::is_enum_v<T>) {
      std::underlying_type_t<T> n{};
      get(n);
      v = static_cast<T>(n);
    } else if constexpr (std::same_as<T, bool>) {
      std::uint8_t n = 0;
      get(n);
      v = n != 0;
    } else if constexpr (std::integral<T>) {
      if (const base::View b = cut(sizeof(T)); ok_) v = base::load_le<T>(b.data());
    } else if constexpr (std::same_as<T, base::Instant>) {
      get(v.ms);
    } else if constexpr (shape::Counted<T>) {
      std::uint32_t n = 0;
      get(n);
      if (const base::View b = cut(n); ok_) v.assign(b.begin(), b.end());
    } else if constexpr (shape::kFixed<T>) {
      if (const base::View b = cut(v.size()); ok_) std::copy(b.begin(), b.end(), v.begin());
    } else if constexpr (shape::Several<T>) {
      std::uint32_t n = 0;
      get(n);
      for (; n > 0 && ok_; --n) insert(v);
    } else {
      fields(*this, v);
    }
  }
  template <class T>
  void insert(T& all) {
    if constexpr (shape::Map<T>) {
      typename T::key_type key;
      get(key);
      get(all[std::move(key)]);
    } else {
      typename T::value_type one{};
      get(one);
      all.insert(all.end(), std::move(one));
    }
  }
  base::View cut(std::size_t n) {
    ok_ = ok_ && n <= in_.size();
    if (!ok_) return {};
    const base::View v = in_.first(n);
    in_ = in_.subspan(n);
    return v;
  }
  base::View in_;
  bool ok_ = true;
};

// A record, or fields of one that has no type.
template <class... T>
base::Bytes pack(const T&... v) {
  return Packer()(v...).take();
}
// The same fields again; false: bytes of another shape.
template <class... T>
bool unpack_to(base::View bytes, T&... v) {
  Unpacker u(bytes);
  return u(v...).ok();
}
// nullopt: bytes of another shape.
template <class Row>
std::optional<Row> unpack(base::View bytes) {
  Row row;
  return unpack_to(bytes, row) ? std::optional(std::move(row)) : std::nullopt;
}

}  // namespace adapters::agent::keep
