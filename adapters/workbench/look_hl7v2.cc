// HL7 v2 as the hospital adapter takes it. A capture of the wire (MLLP) is read without its frame bytes.
#include <algorithm>

#include "adapters/hospital/inspect.h"
#include "adapters/workbench/report.h"

namespace adapters::workbench {

void look_hl7v2(std::string_view bytes, Report& out) {
  std::string text(bytes);
  std::erase_if(text, [](char c) { return c == '\x0B' || c == '\x1C'; });
  const auto looked = hospital::look(text);
  if (!looked.ok()) {
    out.error = looked.error();
    if (out.error->mend.empty()) out.error->mend = "have the sender correct it; a message begins with MSH, and a segment with its name";
    return;
  }
  if (looked->empty()) out.error = base::malformed("a batch without messages", "", "export it again");
  for (std::size_t i = 0; i < looked->size(); ++i) {
    const auto& one = (*looked)[i];
    const std::string place = looked->size() == 1 ? "" : "message " + std::to_string(i + 1) + ": ";
    ++out.messages;
    if (!one.kind.empty()) out.kinds.insert(one.kind);
    out.fields.insert(one.fields.begin(), one.fields.end());
    out.unmapped.insert(one.unmapped.begin(), one.unmapped.end());
    if (one.error) {
      std::string mend = one.error->mend;
      if (mend.empty())
        mend = one.kind.empty() ? "have the sender route here only what is taken" : "fill it in at the source, or give it a default in the adapter's settings";
      const bool told = !one.kind.empty() || one.error->what.find(one.type) != std::string::npos;
      out.refuse({one.error->kind, one.error->what + (told ? "" : " (" + one.type + ")"), place + one.error->where, std::move(mend)});
    }
    for (const auto& w : one.warnings)
      if (!one.error || w.where != one.error->where || w.what != one.error->what) out.warn(base::malformed(w.what, place + w.where));
  }
}

}  // namespace adapters::workbench
