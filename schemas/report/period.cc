#include "schemas/report/period.h"

#include <charconv>

#include "schemas/calendar.h"

namespace schemas::report {
namespace {

base::Error no_period() {
  return {base::Kind::kUsage, "is a year, a quarter, a month, or two days of at most ten years", "period", "2026, 2026-Q3, 2026-09, 2026-09-01..2026-09-30"};
}

std::optional<int> digits(std::string_view s) {
  int v = 0;
  const auto r = std::from_chars(s.data(), s.data() + s.size(), v);
  if (s.empty() || r.ec != std::errc() || r.ptr != s.data() + s.size() || s[0] == '-') return std::nullopt;
  return v;
}

base::Civil first_of(int year, int month) {  // months run on past twelve
  base::Civil c;
  c.year = year + (month - 1) / 12;
  c.month = static_cast<unsigned>((month - 1) % 12 + 1);
  return c;
}

// The day `days` after that one, by the calendar alone.
std::optional<base::Civil> day_in(std::string_view s, std::uint64_t days = 0) {
  if (s.size() != 10 || s[4] != '-' || s[7] != '-') return std::nullopt;
  const auto y = digits(s.substr(0, 4)), m = digits(s.substr(5, 2)), d = digits(s.substr(8, 2));
  if (!y || !m || !d) return std::nullopt;
  base::Civil c;
  c.year = *y;
  c.month = static_cast<unsigned>(*m);
  c.day = static_cast<unsigned>(*d);
  const auto at = base::from_civil(c);
  if (!at) return std::nullopt;
  return base::civil(at->plus(days * base::kDay));
}

struct Edges {
  base::Civil from, to;
};
std::optional<Edges> edges(std::string_view text) {
  if (text.size() == 22 && text.substr(10, 2) == "..") {
    const auto from = day_in(text.substr(0, 10)), to = day_in(text.substr(12), 1);
    if (!from || !to) return std::nullopt;
    return Edges{*from, *to};
  }
  const auto year = text.size() >= 4 ? digits(text.substr(0, 4)) : std::nullopt;
  if (!year || *year < 1971 || *year > 9000) return std::nullopt;
  if (text.size() == 4) return Edges{first_of(*year, 1), first_of(*year, 13)};
  if (text.size() != 7 || text[4] != '-') return std::nullopt;
  if (text[5] == 'Q') {
    const auto q = digits(text.substr(6));
    if (!q || *q < 1 || *q > 4) return std::nullopt;
    return Edges{first_of(*year, *q * 3 - 2), first_of(*year, *q * 3 + 1)};
  }
  const auto m = digits(text.substr(5));
  if (!m || *m < 1 || *m > 12) return std::nullopt;
  return Edges{first_of(*year, *m), first_of(*year, *m + 1)};
}

std::string name_of(const base::Civil& c) {
  return std::to_string(c.year) + (c.month < 10 ? "-0" : "-") + std::to_string(c.month);
}

}  // namespace

base::Result<Period> parse_period(std::string_view text, const std::string& tz) {
  const auto e = edges(text);
  if (!e) return no_period();
  const auto from = local_to_utc(e->from, tz), to = local_to_utc(e->to, tz);
  if (!from || !to || *to <= *from || to->ms - from->ms > 3660 * base::kDay) return no_period();
  Period p{std::string(text), {*from, *to}, {}};
  for (int year = e->from.year, month = static_cast<int>(e->from.month);; ++month) {
    const base::Civil first = first_of(year, month);
    const auto begins = local_to_utc(first, tz), ends = local_to_utc(first_of(year, month + 1), tz);
    if (!begins || !ends || *begins >= *to) break;
    p.months.push_back({name_of(first), {std::max(*begins, *from), std::min(*ends, *to)}});
  }
  return p;
}

}  // namespace schemas::report
