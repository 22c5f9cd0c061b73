// NIEM as the police adapter takes it, before a mapping adds what NIEM has no words for.
#include "adapters/formats/niem/look.h"
#include "adapters/workbench/fields.h"
#include "adapters/workbench/report.h"
#include "schemas/policy/decide.h"

namespace adapters::workbench {

void look_niem(std::string_view bytes, Report& out) {
  const auto incidents = formats::niem::read(bytes);
  if (!incidents.ok()) {
    out.error = incidents.error();
    return;
  }
  for (const auto& i : *incidents) {
    ++out.messages;
    out.kinds.insert("Referral");
    for (auto& path : fields_of(i.body)) out.fields.insert(std::move(path));
    out.unmapped.insert(i.unmapped.begin(), i.unmapped.end());
    out.withheld.insert(i.withheld.begin(), i.withheld.end());
    if (i.error) {
      out.refuse({i.error->kind, i.error->what, i.error->where.empty() ? i.where : i.error->where, i.error->mend});
      continue;
    }
    for (const auto& w : i.warnings) out.warn(w);
    schemas::policy::Ask ask;
    ask.kind = schemas::MsgKind::kReferral;
    std::string lacking;
    for (const auto& e : schemas::policy::missing({}, ask, i.body)) lacking += (lacking.empty() ? "" : ", ") + e.where;
    if (!lacking.empty())
      out.warn({base::Kind::kMalformed, "a referral has to say more, by a mapping with base = \"standard\": " + lacking, i.where, ""});
  }
}

}  // namespace adapters::workbench
