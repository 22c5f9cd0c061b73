#include "adapters/ems/settings.h"

namespace adapters::ems {
namespace {

using base::Error;
using base::Kind;

base::Status read_routes(const schemas::Config& c, Settings& s) {
  TRY_ASSIGN(s.to, c.text("to", ""));
  TRY_ASSIGN(const auto rows, c.tables("destination"));
  for (const schemas::Config& row : rows) {
    Destination d;
    TRY_ASSIGN(d.name, row.text("name"));
    TRY_ASSIGN(d.to, row.text("to"));
    if (const auto unknown = row.unused(); !unknown.empty())
      return Error{Kind::kUsage, "unknown key", s.folder.name + ".destination." + unknown.front()};
    s.destinations.push_back(std::move(d));
  }
  return {};
}

base::Status read_referrals(const schemas::Config& c, Settings& s) {
  TRY_ASSIGN(s.refer_to, c.text("refer_to", ""));
  TRY_ASSIGN(s.refer_service, c.text("refer_service", ""));
  TRY_ASSIGN(const std::string reports, c.text("reports", "behavioral"));
  if (reports != "behavioral" && reports != "all")
    return Error{Kind::kUsage, "no such choice", s.folder.name + ".reports", "use behavioral or all"};
  s.reading = {.all = reports == "all", .refer = !s.refer_to.empty()};
  if (s.reading.refer && (s.refer_service.empty() || s.callback.empty()))
    return Error{Kind::kUsage, "a referral needs a service and a number to call back", s.folder.name + ".refer_to",
                 "set refer_service and callback"};
  return {};
}

}  // namespace

base::Result<Settings> read_settings(const schemas::Config& c, const std::string& name) {
  Settings s;
  TRY_ASSIGN(s.folder, folder::read_settings(c, name, {".xml"}));
  s.folder.in.max_bytes = 16u << 20;
  TRY(read_routes(c, s));
  TRY_ASSIGN(s.callback, c.text("callback", ""));
  TRY_ASSIGN(s.basis, c.text("basis", "treatment"));
  TRY_ASSIGN(s.schema_dir, c.path("schema_dir", ""));
  TRY_ASSIGN(const std::string outcome, c.text("outcome_format", "csv"));
  if (outcome != "csv" && outcome != "nemsis" && outcome != "both") return Error{Kind::kUsage, "no such format", name + ".outcome_format", "use csv, nemsis or both"};
  s.csv = outcome != "nemsis", s.nemsis = outcome != "csv";
  TRY(read_referrals(c, s));
  TRY_ASSIGN(const std::string site, c.path("mapping", ""));
  if (!site.empty()) {
    TRY_ASSIGN(s.site, Site::load(site));
  }
  TRY(folder::refuse_unknown(c, name));
  return s;
}

}  // namespace adapters::ems
