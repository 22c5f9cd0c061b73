// Policy: who may send what to whom, why, and what the reader sees. The door decide() is total and pure; today it answers from the
// signed header matrix and its view is everything (decisions D19). Thread-safe (values).
#pragma once

#include <string>
#include <vector>

#include "crypto/base/instant.h"
#include "crypto/base/result.h"
#include "crypto/certificate.h"
#include "schemas/registry.h"

namespace schemas {

// Policy TOML -> the header rows and expiry constants that its signed note carries. kMalformed/kUsage name line and reason.
// Rows come from [[flow]]/flow = [...] entries: from, to, kinds, purpose (lists; "*" any), decision allow|consent -> a row each.
// [expiry] table: kind name = "24h" | "60m" | ...; kinds not named get the protocol default.
struct CompiledPolicy {
  std::uint32_t version = 0;
  std::string id;
  base::Instant effective;
  std::vector<crypto::MatrixRow> matrix;
  std::vector<std::pair<std::string, std::uint64_t>> expiry;
  struct Agency {
    std::string slug, kind, name, on_call;
    std::vector<std::string> services;
  };
  std::vector<Agency> agencies;  // display names and phone numbers (not in the note)
};
base::Result<CompiledPolicy> compile_policy(std::string_view toml);

enum class Decision { kAllow, kDeny };
struct PolicyRequest {
  std::string from_kind, to_kind;  // agency kinds
  MsgKind kind{};
  Purpose purpose{};
  std::string authority_basis;  // consent | emergency | hold | treatment; unused by the matrix
  std::vector<std::string> labels;
  base::Instant now;
};
struct PolicyAnswer {
  Decision decision = Decision::kDeny;
  std::uint32_t version = 0;
  std::vector<std::string> rules;  // "matrix:12"
  std::vector<std::string> obligations;
  std::string view;         // "*" = everything
  std::string explanation;  // plain words
};
PolicyAnswer decide(const crypto::PolicyNote& policy, const PolicyRequest& request);

// Header part, for the hub and both ends: is kind x purpose x sender kind x recipient kind in the matrix? Towards a coordinator only
// kinds 3, 6, 17, 19 ever are (D10); receipts (16) and control (17) always may pass between members.
bool header_allows(const crypto::PolicyNote& policy, std::string_view from_kind, std::string_view to_kind, MsgKind kind, Purpose purpose);
std::uint64_t expiry_ms(const crypto::PolicyNote& policy, MsgKind kind);

}  // namespace schemas
