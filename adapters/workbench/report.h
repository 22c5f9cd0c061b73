// What inspect tells of one file, and how it is shown. No contents in it: places, paths, and words about them.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/formats/mapping/mapping.h"
#include "crypto/base/result.h"

namespace adapters::workbench {

struct Report {
  std::string format;
  std::size_t messages = 0, refused = 0;  // records that were looked at; of those, that would not be taken
  std::set<std::string> kinds, fields, unmapped;
  std::set<std::string> withheld;     // paths that are left out on purpose: criminal-justice information
  std::vector<base::Error> warnings;  // the first of them; `more` counts the rest
  std::size_t more = 0;
  std::optional<base::Error> error;  // the file as a whole is refused

  void warn(base::Error e);
  // One record is refused. If none is left at the end, the first of these becomes the file's error.
  void refuse(base::Error e);
  void finish();
  [[nodiscard]] std::string_view verdict() const;  // read, partial, refused
};

std::string shown(const std::string& path, const Report& r);  // the JSON line

// One reader a format. `bytes` are whole; the format is settled.
void look_hl7v2(std::string_view bytes, Report& out);
void look_nemsis(std::string_view bytes, Report& out);
void look_niem(std::string_view bytes, Report& out);
void look_fhir(std::string_view bytes, Report& out);
// Formats that are read only through a mapping: csv, tsv, json, xml. What there is, and whether any of it looks like ours.
void look_unmapped(std::string_view bytes, Report& out);
void look_mapped(std::string_view bytes, const formats::mapping::Mapping& m, const schemas::Config& config, Report& out);

}  // namespace adapters::workbench
