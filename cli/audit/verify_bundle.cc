// handoff audit verify BUNDLE: the same function, words and exit codes as handoff-verify.
#include <ostream>

#include "cli/audit/commands.h"
#include "cli/verify/proof.h"

namespace cli::audit {

counter::Exit verify_bundle(const counter::Call& call) {
  std::optional<crypto::Hash> anchor;
  if (call.has("anchor-hash")) {
    anchor = base::unhex_hash(call.get("anchor-hash"));
    if (!anchor)
      return base::Error{base::Kind::kUsage, "this is not a hash", "--anchor-hash", "give the 64 hex digits that the consortium publishes"};
  }
  TRY_ASSIGN(const std::string text, counter::read_file(call, call.get("bundle")));
  const auto verdict = verify::verify_bundle(text, anchor);
  if (call.json()) {
    call.out << verify::verdict_json(verdict) << "\n";
  } else {
    for (const auto& line : verdict.lines) call.out << line << "\n";
  }
  return verdict.holds ? counter::kWorked : counter::kFinding;
}

}  // namespace cli::audit
