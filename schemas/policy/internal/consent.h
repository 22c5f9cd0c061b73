// Whether a consent covers some of the labels that a message carries.
#pragma once

#include "schemas/policy/decide.h"

namespace schemas::policy::internal {

// Empty: it does; else why not. `labels` are those that need it; the rest of the ask says to whom, from whom, what for and when.
std::string why_not(const Consent& consent, const Policy& policy, const Ask& ask, const std::vector<std::string>& labels);

}  // namespace schemas::policy::internal
