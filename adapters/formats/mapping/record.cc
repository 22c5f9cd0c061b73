// Which reader feeds the mapping.
#include "adapters/formats/mapping/record.h"

#include "adapters/formats/mapping/flat.h"

namespace adapters::formats::mapping {

base::Result<Records> read_records(std::string_view format, std::string_view bytes, const schemas::Config& config) {
  if (format == "csv" || format == "tsv") return read_table(bytes, config, format == "tsv");
  if (format == "json") return read_json(bytes, config);
  if (format == "fhir") return read_fhir(bytes, config);
  if (format == "xml" || format == "niem") return read_xml(bytes, config, format == "niem");
  if (format == "hl7v2") return read_hl7v2(bytes, config);
  if (format == "nemsis") return read_nemsis(bytes, config);
  return base::Error{base::Kind::kUnsupported, "no such format", "mapping.format", "use csv, tsv, json, xml, niem, hl7v2, nemsis or fhir"};
}

bool known_format(std::string_view format) {
  for (const std::string_view f : {"csv", "tsv", "json", "fhir", "xml", "niem", "hl7v2", "nemsis"})
    if (f == format) return true;
  return false;
}

std::string_view table_of(std::string_view format) { return format == "tsv" ? "csv" : format == "niem" ? "xml" : format; }

}  // namespace adapters::formats::mapping
