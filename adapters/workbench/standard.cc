#include "adapters/workbench/standard.h"

#include <algorithm>

#include "adapters/formats/fhir/read.h"
#include "adapters/formats/mapping/cover.h"
#include "adapters/formats/nemsis/nemsis.h"
#include "adapters/formats/niem/look.h"
#include "adapters/hospital/referral_in.h"
#include "adapters/hospital/visit_in.h"

namespace adapters::workbench {
namespace {

using base::Error;
using base::Kind;
using Bodies = std::vector<base::Result<schemas::Body>>;
namespace hl7 = formats::hl7v2;

base::Result<schemas::Body> body_of(const hl7::Message& m) {
  if (const auto no = hospital::refuse_header(m)) return Error{Kind::kUnsupported, no->fault.text, no->fault.where};
  schemas::Body out;
  if (hospital::topic_of(m) == hospital::Topic::kVisit) {
    out.payload = hospital::visit_from(m, "+00:00").encounter;
  } else if (hospital::topic_of(m) == hospital::Topic::kReferral) {
    auto mapped = hospital::referral_from(m, {});
    out.payload = std::move(mapped.referral), out.absent = std::move(mapped.absent);
  } else {
    return Error{Kind::kUnsupported, "fields do not go over an appointment", "MSH[1]-9", "map REF^I12 or ADT"};
  }
  return out;
}

base::Result<Bodies> hl7v2_bodies(std::string_view bytes) {
  TRY_ASSIGN(const hl7::File file, hl7::parse_file(bytes));
  Bodies out;
  for (const auto& m : file.parts)
    if (!m.envelope()) out.push_back(body_of(m));
  return out;
}

base::Result<Bodies> nemsis_bodies(std::string_view bytes) {
  TRY_ASSIGN(const auto reports, formats::nemsis::read(bytes, "line"));
  Bodies out;
  for (const auto& r : reports) {
    schemas::Body body;
    body.payload = r.referral, body.absent = r.absent, body.custom = r.custom;
    out.emplace_back(std::move(body));
  }
  return out;
}

base::Result<std::vector<formats::niem::Incident>> incidents_of(const schemas::Config& mapping_file, std::string_view bytes) {
  TRY_ASSIGN(const std::string zone, mapping_file.text("mapping.zone", ""));
  return formats::niem::read(bytes, {zone});
}

base::Result<Bodies> niem_bodies(const schemas::Config& mapping_file, std::string_view bytes) {
  TRY_ASSIGN(auto incidents, incidents_of(mapping_file, bytes));
  Bodies out;
  for (auto& i : incidents) out.push_back(i.error ? base::Result<schemas::Body>(*i.error) : base::Result<schemas::Body>(std::move(i.body)));
  return out;
}

// One body for the whole document, as the mapping's record is.
base::Result<Bodies> fhir_bodies(std::string_view bytes) {
  auto read = formats::fhir::read(bytes);
  Bodies out;
  if (read.kind.empty() && !read.error) read.error = Error{Kind::kUnsupported, read.note, read.type};
  out.push_back(read.error ? base::Result<schemas::Body>(*read.error) : base::Result<schemas::Body>(std::move(read.body)));
  return out;
}

}  // namespace

std::vector<std::string> site_paths(const formats::mapping::Mapping& m, const schemas::Config& mapping_file, std::string_view bytes) {
  std::vector<std::string> out;
  const auto incidents = m.format == "niem" && m.standard ? incidents_of(mapping_file, bytes) : std::vector<formats::niem::Incident>();
  if (!incidents.ok()) return out;
  for (const auto& i : *incidents)
    for (const auto& path : i.unmapped)
      if (std::ranges::none_of(m.known, [&](const auto& known) { return formats::mapping::covers(known.first, path); })) out.push_back(path);
  return out;
}

base::Result<Bodies> standard_bodies(const formats::mapping::Mapping& m, const schemas::Config& mapping_file, std::string_view bytes) {
  const std::string& format = m.format;
  if (format == "hl7v2") return hl7v2_bodies(bytes);
  if (format == "nemsis") return nemsis_bodies(bytes);
  if (format == "niem") return niem_bodies(mapping_file, bytes);
  if (format == "fhir") return fhir_bodies(bytes);
  return Error{Kind::kUnsupported, "no standard mapping for this format", "mapping.base", "leave it out"};
}

}  // namespace adapters::workbench
