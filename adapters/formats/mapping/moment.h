// Dates and times as other systems write them -> ISO 8601. Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "crypto/base/result.h"

namespace adapters::formats::mapping {

// format: %Y (four digits) %m %d %H %I %p %M %S (a fraction after it is passed over) %b (Jan) %z (+0600, -06:00, Z) %%; a space stands for
// one or more; all else for itself. Empty: ISO 8601. zone: of the tz database, for times without an offset; an hour that daylight saving
// leaves out is the moment of the change, one that comes twice is the first.
struct TimeForm {
  std::string format, zone;
};

// kUsage: a letter that is not read (%y: a year has four digits), no date, no zone for times without an offset, no such zone.
base::Status check(const TimeForm& form);
// "2026-10-05" if the form has no hour, else RFC 3339 in UTC. kMalformed, without a place.
base::Result<std::string> iso(std::string_view text, const TimeForm& form);
// Words if clocks of the zone show that text twice or never, and the rule above was used: somebody may have meant another hour.
std::string doubt(std::string_view text, const TimeForm& form);

bool is_date(std::string_view text);    // 2026, 2026-10 or 2026-10-05
bool is_moment(std::string_view text);  // RFC 3339 with its offset

}  // namespace adapters::formats::mapping
