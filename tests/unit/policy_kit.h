// Policies and questions for the tests of the policy engine.
#pragma once

#include <fstream>
#include <sstream>
#include <string>

#include "schemas/policy/decide.h"
#include "schemas/policy/policy.h"

namespace policy_kit {

inline std::string alder_text() {
  std::ifstream in(HANDOFF_SOURCE_DIR "/tests/unit/schemas_data/alder.toml");
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

inline schemas::policy::Policy parsed(const std::string& toml) {
  auto p = schemas::policy::parse_policy(toml);
  if (!p.ok()) throw std::runtime_error(p.error().message());
  return *p;
}
inline schemas::policy::Policy alder() { return parsed(alder_text()); }

}  // namespace policy_kit
