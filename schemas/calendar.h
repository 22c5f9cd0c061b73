// Business days and local days in an IANA time zone. The zone's rules come from the system's tz database, which is read when a zone is
// first asked for. Otherwise pure; total; thread-safe. Times after the year 9999 count as its end, spans over 3660 business days as that.
#pragma once

#include <optional>

#include "schemas/policy/policy.h"

namespace schemas {

// kUsage: there is no such zone. Elsewhere in this header an unknown zone counts as UTC.
base::Status check_zone(const std::string& tz);

// `from` and a span later. Business days count whole working days of the calendar: one begun outside hours begins at the next
// opening; "1bd" from Tuesday 10:00 is Wednesday 10:00; holidays and days off are passed over, and daylight saving keeps the local hour.
base::Instant later(base::Instant from, const policy::Span& span, const policy::Calendar& calendar);

// The same moment if it is in working hours, else the next opening.
base::Instant opening(base::Instant at, const policy::Calendar& calendar);

// The moment at which clocks of the zone show this date and time. An hour that daylight saving leaves out is the moment of the change; one
// that comes twice is the first. nullopt: there is no such date, or it is before 1970.
std::optional<base::Instant> local_to_utc(const base::Civil& local, const std::string& tz);
// How often clocks of the zone show it: 0 (daylight saving leaves it out), 1 or 2.
unsigned times_shown(const base::Civil& local, const std::string& tz);

std::string local_time(base::Instant at, const std::string& tz);  // "Tue 2026-10-06 09:00 MDT"

}  // namespace schemas
