// Any bytes under any kind of name: a verdict with reasons, never a crash and never silence; and what is no refusal has a reason or is read.
#include <nlohmann/json.hpp>

#include "adapters/workbench/inspect.h"
#include "crypto/base/check.h"
#include "schemas/json.h"

using adapters::workbench::Inspector;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const char* const kNames[] = {"x", "x.csv", "x.tsv", "x.hl7"};
  static const char* const kFormats[] = {"", "", "", "csv", "json", "fhir", "xml", "niem", "nemsis", "hl7v2"};
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto inspector = Inspector::make({kFormats[data[0] % std::size(kFormats)], ""});
  const auto seen = inspector->bytes(kNames[data[0] / 16 % std::size(kNames)], bytes);
  const auto j = schemas::parse_json(seen.json);
  CHECK(j.ok());
  const auto& out = **j;
  const std::string verdict = out["verdict"];
  CHECK(seen.read == (verdict == "read"));
  if (verdict == "refused")
    CHECK(!out["error"]["what"].get<std::string>().empty() && !out["error"]["mend"].get<std::string>().empty());
  else
    CHECK(verdict == "read" || !out["warnings"].empty() || !out["unmapped"].empty());
  return 0;
}
