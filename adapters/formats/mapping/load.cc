// A mapping file, read and checked: what can be told before the first record comes is told here.
#include <algorithm>

#include "adapters/formats/mapping/cover.h"
#include "adapters/formats/mapping/mapping.h"
#include "adapters/formats/mapping/values.h"
#include "adapters/formats/niem/look.h"
#include "schemas/values.h"

namespace adapters::formats::mapping {
namespace {

using base::Error;
using base::Kind;
using schemas::Config;

constexpr std::string_view kHistory = "referral.criminal_history", kChri = "chri";
// What the readers look up in tables of their own (record.h).
constexpr std::string_view kReaderKeys[] = {"csv.delimiter", "csv.charset", "json.records", "xml.record", "hl7v2.charset"};

// A text or a list of texts; missing: empty.
base::Result<std::vector<std::string>> texts(const Config& c, std::string_view key) {
  if (auto list = c.list(key); list.ok()) return list;
  TRY_ASSIGN(std::string one, c.text(key, ""));
  return std::vector<std::string>{std::move(one)};
}

base::Result<Provenance> provenance_of(const Config& c) {
  TRY_ASSIGN(const std::string word, c.text("provenance"));
  if (word == "local") return Provenance::kLocal;
  if (word == "cji") return Provenance::kCji;
  if (word == "chri") return Provenance::kChri;
  return Error{Kind::kUsage, "no such provenance", "provenance",
               "use local, cji (from criminal-justice systems) or chri (criminal history)"};
}

base::Status known_as(Mapping& m, const std::string& path, Provenance p) {
  if (path.empty()) return Error{Kind::kUsage, "an empty name", "from", "name the column as its header does"};
  const auto [it, first] = m.known.emplace(path, p);
  if (first || it->second == p) return {};
  return Error{Kind::kUsage, "the column " + path + " has two provenances", "provenance", "say where it comes from once and for all"};
}

// What came out of criminal-justice systems goes nowhere but where the policy can keep it among officers.
base::Status check_provenance(const Field& f, Provenance p) {
  if (p == Provenance::kLocal || (f.to.path == kHistory && f.label == kChri)) return {};
  return Error{Kind::kUsage, "a column of provenance cji or chri does not leave", f.from.front(),
               "list it under ignore; criminal history may go to referral.criminal_history with label = \"chri\""};
}

base::Status check_words(const Field& f) {
  if (f.time) return check(*f.time);
  std::vector<std::string> words = {f.value, f.fallback, f.other.value_or("")};
  for (const auto& [from, to] : f.words) words.push_back(to);
  for (const auto& word : words) {
    if (word.empty()) continue;
    TRY(check_value(f.takes, word));
  }
  return {};
}

// Below a list: one element, or one for each value.
bool listed(const Target& to) { return to.repeats || !to.element.empty(); }

base::Status check_field(const Mapping& m, const Field& f) {
  if (f.from.empty() == f.value.empty())
    return Error{Kind::kUsage, "a field has a source or a constant", "from", "give either from or value"};
  if (f.from.empty() && (!f.words.empty() || f.other || f.time || !f.split.empty() || !f.fallback.empty() || f.required))
    return Error{Kind::kUsage, "a constant takes no map, time, split, default or required", "value"};
  if (f.required && !f.fallback.empty())
    return Error{Kind::kUsage, "a field with a default is never missing", "required", "leave one of them out"};
  if (!f.split.empty() && !listed(f.to))
    return Error{Kind::kUsage, "only a list takes several values", "split", "leave it out, or map to a list"};
  if (f.other && f.words.empty()) return Error{Kind::kUsage, "other goes with map", "other"};
  if (f.instead && (!m.standard || !listed(f.to)))
    return Error{Kind::kUsage, "instead is for lists over the standard mapping", "instead", "leave it out"};
  const schemas::ValueSet* labels = schemas::value_set("label");
  if (!f.label.empty() && labels != nullptr && !schemas::allowed(*labels, f.label)) return Error{Kind::kUsage, "no such label", "label"};
  return check_words(f);
}

base::Status read_time(const Config& c, const std::string& zone, Field& f) {
  if (!c.has("time")) return {};
  TimeForm form;
  TRY_ASSIGN(form.format, c.text("time.format", ""));
  TRY_ASSIGN(form.zone, c.text("time.zone", zone));
  f.time = std::move(form);
  return {};
}

base::Status read_field(const Config& c, const std::string& zone, Mapping& m) {
  Field f;
  TRY_ASSIGN(const std::string to, c.text("to"));
  TRY_ASSIGN(f.to, target_of(m.kind, to));
  TRY_ASSIGN(f.from, texts(c, "from"));
  TRY_ASSIGN(f.value, c.text("value", ""));
  TRY_ASSIGN(f.fallback, c.text("default", ""));
  TRY_ASSIGN(const auto words, c.pairs("map"));
  f.words = {words.begin(), words.end()};
  TRY_ASSIGN(const std::string other, c.text("other", ""));
  if (c.has("other")) f.other = other;
  TRY(read_time(c, zone, f));
  TRY_ASSIGN(f.split, c.text("split", ""));
  TRY_ASSIGN(f.join, c.text("join", " "));
  TRY_ASSIGN(f.label, c.text("label", ""));
  TRY_ASSIGN(f.required, c.flag("required", false));
  TRY_ASSIGN(f.instead, c.flag("instead", false));
  f.takes = taken_at(f.to.path);
  TRY(check_field(m, f));
  if (!f.from.empty()) {
    TRY_ASSIGN(const Provenance p, provenance_of(c));
    for (const auto& path : f.from) TRY(known_as(m, path, p));
    TRY(check_provenance(f, p));
  }
  if (const auto unknown = c.unused(); !unknown.empty()) return Error{Kind::kUsage, "unknown key", unknown.front()};
  m.fields.push_back(std::move(f));
  return {};
}

base::Status read_ignored(const Config& c, Mapping& m) {
  TRY_ASSIGN(const auto paths, texts(c, "from"));
  if (paths.empty()) return Error{Kind::kUsage, "nothing is named", "from", "name the columns"};
  TRY_ASSIGN(const Provenance p, provenance_of(c));
  for (const auto& path : paths) {
    for (const Field& f : m.fields)
      if (std::ranges::find(f.from, path) != f.from.end())
        return Error{Kind::kUsage, "the column " + path + " is mapped and ignored", "from", "leave it in one place"};
    TRY(known_as(m, path, p));
    m.ignored.push_back(path);
  }
  if (const auto unknown = c.unused(); !unknown.empty()) return Error{Kind::kUsage, "unknown key", unknown.front()};
  return {};
}

// A code of another system is not checked against our own value set.
void release_coded(Mapping& m) {
  constexpr std::string_view kCode = ".code";
  for (Field& f : m.fields) {
    if (!f.to.path.ends_with(kCode)) continue;
    const std::string sibling = f.to.path.substr(0, f.to.path.size() - kCode.size()) + ".system";
    for (const Field& g : m.fields)
      if (g.to.path == sibling && g.to.element == f.to.element) f.takes.clear();
  }
}

base::Status read_only(const Config& c, Mapping& m) {
  Only o;
  TRY_ASSIGN(o.from, c.text("from"));
  TRY_ASSIGN(o.is, texts(c, "is"));
  if (o.is.empty()) return Error{Kind::kUsage, "nothing would be chosen", "is", "list the values of the records to take"};
  if (const auto unknown = c.unused(); !unknown.empty()) return Error{Kind::kUsage, "unknown key", unknown.front()};
  m.only.push_back(std::move(o));
  return {};
}

// What a record is named, found and chosen by is seen from outside.
base::Status check_row_paths(const Mapping& m) {
  std::vector<std::pair<std::string, std::string>> all = {{"mapping.row_id", m.row_id}, {"mapping.thread_by", m.thread_by}};
  for (const Only& o : m.only) all.emplace_back("only.from", o.from);
  for (const auto& [key, path] : all) {
    if (path.empty()) continue;
    const auto it = m.known.find(path);
    if (it == m.known.end() || it->second != Provenance::kLocal)
      return Error{Kind::kUsage, "not a local column that the mapping names", key,
                   "name one that is mapped or ignored with provenance local"};
  }
  return {};
}

// The configuration's own errors name the file already.
Error at(const Error& e, const std::string& place) {
  return {e.kind, e.what, e.where.starts_with(place) ? e.where : place + (e.where.empty() ? "" : ": " + e.where), e.mend};
}

// In a tree an ignored path stands for more than itself.
base::Status check_overlaps(const Mapping& m) {
  if (!m.tree()) return {};
  for (const auto& pattern : m.ignored)
    for (const auto& [path, provenance] : m.known)
      if (path != pattern && m.known.at(pattern) != Provenance::kLocal && provenance == Provenance::kLocal && covers(pattern, path))
        return Error{Kind::kUsage, "the local path " + path + " lies in what is ignored as " + pattern, "ignore",
                     "say where it comes from once and for all"};
  return {};
}

// In NIEM some elements say by their names that they come out of criminal-justice systems.
base::Status check_niem(const Mapping& m) {
  if (m.format != "niem") return {};
  for (const auto& [path, provenance] : m.known)
    if (provenance == Provenance::kLocal && std::ranges::find(m.ignored, path) == m.ignored.end() && !niem::may_leave(path))
      return Error{Kind::kUsage, "arrests, charges, custody and histories are not local", path, "list it under ignore as cji or chri"};
  return {};
}

base::Status read_base(const Config& config, Mapping& m) {
  TRY_ASSIGN(const std::string base, config.text("mapping.base", ""));
  if (base.empty()) return {};
  const bool has_one = m.format == "hl7v2" || m.format == "nemsis" || m.format == "fhir" || m.format == "niem";
  if (base != "standard" || !has_one)
    return Error{Kind::kUsage, "no such base", "mapping.base", "use standard, with hl7v2, nemsis, fhir or niem, or leave it out"};
  if (m.format == "niem" && config.has("xml.record"))
    return Error{Kind::kUsage, "the standard mapping knows its records", "xml.record", "leave it out"};
  m.standard = true;
  return {};
}

base::Status read_head(const Config& config, Mapping& m) {
  TRY_ASSIGN(m.format, config.text("mapping.format"));
  if (!known_format(m.format))
    return Error{Kind::kUsage, "no such format", "mapping.format", "use csv, tsv, json, xml, niem, hl7v2, nemsis or fhir"};
  TRY(read_base(config, m));
  TRY_ASSIGN(m.kind, config.text("mapping.kind"));
  TRY_ASSIGN(m.row_id, config.text("mapping.row_id", ""));
  TRY_ASSIGN(m.thread_by, config.text("mapping.thread_by", ""));
  if (m.kind == "Referral" && !m.thread_by.empty())
    return Error{Kind::kUsage, "a referral opens a thread of its own", "mapping.thread_by", "leave it out"};
  const auto kind = body_of(m.kind);
  return kind.ok() ? base::Status() : base::Status(kind.error());
}

// Reads each table under `key`, and says in which one the error is.
template <class F>
base::Status each(const Config& config, const std::string& key, F&& read) {
  TRY_ASSIGN(const auto tables, config.tables(key));
  for (std::size_t i = 0; i < tables.size(); ++i)
    if (const base::Status done = read(tables[i]); !done.ok()) return at(done.error(), key + " " + std::to_string(i + 1));
  return {};
}

base::Status read_all(const Config& config, Mapping& m) {
  TRY(read_head(config, m));
  TRY_ASSIGN(const std::string zone, config.text("mapping.zone", ""));
  TRY(each(config, "field", [&](const Config& c) { return read_field(c, zone, m); }));
  TRY(each(config, "ignore", [&](const Config& c) { return read_ignored(c, m); }));
  TRY(each(config, "only", [&](const Config& c) { return read_only(c, m); }));
  if (m.fields.empty() && !m.standard) return Error{Kind::kUsage, "a mapping has fields", "field", "add a [[field]]"};
  release_coded(m);
  TRY(check_overlaps(m));
  TRY(check_niem(m));
  TRY(check_row_paths(m));
  const std::string own = std::string(table_of(m.format)) + ".";
  for (const auto& key : config.unused())
    if (!key.starts_with(own) || std::ranges::find(kReaderKeys, key) == std::end(kReaderKeys))
      return Error{Kind::kUsage, "unknown key", key};
  return {};
}

}  // namespace

base::Result<Mapping> load(const Config& config, const std::string& name) {
  Mapping m;
  if (const auto done = read_all(config, m); !done.ok()) return at(done.error(), name);
  return m;
}

}  // namespace adapters::formats::mapping
