#include "schemas/policy/header.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "schemas/registry.h"

namespace schemas::policy {
namespace {

using crypto::MatrixRow;

constexpr std::size_t kMaxMatrixText = 24u << 10;  // leaves room for the rest of a 32 KiB note

std::vector<MatrixRow> rows_of(const Flow& flow) {
  std::vector<MatrixRow> out;
  for (const auto& f : flow.from)
    for (const auto& t : flow.to)
      for (const auto& k : flow.kinds)
        for (const auto& p : flow.purpose) out.push_back({f, t, k, p});
  return out;
}

bool covers(const std::string& a, const std::string& b) { return a == "*" || a == b; }
bool covers(const MatrixRow& a, const MatrixRow& b) {
  return covers(a.from_kind, b.from_kind) && covers(a.to_kind, b.to_kind) && covers(a.kind, b.kind) && covers(a.purpose, b.purpose);
}
bool meets(const std::string& a, const std::string& b) { return covers(a, b) || covers(b, a); }
bool meets(const MatrixRow& a, const MatrixRow& b) {
  return meets(a.from_kind, b.from_kind) && meets(a.to_kind, b.to_kind) && meets(a.kind, b.kind) && meets(a.purpose, b.purpose);
}

// Deny overrides: an allowed row that a denied one covers goes; one that it cuts in part cannot be said in a matrix of allowed rows.
base::Status subtract(std::vector<MatrixRow>& allowed, const Flow& denied) {
  for (const auto& d : rows_of(denied)) {
    std::erase_if(allowed, [&](const MatrixRow& a) { return covers(d, a); });
    if (std::ranges::any_of(allowed, [&](const MatrixRow& a) { return meets(a, d); }))
      return base::malformed("flow " + denied.id + ": this denial cuts a \"*\" of an allowing flow",
                             "policy:" + std::to_string(denied.line), "name the allowed kinds there instead");
  }
  return {};
}

// A denial of some bases only is the ends' business: the hub sees no basis.
base::Status subtract_all(std::vector<MatrixRow>& allowed, const Policy& policy) {
  for (const auto& flow : policy.flows)
    if (flow.decision == Verdict::kDeny && flow.basis.empty()) TRY(subtract(allowed, flow));
  return {};
}

// Where a message may go that names attachments, their parts may go: no flow has to say so. A coordinator gets none.
void add_parts(std::vector<MatrixRow>& allowed) {
  const std::string part(name_of(MsgKind::kBlobPart));
  std::vector<MatrixRow> more;
  for (const auto& row : allowed) {
    if (row.to_kind == "coordinator" || (row.kind != name_of(MsgKind::kReferral) && row.kind != name_of(MsgKind::kMessage))) continue;
    const MatrixRow wanted{row.from_kind, row.to_kind, part, row.purpose};
    const auto there = [&](const MatrixRow& r) { return covers(r, wanted); };
    if (!std::ranges::any_of(allowed, there) && !std::ranges::any_of(more, there)) more.push_back(wanted);
  }
  std::ranges::move(more, std::back_inserter(allowed));
}

base::Result<std::vector<MatrixRow>> matrix_of(const Policy& policy) {
  std::vector<MatrixRow> allowed;
  std::set<std::tuple<std::string, std::string, std::string, std::string>> seen;
  for (const auto& flow : policy.flows) {
    if (flow.decision == Verdict::kDeny) continue;
    for (auto& r : rows_of(flow))
      if (seen.insert({r.from_kind, r.to_kind, r.kind, r.purpose}).second) allowed.push_back(std::move(r));
  }
  TRY(subtract_all(allowed, policy));
  add_parts(allowed);
  TRY(subtract_all(allowed, policy));  // a denial may name the parts
  // A consortium with a coordinator sends it loop facts; no flow has to say so.
  if (std::ranges::any_of(policy.agencies, [](const Agency& a) { return a.kind == "coordinator"; }))
    allowed.push_back({"*", "coordinator", "LoopFacts", "*"});
  return allowed;
}

std::vector<std::pair<std::string, std::uint64_t>> expiry_of(const Policy& policy) {
  std::vector<std::pair<std::string, std::uint64_t>> out;
  for (const auto& k : msg_kinds()) {
    const auto said = policy.expiry.find(std::string(k.name));
    const auto usual = static_cast<MsgKind>(k.code) == MsgKind::kCapacity ? kCapacityExpiryMs : kDefaultExpiryMs;
    out.emplace_back(k.name, said == policy.expiry.end() ? usual : said->second);
  }
  return out;
}

}  // namespace

base::Result<crypto::PolicyNote> header_of(const Policy& policy) {
  crypto::PolicyNote note;
  note.version = policy.version;
  note.rules = policy.hash;
  note.from = policy.effective;
  note.expiry = expiry_of(policy);
  TRY_ASSIGN(note.matrix, matrix_of(policy));
  std::size_t size = 0;
  for (const auto& r : note.matrix) size += 12 + r.from_kind.size() + r.to_kind.size() + r.kind.size() + r.purpose.size();
  if (size > kMaxMatrixText)
    return base::Error{base::Kind::kTooLarge, "the flows make more header rows than a signed note holds", "policy",
                       "use \"*\" where a flow names every kind"};
  return note;
}

}  // namespace schemas::policy
