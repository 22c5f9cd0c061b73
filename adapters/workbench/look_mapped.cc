// Any format through a mapping file, as an adapter with that mapping takes it.
#include "adapters/workbench/fields.h"
#include "adapters/workbench/report.h"
#include "adapters/workbench/standard.h"
#include "schemas/body.h"

namespace adapters::workbench {
namespace {

namespace mapping = formats::mapping;
using base::Error;

// "row 3" + "call_type" -> "3:call_type", "line 40" -> "line 40: a/b".
std::string place_of(const std::string& record, const std::string& path) {
  if (record.starts_with("row ")) return record.substr(4) + (path.empty() ? "" : ":" + path);
  return record + (path.empty() ? "" : ": " + path);
}

void look_record(const mapping::Mapping& m, const mapping::Record& record, const base::Result<schemas::Body>* standard, Report& out) {
  ++out.messages;
  if (record.fault) return out.refuse({record.fault->kind, record.fault->what, place_of(record.where, ""), record.fault->mend});
  if (standard != nullptr && !standard->ok()) return out.refuse(standard->error());
  mapping::Mapped mapped;
  if (standard == nullptr) {
    mapped = mapping::apply(m, record.text);
  } else {
    mapped.body = **standard;
    if (schemas::name_of(schemas::kind_of(mapped.body.payload)) == m.kind) mapped.faults = mapping::overlay(mapped.body, m, record, &mapped.warnings);
  }
  for (const Error& e : mapped.warnings) out.warn({e.kind, e.what, place_of(record.where, e.where), e.mend});
  out.kinds.insert(std::string(schemas::name_of(schemas::kind_of(mapped.body.payload))));
  for (auto& path : fields_of(mapped.body)) out.fields.insert(std::move(path));
  for (std::size_t i = 0; i < mapped.faults.size(); ++i) {
    const Error& e = mapped.faults[i];
    Error placed{e.kind, e.what, place_of(record.where, e.where), e.mend};
    // A row is refused alone and the table goes on; a message is all there is.
    i == 0 && m.tree() ? out.refuse(std::move(placed)) : out.warn(std::move(placed));
  }
}

}  // namespace

void look_mapped(std::string_view bytes, const mapping::Mapping& m, const schemas::Config& config, Report& out) {
  const auto source = mapping::read_records(m.format, bytes, config);
  if (!source.ok()) {
    out.error = source.error();
    return;
  }
  using Bodies = std::vector<base::Result<schemas::Body>>;
  const base::Result<Bodies> standard = m.standard ? standard_bodies(m, config, bytes) : Bodies();
  if (!standard.ok()) {
    out.error = standard.error();
    return;
  }
  out.kinds.insert(m.kind);
  for (auto& path : mapping::unmapped_paths(m, *source)) out.unmapped.insert(std::move(path));
  for (auto& path : site_paths(m, config, bytes)) out.unmapped.insert(std::move(path));
  if (auto errors = mapping::unfit(m, *source); !errors.empty()) {
    out.error = errors.front();
    if (!m.tree()) out.error->where = "1";
    return;
  }
  if (!out.unmapped.empty()) {
    out.error = base::malformed("unmapped path " + *out.unmapped.begin(), "", "map it or list it under ignore");
    return;
  }
  for (std::size_t i = 0; i < source->records.size(); ++i) {
    const mapping::Record& record = source->records[i];
    if (!record.fault && !mapping::wanted(m, record.text)) continue;
    look_record(m, record, m.standard && i < standard->size() ? &(*standard)[i] : nullptr, out);
  }
}

}  // namespace adapters::workbench
