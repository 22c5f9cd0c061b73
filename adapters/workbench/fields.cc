#include "adapters/workbench/fields.h"

#include "schemas/policy/view.h"

namespace adapters::workbench {

std::vector<std::string> fields_of(const schemas::Body& body) {
  static const std::vector<std::string> all = schemas::policy::all_paths();
  std::vector<std::string> out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool innermost = i + 1 == all.size() || !all[i + 1].starts_with(all[i] + ".");
    if (innermost && schemas::policy::has_value(body, all[i])) out.push_back(all[i]);
  }
  for (const auto& [name, value] : body.custom) out.push_back("custom." + name);
  return out;
}

}  // namespace adapters::workbench
