// Result<T>: a value, or an Error that says what is wrong, where, and what to do about it.
// Expected failures travel in the signature; bugs of our own are CHECK (check.h). No exception crosses a room's door.
// An Error NEVER carries protected information: no field contents, names, keys or bodies, only places and rules.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "crypto/base/check.h"

namespace base {

// Few kinds, because callers branch on them; the words are for people.
enum class Kind {
  kMalformed,     // the bytes are not what the format says
  kUnsupported,   // well-formed, but a version, suite or feature that we do not speak
  kTooLarge,      // over a documented limit
  kBadSignature,  // a signature, tag, hash or proof does not hold
  kDenied,        // a rule, role or policy says no
  kNotFound,      // no such thing
  kConflict,      // contradicts what is already there
  kStale,         // right once, not now: expired, superseded, wrong clock
  kBusy,          // try again later with the same bytes
  kFull,          // no space left: stop and tell people (D16)
  kIo,            // the disk or the network failed: stop and tell people (D16)
  kCorrupt,       // our own store does not hold together
  kUsage,         // the person asked for something impossible
};

const char* name(Kind kind);

struct Error {
  Kind kind;
  std::string what;      // one sentence
  std::string where{};   // file, line, field path or offset; may be empty
  std::string mend{};    // what to do next; may be empty

  // "where: what; mend"
  [[nodiscard]] std::string message() const;
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : v_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : v_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool ok() const { return v_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & {
    CHECK(ok());
    return std::get<0>(v_);
  }
  const T& value() const& {
    CHECK(ok());
    return std::get<0>(v_);
  }
  T&& value() && {
    CHECK(ok());
    return std::get<0>(std::move(v_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const {
    CHECK(!ok());
    return std::get<1>(v_);
  }

 private:
  std::variant<T, Error> v_;
};

// Success without a value.
class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Error error) : e_(std::move(error)) {}
  [[nodiscard]] bool ok() const { return !e_; }
  explicit operator bool() const { return ok(); }
  const Error& error() const {
    CHECK(e_.has_value());
    return *e_;
  }

 private:
  std::optional<Error> e_;
};

inline Error malformed(std::string what, std::string where = {}, std::string mend = {}) {
  return {Kind::kMalformed, std::move(what), std::move(where), std::move(mend)};
}

}  // namespace base

// Returns the error to the caller, or goes on.
#define TRY(expr)                                       \
  do {                                                  \
    if (auto try_status_ = (expr); !try_status_.ok()) { \
      return try_status_.error();                       \
    }                                                   \
  } while (0)

#define BASE_CAT2(a, b) a##b
#define BASE_CAT(a, b) BASE_CAT2(a, b)
// TRY_ASSIGN(auto x, expr): x = value, or return the error.
#define TRY_ASSIGN(decl, expr) TRY_ASSIGN_IMPL(BASE_CAT(try_result_, __LINE__), decl, expr)
#define TRY_ASSIGN_IMPL(tmp, decl, expr) \
  auto tmp = (expr);                     \
  if (!tmp.ok()) return tmp.error();     \
  decl = std::move(tmp).value()
