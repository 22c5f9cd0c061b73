// Packer and Unpacker: the plain little-endian form of records in the agent's own store. Values; nothing here touches a disk.
// An Unpacker that runs out of bytes returns zeros and remembers it: ask ok() once, at the end.
#pragma once

#include <string>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/instant.h"

namespace adapters::agent::keep {

class Packer {
 public:
  template <class T>
  Packer& num(T v) {
    base::Byte b[sizeof(T)];
    base::store_le(b, v);
    base::append(out_, {b, sizeof(T)});
    return *this;
  }
  Packer& flag(bool v) { return num<std::uint8_t>(v ? 1 : 0); }
  Packer& at(base::Instant t) { return num(t.ms); }
  Packer& raw(base::View v) {  // fixed length, known to the reader
    base::append(out_, v);
    return *this;
  }
  Packer& bytes(base::View v) { return num(static_cast<std::uint32_t>(v.size())).raw(v); }
  Packer& text(std::string_view s) { return bytes(base::view(s)); }
  Packer& texts(const std::vector<std::string>& v) {
    num(static_cast<std::uint32_t>(v.size()));
    for (const std::string& s : v) text(s);
    return *this;
  }
  base::Bytes take() { return std::move(out_); }

 private:
  base::Bytes out_;
};

class Unpacker {
 public:
  explicit Unpacker(base::View in) : in_(in) {}
  template <class T>
  T num() {
    const base::View v = cut(sizeof(T));
    return v.size() == sizeof(T) ? base::load_le<T>(v.data()) : T{};
  }
  bool flag() { return num<std::uint8_t>() != 0; }
  base::Instant at() { return {num<std::uint64_t>()}; }
  template <std::size_t N>
  base::Fixed<N> raw() {
    const base::View v = cut(N);
    return v.size() == N ? base::fixed<N>(v) : base::Fixed<N>{};
  }
  base::View bytes() { return cut(num<std::uint32_t>()); }
  std::string text() { return base::to_string(bytes()); }
  std::vector<std::string> texts() {
    std::vector<std::string> out;
    for (auto n = num<std::uint32_t>(); n > 0 && !short_of_bytes(); --n) out.push_back(text());
    return out;
  }
  [[nodiscard]] bool ok() const { return ok_ && in_.empty(); }  // everything was there, and nothing is left over
  [[nodiscard]] bool short_of_bytes() const { return !ok_; }
  [[nodiscard]] bool more() const { return ok_ && !in_.empty(); }  // fields that a later version added

 private:
  base::View cut(std::size_t n) {
    if (n > in_.size()) {
      ok_ = false;
      in_ = {};
      return {};
    }
    const base::View v = in_.first(n);
    in_ = in_.subspan(n);
    return v;
  }
  base::View in_;
  bool ok_ = true;
};

}  // namespace adapters::agent::keep
