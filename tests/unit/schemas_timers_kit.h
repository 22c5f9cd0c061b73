// The settings of domain brief 1.5 and a calendar, for tests of timers. They are written out here because what policy takes as its
// defaults is tested elsewhere.
#pragma once

#include <string_view>

#include "schemas/timers.h"

namespace schemas::test {

inline policy::Span span(std::string_view text) {  // "60s", "15m", "4h", "7d", "2bd"
  const auto n = std::stoull(std::string(text));
  if (text.ends_with("bd")) return {0, static_cast<std::uint32_t>(n)};
  switch (text.back()) {
    case 's': return {n * base::kSecond, 0};
    case 'm': return {n * base::kMinute, 0};
    case 'h': return {n * base::kHour, 0};
    default: return {n * base::kDay, 0};
  }
}

inline policy::Sla sla(std::string_view urgency) {
  policy::Sla s;
  const auto fill = [&](std::initializer_list<const char*> t, std::initializer_list<const char*> follow_ups) {
    policy::Span* to[] = {&s.received, &s.view, &s.decide, &s.contact, &s.on_hold, &s.outcome, &s.handoff, &s.info_pause, &s.grace};
    auto* next = to;
    for (const char* text : t) *(*next++) = span(text);
    for (const char* text : follow_ups) s.follow_up.push_back(span(text));
  };
  const auto levels = [&](const char* second, const char* third) {
    s.escalate = {{100, {}, "target.supervisor", false, false},
                  {0, span(second), "role:coordinator", true, false},
                  {0, span(third), "requester.supervisor", false, true}};
  };
  if (urgency == "emergent") {
    fill({"60s", "5m", "15m", "60m", "4h", "24h", "15m", "10m", "5m"}, {"24h", "72h"});
    levels("10m", "15m");
  } else if (urgency == "urgent") {
    fill({"5m", "1h", "4h", "24h", "24h", "72h", "15m", "2h", "1h"}, {"72h", "7d"});
    levels("2h", "4h");
  } else {
    fill({"1h", "1bd", "2bd", "7d", "7d", "30d", "15m", "1bd", "1bd"}, {"30d"});
    levels("1bd", "3bd");
  }
  return s;
}

inline policy::Calendar denver() {
  policy::Calendar c;
  c.tz = "America/Denver";
  c.holidays = {"2026-01-01", "2026-11-26", "2026-12-25", "2027-01-01"};
  return c;
}

}  // namespace schemas::test
