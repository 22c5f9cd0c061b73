// Strict reading of note lines. See lines.h.
#include "crypto/internal/lines.h"

#include <algorithm>

namespace crypto::internal {

using base::View;

std::optional<std::uint64_t> decimal(std::string_view s) {
  if (s.empty() || s.size() > 20 || (s.size() > 1 && s[0] == '0')) return std::nullopt;
  std::uint64_t v = 0;
  for (char c : s) {
    if (c < '0' || c > '9') return std::nullopt;
    auto digit = static_cast<std::uint64_t>(c - '0');
    if (v > (UINT64_MAX - digit) / 10) return std::nullopt;
    v = v * 10 + digit;
  }
  return v;
}

namespace {
bool lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
}  // namespace

bool is_code(std::string_view s) {
  return !s.empty() && s.size() <= 64 && std::all_of(s.begin(), s.end(), [](char c) { return lower_or_digit(c) || c == '-' || c == '_'; });
}

bool is_word(std::string_view s) {
  return !s.empty() && s.size() <= 64 &&
         std::all_of(s.begin(), s.end(), [](char c) { return lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '-' || c == '_'; });
}

bool is_slug(std::string_view s) {
  return !s.empty() && s.size() <= 64 && s.front() != '-' && s.back() != '-' &&
         std::all_of(s.begin(), s.end(), [](char c) { return lower_or_digit(c) || c == '-'; });
}

bool is_name(std::string_view s) {
  if (s.empty() || s.size() > 128) return false;
  // Signed texts of ours begin like this: a name that did could make one text pass for another.
  for (std::string_view reserved : {"sfh-", "SFH1", "cosignature/"}) {
    if (s.substr(0, reserved.size()) == reserved) return false;
  }
  return std::all_of(s.begin(), s.end(),
                     [](char c) { return lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' || c == '/' || c == '-'; });
}

std::vector<std::string_view> split(std::string_view s, char by) {
  std::vector<std::string_view> out;
  for (std::size_t from = 0;;) {
    auto at = s.find(by, from);
    out.push_back(s.substr(from, at == std::string_view::npos ? at : at - from));
    if (at == std::string_view::npos) return out;
    from = at + 1;
  }
}

LineReader::LineReader(std::string_view text, std::string_view first_line) : rest_(text) {
  if (rest_.empty() || rest_.back() != '\n') {
    fail("the text does not end with a line feed");
  } else if (take() != first_line) {
    fail("the first line is not " + std::string(first_line));
  }
}

std::string_view LineReader::peek() const { return error_ ? std::string_view() : rest_.substr(0, rest_.find('\n')); }

bool LineReader::next_is(std::string_view key) const {
  auto line = peek();
  return line == key || (line.size() > key.size() && line.substr(0, key.size()) == key && line[key.size()] == ' ');
}

std::string_view LineReader::take() {
  if (error_) return {};
  if (rest_.empty()) {
    fail("a line is missing");
    return {};
  }
  auto line = peek();
  rest_.remove_prefix(line.size() + 1);
  ++line_;
  return line;
}

bool LineReader::flag(std::string_view line) {
  if (error_ || rest_.empty() || peek() != line) return false;
  take();
  return true;
}

std::string_view LineReader::value(std::string_view key) {
  auto line = take();
  if (error_) return {};
  if (line.size() < key.size() + 2 || line.substr(0, key.size()) != key || line[key.size()] != ' ') {
    fail("expected \"" + std::string(key) + " ...\"");
    return {};
  }
  return line.substr(key.size() + 1);
}

std::vector<std::string_view> LineReader::values(std::string_view key, std::size_t n) {
  auto words = split(value(key), ' ');
  if (words.size() != n || std::any_of(words.begin(), words.end(), [](auto w) { return w.empty(); })) {
    fail("expected " + std::to_string(n) + " words after " + std::string(key));
    return std::vector<std::string_view>(n);
  }
  return words;
}

std::string LineReader::code(std::string_view key) {
  auto v = value(key);
  if (!is_code(v)) fail(std::string(key) + " is not a code of a-z 0-9 - _");
  return std::string(v);
}

std::uint64_t LineReader::as_number(std::string_view word) {
  auto v = decimal(word);
  if (!v) fail("not a canonical decimal number");
  return v.value_or(0);
}

base::Instant LineReader::as_time(std::string_view word) {
  auto v = as_number(word);
  if (v > kMaxTimeMs) fail("a time after the year 9999");
  return {error_ ? 0 : v};
}

PublicKey LineReader::as_key(std::string_view word) {
  auto raw = base::unbase64(word);
  if (!raw || raw->size() != 32 || base::all_zero(View(*raw))) {
    fail("not a public key (base64 of 32 bytes, not zero)");
    return {};
  }
  return base::fixed<32>(View(*raw));
}

std::uint64_t LineReader::number(std::string_view key) { return as_number(value(key)); }
base::Instant LineReader::time(std::string_view key) { return as_time(value(key)); }
PublicKey LineReader::key(std::string_view key) { return as_key(value(key)); }

base::Hash LineReader::hash(std::string_view key) {
  auto v = value(key);
  auto h = base::unhex_hash(v);
  if (!h || base::hex(View(*h)) != v) {
    fail("not 64 lowercase hex digits");
    return {};
  }
  return *h;
}

base::Id LineReader::id(std::string_view key) {
  auto v = value(key);
  auto i = base::unhex_id(v);
  if (!i || base::hex(View(*i)) != v || base::all_zero(View(*i))) {
    fail("not an id of 32 lowercase hex digits");
    return {};
  }
  return *i;
}

void LineReader::fail(std::string what) {
  if (!error_) error_ = base::malformed(std::move(what), "note line " + std::to_string(line_));
}

base::Status LineReader::done() {
  if (!error_ && !rest_.empty()) {
    ++line_;
    fail("an unknown or misplaced line");
  }
  if (error_) return *error_;
  return {};
}

void put(std::string& out, std::string_view key, std::string_view value) { out.append(key).append(" ").append(value).append("\n"); }
void put(std::string& out, std::string_view key, std::uint64_t value) { put(out, key, std::to_string(value)); }

}  // namespace crypto::internal
