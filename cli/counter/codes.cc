// See codes.h.
#include "cli/counter/codes.h"

#include "schemas/values.h"

namespace cli::counter {

base::Status check_code(const Call& call, const char* option, const char* value_set) {
  const schemas::ValueSet* set = schemas::value_set(value_set);
  if (set == nullptr || !call.has(option) || schemas::allowed(*set, call.get(option))) return {};
  std::string known;
  for (const schemas::Value& v : set->values) known += (known.empty() ? "" : "; ") + v.code + " (" + v.en + ")";
  return base::Error{base::Kind::kUsage, "there is no such code", std::string("--") + option, known};
}

}  // namespace cli::counter
