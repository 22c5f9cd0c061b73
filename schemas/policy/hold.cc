// When an involuntary hold ends.
#include <algorithm>

#include "schemas/calendar.h"
#include "schemas/policy/statute.h"

namespace schemas::policy {
namespace {

constexpr std::uint64_t kStep = 15 * base::kMinute;  // local days begin on a quarter of an hour, in every zone there is

// `hours` of days that count: a calendar of whole working days passes over the others.
base::Instant counted(base::Instant at, std::uint32_t hours, Calendar days) {
  days.opens = 0, days.closes = 24 * 60;
  days.weekdays = {1, 2, 3, 4, 5};
  for (auto left = hours * base::kHour; left > 0;) {
    at = opening(at, days);
    const auto step = std::min(left, kStep - at.ms % kStep);
    at = at.plus(step);
    left -= step;
  }
  return at;
}

}  // namespace

std::optional<base::Instant> hold_ends(const StatePack& pack, std::string_view form, base::Instant start, const Calendar& calendar) {
  const auto it = std::ranges::find(pack.forms, form, &HoldForm::form);
  if (it == pack.forms.end()) return std::nullopt;
  return it->excludes_weekends ? counted(start, it->hours, calendar) : start.plus(it->hours * base::kHour);
}

}  // namespace schemas::policy
