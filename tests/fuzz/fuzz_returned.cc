// What agents return to a hub that lost its disk: never a crash, and what is read writes itself again.
#include "crypto/base/check.h"
#include "schemas/returned.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto r = schemas::parse_returned({data, size});
  if (!r.ok()) return 0;
  const auto bytes = schemas::encode(*r);
  const auto again = schemas::parse_returned(bytes);
  CHECK(again.ok() && schemas::encode(*again) == bytes);
  CHECK(bytes.size() <= size);
  return 0;
}
