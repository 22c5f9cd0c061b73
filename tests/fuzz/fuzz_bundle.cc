// Proof bundles from outside: no crash, and what is read says the same when it is written again. Signatures are real, so the verdict on
// anything but the seeds is "does not hold".
#include <cstdlib>

#include "cli/verify/proof.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  auto bundle = cli::verify::parse_bundle(input);
  auto verdict = cli::verify::verify_bundle(input);
  if (verdict.holds && !bundle.ok()) std::abort();
  if (verdict.lines.empty() || cli::verify::verdict_json(verdict).empty()) std::abort();
  if (bundle.ok()) {
    auto again = cli::verify::make_bundle(*bundle);
    auto parsed = cli::verify::parse_bundle(again);
    if (!parsed.ok() || cli::verify::make_bundle(*parsed) != again) std::abort();
    const auto bytes = cli::verify::make_binary(*bundle);
    const auto back = cli::verify::parse_bundle(bytes);
    if (!back.ok() || cli::verify::make_binary(*back) != bytes || cli::verify::make_bundle(*back) != again) std::abort();
    if (input.starts_with("SFPB1") && bytes != input) std::abort();  // one way to write it
  }
  return 0;
}
