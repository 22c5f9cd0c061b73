// Looking, with the eyes of the adapter.
#include "adapters/ems/inspect.h"

#include <set>

#include "adapters/ems/schemas.h"
#include "adapters/formats/nemsis/nemsis.h"
#include "schemas/policy/view.h"

namespace adapters::ems {
namespace {

unsigned line_in(const std::string& place) {  // "FILE:12: ELEMENT"
  const auto colon = place.find(':');
  return colon == place.npos ? 0 : static_cast<unsigned>(std::strtoul(place.c_str() + colon + 1, nullptr, 10));
}

// The paths that have a value; not those of what contains them.
void add_fields(const schemas::Payload& payload, const std::map<std::string, std::string>& custom, std::set<std::string>& out) {
  schemas::Body body;
  body.payload = payload;
  body.custom = custom;
  const auto all = schemas::policy::all_paths();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool above = i + 1 < all.size() && all[i + 1].starts_with(all[i] + ".");
    if (!above && schemas::policy::has_value(body, all[i])) out.insert(all[i]);
  }
  for (const auto& [name, value] : custom) out.insert("custom." + name);
}

Seen seen_of(const formats::nemsis::Examined& e) {
  Seen out;
  const formats::nemsis::Report& r = e.report;
  out.line = line_in(r.place);
  std::set<std::string> fields;
  const auto add = [&](const char* kind, const schemas::Payload& payload) {
    out.kinds.emplace_back(kind);
    add_fields(payload, r.custom, fields);
  };
  if (!r.encounter.event.empty()) add("EncounterNotification", r.encounter);
  if (!r.handoff.phase.empty()) add("HandoffReport", r.handoff);
  if (!r.narrative.empty()) add("SecureMessage", schemas::SecureMessage{r.narrative, "paramedic", {}, {}});
  add("Referral", r.referral);
  out.fields.assign(fields.begin(), fields.end());
  out.unmapped = e.unmapped;
  out.error = e.fault;
  if (!r.behavioral) out.warnings.push_back({out.line, "not a report of a mental-health crisis: it is sent with reports = \"all\" only"});
  if (r.encounter.event.empty()) out.warnings.push_back({out.line, "nobody took the patient over: it becomes a message only if it is referred"});
  return out;
}

}  // namespace

Look look(std::string_view bytes, const std::string& schema_dir) {
  Look out;
  const auto reports = formats::nemsis::examine(bytes, "document");
  if (!reports.ok()) {
    out.error = reports.error();
    return out;
  }
  for (const auto& r : *reports) out.reports.push_back(seen_of(r));
  Schemas schemas(schema_dir);
  const auto findings = schemas.check(bytes);
  if (!findings.ok()) out.error = findings.error();
  if (!findings.ok()) return out;
  for (const auto& f : *findings) out.warnings.push_back({f.line, f.what});
  if (!findings->empty()) {
    out.error = base::Error{base::Kind::kMalformed, "not valid by its schema: " + findings->front().what, "document:" + std::to_string(findings->front().line),
                            "correct the export"};
  }
  return out;
}

}  // namespace adapters::ems
