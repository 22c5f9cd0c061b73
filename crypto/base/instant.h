// Instant: milliseconds since 1970-01-01T00:00:00Z. Clock: how a room is told the time.
// Only a main.cc hands out the real clock; tests own theirs.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace base {

struct Instant {
  std::uint64_t ms = 0;
  friend auto operator<=>(const Instant&, const Instant&) = default;
  [[nodiscard]] Instant plus(std::uint64_t d) const { return {ms + d}; }
  [[nodiscard]] Instant minus(std::uint64_t d) const { return {ms > d ? ms - d : 0}; }
};

inline constexpr std::uint64_t kSecond = 1000;
inline constexpr std::uint64_t kMinute = 60 * kSecond;
inline constexpr std::uint64_t kHour = 60 * kMinute;
inline constexpr std::uint64_t kDay = 24 * kHour;

using Clock = std::function<Instant()>;  // callable from any thread
Instant real_now();                      // CLOCK_REALTIME; for main.cc only

std::string rfc3339(Instant t);                                  // "2026-10-05T14:02:04.000Z"
std::optional<Instant> parse_rfc3339(std::string_view s);        // offset or Z required; fraction optional
std::string hl7_time(Instant t);                                 // "20261005140204.000+0000"

// Civil date arithmetic (proleptic Gregorian, UTC), shared by the time formats.
struct Civil {
  int year = 1970;
  unsigned month = 1, day = 1, hour = 0, minute = 0, second = 0, ms = 0;
};
Civil civil(Instant t);
std::optional<Instant> from_civil(const Civil& c);  // nullopt if a part is out of range or before 1970

}  // namespace base
