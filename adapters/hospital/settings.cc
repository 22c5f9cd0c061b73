#include "adapters/hospital/settings.h"

#include "adapters/formats/hl7v2/charset.h"

namespace adapters::hospital {
namespace {

using base::Error;
using base::Kind;

base::Status read_out(const schemas::Config& c, const std::string& name, Settings& s) {
  TRY_ASSIGN(s.client.to, c.text("answer_to", ""));
  TRY_ASSIGN(const std::string out, c.text("referral_out", s.client.to.empty() ? "none" : "REF_I12"));
  if (out != "none" && out != "REF_I12" && out != "OMG_O19")
    return Error{Kind::kUsage, "no such message for referrals", name + ".referral_out", "use REF_I12, OMG_O19 or none"};
  if (out != "none" && s.client.to.empty())
    return Error{Kind::kUsage, "referrals cannot go out without an address", name + ".referral_out", "set `answer_to`, or referral_out = \"none\""};
  s.referral_out = out == "none" ? Language::kNone : out == "REF_I12" ? Language::kRef : Language::kOmg;
  return {};
}

base::Status read_tls(const schemas::Config& c, const std::string& name, Settings& s) {
  TRY_ASSIGN(s.server.tls.cert, c.path("tls_cert", ""));
  TRY_ASSIGN(s.server.tls.key, c.path("tls_key", ""));
  TRY_ASSIGN(s.server.tls.client_ca, c.path("tls_client_ca", ""));
  TRY_ASSIGN(s.client.tls.ca, c.text("answer_tls_ca", ""));
  if (s.client.tls.ca != "system") {
    TRY_ASSIGN(s.client.tls.ca, c.path("answer_tls_ca", ""));
  }
  TRY_ASSIGN(s.client.tls.cert, c.path("answer_tls_cert", ""));
  TRY_ASSIGN(s.client.tls.key, c.path("answer_tls_key", ""));
  TRY_ASSIGN(s.client.tls.name, c.text("answer_tls_name", ""));
  TRY_ASSIGN(s.server.plain_on_network, c.flag("plain_on_network", false));
  if (s.client.to.empty()) return {};
  TRY_ASSIGN(const auto answer_to, transport::parse_address(s.client.to));
  if (!s.client.tls.wanted() && !s.server.plain_on_network && !transport::loopback(answer_to))
    return Error{Kind::kUsage, "answers that cross a network need TLS", name + ".answer_to",
                 "set answer_tls_ca (a PEM file, or \"system\"), or plain_on_network = true on a network that is safe by other means"};
  return {};
}

base::Status read_mapping(const schemas::Config& c, const std::string& name, Settings& s) {
  TRY_ASSIGN(s.server.listen, c.text("listen", "127.0.0.1:2575"));
  TRY_ASSIGN(s.to, c.text("to", ""));
  TRY_ASSIGN(const std::string purpose, c.text("purpose", "CRISIS"));
  const auto code = schemas::code_of(schemas::purposes(), purpose);
  if (!code) return Error{Kind::kUsage, "no such purpose", name + ".purpose", "use CRISIS, TREAT or COORD"};
  s.purpose = static_cast<schemas::Purpose>(*code);
  TRY_ASSIGN(s.mapping.basis, c.text("basis", s.mapping.basis));
  TRY_ASSIGN(s.mapping.default_urgency, c.text("default_urgency", s.mapping.default_urgency));
  TRY_ASSIGN(s.mapping.default_processing, c.text("default_processing", ""));
  if (const std::string& p = s.mapping.default_processing; !p.empty() && p != "P" && p != "T" && p != "D")
    return Error{Kind::kUsage, "no such processing id", name + ".default_processing", "use P, T or D"};
  TRY_ASSIGN(s.mapping.service, c.text("service", ""));
  TRY_ASSIGN(s.mapping.callback, c.text("callback", ""));
  TRY_ASSIGN(s.mapping.reason, c.text("reason", ""));
  TRY_ASSIGN(const std::string site, c.path("mapping", ""));
  if (!site.empty()) {
    TRY_ASSIGN(s.site, Site::load(site));
  }
  TRY_ASSIGN(s.match, c.flag("match", true));
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
  TRY(read_out(config, name, s));
  TRY(read_tls(config, name, s));
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
