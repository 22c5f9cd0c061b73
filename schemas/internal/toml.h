// TOML text as a plain tree of values with their lines, so that one .cc alone sees the TOML library.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.h"

namespace schemas::internal {

struct Toml {
  enum class Type { kText, kNumber, kReal, kFlag, kTime, kArray, kTable };
  Type type = Type::kTable;
  std::string key;   // of a member
  std::string text;  // kText; kTime as written in RFC 3339
  std::int64_t number = 0;
  bool flag = false;
  std::vector<Toml> items;    // kArray
  std::vector<Toml> members;  // kTable, by key
  unsigned line = 0;

  [[nodiscard]] const Toml* find(std::string_view name) const;  // a member of a table, or nullptr
};

// kMalformed with "name:line". The library's words are not passed on: they can quote what stands in the file.
base::Result<Toml> parse_toml(std::string_view text, const std::string& name);
base::Error toml_error(const std::string& name, const Toml& at, std::string what);  // "name:line: what"

}  // namespace schemas::internal
