#include "adapters/formats/mapping/moment.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>

#include "crypto/base/instant.h"
#include "schemas/calendar.h"

namespace adapters::formats::mapping {
namespace {

using base::Error;
using base::Kind;

constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::string_view kLetters = "YmdHIpMSbz%";
// ISO 8601 as files write it when no format is given.
constexpr std::array kIso = {"%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S%z", "%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S",
                             "%Y-%m-%d %H:%M:%S",   "%Y-%m-%dT%H:%M",      "%Y-%m-%d %H:%M",   "%Y-%m-%d"};

bool has(std::string_view format, std::string_view letter) { return format.find(letter) != format.npos; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

struct Parts {
  base::Civil civil{.year = 0, .month = 0, .day = 0};
  std::optional<bool> afternoon;
  std::optional<int> offset;  // minutes east of Greenwich
};

class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}
  [[nodiscard]] bool done() const { return rest_.empty(); }

  bool letter(char what, Parts& p) {
    unsigned year = 0;
    switch (what) {
      case 'Y': return digits(4, 4, year) && (p.civil.year = static_cast<int>(year), true);
      case 'm': return digits(1, 2, p.civil.month);
      case 'd': return digits(1, 2, p.civil.day);
      case 'H': return digits(1, 2, p.civil.hour) && p.civil.hour < 24;
      case 'I': return digits(1, 2, p.civil.hour) && p.civil.hour >= 1 && p.civil.hour <= 12;
      case 'M': return digits(1, 2, p.civil.minute) && p.civil.minute < 60;
      case 'S': return digits(1, 2, p.civil.second) && p.civil.second < 60 && fraction();
      case 'b': return month(p.civil.month);
      case 'p': return half(p);
      case 'z': return offset(p);
      default: return literal('%');
    }
  }
  bool literal(char c) {
    if (c != ' ') return take(c);
    if (!take(' ')) return false;
    while (take(' ')) {
    }
    return true;
  }

