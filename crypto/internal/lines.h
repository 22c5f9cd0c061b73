// Lines: how the typed notes are written and read, one "key value" line after the other (docs/spec/certificate.md).
// LineReader is strict and keeps the first fault: read everything, then ask done(). After a fault every getter gives a zero value.
// For crypto/ only.
#pragma once

#include "crypto/keys.h"

namespace crypto::internal {

// Times in notes end before the year 10000, so that adding days to one can never overflow.
inline constexpr std::uint64_t kMaxTimeMs = 253402300800000ULL;

std::optional<std::uint64_t> decimal(std::string_view s);  // no sign, no leading zero
bool is_code(std::string_view s);                          // 1..64 of a-z 0-9 - _
bool is_word(std::string_view s);                          // a code that may have capitals: kinds and purposes of the registry
bool is_slug(std::string_view s);                          // 1..64 of a-z 0-9 -, first and last not -
bool is_name(std::string_view s);                          // consortium or origin: 1..128 of A-Z a-z 0-9 . _ / -, no reserved beginning
std::vector<std::string_view> split(std::string_view s, char by);

class LineReader {
 public:
  LineReader(std::string_view text, std::string_view first_line);

  [[nodiscard]] bool next_is(std::string_view key) const;  // the next line is "key ..." (or exactly `key`)
  [[nodiscard]] std::string_view peek() const;             // the next line, without \n; empty at the end
  std::string_view take();                                 // the whole next line
  bool flag(std::string_view line);                        // consumes the next line if it is exactly this

  std::string_view value(std::string_view key);                               // what follows "key "; never empty
  std::vector<std::string_view> values(std::string_view key, std::size_t n);  // exactly n words
  std::string code(std::string_view key);
  std::uint64_t number(std::string_view key);
  base::Instant time(std::string_view key);
  base::Hash hash(std::string_view key);  // 64 lowercase hex digits
  base::Id id(std::string_view key);      // 32 lowercase hex digits
  PublicKey key(std::string_view key);    // base64 of 32 bytes, not all zero

  std::uint64_t as_number(std::string_view word);
  base::Instant as_time(std::string_view word);
  PublicKey as_key(std::string_view word);

  void fail(std::string what);  // about the line read last
  base::Status done();          // everything read, nothing wrong

 private:
  std::string_view rest_;
  std::size_t line_ = 0;
  std::optional<base::Error> error_;
};

// Appends "key value\n".
void put(std::string& out, std::string_view key, std::string_view value);
void put(std::string& out, std::string_view key, std::uint64_t value);

}  // namespace crypto::internal
