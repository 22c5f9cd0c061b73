#include "adapters/ems/settings.h"

namespace adapters::ems {
namespace {

using base::Error;
using base::Kind;

base::Status read_folders(const schemas::Config& c, Settings& s) {
  TRY_ASSIGN(s.out, c.text("out"));
  TRY_ASSIGN(s.in.path, c.text("in"));
  if (s.in.path == s.out) return Error{Kind::kUsage, "the two folders must differ", s.name + ".in"};
  s.in.suffix = ".xml";
  s.in.max_bytes = 16u << 20;
  TRY_ASSIGN(s.in.keep_done, c.flag("keep_done", true));
  TRY_ASSIGN(const std::int64_t settle, c.number("settle_ms", 2000));
  TRY_ASSIGN(const std::int64_t rescan, c.number("rescan_ms", 5000));
  if (settle < 0 || settle > 3600000 || rescan < 100 || rescan > 3600000)
    return Error{Kind::kUsage, "out of range", s.name + ".settle_ms, rescan_ms"};
  s.in.settle_ms = static_cast<std::uint64_t>(settle), s.in.rescan_ms = static_cast<std::uint64_t>(rescan);
  return {};
}

base::Status read_routes(const schemas::Config& c, Settings& s) {
  TRY_ASSIGN(s.to, c.text("to", ""));
  TRY_ASSIGN(const auto rows, c.tables("destination"));
  for (const schemas::Config& row : rows) {
    Destination d;
    TRY_ASSIGN(d.name, row.text("name"));
    TRY_ASSIGN(d.to, row.text("to"));
    if (const auto unknown = row.unused(); !unknown.empty())
      return Error{Kind::kUsage, "unknown key", s.name + ".destination." + unknown.front()};
    s.destinations.push_back(std::move(d));
  }
  return {};
}

base::Status read_referrals(const schemas::Config& c, Settings& s) {
  TRY_ASSIGN(s.refer_to, c.text("refer_to", ""));
  TRY_ASSIGN(s.refer_service, c.text("refer_service", ""));
  TRY_ASSIGN(const std::string reports, c.text("reports", "behavioral"));
  if (reports != "behavioral" && reports != "all")
    return Error{Kind::kUsage, "no such choice", s.name + ".reports", "use behavioral or all"};
  s.reading = {.all = reports == "all", .refer = !s.refer_to.empty()};
  if (s.reading.refer && (s.refer_service.empty() || s.callback.empty()))
    return Error{Kind::kUsage, "a referral needs a service and a number to call back", s.name + ".refer_to",
                 "set refer_service and callback"};
  return {};
}

}  // namespace

base::Result<Settings> read_settings(const schemas::Config& c, const std::string& name) {
  Settings s;
  s.name = name;
  TRY(read_folders(c, s));
  TRY(read_routes(c, s));
  TRY_ASSIGN(s.callback, c.text("callback", ""));
  TRY_ASSIGN(s.basis, c.text("basis", "treatment"));
  TRY_ASSIGN(const std::string purpose, c.text("purpose", "CRISIS"));
  const auto code = schemas::code_of(schemas::purposes(), purpose);
  if (!code) return Error{Kind::kUsage, "no such purpose", name + ".purpose", "use CRISIS, TREAT or COORD"};
  s.purpose = static_cast<schemas::Purpose>(*code);
  TRY(read_referrals(c, s));
  if (const auto unknown = c.unused(); !unknown.empty()) return Error{Kind::kUsage, "unknown key", name + "." + unknown.front()};
  return s;
}

}  // namespace adapters::ems
