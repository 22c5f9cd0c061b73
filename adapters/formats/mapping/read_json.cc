// JSON: an array, an object with the list at [json] records, one object, or a JSON value a line. FHIR: each resource of it.
#include <memory>
#include <nlohmann/json.hpp>

#include "adapters/formats/hl7v2/charset.h"
#include "adapters/formats/mapping/flat.h"
#include "schemas/json.h"

namespace adapters::formats::mapping {
namespace {

using base::Error;
using base::Kind;
using schemas::Json;

constexpr std::string_view kMark = "\xEF\xBB\xBF";

void flatten(const Json& j, const std::string& path, Flat& out) {
  if (j.is_object()) {
    for (const auto& [key, value] : j.items()) flatten(value, path.empty() ? key : path + "." + key, out);
  } else if (j.is_array()) {
    out.list(path, j.size());
    for (std::size_t i = 0; i < j.size(); ++i) flatten(j[i], out.place(path, i), out);
  } else if (j.is_string()) {
    if (!j.get_ref<const std::string&>().empty()) out.leaf(path, j.get<std::string>());
  } else if (!j.is_null()) {
    out.leaf(path, schemas::dump(j));
  }
}

Record record_from(const Json& j, std::string where) {
  auto flat = std::make_shared<Flat>(true);
  flatten(j, "", *flat);
  return record_of(flat, std::move(where));
}

Record unread(std::string where, Error fault) {
  Record out;
  out.where = std::move(where);
  out.fault = std::move(fault);
  out.text = [](std::string_view) { return std::nullopt; };
  out.places = [](std::string_view) { return std::vector<std::string>(); };
  return out;
}

// A value a line. Nothing if the first line is not one, or there is only one.
std::optional<std::vector<std::pair<std::string, base::Result<std::shared_ptr<Json>>>>> lines(std::string_view bytes) {
  std::vector<std::pair<std::string, base::Result<std::shared_ptr<Json>>>> out;
  std::size_t number = 0;
  for (std::string_view rest = bytes; !rest.empty();) {
    const auto end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    ++number;
    rest.remove_prefix(end == rest.npos ? rest.size() : end + 1);
    if (line.find_first_not_of(" \t\r") == line.npos) continue;
    out.emplace_back("line " + std::to_string(number), schemas::parse_json(line));
    if (out.size() == 1 && !out[0].second.ok()) return std::nullopt;
  }
  if (out.size() < 2) return std::nullopt;
  return out;
}

// Hands each whole value of the text on with its place: one, or one a line.
template <class F>
base::Result<Records> each_value(std::string_view bytes, F&& use) {
  std::string converted;
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
    TRY_ASSIGN(converted, hl7v2::to_utf8(bytes, bytes.starts_with("\xFF") ? "UTF-16LE" : "UTF-16BE"));
    bytes = converted;
  }
  if (bytes.starts_with(kMark)) bytes.remove_prefix(kMark.size());
  Records out;
  const auto whole = schemas::parse_json(bytes);
  if (whole.ok()) {
    TRY(use(**whole, std::string("$"), out.records));
  } else if (const auto all = lines(bytes)) {
    for (const auto& [where, value] : *all) {
      if (!value.ok()) {
        out.records.push_back(unread(where, {value.error().kind, value.error().what, where, "write one JSON value a line"}));
        continue;
      }
      TRY(use(**value, where, out.records));
    }
  } else {
    return Error{whole.error().kind, whole.error().what, whole.error().where, "export it as JSON in UTF-8, or with one value a line"};
  }
  out.paths = paths_of(out.records);
  return out;
}

// The value at a dotted path without places; nullptr: there is none.
const Json* inside(const Json& j, std::string_view path) {
  const Json* at = &j;
  while (!path.empty()) {
    const auto dot = path.find('.');
    const auto it = at->is_object() ? at->find(std::string(path.substr(0, dot))) : at->end();
    if (!at->is_object() || it == at->end()) return nullptr;
    at = &*it;
    path.remove_prefix(dot == path.npos ? path.size() : dot + 1);
  }
  return at;
}

void resources(const Json& j, const std::string& where, std::vector<std::pair<const Json*, std::string>>& out) {
  if (!j.is_object() || j.value("resourceType", Json()) != "Bundle") {
    out.emplace_back(&j, where);
    return;
  }
  const auto entries = j.find("entry");
  if (entries == j.end() || !entries->is_array()) return;
  for (std::size_t i = 0; i < entries->size(); ++i) {
    const Json* resource = inside((*entries)[i], "resource");
    if (resource != nullptr) resources(*resource, where + ".entry[" + std::to_string(i) + "].resource", out);
  }
}

// All of a Bundle in one: the first resource of a type under its name, the others under Type[1], Type[2] ...
Record bundled(const std::vector<std::pair<const Json*, std::string>>& all, const std::string& where) {
  auto flat = std::make_shared<Flat>(true);
  std::map<std::string, std::size_t> seen;
  for (const auto& [resource, place] : all) {
    const Json* type = inside(*resource, "resourceType");
    if (type == nullptr || !type->is_string()) continue;
    const auto name = type->get<std::string>();
    const std::size_t nth = seen[name]++;
    flatten(*resource, nth == 0 ? name : flat->place(name, nth), *flat);
  }
  return record_of(flat, where);
}

}  // namespace

base::Result<Records> read_json(std::string_view bytes, const schemas::Config& config) {
  TRY_ASSIGN(const std::string at, config.text("json.records", ""));
  return each_value(bytes, [&](const Json& j, const std::string& where, std::vector<Record>& out) -> base::Status {
    const Json* list = inside(j, at);
    if (list == nullptr || (!at.empty() && !list->is_array()))
      return base::malformed("no list of records at " + at, where, "correct json.records in the mapping");
    if (!list->is_array()) return out.push_back(record_from(*list, where)), base::Status();
    const std::string place = at.empty() ? where : where + "." + at;
    for (std::size_t i = 0; i < list->size(); ++i) out.push_back(record_from((*list)[i], place + "[" + std::to_string(i) + "]"));
    return {};
  });
}

base::Result<Records> read_fhir(std::string_view bytes, const schemas::Config& config) {
  TRY_ASSIGN(const std::string base, config.text("mapping.base", ""));
  return each_value(bytes, [&](const Json& j, const std::string& where, std::vector<Record>& out) -> base::Status {
    std::vector<std::pair<const Json*, std::string>> all;
    resources(j, where, all);
    for (const auto& [resource, place] : all) {
      const Json* type = inside(*resource, "resourceType");
      if (type == nullptr || !type->is_string()) return base::malformed("no resourceType", place, "export FHIR R4 in JSON");
    }
    if (!base.empty()) return out.push_back(bundled(all, where)), base::Status();
    for (const auto& [resource, place] : all) out.push_back(record_from(*resource, place));
    return {};
  });
}

}  // namespace adapters::formats::mapping
