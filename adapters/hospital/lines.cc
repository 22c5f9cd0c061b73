#include "adapters/hospital/lines.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace adapters::hospital {
namespace {

using schemas::StatusUpdate;

struct Line {
  std::string_view label;
  std::string StatusUpdate::*field;
};
constexpr std::array kLines = {
    Line{"Reason", &StatusUpdate::reason},
    Line{"By", &StatusUpdate::actor_name},
    Line{"Callback", &StatusUpdate::callback},
    Line{"Expected", &StatusUpdate::expected_at},
    Line{"Place", &StatusUpdate::place},
    Line{"Held until", &StatusUpdate::hold_until},
    Line{"Appointment", &StatusUpdate::appointment_at},
    Line{"Outcome", &StatusUpdate::outcome},
    Line{"Next", &StatusUpdate::next_action},
    Line{"Last attempt", &StatusUpdate::last_attempt_at},
    Line{"Safety", &StatusUpdate::safety_alert},
};
struct Count {
  std::string_view label;
  std::int32_t StatusUpdate::*field;
};
constexpr std::array kCounts = {Count{"Attempts", &StatusUpdate::attempts}, Count{"Days to wait", &StatusUpdate::est_days}};

bool take_one(std::string_view label, std::string_view rest, StatusUpdate& u) {
  for (const Line& l : kLines) {
    if (l.label == label) return u.*l.field = rest, true;
  }
  for (const Count& c : kCounts) {
    if (c.label != label) continue;
    std::int32_t n = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), n);
    if (error != std::errc() || end != rest.data() + rest.size() || n < 0) return false;
    return u.*c.field = n, true;
  }
  return false;
}

}  // namespace

std::vector<std::string> lines_of(const StatusUpdate& u) {
  std::vector<std::string> out;
  if (!u.text.empty()) out.push_back(u.text);
  for (const Line& l : kLines) {
    if (!(u.*l.field).empty()) out.push_back(std::string(l.label) + ": " + u.*l.field);
  }
  for (const Count& c : kCounts) {
    if (u.*c.field >= 0) out.push_back(std::string(c.label) + ": " + std::to_string(u.*c.field));
  }
  return out;
}

void take_lines(const std::vector<std::string>& lines, StatusUpdate& u) {
  for (const std::string& line : lines) {
    const std::size_t colon = line.find(": ");
    const std::string_view all(line);
    if (colon != std::string::npos && take_one(all.substr(0, colon), all.substr(colon + 2), u)) continue;
    u.text += (u.text.empty() ? "" : "\n") + line;
  }
}

}  // namespace adapters::hospital
