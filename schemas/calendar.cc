// On Howard Hinnant's date library and the system's tz database. An unknown zone counts as UTC here: check_zone refuses it before.
#include "schemas/calendar.h"

#include <date/tz.h>

#include <algorithm>
#include <charconv>
#include <chrono>

namespace schemas {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using Local = date::local_time<milliseconds>;

constexpr base::Instant kLatest{253402300799999};  // end of the year 9999; senders may claim any time
constexpr std::uint32_t kMostDays = 3660;

const date::time_zone* zone_of(const std::string& tz) {
  try {
    return date::locate_zone(tz);
  } catch (const std::exception&) {
    return nullptr;
  }
}

date::sys_time<milliseconds> system(base::Instant at) { return date::sys_time<milliseconds>(milliseconds(std::min(at, kLatest).ms)); }

Local to_local(const date::time_zone* zone, base::Instant at) {
  return zone ? zone->to_local(system(at)) : Local(system(at).time_since_epoch());
}

// An hour that daylight saving leaves out is the moment of the change; one that comes twice is the first.
base::Instant from_local(const date::time_zone* zone, Local at) {
  const auto since = zone ? zone->to_sys(at, date::choose::earliest).time_since_epoch() : at.time_since_epoch();
  return {static_cast<std::uint64_t>(std::max<std::int64_t>(since.count(), 0))};
}

std::optional<date::local_days> day_of(std::string_view iso) {
  const auto part = [&](std::size_t at, std::size_t n) {
    unsigned v = 0;
    const auto end = iso.data() + at + n;
    return std::from_chars(iso.data() + at, end, v).ptr == end ? v : 0;
  };
  if (iso.size() != 10 || iso[4] != '-' || iso[7] != '-') return std::nullopt;
  const auto ymd = date::year(static_cast<int>(part(0, 4))) / date::month(part(5, 2)) / date::day(part(8, 2));
  return ymd.ok() ? std::optional(date::local_days(ymd)) : std::nullopt;
}

// The calendar with its holidays as days. One without any weekday works every day, one that closes before it opens is always open.
class Week {
 public:
  explicit Week(const policy::Calendar& c) : weekdays_(c.weekdays) {
    std::erase_if(weekdays_, [](unsigned d) { return d > 6; });
    if (c.opens < c.closes && c.closes <= 24 * 60) opens_ = minutes(c.opens), closes_ = minutes(c.closes);
    for (const auto& h : c.holidays)
      if (const auto day = day_of(h)) holidays_.push_back(*day);
  }

  // The same moment if it is in working hours, else the next opening.
  [[nodiscard]] Local open_at(Local at) const {
    const auto day = date::floor<date::days>(at);
    if (!works(day) || at - day >= closes_) return next(day) + opens_;
    return std::max<Local>(at, day + opens_);
  }

  [[nodiscard]] Local plus_days(Local at, std::uint32_t n) const {
    auto day = date::floor<date::days>(at);
    const auto hour = at - day;
    for (; n > 0; --n) day = next(day);
    return day + hour;
  }

 private:
  [[nodiscard]] bool works(date::local_days day) const {
    const bool weekday = weekdays_.empty() || std::ranges::find(weekdays_, date::weekday(day).c_encoding()) != weekdays_.end();
    return weekday && std::ranges::find(holidays_, day) == holidays_.end();
  }
  [[nodiscard]] date::local_days next(date::local_days day) const {
    do day += date::days(1);
    while (!works(day));
    return day;
  }

  std::vector<unsigned> weekdays_;
  std::vector<date::local_days> holidays_;
  milliseconds opens_{0}, closes_ = std::chrono::hours(24);
};

}  // namespace

base::Status check_zone(const std::string& tz) {
  if (zone_of(tz) != nullptr) return {};
  return base::Error{base::Kind::kUsage, "there is no such time zone", "tz", "use a name of the tz database, such as America/Denver"};
}

base::Instant later(base::Instant from, const policy::Span& span, const policy::Calendar& calendar) {
  base::Instant at = std::min(from, kLatest);
  if (span.business_days > 0) {
    const auto* zone = zone_of(calendar.tz);
    const Week week(calendar);
    at = from_local(zone, week.plus_days(week.open_at(to_local(zone, at)), std::min(span.business_days, kMostDays)));
  }
  return at.plus(std::min(span.ms, kLatest.ms));
}

base::Instant opening(base::Instant at, const policy::Calendar& calendar) {
  const auto* zone = zone_of(calendar.tz);
  return from_local(zone, Week(calendar).open_at(to_local(zone, at)));
}

std::optional<base::Instant> local_to_utc(const base::Civil& local, const std::string& tz) {
  const auto shown = base::from_civil(local);
  if (!shown) return std::nullopt;
  return from_local(zone_of(tz), Local(system(*shown).time_since_epoch()));
}

unsigned times_shown(const base::Civil& local, const std::string& tz) {
  const auto shown = base::from_civil(local);
  const auto* zone = zone_of(tz);
  if (!shown || zone == nullptr) return 1;
  const auto info = zone->get_info(Local(system(*shown).time_since_epoch()));
  return info.result == date::local_info::ambiguous ? 2 : info.result == date::local_info::nonexistent ? 0 : 1;
}

std::string local_time(base::Instant at, const std::string& tz) {
  const auto* zone = zone_of(tz);
  const auto minute = date::floor<minutes>(system(at));
  return zone ? date::format("%a %F %R %Z", date::make_zoned(zone, minute)) : date::format("%a %F %R UTC", minute);
}

}  // namespace schemas
