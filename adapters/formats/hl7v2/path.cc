// Paths such as "PID-3[2].4.1" and "PRD[RP]-2".
#include <charconv>

#include "adapters/formats/hl7v2/message.h"

namespace adapters::formats::hl7v2 {
namespace {

bool upper_or_digit(char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

// Takes a positive number off the front.
bool take_number(std::string_view& text, unsigned& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || out == 0 || out > 100000) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}
bool take(std::string_view& text, char c) {
  if (text.empty() || text[0] != c) return false;
  text.remove_prefix(1);
  return true;
}

bool take_selector(std::string_view& text, Path& path) {
  if (take_number(text, path.nth)) return take(text, ']');
  const std::size_t close = text.find(']');
  if (close == std::string_view::npos || close == 0) return false;
  path.qualifier = text.substr(0, close);
  text.remove_prefix(close + 1);
  return true;
}

bool take_spot(std::string_view& text, Spot& spot) {
  if (!take_number(text, spot.field)) return false;
  if (take(text, '[') && !(take_number(text, spot.repetition) && take(text, ']'))) return false;
  if (take(text, '.') && !take_number(text, spot.component)) return false;
  if (spot.component != 0 && take(text, '.') && !take_number(text, spot.subcomponent)) return false;
  return true;
}

}  // namespace

base::Result<Path> parse_path(std::string_view text) {
  const auto bad = [] { return base::Error{base::Kind::kUsage, "not a path into an HL7 message", {}, "write it as PID-5.1 or PRD[RP]-2"}; };
  Path path;
  if (text.size() < 3) return bad();
  path.segment = text.substr(0, 3);
  for (const char c : path.segment) {
    if (!upper_or_digit(c)) return bad();
  }
  text.remove_prefix(3);
  if (take(text, '[') && !take_selector(text, path)) return bad();
  if (take(text, '-') && !take_spot(text, path.spot)) return bad();
  if (!text.empty()) return bad();
  return path;
}

}  // namespace adapters::formats::hl7v2
