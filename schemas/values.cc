// The embedded files are ours and were tested: one that does not parse is a bug, not an input.
#include "schemas/values.h"

#include <algorithm>

#include "crypto/base/check.h"
#include "schemas/internal/embedded.h"
#include "schemas/internal/toml.h"

namespace schemas {
namespace {

using internal::Toml;

std::string text_of(const Toml& table, std::string_view key) {
  const Toml* at = table.find(key);
  CHECK(at != nullptr && at->type == Toml::Type::kText);
  return at->text;
}

ValueSet read(const internal::Embedded& file) {
  const auto toml = internal::parse_toml(file.text, std::string(file.name));
  CHECK(toml.ok());
  ValueSet out{text_of(*toml, "id"), text_of(*toml, "version"), {}};
  const Toml* rows = toml->find("values");
  CHECK(rows != nullptr && out.id + ".toml" == file.name);
  for (const Toml& row : rows->items)
    out.values.push_back({text_of(row, "code"), text_of(row, "group"), text_of(row, "en"), text_of(row, "es")});
  return out;
}

std::vector<ValueSet> read_all() {
  std::vector<ValueSet> out;
  std::ranges::transform(internal::value_files(), std::back_inserter(out), read);
  return out;
}

}  // namespace

const Value* ValueSet::find(std::string_view code) const {
  const auto it = std::ranges::find(values, code, &Value::code);
  return it == values.end() ? nullptr : &*it;
}

std::span<const ValueSet> value_sets() {
  static const std::vector<ValueSet> sets = read_all();
  return sets;
}

const ValueSet* value_set(std::string_view id) {
  const auto sets = value_sets();
  const auto it = std::ranges::find(sets, id, &ValueSet::id);
  return it == sets.end() ? nullptr : &*it;
}

bool allowed(const ValueSet& set, std::string_view code) {
  return (code.starts_with("x-") && code.size() > 2) || set.find(code) != nullptr;
}

}  // namespace schemas
