// The table of kinds by kinds, as the engine answers, not as the flows read: the law's rules are in it.
#include <algorithm>

#include "schemas/policy/internal/grid.h"
#include "schemas/policy/internal/words.h"
#include "schemas/policy/tools.h"

namespace schemas::policy {
namespace {

using internal::Cell;
using internal::Words;

// Grounds that are not an everyday matter: each has conditions of its own, and the table is about everyday.
constexpr std::string_view kSpecial[] = {"medical_emergency_2_51", "court_order_2_65", "threat_512j", "audit_2_53"};

// The best that any everyday purpose and basis give to an unlabelled message of this kind.
Verdict best(const Policy& by_kind, Cell cell, const std::set<std::string>& bases) {
  Verdict out = Verdict::kDeny;
  for (const auto& purpose : purposes()) {
    cell.purpose = static_cast<Purpose>(purpose.code);
    if (!internal::any_flow(by_kind, cell) && cell.kind != MsgKind::kLoopFacts) continue;
    for (const auto& basis : bases) {
      cell.basis = basis;
      const Verdict v = internal::ask(by_kind, cell, by_kind.effective).verdict;
      if (v == Verdict::kAllow) return v;
      if (v == Verdict::kConsent) out = v;
    }
  }
  return out;
}

std::string cell_words(const Policy& by_kind, const std::string& from, const std::string& to, const std::set<std::string>& bases) {
  Words allowed, consent;
  for (const auto& kind : msg_kinds()) {
    const auto k = static_cast<MsgKind>(kind.code);
    if (k == MsgKind::kReceipt || k == MsgKind::kControl || k == MsgKind::kBlobPart) continue;  // machines among themselves
    const Verdict v = best(by_kind, {from, to, k, {}, "", ""}, bases);
    if (v != Verdict::kDeny) (v == Verdict::kAllow ? allowed : consent).push_back(std::string(kind.name));
  }
  std::string out = internal::joined(allowed);
  if (!consent.empty()) out += (out.empty() ? "" : "; ") + ("with consent: " + internal::joined(consent));
  return out;
}

}  // namespace

std::vector<Road> roads(const Matrix& m) {
  std::vector<Road> out;
  std::vector<std::vector<std::string>> done;
  for (std::size_t from = 0; from < m.kinds.size(); ++from) {
    if (std::ranges::find(done, m.cells[from]) != done.end()) continue;
    done.push_back(m.cells[from]);
    Words alike;
    for (std::size_t other = from; other < m.kinds.size(); ++other)
      if (m.cells[other] == m.cells[from]) alike.push_back(m.kinds[other]);
    Words said{""};
    for (std::size_t to = 0; to < m.kinds.size(); ++to) {
      const std::string& may = m.cells[from][to];
      if (in(said, may)) continue;
      said.push_back(may);
      Road road{alike, {}, may};
      for (std::size_t other = to; other < m.kinds.size(); ++other)
        if (m.cells[from][other] == may) road.to.push_back(m.kinds[other]);
      out.push_back(std::move(road));
    }
  }
  return out;
}

Matrix matrix(const Policy& policy) {
  Matrix out;
  std::set<std::string> kinds;
  for (const auto& a : policy.agencies)
    if (kinds.insert(a.kind).second) out.kinds.push_back(a.kind);
  const Policy by_kind = internal::by_kinds(policy, kinds);
  auto bases = internal::bases_in(policy);
  for (const auto special : kSpecial) bases.erase(std::string(special));
  for (const auto& from : out.kinds) {
    auto& row = out.cells.emplace_back();
    for (const auto& to : out.kinds) row.push_back(cell_words(by_kind, from, to, bases));
  }
  return out;
}

}  // namespace schemas::policy
