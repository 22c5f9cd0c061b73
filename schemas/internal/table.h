// One codec for every small table: the list of a struct's fields (fields.h) drives both directions.
// Writer is the FlatBuffers builder behind a door; Reader walks a buffer that the generated verifier has accepted, by offset, so it
// needs no alignment and no library. Scalars equal to the struct's default and empty values are not written; absent means default.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/instant.h"
#include "crypto/base/result.h"
#include "schemas/fields.h"

namespace schemas::internal {

template <class T>
concept Scalar = std::is_arithmetic_v<T> || std::is_enum_v<T> || std::is_same_v<T, base::Instant>;
template <class T>
inline constexpr std::size_t kFixedSize = 0;
template <std::size_t N>
inline constexpr std::size_t kFixedSize<base::Fixed<N>> = N;

inline constexpr unsigned kMaxFields = 48;
inline constexpr std::size_t kMaxHashes = 64;  // of one path, or slots of one group

class Writer {
 public:
  using Ref = std::uint32_t;  // 0: absent
  explicit Writer(std::size_t room);
  ~Writer();
  Ref text(std::string_view v);
  Ref bytes(base::View v);  // eight-byte aligned, so that a buffer may lie inside
  Ref numbers(std::span<const std::uint16_t> v);
  Ref refs(std::span<const Ref> v);
  void start();
  void put(unsigned id, std::uint64_t value, std::size_t width);
  void put_ref(unsigned id, Ref ref);
  Ref end();
  base::Bytes finish(Ref root);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

template <class T>
Writer::Ref write_table(Writer& w, const T& o, bool even_if_empty);

inline Writer::Ref write_child(Writer& w, const std::string& v) { return v.empty() ? 0 : w.text(v); }
inline Writer::Ref write_child(Writer& w, const base::Bytes& v) { return v.empty() ? 0 : w.bytes(v); }
template <std::size_t N>
Writer::Ref write_child(Writer& w, const base::Fixed<N>& v) {
  return base::all_zero(v) ? 0 : w.bytes(v);
}
inline Writer::Ref write_child(Writer& w, const std::vector<std::uint16_t>& v) { return w.numbers(v); }  // none is not the default
template <std::size_t N>
Writer::Ref write_child(Writer& w, const std::vector<base::Fixed<N>>& v) {  // one byte vector
  base::Bytes all;
  for (const auto& h : v) base::append(all, h);
  return all.empty() ? 0 : w.bytes(all);
}
inline Writer::Ref write_pair(Writer& w, const std::pair<const std::string, std::string>& kv) {
  const auto key = w.text(kv.first), value = write_child(w, kv.second);
  w.start();
  w.put_ref(0, key);
  if (value != 0) w.put_ref(1, value);
  return w.end();
}
inline Writer::Ref write_blob(Writer& w, const base::Bytes& v) {
  const auto data = w.bytes(v);
  w.start();
  w.put_ref(0, data);
  return w.end();
}
template <class T>
Writer::Ref write_child(Writer& w, const std::vector<T>& v) {
  std::vector<Writer::Ref> refs;
  refs.reserve(v.size());
  for (const auto& e : v) {
    if constexpr (std::is_same_v<T, std::string>)
      refs.push_back(w.text(e));
    else if constexpr (std::is_same_v<T, base::Bytes>)
      refs.push_back(write_blob(w, e));
    else
      refs.push_back(write_table(w, e, true));
  }
  return refs.empty() ? 0 : w.refs(refs);
}
inline Writer::Ref write_child(Writer& w, const std::map<std::string, std::string>& v) {
  std::vector<Writer::Ref> refs;
  for (const auto& kv : v) refs.push_back(write_pair(w, kv));
  return refs.empty() ? 0 : w.refs(refs);
}
template <class T>
Writer::Ref write_child(Writer& w, const T& v) {
  return write_table(w, v, false);
}

template <Scalar T>
std::uint64_t raw(const T& v) {
  if constexpr (std::is_same_v<T, base::Instant>)
    return v.ms;
  else
    return static_cast<std::uint64_t>(v);
}

template <class T>
Writer::Ref write_table(Writer& w, const T& o, bool even_if_empty) {
  const T plain{};
  std::array<Writer::Ref, kMaxFields> refs{};
  bool any = even_if_empty;
  fields(Tag<T>{}, [&](unsigned id, const char*, auto member) {
    using F = std::remove_cvref_t<decltype(o.*member)>;
    if constexpr (Scalar<F>)
      any = any || raw(o.*member) != raw(plain.*member);
    else
      any = (refs[id] = write_child(w, o.*member)) != 0 || any;
  });
  if (!any) return 0;
  w.start();
  fields(Tag<T>{}, [&](unsigned id, const char*, auto member) {
    using F = std::remove_cvref_t<decltype(o.*member)>;
    if constexpr (Scalar<F>) {
      if (raw(o.*member) != raw(plain.*member)) w.put(id, raw(o.*member), sizeof(F));
    } else if (refs[id] != 0) {
      w.put_ref(id, refs[id]);
    }
  });
  return w.end();
}

class Reader {
 public:
  explicit Reader(base::View verified) : buf_(verified), left_(verified.size()) {}
  template <class T>
  base::Result<T> root() {
    T out{};
    table(load<std::uint32_t>(0), out);
    if (failed_ != nullptr) return base::malformed("a field of the wrong length, or bytes used twice", failed_);
    return out;
  }

