// A mapping held against samples whose results are known.
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "adapters/formats/mapping/mapping.h"
#include "adapters/transport/files.h"
#include "adapters/workbench/bench.h"
#include "adapters/workbench/standard.h"
#include "schemas/body.h"
#include "schemas/json.h"

namespace adapters::workbench {
namespace {

namespace fs = std::filesystem;
namespace mapping = formats::mapping;
using base::Error;
using base::Kind;
using schemas::Json;

constexpr std::size_t kMaxFile = 32u << 20, kMaxTold = 200;
constexpr std::string_view kExpected = ".expected.json", kMapping = "mapping.toml";

struct Loaded {
  schemas::Config config;
  mapping::Mapping mapping;
};

Json shown(const Error& e) { return {{"where", e.where}, {"what", e.what}}; }

Json shown(const std::vector<Error>& all) {
  Json out = Json::array();
  for (const Error& e : all) out.push_back(shown(e));
  return out;
}

Json record_result(const Loaded& l, const mapping::Record& r, const base::Result<schemas::Body>* standard) {
  Json out = {{"record", r.where}};
  mapping::Mapped mapped;
  if (r.fault) return out["refused"] = shown(std::vector{*r.fault}), out;
  if (standard != nullptr && !standard->ok()) return out["refused"] = shown(std::vector{standard->error()}), out;
  if (!mapping::wanted(l.mapping, r.text)) return out["skipped"] = true, out;
  if (standard == nullptr) {
    mapped = mapping::apply(l.mapping, r.text);
  } else {
    mapped.body = **standard;
    if (schemas::name_of(schemas::kind_of(mapped.body.payload)) == l.mapping.kind) mapped.faults = mapping::overlay(mapped.body, l.mapping, r);
  }
  if (mapped.faults.empty())
    out["body"] = *schemas::to_json(mapped.body);
  else
    out["refused"] = shown(mapped.faults);
  return out;
}

// What the sample becomes: {"refused": [...]} as a whole, or {"records": [...]}.
Json result_of(const Loaded& l, std::string_view bytes) {
  const auto source = mapping::read_records(l.mapping.format, bytes, l.config);
  if (!source.ok()) return {{"refused", shown(std::vector{source.error()})}};
  if (const auto errors = mapping::unfit(l.mapping, *source); !errors.empty()) return {{"refused", shown(errors)}};
  std::vector<base::Result<schemas::Body>> standard;
  if (l.mapping.standard) {
    for (const auto& path : site_paths(l.mapping, l.config, bytes)) return {{"refused", shown(std::vector{base::malformed("unmapped path " + path)})}};
    auto bodies = standard_bodies(l.mapping, l.config, bytes);
    if (!bodies.ok()) return {{"refused", shown(std::vector{bodies.error()})}};
    standard = std::move(bodies).value();
  }
  Json out = {{"records", Json::array()}};
  for (std::size_t i = 0; i < source->records.size(); ++i)
    out["records"].push_back(record_result(l, source->records[i], i < standard.size() ? &standard[i] : nullptr));
  return out;
}

void leaves(const Json& j, const std::string& path, std::map<std::string, std::string>& out) {
  if (j.is_object() && !j.empty()) {
    for (const auto& [key, value] : j.items()) leaves(value, path.empty() ? key : path + "." + key, out);
  } else if (j.is_array() && !j.empty()) {
    for (std::size_t i = 0; i < j.size(); ++i) leaves(j[i], path + "[" + std::to_string(i) + "]", out);
  } else {
    out[path] = schemas::dump(j);
  }
}

std::vector<std::string> differences(const Json& expected, const Json& found) {
  std::map<std::string, std::string> want, got;
  leaves(expected, "", want);
  leaves(found, "", got);
  std::vector<std::string> out;
  for (const auto& [path, text] : want) {
    const auto it = got.find(path);
    if (it == got.end())
      out.push_back("- " + path + ": expected, and not there");
    else if (it->second != text)
      out.push_back("~ " + path + ": another value than expected");
  }
  for (const auto& [path, text] : got)
    if (!want.contains(path)) out.push_back("+ " + path + ": there, and not expected");
  if (out.size() > kMaxTold) out.resize(kMaxTold);
  return out;
}

base::Result<std::vector<std::string>> samples_in(const std::string& folder) {
  std::vector<std::string> out;
  std::error_code bad;
  for (fs::directory_iterator it(folder, bad), end; !bad && it != end; it.increment(bad)) {
    const std::string name = it->path().filename().string();
    const bool other = name.starts_with('.') || name.ends_with(kExpected) || name.ends_with(".toml") || name.ends_with(".md");
    if (it->is_regular_file() && !other) out.push_back(name);
  }
  if (bad) return Error{Kind::kNotFound, "the folder cannot be read", folder, "name a folder with mapping.toml and samples"};
  if (out.empty()) return Error{Kind::kNotFound, "no samples in it", folder, "put files of the source beside mapping.toml"};
  std::ranges::sort(out);
  return out;
}

}  // namespace

base::Result<std::vector<Tested>> test_mappings(const std::string& folder, bool write) {
  const std::string path = folder + "/" + std::string(kMapping);
  TRY_ASSIGN(auto config, schemas::Config::load(path));
  TRY_ASSIGN(auto m, mapping::load(config, path));
  const Loaded loaded{std::move(config), std::move(m)};
  TRY_ASSIGN(const auto names, samples_in(folder));
  std::vector<Tested> out;
  for (const auto& name : names) {
    Tested t;
    t.name = name;
    TRY_ASSIGN(const std::string bytes, transport::read_file(folder + "/" + name, kMaxFile));
    const Json found = result_of(loaded, bytes);
    const std::string golden = name + std::string(kExpected);
    if (write) TRY(transport::write_file(folder, golden, schemas::dump(found, 2) + "\n"));
    const auto text = transport::read_file(folder + "/" + golden, kMaxFile);
    if (text.ok()) {
      TRY_ASSIGN(const auto expected, schemas::parse_json(*text));
      t.golden = true, t.differences = differences(*expected, found);
    }
    out.push_back(std::move(t));
  }
  return out;
}

}  // namespace adapters::workbench
