#include "adapters/workbench/inspect.h"

#include "adapters/transport/files.h"
#include "adapters/workbench/detect.h"
#include "adapters/workbench/report.h"

namespace adapters::workbench {
namespace {

using base::Error;
using base::Kind;
namespace mapping = formats::mapping;

constexpr std::size_t kMaxFile = 32u << 20;

// Files of one format that may be read as another: NIEM is XML, a tsv a csv, FHIR JSON.
bool same_family(std::string_view a, std::string_view b) {
  const auto family = [](std::string_view f) {
    return f == "niem" || f == "nemsis" ? std::string_view("xml") : f == "tsv" ? "csv" : f == "fhir" ? "json" : f;
  };
  return family(a) == family(b);
}

}  // namespace

base::Result<Inspector> Inspector::make(const InspectOptions& o) {
  Inspector out;
  out.format_ = o.format;
  if (!o.format.empty() && !mapping::known_format(o.format))
    return Error{Kind::kUsage, "no such format", o.format, "use csv, tsv, json, xml, niem, hl7v2, nemsis or fhir"};
  if (o.mapping.empty()) return out;
  TRY_ASSIGN(out.config_, schemas::Config::load(o.mapping));
  TRY_ASSIGN(out.mapping_, mapping::load(*out.config_, o.mapping));
  if (!o.format.empty() && o.format != out.mapping_->format)
    return Error{Kind::kUsage, "the mapping is for " + out.mapping_->format, o.mapping, "name the mapping of this format"};
  return out;
}

Inspected Inspector::bytes(const std::string& name, std::string_view bytes) const {
  Report r;
  const Detected found = detect(bytes, name);
  r.format = !format_.empty() ? format_ : found.format;
  if (found.error && (format_.empty() || found.format.empty())) r.error = found.error;
  if (mapping_ && !r.error) {
    if (format_.empty() && !same_family(found.format, mapping_->format))
      r.error = Error{Kind::kUsage, "the mapping is for " + mapping_->format + ", the file is " + found.format, "", "name the mapping of this format"};
    r.format = mapping_->format;
  }
  if (!r.error) {
    if (mapping_)
      look_mapped(bytes, *mapping_, *config_, r);
    else if (r.format == "hl7v2")
      look_hl7v2(bytes, r);
    else if (r.format == "nemsis")
      look_nemsis(bytes, r);
    else if (r.format == "niem")
      look_niem(bytes, r);
    else if (r.format == "fhir")
      look_fhir(bytes, r);
    else
      look_unmapped(bytes, r);
  }
  r.finish();
  return {shown(name, r), r.verdict() == "read", true};
}

Inspected Inspector::file(const std::string& path) const {
  const auto text = transport::read_file(path, kMaxFile);
  if (text.ok()) return bytes(path, *text);
  Report r;
  r.error = text.error();
  if (r.error->mend.empty()) r.error->mend = r.error->kind == Kind::kTooLarge ? "split the file" : "check its name and its permissions";
  return {shown(path, r), false, false};
}

}  // namespace adapters::workbench
