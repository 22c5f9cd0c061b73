// Value sets: the codes that fields of the model take, as versioned data (schemas/values/*.toml, compiled in). Local codes with the
// prefix "x-" are allowed everywhere. Thread-safe.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace schemas {

struct Value {
  std::string code, group, en, es;  // group: decline class, ...; en/es: words for people
};
struct ValueSet {
  std::string id, version;
  std::vector<Value> values;
  [[nodiscard]] const Value* find(std::string_view code) const;
};
const ValueSet* value_set(std::string_view id);  // "decline_reason"; nullptr: there is none
std::span<const ValueSet> value_sets();
bool allowed(const ValueSet& set, std::string_view code);  // in it, or x-...

}  // namespace schemas
