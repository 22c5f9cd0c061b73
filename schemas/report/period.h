// Periods of reports, in the policy's time zone: "2026", "2026-Q3", "2026-09", "2026-09-01..2026-09-30" (both days count). Pure.
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/instant.h"
#include "crypto/base/result.h"

namespace schemas::report {

struct Span {  // from <= t < to
  base::Instant from, to;
  [[nodiscard]] bool holds(base::Instant t) const { return from <= t && t < to; }
  friend auto operator<=>(const Span&, const Span&) = default;
};
struct Month {
  std::string name;  // "2026-09"
  Span span;         // as much of it as lies in the period
};
struct Period {
  std::string words;  // as it was asked for
  Span span;
  std::vector<Month> months;
};
// kUsage: no such period; the mend shows the forms.
base::Result<Period> parse_period(std::string_view text, const std::string& tz);

}  // namespace schemas::report
