// When a note may join the directory: protocol section 3, one function a note type. The rules come first and the signatures last,
// so that kBadSignature always means: everything else is right.
#include <algorithm>
#include <set>

#include "crypto/internal/directory_state.h"
#include "crypto/internal/lines.h"
#include "crypto/suite/suite.h"

namespace crypto {

using base::Error;
using base::Instant;
using base::Kind;
using base::Result;
using base::Status;
using base::View;
using internal::Judged;
using internal::KeyUse;
using internal::KeyUses;
using internal::Role;

namespace internal {

KeyUses uses(const Anchor& a) {
  KeyUses out{{a.log.key, {Role::kLog}}, {a.hub_transport, {Role::kHubTransport}}};
  for (const auto& v : a.authorities) out.push_back({v.key, {Role::kAuthority}});
  for (const auto& w : a.witnesses()) out.push_back({w.key, {Role::kWitness}});
  return out;
}

KeyUses uses(const Cert& c) {
  return {{c.sign, {Role::kSign, c.agent}},
          {c.transport, {Role::kTransport, c.agent}},
          {c.witness, {Role::kWitness, c.agent}},
          {c.recovery, {Role::kRecovery, c.agent}}};
}

KeyUses uses(const EpochNote& n, const Id& agent) {
  KeyUses out;
  for (const auto& k : n.keys) out.push_back({k.key, {Role::kEpoch, agent, k.epoch}});
  return out;
}

}  // namespace internal

namespace {

Error conflict(std::string what) { return {Kind::kConflict, std::move(what)}; }
Error stale(std::string what) { return {Kind::kStale, std::move(what)}; }
Error unsigned_note(std::string what) { return {Kind::kBadSignature, std::move(what)}; }

// The anchor's tlog-policy may name an agent's witness key; otherwise a key has one holder and one role, for ever.
bool may_use(const KeyUse& held, const KeyUse& wanted) {
  bool anchor_witness = held.role == Role::kWitness && wanted.role == Role::kWitness &&
                        (base::all_zero(View(held.agent)) || base::all_zero(View(wanted.agent)));
  return held == wanted || anchor_witness;
}

// >= need different authorities of `set`; lines of `others` may stand beside.
Status need_signers(const Note& note, std::span<const VerifierKey> set, unsigned need, std::span<const VerifierKey> others,
                    const char* who) {
  TRY_ASSIGN(auto n, count_signers(note, set, others));
  if (n < need) return unsigned_note("signed by " + std::to_string(n) + " of the " + std::to_string(need) + " " + who + " it needs");
  return {};
}

VerifierKey agent_key(const Anchor& anchor, const Cert& cert) {
  return {agent_name(anchor.consortium, cert.agent), NoteAlg::kEd25519, cert.sign};
}
VerifierKey recovery_key(const Anchor& anchor, const Cert& cert) {
  return {agent_name(anchor.consortium, cert.agent), NoteAlg::kEd25519, cert.recovery};
}

}  // namespace

// One function a note type; a struct so that they may see State.
struct Judge {
  const Directory::State& s;
  const Note& note;
  const Hash& hash;
  Instant hub_time;

  [[nodiscard]] Status keys(const KeyUses& wanted) const {
    std::set<PublicKey> seen;
    for (const auto& [key, use] : wanted) {
      const auto* held = s.keys.find(key);
      if (!seen.insert(key).second || (held && !may_use(*held, use)))
        return conflict("a public key that is already in use, by another agent or in another role");
    }
    return {};
  }

  [[nodiscard]] Status check(const Anchor& a) const {
    if (a.version == 1) {
      if (hash != s.consortium) return conflict("the first anchor of another consortium");
      return need_signers(note, a.authorities, a.threshold, {}, "authorities");
    }
    TRY(check_rotation(*s.anchor, s.anchor_hash, a));
    TRY(keys(internal::uses(a)));
    TRY(need_signers(note, s.anchor->authorities, s.anchor->threshold, a.authorities, "old authorities"));
    return need_signers(note, a.authorities, a.threshold, s.anchor->authorities, "new authorities");
  }

  [[nodiscard]] Status check(const Cert& c) const {
    if (c.consortium != s.consortium) return conflict("a certificate of another consortium");
    const auto* agent = s.agent(c.agent);
    const auto* slug = s.slugs.find(c.name);
    if (slug && *slug != c.agent) return conflict("the name belongs to another agent");
    TRY(keys(internal::uses(c)));
    if (!agent) {
      if (c.serial != 1) return conflict("an agent's first certificate has serial 1");
      return need_signers(note, s.anchor->authorities, s.anchor->threshold, {}, "authorities");
    }
    const auto& old = agent->current;
    if (c.serial != old.cert.serial + 1 || c.prev != old.cert_hash)
      return conflict("a certificate that does not follow the agent's current one");
    if (c.agency != old.cert.agency || c.type != old.cert.type) return conflict("a rotation keeps agency and type");
    if (s.cert(old.cert_hash)->revoked) {
      return need_signers(note, s.anchor->authorities, std::max(s.anchor->threshold, s.anchor->revoke_threshold), {},
                          "authorities (old certificate revoked)");
    }
    const VerifierKey old_key[] = {agent_key(*s.anchor, old.cert)};
    TRY(need_signers(note, s.anchor->authorities, s.anchor->threshold, old_key, "authorities"));
    return need_signers(note, old_key, 1, s.anchor->authorities, "old sign key");
  }

