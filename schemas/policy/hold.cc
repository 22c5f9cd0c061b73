// When an involuntary hold ends: hours from its start, or only those that fall on working days where a state counts so.
#include <algorithm>

#include "schemas/calendar.h"
#include "schemas/policy/statute.h"

namespace schemas::policy {
namespace {

// Saturdays, Sundays and holidays, by the local date: "Sat 2026-10-10 09:00 MDT".
bool day_off(base::Instant at, const Calendar& calendar) {
  const std::string local = local_time(at, calendar.tz);
  const std::string date = local.size() >= 14 ? local.substr(4, 10) : std::string();
  return local.starts_with("Sat") || local.starts_with("Sun") || std::ranges::find(calendar.holidays, date) != calendar.holidays.end();
}

}  // namespace

std::optional<base::Instant> hold_ends(const StatePack& pack, std::string_view form, base::Instant start, const Calendar& calendar) {
  const auto it = std::ranges::find(pack.forms, form, &HoldForm::form);
  if (it == pack.forms.end()) return std::nullopt;
  if (!it->excludes_weekends) return start.plus(it->hours * base::kHour);
  base::Instant at = start;
  for (std::uint32_t left = it->hours; left > 0; at = at.plus(base::kHour))
    if (!day_off(at, calendar)) --left;
  return at;
}

}  // namespace schemas::policy
