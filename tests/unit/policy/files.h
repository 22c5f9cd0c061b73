// The county's policy and its files, for the tests that ask them.
#pragma once

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

#include "schemas/policy/policy.h"

namespace policy_files {

inline std::string read(const std::string& path) {
  std::ifstream in(HANDOFF_SOURCE_DIR "/" + path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

inline const schemas::policy::Policy& alder() {
  static const auto policy = [] {
    auto parsed = schemas::policy::parse_policy(read("docs/policy/alder-county.toml"));
    if (!parsed.ok()) throw std::runtime_error(parsed.error().message());
    return std::move(parsed).value();
  }();
  return policy;
}

}  // namespace policy_files
