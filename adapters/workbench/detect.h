// What a file is, by its contents: its name is a hint where text alone cannot tell. Pure; thread-safe; never throws.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crypto/base/result.h"

namespace adapters::workbench {

struct Detected {
  std::string format;  // csv, tsv, json, fhir, xml, niem, nemsis, hl7v2; also beside an error, if that much is certain
  std::optional<base::Error> error;  // it is none of ours, or cannot be read as it is: what it is, and the mend
};

Detected detect(std::string_view bytes, std::string_view name);

// XML alone: by its root element and namespaces.
Detected detect_xml(std::string_view bytes);

}  // namespace adapters::workbench
