// Any bytes as a NIEM document: read or refused with words; what is said of an incident is a body that can be sealed, and nothing of what
// is withheld is said.
#include <algorithm>

#include "adapters/formats/niem/look.h"
#include "crypto/base/check.h"
#include "schemas/body.h"

using namespace adapters::formats;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto incidents = niem::read(bytes, {"America/Denver"});
  if (!incidents.ok()) {
    CHECK(!incidents.error().what.empty());
    return 0;
  }
  for (const auto& i : *incidents) {
    CHECK(!i.where.empty() && (!i.error || !i.error->what.empty()));
    for (const auto& w : i.warnings) CHECK(!w.what.empty() && !w.where.empty());
    for (const auto& path : i.withheld) CHECK(!path.empty());
    CHECK(schemas::decode_body(schemas::encode_body(i.body)).ok());
  }
  return 0;
}
