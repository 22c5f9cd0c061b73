// TOML text as a configuration and as a policy: no exception comes out; a policy that compiles fits its note's rules.
#include "crypto/base/check.h"
#include "schemas/config.h"
#include "schemas/policy.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto config = schemas::Config::parse(text); config.ok()) {
    (void)config->text("a.b", "");
    (void)config->tables("flow");
    (void)config->unused();
  }
  if (const auto policy = schemas::compile_policy(text); policy.ok()) {
    CHECK(policy->version > 0 && policy->expiry.size() == schemas::msg_kinds().size());
    for (const auto& [kind, ms] : policy->expiry) CHECK(ms > 0 && ms <= schemas::kMaxExpiryMs && !kind.empty());
  }
  return 0;
}
