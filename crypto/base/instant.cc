// Civil time from days, after Howard Hinnant's public-domain chrono algorithms.
#include "crypto/base/instant.h"

#include <charconv>
#include <chrono>
#include <cstdio>

namespace base {
namespace {

std::int64_t days_from_civil(std::int64_t y, unsigned m, unsigned d) {
  y -= m <= 2;
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const auto yoe = static_cast<unsigned>(y - era * 400);
  const unsigned doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
  const unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
  return era * 146097 + static_cast<std::int64_t>(doe) - 719468;
}

unsigned days_in_month(int y, unsigned m) {
  static constexpr unsigned kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
  return m == 2 && leap ? 29 : kDays[m - 1];
}

template <class T>
bool number(std::string_view s, std::size_t pos, std::size_t n, T& out) {
  if (pos + n > s.size()) return false;
  auto part = s.substr(pos, n);
  for (char c : part)
    if (c < '0' || c > '9') return false;
  return std::from_chars(part.data(), part.data() + n, out).ec == std::errc{};
}

}  // namespace

Instant real_now() {
  using namespace std::chrono;
  return {static_cast<std::uint64_t>(duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count())};
}

Civil civil(Instant t) {
  std::int64_t z = static_cast<std::int64_t>(t.ms / kDay) + 719468;
  const std::int64_t era = z / 146097;
  const auto doe = static_cast<unsigned>(z - era * 146097);
  const unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const unsigned mp = (5 * doy + 2) / 153;
  Civil c;
  c.day = doy - (153 * mp + 2) / 5 + 1;
  c.month = mp < 10 ? mp + 3 : mp - 9;
  c.year = static_cast<int>(static_cast<std::int64_t>(yoe) + era * 400 + (c.month <= 2 ? 1 : 0));
  auto rest = static_cast<unsigned>(t.ms % kDay);
  c.ms = rest % 1000;
  c.second = rest / 1000 % 60;
  c.minute = rest / 60000 % 60;
  c.hour = rest / 3600000;
  return c;
}

std::optional<Instant> from_civil(const Civil& c) {
  if (c.year < 1970 || c.year > 9999 || c.month < 1 || c.month > 12 || c.day < 1 || c.day > days_in_month(c.year, c.month)) return std::nullopt;
  if (c.hour > 23 || c.minute > 59 || c.second > 60 || c.ms > 999) return std::nullopt;
  auto days = static_cast<std::uint64_t>(days_from_civil(c.year, c.month, c.day));
  return Instant{days * kDay + c.hour * kHour + c.minute * kMinute + c.second * kSecond + c.ms};
}

std::string rfc3339(Instant t) {
  Civil c = civil(t);
  char buf[48];
  std::snprintf(buf, sizeof buf, "%04d-%02u-%02uT%02u:%02u:%02u.%03uZ", c.year, c.month, c.day, c.hour, c.minute, c.second, c.ms);
  return buf;
}

std::string hl7_time(Instant t) {
  Civil c = civil(t);
  char buf[48];
  std::snprintf(buf, sizeof buf, "%04d%02u%02u%02u%02u%02u.%03u+0000", c.year, c.month, c.day, c.hour, c.minute, c.second, c.ms);
  return buf;
}

std::optional<Instant> parse_rfc3339(std::string_view s) {
  Civil c;
  if (s.size() < 20 || s[4] != '-' || s[7] != '-' || (s[10] != 'T' && s[10] != 't') || s[13] != ':' || s[16] != ':') return std::nullopt;
  if (!number(s, 0, 4, c.year) || !number(s, 5, 2, c.month) || !number(s, 8, 2, c.day) || !number(s, 11, 2, c.hour) ||
      !number(s, 14, 2, c.minute) || !number(s, 17, 2, c.second))
    return std::nullopt;
  std::size_t i = 19;
  if (s[i] == '.') {
    unsigned scale = 100;
    for (++i; i < s.size() && s[i] >= '0' && s[i] <= '9'; ++i, scale /= 10) c.ms += static_cast<unsigned>(s[i] - '0') * scale;
  }
  auto t = from_civil(c);
  if (!t || i >= s.size()) return std::nullopt;
  if ((s[i] == 'Z' || s[i] == 'z') && i + 1 == s.size()) return t;
  unsigned oh = 0;
  unsigned om = 0;
  if ((s[i] != '+' && s[i] != '-') || s.size() != i + 6 || s[i + 3] != ':') return std::nullopt;
  if (!number(s, i + 1, 2, oh) || !number(s, i + 4, 2, om) || oh > 23 || om > 59) return std::nullopt;
  std::uint64_t off = oh * kHour + om * kMinute;
  return s[i] == '-' ? t->plus(off) : t->minus(off);
}

}  // namespace base
