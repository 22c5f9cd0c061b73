// TOML text as a configuration: no exception comes out. (A policy is fuzz_policy.cc's.)
#include "schemas/config.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto config = schemas::Config::parse(text); config.ok()) {
    (void)config->text("a.b", "");
    (void)config->tables("flow");
    (void)config->unused();
  }
  return 0;
}
