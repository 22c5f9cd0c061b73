// The county's policy and its files, for the tests that ask them.
#pragma once

#include <stdexcept>
#include <string>

#include "schemas/policy/policy.h"

#include "tests/kit/files.h"

namespace policy_files {

inline std::string read(const std::string& path) { return kit::source_file(path); }

inline const schemas::policy::Policy& alder() {
  static const auto policy = [] {
    auto parsed = schemas::policy::parse_policy(read("docs/policy/alder-county.toml"));
    if (!parsed.ok()) throw std::runtime_error(parsed.error().message());
    return std::move(parsed).value();
  }();
  return policy;
}

}  // namespace policy_files
