// Dates and times as dispatch systems write them.
#include "adapters/formats/mapping/moment.h"

#include <doctest/doctest.h>

using namespace adapters::formats;
using mapping::iso;

namespace {
const std::string kZone = "America/Denver";
std::string read(const char* text, const char* format, const std::string& zone = kZone) {
  const auto out = iso(text, {format, zone});
  return out.ok() ? *out : "no";
}
}  // namespace

TEST_CASE("a format and a zone give a moment, a format without an hour a date") {
  CHECK(read("10/05/2026 13:52", "%m/%d/%Y %H:%M") == "2026-10-05T19:52:00.000Z");
  CHECK(read("1/5/2026  1:52:07.250", "%m/%d/%Y %H:%M:%S") == "2026-01-05T08:52:07.000Z");
  CHECK(read("05 Oct 2026 12:15 am", "%d %b %Y %I:%M %p") == "2026-10-05T06:15:00.000Z");
  CHECK(read("05-OCT-2026 12:15 PM", "%d-%b-%Y %I:%M %p") == "2026-10-05T18:15:00.000Z");
  CHECK(read("03/14/1932", "%m/%d/%Y", "") == "1932-03-14");
  CHECK(read("20261005T1352+0200", "%Y%m%dT%H%M%z", "") == "2026-10-05T11:52:00.000Z");
}

TEST_CASE("an hour that daylight saving leaves out is the moment of the change; one that comes twice is the first") {
  CHECK(read("03/08/2026 02:30", "%m/%d/%Y %H:%M") == "2026-03-08T09:00:00.000Z");
  CHECK(read("11/01/2026 01:30", "%m/%d/%Y %H:%M") == "2026-11-01T07:30:00.000Z");
  CHECK(read("11/01/2026 02:00", "%m/%d/%Y %H:%M") == "2026-11-01T09:00:00.000Z");
}

TEST_CASE("without a format it is ISO 8601, and a time without an offset needs the zone") {
  CHECK(read("2026-10-05T13:52:00-06:00", "", "") == "2026-10-05T19:52:00.000Z");
  CHECK(read("2026-10-05T19:52Z", "", "") == "2026-10-05T19:52:00.000Z");
  CHECK(read("2026-10-05 13:52:00", "") == "2026-10-05T19:52:00.000Z");
  CHECK(read("2026-10-05", "", "") == "2026-10-05");
  CHECK(read("2026-10-05 13:52:00", "", "") == "no");
}

TEST_CASE("days and times that do not exist, and years of two digits, are not read") {
  for (const char* bad : {"02/30/2026 10:00", "13/01/2026 10:00", "10/05/26 10:00", "10/05/2026 24:00", "10/05/2026 10:60", "10/05/2026",
                          "10/05/2026 10:00 x", ""})
    CHECK(read(bad, "%m/%d/%Y %H:%M") == "no");
  CHECK(read("02/29/2024", "%m/%d/%Y") == "2024-02-29");
  CHECK(read("02/29/2023", "%m/%d/%Y") == "no");
}

TEST_CASE("a format that cannot be relied on is refused before the first record") {
  using mapping::check;
  CHECK(check({"%m/%d/%Y %H:%M", kZone}).ok());
  CHECK(check({"%m/%d/%Y", ""}).ok());
  CHECK(check({"", ""}).ok());
  for (const mapping::TimeForm& bad : {mapping::TimeForm{"%m/%d/%y", ""},
                                       {"%H:%M", kZone},
                                       {"%m/%d/%Y %H:%M", ""},
                                       {"%Y-%m-%d %I:%M", kZone},
                                       {"%Y-%m-%d %Q", ""},
                                       {"%Y-%m-%d%", ""},
                                       {"%m/%d/%Y %H:%M", "America/Alder"}})
    CHECK_FALSE(check(bad).ok());
}

TEST_CASE("dates may be as precise as known") {
  for (const char* good : {"1992", "1992-03", "1992-03-14"}) CHECK(mapping::is_date(good));
  for (const char* bad : {"92", "03/14/1992", "1992-13", "1992-02-30", "1992-3-4", ""}) CHECK_FALSE(mapping::is_date(bad));
}
