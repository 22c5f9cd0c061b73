// The NACK table.
#include "adapters/agent/mail/nack.h"

#include <algorithm>

namespace adapters::agent::mail {
namespace {

using schemas::NackCode;

std::uint64_t back_off(unsigned repeats) { return std::min<std::uint64_t>(60'000, 100ULL << std::min(repeats, 10U)); }

std::string said(const schemas::wire::Nack& n, NackCode code) {
  return "the hub refuses our batch (NACK " + std::to_string(static_cast<int>(code)) + ", " + std::string(schemas::name_of(schemas::nack_codes(), static_cast<std::uint16_t>(code))) +
         (n.words.empty() ? ")" : "): " + n.words);
}

bool active(const Desk& desk, const base::Id& agent) {
  const crypto::Member* m = desk.directory.member(agent);
  return m != nullptr && desk.directory.standing_now(m->cert_hash, desk.now) == crypto::Standing::kActive;
}

Plan for_batch(const schemas::wire::Nack& n, const Desk& desk, unsigned repeats) {
  switch (n.code) {
    case NackCode::kBusy:
    case NackCode::kStorageFull: {
      const std::string alarm = n.code == NackCode::kStorageFull ? "the hub's storage is full" : "";
      return {Plan::Act::kResend, std::max<std::uint64_t>(n.retry_ms, std::min<std::uint64_t>(back_off(repeats), 5'000)), {}, alarm};
    }
    case NackCode::kClock: return {Plan::Act::kReseal, back_off(repeats), {}, "the hub's clock and ours differ: check the time of this machine"};
    case NackCode::kDirSeq: return {Plan::Act::kReseal, back_off(repeats), {}, ""};
    case NackCode::kCert:
      if (desk.directory.standing_now(desk.cert, desk.now) == crypto::Standing::kSuperseded) return {Plan::Act::kResend, 1'000, {}, ""};  // settled by the next keys
      if (!active(desk, desk.self)) return {Plan::Act::kStop, 0, {}, "our certificate is no longer valid: ask the authority"};
      return {Plan::Act::kResend, 60'000, {}, said(n, n.code) + "; the directory does not say so"};
    default: return {Plan::Act::kStop, 0, {}, said(n, n.code)};
  }
}

std::uint64_t retry_of(const schemas::wire::Nack& n, const schemas::wire::GroupNack& g) {
  return g.payload.size() == 4 ? base::load_le<std::uint32_t>(g.payload.data()) : n.retry_ms;
}

}  // namespace

Plan plan_nack(const schemas::wire::Nack& n, const keep::BatchRow& batch, const Desk& desk, unsigned repeats) {
  if (n.groups.empty()) return for_batch(n, desk, repeats);
  Plan plan{Plan::Act::kReseal, 0, {}, ""};
  for (const schemas::wire::GroupNack& g : n.groups) {
    if (g.group_no >= batch.groups.size()) return {Plan::Act::kStop, 0, {}, "the hub's refusal names a group that is not there"};
    const base::Id& to = batch.groups[g.group_no].recipient;
    Verdict v{g.group_no, desk.now.plus(back_off(repeats)), ""};
    switch (g.code) {
      case NackCode::kEpochKey:
      case NackCode::kExpiry: break;
      case NackCode::kPolicy:  // sealing asks the policy again, and refuses what it denies; if ours allows it, the hub is wrong
        plan.alarm = said(n, g.code);
        v.not_before = repeats == 0 ? desk.now : desk.now.plus(60'000);
        break;
      case NackCode::kRecipient:
        if (!base::all_zero(to) && !active(desk, to)) {
          v.people = "the recipient is suspended, revoked or unknown";
        } else {
          plan.alarm = said(n, g.code) + "; the directory does not say so";
          v.not_before = desk.now.plus(60'000);
        }
        break;
      case NackCode::kBusy:
      case NackCode::kStorageFull: v.not_before = desk.now.plus(std::max(retry_of(n, g), back_off(repeats))); break;
      default: return {Plan::Act::kStop, 0, {}, said(n, g.code)};
    }
    plan.verdicts.push_back(std::move(v));
  }
  return plan;
}

}  // namespace adapters::agent::mail