 private:
  template <class T>
  T load(std::size_t at) const {
    return base::load_le<T>(buf_.data() + at);
  }
  // Where the field's value lies; 0 if absent.
  [[nodiscard]] std::size_t slot(std::size_t table_at, unsigned id) const {
    const auto vtable = table_at - static_cast<std::size_t>(static_cast<std::int64_t>(load<std::int32_t>(table_at)));
    const std::size_t entry = 4 + 2 * std::size_t{id};
    if (entry >= load<std::uint16_t>(vtable)) return 0;
    const auto off = load<std::uint16_t>(vtable + entry);
    return off == 0 ? 0 : table_at + off;
  }
  [[nodiscard]] std::size_t follow(std::size_t at) const { return at + load<std::uint32_t>(at); }
  // The bytes of a vector or string. Each byte of the buffer is handed out once: a small buffer can't unfold into a big value.
  base::View content(std::size_t at, std::size_t width = 1) {
    const std::size_t n = load<std::uint32_t>(at) * width;
    if (n > left_) failed_ = failed_ != nullptr ? failed_ : name_;
    if (failed_ != nullptr) return {};
    left_ -= n;
    return buf_.subspan(at + 4, n);
  }

  template <class T>
  void table(std::size_t at, T& o) {
    fields(Tag<T>{}, [&](unsigned id, const char* name, auto member) {
      if (failed_ != nullptr) return;
      name_ = name;
      if (const auto where = slot(at, id)) value(where, o.*member);
    });
  }
  template <Scalar T>
  void value(std::size_t at, T& v) {
    if constexpr (std::is_same_v<T, base::Instant>)
      v.ms = load<std::uint64_t>(at);
    else if constexpr (std::is_same_v<T, bool>)
      v = load<std::uint8_t>(at) != 0;
    else if constexpr (std::is_enum_v<T>)
      v = static_cast<T>(load<std::underlying_type_t<T>>(at));
    else
      v = load<T>(at);
  }
  void value(std::size_t at, std::string& v) { v = base::to_string(content(follow(at))); }
  void value(std::size_t at, base::Bytes& v) { v = base::to_bytes(content(follow(at))); }
  template <std::size_t N>
  void value(std::size_t at, base::Fixed<N>& v) {
    const auto bytes = content(follow(at));
    if (bytes.size() == N)
      v = base::fixed<N>(bytes);
    else
      failed_ = name_;
  }
  template <std::size_t N>
  void value(std::size_t at, std::vector<base::Fixed<N>>& v) {
    const auto bytes = content(follow(at));
    if (bytes.size() % N != 0 || bytes.size() / N > kMaxHashes)
      failed_ = name_;
    else
      for (std::size_t i = 0; i < bytes.size(); i += N) v.push_back(base::fixed<N>(bytes.subspan(i, N)));
  }
  void value(std::size_t at, std::vector<std::uint16_t>& v) {
    const auto bytes = content(follow(at), 2);
    v.clear();
    for (std::size_t i = 0; i < bytes.size(); i += 2) v.push_back(base::load_le<std::uint16_t>(bytes.data() + i));
  }
  template <class F>
  void each(std::size_t at, F f) {  // f(table or string position) for each element of a vector of offsets
    const auto vec = follow(at);
    const auto n = load<std::uint32_t>(vec);
    for (std::size_t i = 0; i < n && failed_ == nullptr; ++i) f(follow(vec + 4 + 4 * i));
  }
  template <class T>
  void value(std::size_t at, std::vector<T>& v) {
    const auto* name = name_;
    each(at, [&](std::size_t e) {
      name_ = name;
      v.emplace_back();
      if constexpr (std::is_same_v<T, std::string>)
        v.back() = base::to_string(content(e));
      else if constexpr (std::is_same_v<T, base::Bytes>) {
        if (const auto data = slot(e, 0)) value(data, v.back());
      } else
        table(e, v.back());
    });
  }
  void value(std::size_t at, std::map<std::string, std::string>& v) {
    each(at, [&](std::size_t e) {
      std::string key, text;
      if (const auto k = slot(e, 0)) value(k, key);
      if (const auto t = slot(e, 1)) value(t, text);
      v[key] = text;
    });
  }
  template <class T>
  void value(std::size_t at, T& v) {
    table(follow(at), v);
  }

  base::View buf_;
  std::size_t left_;              // bytes not yet handed out
  const char* name_ = "root";     // of the field being read
  const char* failed_ = nullptr;  // name of the field that is wrong
};

template <class T>
base::Bytes write_root(const T& o, std::size_t room = 512) {
  Writer w(room);
  return w.finish(write_table(w, o, true));
}

}  // namespace schemas::internal
