// JSON text, and bodies in JSON: no exception comes out, and what is accepted writes itself the same way twice.
#include <nlohmann/json.hpp>

#include "crypto/base/check.h"
#include "schemas/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto json = schemas::parse_json({reinterpret_cast<const char*>(data), size}, 1u << 20);
  if (!json.ok()) return 0;
  (void)schemas::dump(**json);
  const auto body = schemas::body_from_json(**json);
  if (!body.ok()) return 0;
  const auto shown = schemas::to_json(*body);
  const auto again = schemas::body_from_json(*shown);
  CHECK(again.ok() && *schemas::to_json(*again) == *shown);
  return 0;
}
