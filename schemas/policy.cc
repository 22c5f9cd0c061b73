// What the signed header matrix says (decisions D10, D19).
#include "schemas/policy.h"

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

// The first row that allows it, counted from 1; 0 if none does.
std::size_t row_for(const crypto::PolicyNote& policy, std::string_view from_kind, std::string_view to_kind, MsgKind kind, Purpose purpose) {
  const auto kind_name = name_of(kind);
  const auto purpose_name = name_of(purposes(), static_cast<std::uint16_t>(purpose));
  if (kind_name == "?" || purpose_name == "?") return 0;
  const auto it = std::ranges::find_if(policy.matrix, [&](const crypto::MatrixRow& r) {
    return matches(r.from_kind, from_kind) && matches(r.to_kind, to_kind) && matches(r.kind, kind_name) && matches(r.purpose, purpose_name);
  });
  return it == policy.matrix.end() ? 0 : static_cast<std::size_t>(it - policy.matrix.begin()) + 1;
}

}  // namespace

bool header_allows(const crypto::PolicyNote& policy, std::string_view from_kind, std::string_view to_kind, MsgKind kind, Purpose purpose) {
  return !never(to_kind, kind) && (always(kind) || row_for(policy, from_kind, to_kind, kind, purpose) != 0);
}

PolicyAnswer decide(const crypto::PolicyNote& policy, const PolicyRequest& request) {
  PolicyAnswer out;
  out.version = policy.version;
  const auto what = std::string(name_of(request.kind)) + " from " + request.from_kind + " to " + request.to_kind;
  if (!header_allows(policy, request.from_kind, request.to_kind, request.kind, request.purpose)) {
    out.rules = {never(request.to_kind, request.kind) ? "coordinator" : "matrix:none"};
    out.explanation = "No rule of policy version " + std::to_string(policy.version) + " allows " + what + " for the purpose " +
                      std::string(name_of(purposes(), static_cast<std::uint16_t>(request.purpose))) + ".";
    return out;
  }
  const auto row = row_for(policy, request.from_kind, request.to_kind, request.kind, request.purpose);
  out.decision = Decision::kAllow;
  out.rules = {row != 0 ? "matrix:" + std::to_string(row) : "always"};
  out.view = "*";
  out.explanation = "Policy version " + std::to_string(policy.version) + " allows " + what + ".";
  return out;
}

std::uint64_t expiry_ms(const crypto::PolicyNote& policy, MsgKind kind) {
  const auto name = name_of(kind);
  for (const auto& [k, ms] : policy.expiry)
    if (k == name) return ms;
  return kind == MsgKind::kCapacity ? kCapacityExpiryMs : kDefaultExpiryMs;
}

}  // namespace schemas
