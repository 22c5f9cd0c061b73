// Business days in Denver: weekends, holidays, the turn of the year and both changes of the clock.
#include "schemas/calendar.h"

#include <doctest/doctest.h>

using namespace schemas;

namespace {

policy::Calendar denver() {
  policy::Calendar c;
  c.tz = "America/Denver";
  c.holidays = {"2026-11-26", "2026-12-25", "2027-01-01", "not a day", "2026-02-31"};
  return c;
}

policy::Calendar always() {
  auto c = denver();
  c.weekdays = {0, 1, 2, 3, 4, 5, 6};
  c.opens = 0;
  c.closes = 24 * 60;
  c.holidays.clear();
  return c;
}

base::Instant utc(const char* t) { return base::parse_rfc3339(t).value(); }

std::string days_later(const char* from, std::uint32_t days, const policy::Calendar& c = denver()) {
  return local_time(later(utc(from), {0, days}, c), c.tz);
}

}  // namespace

TEST_CASE("a business day keeps the hour and passes over weekends and holidays") {
  CHECK(days_later("2026-10-06T10:00:00-06:00", 1) == "Wed 2026-10-07 10:00 MDT");
  CHECK(days_later("2026-10-09T16:00:00-06:00", 2) == "Tue 2026-10-13 16:00 MDT");
  CHECK(days_later("2026-11-25T10:00:00-07:00", 1) == "Fri 2026-11-27 10:00 MST");
  CHECK(days_later("2026-12-24T10:00:00-07:00", 1) == "Mon 2026-12-28 10:00 MST");
  CHECK(days_later("2026-12-31T16:59:00-07:00", 1) == "Mon 2027-01-04 16:59 MST");
}

TEST_CASE("one begun outside hours begins at the next opening") {
  CHECK(days_later("2026-10-06T06:00:00-06:00", 1) == "Wed 2026-10-07 08:00 MDT");
  CHECK(days_later("2026-10-06T17:00:00-06:00", 1) == "Thu 2026-10-08 08:00 MDT");
  CHECK(days_later("2026-10-10T12:00:00-06:00", 1) == "Tue 2026-10-13 08:00 MDT");
  CHECK(days_later("2026-12-25T12:00:00-07:00", 1) == "Tue 2026-12-29 08:00 MST");
  CHECK(days_later("2026-12-24T23:00:00-07:00", 2) == "Wed 2026-12-30 08:00 MST");
}

TEST_CASE("an opening is the moment itself or the next one") {
  CHECK(opening(utc("2026-10-06T10:00:00-06:00"), denver()) == utc("2026-10-06T10:00:00-06:00"));
  CHECK(opening(utc("2026-10-06T17:00:00-06:00"), denver()) == utc("2026-10-07T08:00:00-06:00"));
  CHECK(opening(utc("2026-12-31T20:00:00-07:00"), denver()) == utc("2027-01-04T08:00:00-07:00"));
}

TEST_CASE("daylight saving keeps the local hour of business days and the length of hours") {
  CHECK(days_later("2026-03-06T10:00:00-07:00", 1) == "Mon 2026-03-09 10:00 MDT");
  CHECK(days_later("2026-10-30T10:00:00-06:00", 1) == "Mon 2026-11-02 10:00 MST");
  const auto friday = utc("2026-10-30T10:00:00-06:00");
  CHECK(later(friday, {0, 1}, denver()).ms - friday.ms == 73 * base::kHour);
  CHECK(later(friday, {72 * base::kHour, 0}, denver()).ms - friday.ms == 72 * base::kHour);
}

TEST_CASE("an hour that does not exist is the moment of the change; one that comes twice is the first") {
  CHECK(later(utc("2026-03-07T02:30:00-07:00"), {0, 1}, always()) == utc("2026-03-08T09:00:00Z"));
  CHECK(later(utc("2026-10-31T01:30:00-06:00"), {0, 1}, always()) == utc("2026-11-01T07:30:00Z"));
}

TEST_CASE("what clocks show becomes a moment, by the same rule") {
  const auto at = [](unsigned month, unsigned day, unsigned hour, unsigned minute, const char* tz = "America/Denver") {
    return local_to_utc({2026, month, day, hour, minute}, tz);
  };
  CHECK(at(10, 5, 13, 52) == utc("2026-10-05T13:52:00-06:00"));
  CHECK(at(3, 8, 2, 30) == utc("2026-03-08T09:00:00Z"));
  CHECK(at(11, 1, 1, 30) == utc("2026-11-01T07:30:00Z"));
  CHECK(at(11, 1, 2, 0) == utc("2026-11-01T09:00:00Z"));
  CHECK(at(10, 5, 13, 52, "America/Alder") == utc("2026-10-05T13:52:00Z"));
  CHECK_FALSE(at(2, 30, 1, 0));
}

TEST_CASE("other zones: without daylight saving, and half an hour off") {
  auto c = denver();
  c.tz = "America/Phoenix";
  CHECK(days_later("2026-10-30T10:00:00-07:00", 1, c) == "Mon 2026-11-02 10:00 MST");
  c.tz = "Asia/Kolkata";
  CHECK(days_later("2026-10-30T08:00:00+05:30", 1, c) == "Mon 2026-11-02 08:00 IST");
}

TEST_CASE("a zone is checked by name, and an unknown one counts as UTC") {
  CHECK(check_zone("America/Denver").ok());
  CHECK(check_zone("UTC").ok());
  for (const char* no : {"", "America/Alder", "MDT", "../zoneinfo/UTC", "america/denver"}) {
    REQUIRE_FALSE(check_zone(no).ok());
    CHECK(check_zone(no).error().kind == base::Kind::kUsage);
  }
  CHECK(local_time(utc("2026-10-06T15:00:00Z"), "America/Alder") == "Tue 2026-10-06 15:00 UTC");
  CHECK(local_time(utc("2026-10-06T15:00:00Z"), "America/Denver") == "Tue 2026-10-06 09:00 MDT");
}

TEST_CASE("any calendar and any time have an answer") {
  auto c = denver();
  c.weekdays = {7, 9};  // none that exists: every day works
  CHECK(days_later("2026-10-09T10:00:00-06:00", 1, c) == "Sat 2026-10-10 10:00 MDT");
  c = denver();
  c.opens = 17 * 60;
  c.closes = 8 * 60;  // closes before it opens: always open on its days
  CHECK(days_later("2026-10-06T23:00:00-06:00", 1, c) == "Wed 2026-10-07 23:00 MDT");
  CHECK(later({~std::uint64_t{0}}, {~std::uint64_t{0}, ~std::uint32_t{0}}, denver()) > base::Instant{});
  CHECK(later({}, {0, 1}, denver()) > base::Instant{});
  CHECK(later(utc("2026-10-06T15:00:00Z"), {}, denver()) == utc("2026-10-06T15:00:00Z"));
}