 private:
  bool take(char c) {
    if (rest_.empty() || lower(rest_[0]) != lower(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool digits(std::size_t least, std::size_t most, unsigned& out) {
    std::size_t n = 0;
    for (out = 0; n < most && n < rest_.size() && rest_[n] >= '0' && rest_[n] <= '9'; ++n)
      out = out * 10 + static_cast<unsigned>(rest_[n] - '0');
    rest_.remove_prefix(n);
    return n >= least;
  }
  bool fraction() {
    unsigned ignored = 0;
    return !take('.') || digits(1, 9, ignored);
  }
  bool month(unsigned& out) {
    std::string word;
    for (const char c : rest_.substr(0, 3)) word += lower(c);
    const auto it = std::ranges::find(kMonths, word);
    if (it == kMonths.end()) return false;
    rest_.remove_prefix(3);
    out = static_cast<unsigned>(it - kMonths.begin()) + 1;
    return true;
  }
  bool half(Parts& p) {
    if (take('a'))
      p.afternoon = false;
    else if (take('p'))
      p.afternoon = true;
    else
      return false;
    return take('m');
  }
  bool offset(Parts& p) {
    if (take('z')) return p.offset = 0, true;
    const bool east = take('+');
    unsigned hours = 0, minutes = 0;
    if ((!east && !take('-')) || !digits(2, 2, hours)) return false;
    take(':');
    if (!digits(2, 2, minutes) || hours > 23 || minutes > 59) return false;
    p.offset = static_cast<int>(hours * 60 + minutes) * (east ? 1 : -1);
    return true;
  }

  std::string_view rest_;
};

std::optional<Parts> scan(std::string_view text, std::string_view format) {
  Parts p;
  Scanner s(text);
  for (std::size_t i = 0; i < format.size(); ++i) {
    const bool letter = format[i] == '%' && i + 1 < format.size();
    if (letter ? !s.letter(format[++i], p) : !s.literal(format[i])) return std::nullopt;
  }
  if (!s.done()) return std::nullopt;
  if (p.afternoon) p.civil.hour = p.civil.hour % 12 + (*p.afternoon ? 12 : 0);
  return p;
}

bool real_day(int year, unsigned month, unsigned day) {
  static constexpr std::array<unsigned, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= kDays[month - 1] + (month == 2 && leap ? 1 : 0);
}

std::string date_text(const base::Civil& c) {
  std::array<char, 16> out{};
  std::snprintf(out.data(), out.size(), "%04d-%02u-%02u", c.year, c.month, c.day);
  return out.data();
}

bool has_hour(std::string_view format) { return has(format, "%H") || has(format, "%I"); }

std::optional<std::string> moment(std::string_view text, std::string_view format, const std::string& zone) {
  const auto p = scan(text, format);
  if (!p || !real_day(p->civil.year, p->civil.month, p->civil.day)) return std::nullopt;
  if (!has_hour(format)) return date_text(p->civil);
  if (!p->offset) {
    if (zone.empty()) return std::nullopt;
    const auto at = schemas::local_to_utc(p->civil, zone);
    return at ? std::optional(base::rfc3339(*at)) : std::nullopt;
  }
  const auto shown = base::from_civil(p->civil);
  const auto minutes = static_cast<std::int64_t>(*p->offset) * static_cast<std::int64_t>(base::kMinute);
  if (!shown || static_cast<std::int64_t>(shown->ms) < minutes) return std::nullopt;
  return base::rfc3339({static_cast<std::uint64_t>(static_cast<std::int64_t>(shown->ms) - minutes)});
}

}  // namespace

base::Status check(const TimeForm& form) {
  const std::string& f = form.format;
  for (std::size_t i = 0; i < f.size(); ++i) {
    if (f[i] != '%') continue;
    if (++i < f.size() && kLetters.find(f[i]) != kLetters.npos) continue;
    if (i < f.size() && f[i] == 'y')
      return Error{Kind::kUsage, "a year of two digits could be of two centuries", "time.format",
                   "have the source write four digits, and use %Y"};
    return Error{Kind::kUsage, "not read in a time's format", "time.format", "use %Y %m %d %H %I %p %M %S %b %z"};
  }
  if (!f.empty() && (!has(f, "%Y") || (!has(f, "%m") && !has(f, "%b")) || !has(f, "%d")))
    return Error{Kind::kUsage, "a time's format has a year, a month and a day", "time.format", "such as %m/%d/%Y %H:%M"};
  if (has(f, "%I") != has(f, "%p")) return Error{Kind::kUsage, "%I and %p go together", "time.format"};
  if (has_hour(f) && !has(f, "%z") && form.zone.empty())
    return Error{Kind::kUsage, "times without an offset need their zone", "time.zone", "name it, such as America/Denver"};
  return form.zone.empty() ? base::Status() : schemas::check_zone(form.zone);
}

base::Result<std::string> iso(std::string_view text, const TimeForm& form) {
  if (!form.format.empty()) {
    if (const auto out = moment(text, form.format, form.zone)) return *out;
    return base::malformed("not a date or time in the mapping's format, or one that does not exist", "",
                           "correct it at the source, or time.format in the mapping");
  }
  for (const char* format : kIso)
    if (const auto out = moment(text, format, form.zone)) return *out;
  return base::malformed("not an ISO 8601 date or time with its offset", "", "correct it at the source, or give time a format and a zone");
}

std::string doubt(std::string_view text, const TimeForm& form) {
  const auto of = [&](std::string_view format) -> std::string {
    const auto p = scan(text, format);
    if (!p || p->offset || !has_hour(format) || form.zone.empty()) return {};
    const unsigned times = schemas::times_shown(p->civil, form.zone);
    if (times == 2) return "daylight saving has this hour twice: taken as the first";
    return times == 0 ? "daylight saving leaves this hour out: taken as the moment of the change" : "";
  };
  if (!form.format.empty()) return of(form.format);
  for (const char* format : kIso)
    if (auto words = of(format); !words.empty()) return words;
  return {};
}

bool is_date(std::string_view text) {
  const auto good = [&](const char* format) {
    const auto p = scan(text, format);
    return p && real_day(p->civil.year, std::max(p->civil.month, 1U), std::max(p->civil.day, 1U));
  };
  return (text.size() == 4 && good("%Y")) || (text.size() == 7 && good("%Y-%m")) || (text.size() == 10 && good("%Y-%m-%d"));
}

bool is_moment(std::string_view text) { return base::parse_rfc3339(text).has_value(); }

}  // namespace adapters::formats::mapping
