// What a policy says to the hub (decisions D1, D19): the signed header matrix, which names kinds of agencies, messages and purposes, and the
// expiry times. Judged by the hub and by both ends; everything else a policy says is policy/decide.h. Thread-safe (values).
#pragma once

#include <string_view>

#include "crypto/certificate.h"
#include "schemas/registry.h"

namespace schemas {

// Is kind x purpose x sender kind x recipient kind in the matrix? Towards a coordinator only kinds 3, 6, 17, 19 ever are (D10); receipts
// (16) and control (17) always may pass between members.
bool header_allows(const crypto::PolicyNote& policy, std::string_view from_kind, std::string_view to_kind, MsgKind kind, Purpose purpose);
std::uint64_t expiry_ms(const crypto::PolicyNote& policy, MsgKind kind);

}  // namespace schemas
