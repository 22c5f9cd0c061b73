// How a label rule applies, shared by the decision and by the check that a policy does not weaken the law.
#pragma once

#include "schemas/policy/internal/words.h"
#include "schemas/policy/policy.h"

namespace schemas::policy::internal {

inline bool reaches(const LabelRule& rule, std::string_view to_kind) {
  return (rule.to.empty() || in(rule.to, to_kind)) && !in(rule.to_not, to_kind);
}
inline bool applies(const LabelRule& rule, std::string_view from_kind, std::string_view to_kind) {
  return (rule.from.empty() || in(rule.from, from_kind)) && reaches(rule, to_kind);
}

}  // namespace schemas::policy::internal
