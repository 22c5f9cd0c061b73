#include "adapters/police/settings.h"

#include "adapters/transport/files.h"

namespace adapters::police {
namespace {

using base::Error;
using base::Kind;

constexpr std::size_t kMaxMapping = 1u << 20;

base::Status read_mapping(const schemas::Config& c, Settings& s) {
  TRY_ASSIGN(const std::string path, c.text("mapping"));
  TRY_ASSIGN(const std::string text, transport::read_file(path, kMaxMapping));
  TRY_ASSIGN(const schemas::Config file, schemas::Config::parse(text, path));
  TRY_ASSIGN(s.mapping, formats::mapping::load(file, path));
  if (s.mapping.format != "csv") return Error{Kind::kUsage, "this adapter reads csv", path + ": mapping.format"};
  if (s.mapping.row_id.empty())
    return Error{Kind::kUsage, "a row has a name of its own, so that it is sent once", path + ": mapping.row_id",
                 "name the column with the incident number"};
  TRY_ASSIGN(s.reading, formats::csv::options_from(file));
  if (const auto unknown = file.unused(); !unknown.empty()) return Error{Kind::kUsage, "unknown key", path + ": " + unknown.front()};
  return {};
}

base::Status read_routes(const schemas::Config& c, Settings& s) {
  TRY_ASSIGN(s.to, c.text("to", ""));
  TRY_ASSIGN(const auto routes, c.tables("route"));
  for (const schemas::Config& r : routes) {
    Route row;
    TRY_ASSIGN(row.service, r.text("service"));
    TRY_ASSIGN(row.to, r.text("to"));
    if (const auto unknown = r.unused(); !unknown.empty()) return Error{Kind::kUsage, "unknown key", s.name + ".route." + unknown.front()};
    s.routes.push_back(std::move(row));
  }
  if (s.to.empty() && s.routes.empty()) return Error{Kind::kUsage, "rows go nowhere", s.name + ".to", "name an agency by its slug"};
  TRY_ASSIGN(const std::string purpose, c.text("purpose", "CRISIS"));
  const auto code = schemas::code_of(schemas::purposes(), purpose);
  if (!code) return Error{Kind::kUsage, "no such purpose", s.name + ".purpose", "use CRISIS, TREAT or COORD"};
  s.purpose = static_cast<schemas::Purpose>(*code);
  return {};
}

base::Status read_folders(const schemas::Config& c, Settings& s) {
  TRY_ASSIGN(s.out, c.text("out"));
  TRY_ASSIGN(s.in.path, c.text("in"));
  if (s.in.path == s.out) return Error{Kind::kUsage, "the two folders must differ", s.name + ".in"};
  s.in.suffix = ".csv";
  TRY_ASSIGN(s.in.keep_done, c.flag("keep_done", true));
  TRY_ASSIGN(const std::int64_t settle, c.number("settle_ms", 2000));
  TRY_ASSIGN(const std::int64_t rescan, c.number("rescan_ms", 5000));
  if (settle < 0 || settle > 3600000 || rescan < 100 || rescan > 3600000)
    return Error{Kind::kUsage, "out of range", s.name + ".settle_ms, rescan_ms"};
  s.in.settle_ms = static_cast<std::uint64_t>(settle), s.in.rescan_ms = static_cast<std::uint64_t>(rescan);
  return {};
}

}  // namespace

base::Result<Settings> read_settings(const schemas::Config& config, const std::string& name) {
  Settings s;
  s.name = name;
  TRY(read_folders(config, s));
  TRY(read_routes(config, s));
  TRY(read_mapping(config, s));
  if (const auto unknown = config.unused(); !unknown.empty()) return Error{Kind::kUsage, "unknown key", name + "." + unknown.front()};
  return s;
}

}  // namespace adapters::police
