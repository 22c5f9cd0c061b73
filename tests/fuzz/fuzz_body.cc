// Bodies: what decodes also has a JSON form and stands still under re-encoding.
#include "crypto/base/check.h"
#include "schemas/body.h"
#include "schemas/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto body = schemas::decode_body({data, size});
  if (!body.ok()) return 0;
  (void)schemas::to_json(*body);
  const auto once = schemas::encode_body(*body);
  const auto again = schemas::decode_body(once);
  if (!again.ok())
    CHECK(again.error().kind == base::Kind::kTooLarge);  // our vtables may be larger than theirs
  else
    CHECK(schemas::encode_body(*again) == once);
  return 0;
}
