// What of a source the mapping names, and why a source is not taken.
#include "adapters/formats/mapping/cover.h"

#include <algorithm>
#include <set>

#include "adapters/formats/mapping/mapping.h"

namespace adapters::formats::mapping {
namespace {

using base::Error;
using base::Kind;

// "Person[2]/Name" -> "Person/Name", but "a[]" and "PRD[RP]" as they are.
std::string numberless(std::string_view path) {
  std::string out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const auto close = path[i] == '[' ? path.find(']', i) : path.npos;
    const bool number = close != path.npos && close > i + 1 && path.substr(i + 1, close - i - 1).find_first_not_of("0123456789") == path.npos;
    if (number || (close != path.npos && close == i + 1))
      i = close;
    else
      out += path[i];
  }
  return out;
}

bool glob(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0, star = pattern.npos, mark = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++, mark = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p, ++t;
    } else if (star != pattern.npos) {
      p = star + 1, t = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool begins(std::string_view pattern, std::string_view path) {
  if (pattern.find('*') != pattern.npos) return glob(pattern, path);
  return path.starts_with(pattern) && (path.size() == pattern.size() || std::string_view("/.[-").find(path[pattern.size()]) != pattern.npos);
}

bool ignored(const Mapping& m, std::string_view path) {
  return std::ranges::any_of(m.ignored, [&](const std::string& pattern) { return covers(pattern, path); });
}

// All leaves of the record that a field, or what chooses and names records, reads.
std::set<std::string> read_of(const Mapping& m, const Record& r) {
  std::set<std::string> out;
  for (const auto& path : needed_paths(m))
    for (auto& place : r.places(path)) out.insert(std::move(place));
  return out;
}

const Record* first_with(const Records& source, const std::string& path) {
  for (const Record& r : source.records)
    if (!r.fault && std::ranges::any_of(r.paths, [&](const auto& p) { return without_places(p) == path; })) return &r;
  return nullptr;
}

// A local field that gets at what is ignored as criminal-justice information: references and whole fields are seen only here.
void add_leaks(const Mapping& m, const Record& r, std::set<std::string>& seen, std::vector<Error>& out) {
  for (const auto& path : read_paths(m)) {
    const auto it = m.known.find(path);
    if (it == m.known.end() || it->second != Provenance::kLocal) continue;
    for (const auto& place : r.places(path))
      for (const auto& pattern : m.ignored)
        if (m.known.at(pattern) != Provenance::kLocal && covers(pattern, place) && seen.insert(path).second)
          out.push_back({Kind::kDenied, "the local field " + path + " reads what is ignored as " + pattern, r.where,
                         "read a path that is not of criminal-justice provenance"});
  }
}

}  // namespace

std::string without_places(std::string_view path) {
  std::string out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    out += path[i];
    const auto close = path[i] == '[' ? path.find(']', i) : path.npos;
    if (close != path.npos && path.substr(i + 1, close - i - 1).find_first_not_of("0123456789") == path.npos) i = close - 1;
  }
  return out;
}

bool covers(std::string_view pattern, std::string_view path) {
  if (begins(pattern, path)) return true;
  const bool numbered = without_places(pattern) != pattern;
  return !numbered && begins(numberless(pattern), numberless(path));
}

bool standard_covers(std::string_view format, std::string_view path) {
  if (format == "hl7v2") return !path.starts_with('Z');
  if (format == "nemsis") return !path.starts_with("eCustomResults/");
  return format == "fhir" || format == "niem";
}

std::vector<std::string> unmapped_paths(const Mapping& m, const Records& source) {
  std::vector<std::string> out;
  if (!m.tree()) {
    for (const auto& path : source.paths)
      if (!m.known.contains(path)) out.push_back(path);
    return out;
  }
  std::set<std::string> told;
  for (const Record& r : source.records) {
    if (r.fault || !wanted(m, r.text)) continue;
    const auto read = read_of(m, r);
    for (const auto& path : r.paths) {
      if (read.contains(path) || ignored(m, path) || (m.standard && standard_covers(m.format, path))) continue;
      if (std::string general = without_places(path); told.insert(general).second) out.push_back(std::move(general));
    }
  }
  return out;
}

std::vector<Error> unfit(const Mapping& m, const Records& source) {
  std::vector<Error> out;
  for (const auto& path : unmapped_paths(m, source)) {
    const Record* r = m.tree() ? first_with(source, path) : nullptr;
    out.push_back(base::malformed((m.tree() ? "unmapped path " : "unmapped column ") + path, r == nullptr ? "" : r->where,
                                  "map it or list it under ignore"));
  }
  if (!m.tree()) {
    for (const auto& path : needed_paths(m))
      if (std::ranges::find(source.paths, path) == source.paths.end())
        out.push_back(base::malformed("column " + path + " is missing", "", "export it, or take it out of the mapping"));
    return out;
  }
  std::set<std::string> seen;
  for (const Record& r : source.records)
    if (!r.fault && wanted(m, r.text)) add_leaks(m, r, seen, out);
  return out;
}

}  // namespace adapters::formats::mapping
