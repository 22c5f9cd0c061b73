// A mapping as a table, and one that is begun from a sample.
#include <fmt/format.h>

#include <algorithm>

#include "adapters/transport/files.h"
#include "adapters/workbench/bench.h"
#include "adapters/workbench/detect.h"
#include "adapters/workbench/guess.h"

namespace adapters::workbench {
namespace {

namespace mapping = formats::mapping;
using base::Error;
using base::Kind;

constexpr std::size_t kMaxFile = 32u << 20;

std::string joined(const std::vector<std::string>& all) {
  std::string out;
  for (const auto& one : all) out += (out.empty() ? "" : " + ") + one;
  return out;
}

const char* name_of(mapping::Provenance p) {
  return p == mapping::Provenance::kCji ? "cji" : p == mapping::Provenance::kChri ? "chri" : "local";
}

std::string how(const mapping::Field& f) {
  std::vector<std::string> out;
  if (!f.words.empty()) out.push_back("map of " + std::to_string(f.words.size()));
  if (f.other) out.push_back("other " + *f.other);
  if (f.time) out.push_back("time " + (f.time->format.empty() ? "ISO 8601" : f.time->format) + (f.time->zone.empty() ? "" : " " + f.time->zone));
  if (!f.fallback.empty()) out.push_back("default " + f.fallback);
  if (!f.split.empty()) out.push_back("split " + f.split);
  if (!f.label.empty()) out.push_back("label " + f.label);
  if (f.required) out.push_back("required");
  if (f.instead) out.push_back("instead");
  std::string text;
  for (const auto& one : out) text += (text.empty() ? "" : ", ") + one;
  return text;
}

std::string row(const std::string& a, const std::string& b, const std::string& c, const std::string& d, std::size_t wide_a, std::size_t wide_b) {
  std::string out = fmt::format("{:<{}}  {:<{}}  {:<6}  {}", a, wide_a, b, wide_b, c, d);
  while (out.ends_with(' ')) out.pop_back();
  return out + "\n";
}

std::string written_place(const mapping::Target& to) {
  std::string out;
  for (const auto& s : to.steps) out += (out.empty() ? "" : ".") + s.name + (s.word.empty() ? "" : "[" + s.word + "]");
  return out;
}

}  // namespace

base::Result<std::string> show_mapping(const std::string& path) {
  TRY_ASSIGN(const auto config, schemas::Config::load(path));
  TRY_ASSIGN(const auto m, mapping::load(config, path));
  std::size_t wide_a = 6, wide_b = 5;
  for (const auto& f : m.fields) {
    wide_a = std::min<std::size_t>(std::max(wide_a, f.from.empty() ? f.value.size() + 2 : joined(f.from).size()), 48);
    wide_b = std::min<std::size_t>(std::max(wide_b, written_place(f.to).size()), 48);
  }
  std::string out = m.kind + " from " + m.format + (m.standard ? ", over the standard mapping" : "") + "\n\n" + row("source", "field", "from", "how", wide_a, wide_b);
  std::vector<std::string> targets;
  for (const auto& f : m.fields) {
    targets.push_back(f.to.path);
    out += f.from.empty() ? row("\"" + f.value + "\"", written_place(f.to), "", "constant", wide_a, wide_b)
                          : row(joined(f.from), written_place(f.to), name_of(m.known.at(f.from.front())), how(f), wide_a, wide_b);
  }
  for (const auto& pattern : m.ignored) out += row(pattern, "(ignored)", name_of(m.known.at(pattern)), "", wide_a, wide_b);
  for (const auto& o : m.only) out += "\nonly records where " + o.from + " is one of " + std::to_string(o.is.size()) + " values";
  if (!m.row_id.empty()) out += "\na record is known by " + m.row_id;
  if (!m.thread_by.empty()) out += "\na record belongs to the referral named in " + m.thread_by;
  if (m.standard) return out + "\nwhat the standard mapping reads is not listed\n";
  std::string lacking;
  for (const auto& needed : lacking_of(m.kind, targets)) lacking += (lacking.empty() ? "" : ", ") + needed;
  return out + "\nrequired fields without a source: " + (lacking.empty() ? "none" : lacking) + "\n";
}

base::Result<NewMapping> new_mapping(const NewOptions& o) {
  TRY_ASSIGN(const std::string bytes, transport::read_file(o.sample, kMaxFile));
  std::string format = o.format;
  if (format.empty()) {
    const Detected found = detect(bytes, o.sample);
    if (found.error) return *found.error;
    format = found.format;
  }
  if (!mapping::known_format(format)) return Error{Kind::kUsage, "no such format", format, "use csv, tsv, json, xml, niem, hl7v2, nemsis or fhir"};
  TRY_ASSIGN(const auto config, schemas::Config::parse(""));
  TRY_ASSIGN(auto source, mapping::read_records(format, bytes, config));
  const std::string record = record_of(format, source);
  if (!record.empty()) {
    TRY_ASSIGN(const auto inner, schemas::Config::parse((format == "json" ? "[json]\nrecords = " : "[xml]\nrecord = ") + quoted(record)));
    TRY_ASSIGN(source, mapping::read_records(format, bytes, inner));
  }
  TRY_ASSIGN(Draft d, guess(format, o.kind, o.zone, source));
  d.record = record;
  const auto slash = o.sample.rfind('/');
  NewMapping out{written(d, slash == o.sample.npos ? o.sample : o.sample.substr(slash + 1)), coverage(d)};
  TRY_ASSIGN(const auto check, schemas::Config::parse(out.toml, "the new mapping"));
  if (const auto loads = mapping::load(check, "the new mapping"); !loads.ok() && !d.fields.empty()) return loads.error();
  return out;
}

}  // namespace adapters::workbench
