// handoff-agent inspect: reads files as an adapter would, and sends nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/formats/mapping/mapping.h"
#include "crypto/base/result.h"

namespace adapters::workbench {

struct InspectOptions {
  std::string format;   // csv, tsv, json, xml, niem, hl7v2, nemsis, fhir; empty: by the mapping, or by the contents
  std::string mapping;  // a mapping file; empty: as the format's own adapter reads it, and where it has none the structure alone
};
struct Inspected {
  // One line: file, format, kind, verdict (read, partial, refused), messages, fields, unmapped, warnings, error. No contents in it:
  // `fields` are the paths that got a value.
  std::string json;
  bool read = false;    // verdict read
  bool opened = false;  // false: the file could not be read from the disk
};

class Inspector {
 public:
  // kUsage: no such format, or the mapping is for another; kNotFound, kMalformed: the mapping.
  static base::Result<Inspector> make(const InspectOptions& options);
  // What is wrong with the file is in the answer, always.
  [[nodiscard]] Inspected file(const std::string& path) const;
  [[nodiscard]] Inspected bytes(const std::string& name, std::string_view bytes) const;

 private:
  std::string format_;
  std::optional<formats::mapping::Mapping> mapping_;
  std::optional<schemas::Config> config_;
};

}  // namespace adapters::workbench
