// What the signed header matrix says (decisions D10, D19).
#include "schemas/header_rules.h"

#include <algorithm>

namespace schemas {
namespace {

bool matches(std::string_view pattern, std::string_view word) { return pattern == "*" || pattern == word; }

// Receipts and control messages pass between any two members.
bool always(MsgKind kind) { return kind == MsgKind::kReceipt || kind == MsgKind::kControl; }

// A coordinator reads no content (D10), and loop facts are for nobody else.
bool never(std::string_view to_kind, MsgKind kind) {
  if (to_kind != "coordinator") return kind == MsgKind::kLoopFacts;
  return kind != MsgKind::kMessage && kind != MsgKind::kCapacity && kind != MsgKind::kControl && kind != MsgKind::kLoopFacts;
}

// Does a row allow it?
bool named(const crypto::PolicyNote& policy, std::string_view from_kind, std::string_view to_kind, MsgKind kind, Purpose purpose) {
  const auto kind_name = name_of(kind);
  const auto purpose_name = name_of(purposes(), static_cast<std::uint16_t>(purpose));
  if (kind_name == "?" || purpose_name == "?") return false;
  return std::ranges::any_of(policy.matrix, [&](const crypto::MatrixRow& r) {
    return matches(r.from_kind, from_kind) && matches(r.to_kind, to_kind) && matches(r.kind, kind_name) && matches(r.purpose, purpose_name);
  });
}

}  // namespace

bool header_allows(const crypto::PolicyNote& policy, std::string_view from_kind, std::string_view to_kind, MsgKind kind, Purpose purpose) {
  return !never(to_kind, kind) && (always(kind) || named(policy, from_kind, to_kind, kind, purpose));
}

std::uint64_t expiry_ms(const crypto::PolicyNote& policy, MsgKind kind) {
  const auto name = name_of(kind);
  for (const auto& [k, ms] : policy.expiry)
    if (k == name) return ms;
  return kind == MsgKind::kCapacity ? kCapacityExpiryMs : kDefaultExpiryMs;
}

}  // namespace schemas