  [[nodiscard]] Status check(const EpochNote& n) const {
    const auto* record = s.cert(n.cert);
    if (!record) return Error{Kind::kNotFound, "an epoch note of an unknown certificate"};
    const auto* agent = s.agent(record->cert.agent);
    auto now = internal::standing(*record, UINT64_MAX, hub_time);
    if (now != Standing::kActive && now != Standing::kNotYet)
      return stale(std::string("an epoch note of a certificate that is ") + name(now));
    if (n.prev != agent->last_epoch_note.value_or(Hash{})) return conflict("an epoch note that does not follow the agent's last one");
    if (std::ranges::none_of(n.suites, find_suite)) return Error{Kind::kUnsupported, "an epoch note without a suite that is known here"};
    for (const auto& k : n.keys) {
      if (k.until.ms - k.from.ms > 7 * base::kDay) return stale("an epoch lasts at most 7 days");
      if (k.destroy_after.ms - k.until.ms > 30 * base::kDay) return stale("a key is destroyed at most 30 days after its epoch");
      if (k.from > hub_time.plus(31 * base::kDay)) return stale("an epoch begins at most 31 days ahead");
      const auto* before = agent->by_cert.find(std::pair(n.cert, k.epoch));
      if (before && (before->key != k.key || before->from != k.from)) return conflict("the key of a published epoch cannot change");
      if (before && (k.until > before->until || k.destroy_after > before->destroy_after))
        return conflict("a later note may only shorten an epoch");
    }
    TRY(keys(internal::uses(n, record->cert.agent)));
    const VerifierKey own[] = {agent_key(*s.anchor, record->cert)};
    return need_signers(note, own, 1, {}, "agent's sign key");
  }

  [[nodiscard]] Status check(const RevokeNote& n) const {
    const auto* record = s.cert(n.cert);
    if (!record) return Error{Kind::kNotFound, "a revocation of an unknown certificate"};
    if (record->revoked) return conflict("the certificate is already revoked");
    if (!n.suspend) return need_signers(note, s.anchor->authorities, s.anchor->revoke_threshold, {}, "authorities");
    const VerifierKey recovery[] = {recovery_key(*s.anchor, record->cert)};
    TRY_ASSIGN(auto by_owner, count_signers(note, recovery, s.anchor->authorities));
    if (by_owner == 1) return {};
    TRY(need_signers(note, s.anchor->authorities, 1, recovery, "authorities"));
    const auto* agent = s.agent(record->cert.agent);
    for (const auto& a : s.anchor->authorities) {
      const auto* last = agent->suspended_by.find(a.key);
      if (note.signed_by(a) && (!last || hub_time >= last->plus(kSuspendAgainMs))) return {};
    }
    return conflict("this authority has suspended this agent within the last 30 days");
  }

  [[nodiscard]] Status check(const PolicyNote& p) const {
    auto newest = s.policies.last().first;
    if (newest && p.version <= *newest) return conflict("a policy's version rises");
    return need_signers(note, s.anchor->authorities, s.anchor->threshold, {}, "authorities");
  }
};

namespace {

template <class T>
Result<Judged> judged(const Directory::State& s, Note note, const Hash& hash, Instant hub_time, Result<T> parsed) {
  if (!parsed.ok()) return parsed.error();
  TRY((Judge{s, note, hash, hub_time}.check(*parsed)));
  return Judged{std::move(note), hash, std::move(parsed).value()};
}

}  // namespace

Result<Judged> Directory::Rules::judge(const State& s, std::string_view whole, Instant hub_time) {
  // Later sums of times must not overflow, whatever a hub claims.
  if (hub_time.ms > internal::kMaxTimeMs) return stale("a hub_time after the year 9999");
  TRY_ASSIGN(auto note, parse_note(whole));
  TRY_ASSIGN(auto type, note_type(note.text));
  auto hash = note.hash();
  if (s.texts.contains(hash)) return conflict("already logged");
  switch (type) {
    case NoteType::kAnchor: return judged(s, note, hash, hub_time, parse_anchor(note.text));
    case NoteType::kCert: return judged(s, note, hash, hub_time, parse_cert(note.text));
    case NoteType::kEpoch: return judged(s, note, hash, hub_time, parse_epoch(note.text));
    case NoteType::kRevoke: return judged(s, note, hash, hub_time, parse_revoke(note.text));
    case NoteType::kPolicy: return judged(s, note, hash, hub_time, parse_policy_note(note.text));
    case NoteType::kLedger: break;
  }
  return base::malformed("a ledger head is not a note of the directory");
}

}  // namespace crypto
