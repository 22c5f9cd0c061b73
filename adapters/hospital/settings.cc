#include "adapters/hospital/settings.h"

#include "adapters/formats/hl7v2/charset.h"

namespace adapters::hospital {
namespace {

using base::Error;
using base::Kind;

base::Status read_mapping(const schemas::Config& c, const std::string& name, Settings& s) {
  TRY_ASSIGN(s.server.listen, c.text("listen", "127.0.0.1:2575"));
  TRY_ASSIGN(s.client.to, c.text("answer_to", ""));
  TRY_ASSIGN(s.to, c.text("to", ""));
  TRY_ASSIGN(const std::string purpose, c.text("purpose", "CRISIS"));
  const auto code = schemas::code_of(schemas::purposes(), purpose);
  if (!code) return Error{Kind::kUsage, "no such purpose", name + ".purpose", "use CRISIS, TREAT or COORD"};
  s.purpose = static_cast<schemas::Purpose>(*code);
  TRY_ASSIGN(s.mapping.basis, c.text("basis", s.mapping.basis));
  TRY_ASSIGN(s.mapping.default_urgency, c.text("default_urgency", s.mapping.default_urgency));
  TRY_ASSIGN(s.mapping.service, c.text("service", ""));
  TRY_ASSIGN(s.mapping.callback, c.text("callback", ""));
  TRY_ASSIGN(s.mapping.reason, c.text("reason", ""));
  TRY_ASSIGN(s.next_action, c.text("next_action", s.next_action));
  TRY_ASSIGN(s.mapping.utc_offset, c.text("utc_offset", s.mapping.utc_offset));
  TRY_ASSIGN(s.mapping.part2_program, c.flag("part2_program", false));
  TRY_ASSIGN(s.mapping.keep_ssn, c.flag("keep_ssn", false));
  TRY_ASSIGN(const std::string charset, c.text("default_charset", ""));
  TRY_ASSIGN(s.parsing.default_charset, hl7::charset_named(charset));
  TRY_ASSIGN(const auto facilities, c.tables("facility"));
  for (const schemas::Config& f : facilities) {
    Facility row;
    TRY_ASSIGN(row.name, f.text("name"));
    TRY_ASSIGN(row.to, f.text("to"));
    if (const auto unknown = f.unused(); !unknown.empty()) return Error{Kind::kUsage, "unknown key", name + ".facility." + unknown.front()};
    s.facilities.push_back(std::move(row));
  }
  return {};
}

template <class T>
base::Status read_number(const schemas::Config& c, std::string_view key, std::int64_t least, std::int64_t most, std::uint64_t unit,
                         T& out) {
  TRY_ASSIGN(const std::int64_t n, c.number(key, static_cast<std::int64_t>(out / unit)));
  if (n < least || n > most)
    return Error{Kind::kUsage, "out of range", std::string(key),
                 "use a number from " + std::to_string(least) + " to " + std::to_string(most)};
  out = static_cast<T>(static_cast<std::uint64_t>(n) * unit);
  return {};
}

base::Status read_limits(const schemas::Config& c, Settings& s) {
  TRY(read_number(c, "max_message", 1024, 64 << 20, 1, s.server.max_message));
  TRY(read_number(c, "max_connections", 1, 10000, 1, s.server.max_connections));
  TRY(read_number(c, "idle_seconds", 1, 86400, 1000, s.server.idle_ms));
  TRY(read_number(c, "frame_seconds", 1, 3600, 1000, s.server.frame_ms));
  TRY(read_number(c, "answer_seconds", 1, 3600, 1000, s.client.answer_ms));
  TRY(read_number(c, "attempts", 1, 100, 1, s.client.attempts));
  TRY(read_number(c, "first_wait_ms", 1, 3600000, 1, s.client.first_wait_ms));
  TRY(read_number(c, "longest_wait_ms", 1, 3600000, 1, s.client.longest_wait_ms));
  s.parsing.max_bytes = s.server.max_message;
  return {};
}

}  // namespace

base::Result<Settings> read_settings(const schemas::Config& config, const std::string& name) {
  Settings s;
  s.name = name;
  TRY(read_mapping(config, name, s));
  TRY(read_limits(config, s));
  for (const std::string* address : {&s.server.listen, &s.client.to}) {
    if (address->empty()) continue;
    if (const auto parsed = transport::parse_address(*address); !parsed.ok()) return parsed.error();
  }
  if (const auto unknown = config.unused(); !unknown.empty()) return Error{Kind::kUsage, "unknown key", name + "." + unknown.front()};
  return s;
}

}  // namespace adapters::hospital
