// NEMSIS as the ambulance adapter takes it.
#include "adapters/ems/inspect.h"
#include "adapters/workbench/report.h"

namespace adapters::workbench {

void look_nemsis(std::string_view bytes, Report& out) {
  const ems::Look seen = ems::look(bytes, "");
  const auto line = [](unsigned n) { return n == 0 ? std::string() : "line " + std::to_string(n); };
  for (const auto& r : seen.reports) {
    ++out.messages;
    out.kinds.insert(r.kinds.begin(), r.kinds.end());
    out.fields.insert(r.fields.begin(), r.fields.end());
    out.unmapped.insert(r.unmapped.begin(), r.unmapped.end());
    if (r.error) out.refuse({r.error->kind, r.error->what, r.error->where, r.error->mend});
    for (const auto& w : r.warnings) out.warn(base::malformed(w.what, line(w.line)));
  }
  for (const auto& w : seen.warnings) out.warn(base::malformed(w.what, line(w.line)));
  out.error = seen.error;
}

}  // namespace adapters::workbench
