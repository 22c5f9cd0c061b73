// Records of a format that is read only through a mapping, while there is none: what there is, and how much of it has a familiar name.
#include "adapters/formats/mapping/cover.h"
#include "adapters/workbench/report.h"
#include "adapters/workbench/vocabulary.h"

namespace adapters::workbench {

namespace mapping = formats::mapping;

void look_unmapped(std::string_view bytes, Report& out) {
  const auto config = schemas::Config::parse("");
  const auto source = mapping::read_records(out.format, bytes, *config);
  if (!source.ok()) {
    out.error = source.error();
    return;
  }
  out.messages = source->records.size();
  std::size_t familiar = 0;
  for (const auto& path : source->paths)
    if (out.unmapped.insert(out.format == "csv" || out.format == "tsv" ? path : mapping::without_places(path)).second)
      familiar += meaning_of("Referral", path) || meaning_of("CapacityUpdate", path) || meaning_of("FollowUp", path) ? 1 : 0;
  if (out.unmapped.empty() || familiar == 0) {
    out.error = base::Error{base::Kind::kUnsupported, "not a record that is read here: nothing in it has a name of a referral, a bed or a follow-up", "",
                            "if it is one, write a mapping: handoff-agent map new --from FILE"};
    return;
  }
  out.warn({base::Kind::kUsage,
            "without a mapping nothing of it is read; " + std::to_string(familiar) + " of " + std::to_string(out.unmapped.size()) + " names are familiar",
            "", ""});
  for (const auto& r : source->records)
    if (r.fault) out.warn({r.fault->kind, r.fault->what, r.where, r.fault->mend});
}

}  // namespace adapters::workbench
