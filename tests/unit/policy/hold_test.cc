// When an involuntary hold ends, by the state's form: in hours of the clock, or of days that count.
#include "schemas/policy/statute.h"
#include "tests/unit/policy/kit.h"

#include <doctest/doctest.h>

using schemas::policy::Calendar;
using schemas::policy::hold_ends;
using schemas::policy::state_pack;

namespace {

std::string ends(const char* pack, const char* form, const char* start, std::vector<std::string> holidays = {}) {
  Calendar c;
  c.tz = "America/Los_Angeles", c.holidays = std::move(holidays);
  const auto at = hold_ends(*state_pack(pack), form, *base::parse_rfc3339(start), c);
  return at ? base::rfc3339(*at).substr(0, 16) : "?";
}

}  // namespace

TEST_CASE("seventy-two hours are seventy-two hours, weekend or not") {
  CHECK(ends("CO-2026.1", "M-1", "2026-10-02T14:02:00-06:00") == "2026-10-05T20:02");
  CHECK(ends("CA-2026.1", "5150", "2026-10-02T14:02:00-07:00") == "2026-10-05T21:02");
  CHECK(ends("CO-2026.1", "5150", "2026-10-02T14:02:00-06:00") == "?");
}

TEST_CASE("where weekends and holidays do not count, a hold goes on when the working day begins") {
  // Monday 10:00, 120 hours: Saturday and Sunday are passed over only if it reaches them.
  CHECK(ends("WA-2026.1", "DCR", "2026-10-05T10:00:00-07:00") == "2026-10-12T17:00");
  // Friday 14:07: the rest of Friday, then from Monday 00:00 on.
  CHECK(ends("WA-2026.1", "DCR", "2026-10-02T14:07:00-07:00") == "2026-10-09T21:07");
  // With Monday a holiday, a day later; begun on a Sunday, the clock starts with the next day that counts.
  CHECK(ends("WA-2026.1", "DCR", "2026-10-02T14:07:00-07:00", {"2026-10-05"}) == "2026-10-12T21:07");
  CHECK(ends("WA-2026.1", "DCR", "2026-10-04T09:00:00-07:00") == "2026-10-10T07:00");
  // Daylight saving ends on Sunday 1 November: the hours that count are elapsed ones.
  CHECK(ends("WA-2026.1", "DCR", "2026-10-30T12:00:00-07:00") == "2026-11-06T20:00");
}
