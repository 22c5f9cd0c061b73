// One reader a format; csv so far. Each gives a report without contents.
#include "adapters/main_inspect.h"

#include <nlohmann/json.hpp>
#include <set>

#include "adapters/formats/csv/csv.h"
#include "adapters/formats/mapping/mapping.h"
#include "adapters/transport/files.h"
#include "schemas/json.h"
#include "schemas/policy/view.h"

namespace adapters {
namespace {

using base::Error;
using base::Kind;
using schemas::Json;
namespace csv = formats::csv;
namespace mapping = formats::mapping;

constexpr std::size_t kMaxFile = 32u << 20, kMaxWarnings = 100;

struct Report {
  std::string kind;
  std::set<std::string> fields;
  std::vector<std::string> unmapped;
  std::vector<Error> warnings;
  std::optional<Error> error;
};

struct Reading {
  csv::Options csv;
  std::optional<mapping::Mapping> mapping;
};

base::Result<Reading> reading_of(const InspectOptions& o, const std::string& format) {
  Reading out;
  if (o.mapping.empty()) return out;
  TRY_ASSIGN(const auto config, schemas::Config::load(o.mapping));
  TRY_ASSIGN(out.mapping, mapping::load(config, o.mapping));
  if (out.mapping->format != format)
    return Error{Kind::kUsage, "the mapping is for " + out.mapping->format, o.mapping, "name the mapping of this format"};
  TRY_ASSIGN(out.csv, csv::options_from(config));
  return out;
}

void read_row(const mapping::Mapping& m, const csv::Table& table, const csv::Row& row, Report& out) {
  const std::string place = std::to_string(row.number);
  if (row.cells.size() != table.header.size())
    return out.warnings.push_back(
        base::malformed("more or fewer cells than the header", place, "put a cell that holds the delimiter into quotes"));
  const mapping::Source source = [&](std::string_view path) -> std::optional<std::string> {
    const auto column = table.column(path);
    return column ? std::optional(row.cells[*column]) : std::nullopt;
  };
  if (!mapping::wanted(m, source)) return;
  const auto mapped = mapping::apply(m, source);
  for (const Error& e : mapped.faults) out.warnings.push_back({e.kind, e.what, place + ":" + e.where, e.mend});
  for (const auto& f : m.fields)
    if (schemas::policy::has_value(mapped.body, f.to.path)) out.fields.insert(f.to.path);
}

Report look(std::string_view bytes, const Reading& reading) {
  Report out;
  const auto table = csv::read(bytes, reading.csv);
  if (!table.ok()) {
    out.error = table.error();
    return out;
  }
  if (!reading.mapping) {
    out.unmapped = table->header;
    return out;
  }
  out.kind = reading.mapping->kind;
  for (const auto& column : table->header)
    if (!reading.mapping->known.contains(column)) out.unmapped.push_back(column);
  if (const auto errors = mapping::unmapped(*reading.mapping, table->header); !errors.empty())
    out.error = Error{errors[0].kind, errors[0].what, "1", errors[0].mend};
  for (const auto& path : mapping::needed_paths(*reading.mapping))
    if (!table->column(path) && !out.error)
      out.error = base::malformed("column " + path + " is missing", "1", "export it, or take it out of the mapping");
  if (out.error) return out;
  for (const csv::Row& row : table->rows) read_row(*reading.mapping, *table, row, out);
  return out;
}

Inspected shown(const std::string& path, const std::string& format, const Report& r) {
  const char* verdict = r.error ? "refused" : r.warnings.empty() && r.unmapped.empty() ? "read" : "partial";
  Json out = {{"file", path},       {"format", format},       {"kind", r.kind},           {"verdict", verdict},
              {"fields", r.fields}, {"unmapped", r.unmapped}, {"warnings", Json::array()}};
  for (std::size_t i = 0; i < std::min(r.warnings.size(), kMaxWarnings); ++i)
    out["warnings"].push_back({{"where", r.warnings[i].where}, {"what", r.warnings[i].what}});
  if (r.warnings.size() > kMaxWarnings)
    out["warnings"].push_back({{"where", ""}, {"what", std::to_string(r.warnings.size() - kMaxWarnings) + " more"}});
  if (r.error) out["error"] = {{"where", r.error->where}, {"what", r.error->what}, {"mend", r.error->mend}};
  return {schemas::dump(out), std::string_view(verdict) == "read"};
}

}  // namespace

base::Result<Inspected> inspect(const std::string& path, const InspectOptions& options) {
  const auto dot = path.rfind('.');
  std::string format = options.format.empty() && dot != path.npos ? path.substr(dot + 1) : options.format;
  if (format == "tsv") format = "csv";
  if (format != "csv") return Error{Kind::kUsage, "no reader for this format", path, "say --format csv, or name a .csv file"};
  TRY_ASSIGN(const Reading reading, reading_of(options, format));
  const auto bytes = transport::read_file(path, kMaxFile);
  if (bytes.ok()) return shown(path, format, look(*bytes, reading));
  Report unread;
  unread.error = bytes.error();
  return shown(path, format, unread);
}

}  // namespace adapters
