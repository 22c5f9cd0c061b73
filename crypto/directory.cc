// What follows from the notes: taking one in, and every question that hub, agent and verifier ask. See directory.h.
#include "crypto/directory.h"

#include <algorithm>

#include "crypto/internal/directory_state.h"
#include "crypto/merkle.h"

namespace crypto {

using base::Error;
using base::Instant;
using base::Kind;
using base::Result;
using base::Status;
using base::View;
using internal::AgentRecord;
using internal::CertRecord;
using internal::KeyUses;

const char* name(Standing s) {
  switch (s) {
    case Standing::kUnknown: return "unknown";
    case Standing::kActive: return "active";
    case Standing::kSuspended: return "suspended";
    case Standing::kRevoked: return "revoked";
    case Standing::kExpired: return "expired";
    case Standing::kNotYet: return "not yet valid";
    case Standing::kSuperseded: return "superseded";
  }
  return "unknown";
}

Standing internal::standing(const CertRecord& r, std::uint64_t at_index, Instant hub_time) {
  if (r.index >= at_index) return Standing::kUnknown;
  if (r.revoked && *r.revoked < at_index) return Standing::kRevoked;
  if (r.superseded && *r.superseded < at_index) return Standing::kSuperseded;
  for (const auto& s : r.suspensions) {
    if (s.index < at_index && hub_time <= s.at.plus(kSuspensionMs)) return Standing::kSuspended;
  }
  if (hub_time < r.cert.not_before) return Standing::kNotYet;
  if (hub_time >= r.cert.not_after) return Standing::kExpired;
  return Standing::kActive;
}

// Takes a judged note into a fresh State; nothing can fail here.
struct Directory::Adder {
  State& s;
  const internal::Judged& j;
  std::uint64_t index;
  Instant hub_time;

  void hold(const KeyUses& uses) {
    for (const auto& [key, use] : uses) {
      const auto* held = s.keys.find(key);
      if (!held || base::all_zero(View(held->agent))) s.keys.set(key, use);
    }
  }
  template <class F>
  void change_cert(const Hash& hash, const F& change) {
    auto copy = *s.cert(hash);
    change(copy);
    s.certs.set(hash, std::make_shared<const CertRecord>(std::move(copy)));
  }
  template <class F>
  void change_agent(const Id& id, const F& change) {
    const auto* old = s.agent(id);
    auto copy = old ? *old : AgentRecord{};
    change(copy);
    s.agents.set(id, std::make_shared<const AgentRecord>(std::move(copy)));
  }

  void operator()(const Anchor& a) {
    if (a.version == 1) return;  // pinned from the start
    if (a.log.key != s.anchor->log.key || a.log.name != s.anchor->log.name) {
      auto logs = *s.logs;
      logs.push_back({index + 1, a.log});
      s.logs = std::make_shared<const std::vector<internal::LogKey>>(std::move(logs));
    }
    s.anchor = std::make_shared<const Anchor>(a);
    s.anchor_hash = j.hash;
    hold(internal::uses(a));
  }
  void operator()(const Cert& c) {
    change_agent(c.agent, [&](AgentRecord& a) {
      if (c.serial > 1) change_cert(a.current.cert_hash, [&](CertRecord& old) { old.superseded = index; });
      a.current = {c, j.hash, index};
      a.keys.clear();
    });
    s.certs.set(j.hash, std::make_shared<const CertRecord>(CertRecord{c, index, {}, {}, {}}));
    s.slugs.set(c.name, c.agent);
    hold(internal::uses(c));
  }
  void operator()(const EpochNote& n) {
    const Id agent = s.cert(n.cert)->cert.agent;
    change_agent(agent, [&](AgentRecord& a) {
      a.keys = n.keys;
      a.last_epoch_note = j.hash;
      for (const auto& k : n.keys) {
        a.by_cert.set({n.cert, k.epoch}, k);
        a.by_kid.set({k.epoch, epoch_kid(k.key)}, k);
      }
    });
    hold(internal::uses(n, agent));
  }
  void operator()(const RevokeNote& n) {
    change_cert(n.cert, [&](CertRecord& c) {
      if (n.suspend) {
        c.suspensions.push_back({index, hub_time});
      } else {
        c.revoked = index;
      }
    });
    if (!n.suspend) return;
    change_agent(s.cert(n.cert)->cert.agent, [&](AgentRecord& a) {
      for (const auto& authority : s.anchor->authorities) {
        if (j.note.signed_by(authority)) a.suspended_by.set(authority.key, hub_time);
      }
    });
  }
  void operator()(const PolicyNote& p) { s.policies.set(p.version, std::make_shared<const PolicyNote>(p)); }
};

Result<Directory> Directory::start(std::string_view anchor) {
  const std::string chain[] = {std::string(anchor)};
  TRY_ASSIGN(auto parsed, verify_anchor_chain(chain));  // refuses any but the first version
  State s;
  s.consortium = s.anchor_hash = sha256(base::view(parsed.text()));
  for (const auto& [key, use] : internal::uses(parsed)) s.keys.set(key, use);
  s.anchor = std::make_shared<const Anchor>(std::move(parsed));
  s.logs = std::make_shared<const std::vector<internal::LogKey>>(1, internal::LogKey{0, s.anchor->log});
  Directory out;
  out.s_ = std::make_shared<const State>(std::move(s));
  return out;
}

Status Directory::check(std::string_view note, Instant hub_time) const {
  auto judged = Rules::judge(*s_, note, hub_time);
  if (!judged.ok()) return judged.error();
  return {};
}

Result<std::uint64_t> Directory::add(std::string_view note, std::uint64_t log_index, Instant hub_time) {
  TRY_ASSIGN(auto judged, Rules::judge(*s_, note, hub_time));
  State next = *s_;
  std::visit(Adder{next, judged, log_index, hub_time}, judged.what);
  ++next.seq;
  next.notes.set(next.seq, std::make_shared<const std::string>(note));
  next.texts.set(judged.hash, next.seq);
  next.last_subject = sha256(base::view(note));
  next.last_time = hub_time;
  s_ = std::make_shared<const State>(std::move(next));
  return s_->seq;
}

Result<LedgerNote> Directory::check_ledger(std::string_view whole, Instant hub_time) const {
  TRY_ASSIGN(auto note, parse_note(whole));
  TRY_ASSIGN(auto ledger, parse_ledger(note.text));
  auto now = standing_now(ledger.cert, hub_time);
  if (now == Standing::kUnknown) return Error{Kind::kNotFound, "a ledger head of an unknown certificate"};
  if (now != Standing::kActive) return Error{Kind::kStale, std::string("a ledger head of a certificate that is ") + name(now)};
  const auto& c = *cert(ledger.cert);
  const VerifierKey own[] = {{agent_name(anchor().consortium, c.agent), NoteAlg::kEd25519, c.sign}};
  TRY_ASSIGN(auto signers, count_signers(note, own));
  if (signers != 1) return Error{Kind::kBadSignature, "a ledger head without the agent's signature"};
  return ledger;
}

const Anchor& Directory::anchor() const { return *s_->anchor; }
const Hash& Directory::consortium() const { return s_->consortium; }
std::uint64_t Directory::seq() const { return s_->seq; }
Hash Directory::last_subject() const { return s_->last_subject; }

std::vector<std::string> Directory::notes(std::uint64_t after_seq) const {
  std::vector<std::string> out;
  for (auto i = after_seq; i < s_->seq; ++i) out.push_back(**s_->notes.find(i + 1));
  return out;
}

const Member* Directory::member(const Id& agent) const {
  const auto* a = s_->agent(agent);
  return a ? &a->current : nullptr;
}

const Member* Directory::by_slug(std::string_view slug) const {
  const auto* id = s_->slugs.find(slug);
  const auto* m = id ? member(*id) : nullptr;
  return m && m->cert.name == slug ? m : nullptr;
}

const Member* Directory::by_transport(const PublicKey& curve) const {
  const auto* use = s_->keys.find(curve);
  if (!use || use->role != internal::Role::kTransport) return nullptr;
  const auto* m = member(use->agent);
  return m && m->cert.transport == curve && !s_->cert(m->cert_hash)->revoked ? m : nullptr;
}

const Cert* Directory::cert(const Hash& cert_hash) const {
  const auto* c = s_->cert(cert_hash);
  return c ? &c->cert : nullptr;
}

std::vector<const Member*> Directory::members() const {
  std::vector<const Member*> out;
  s_->agents.each([&](const Id&, const internal::Shared<AgentRecord>& a) { out.push_back(&a->current); });
  std::sort(out.begin(), out.end(), [](const Member* a, const Member* b) { return a->cert.name < b->cert.name; });
  return out;
}

Standing Directory::standing(const Hash& cert_hash, std::uint64_t at_index, Instant hub_time) const {
  const auto* c = s_->cert(cert_hash);
  return c ? internal::standing(*c, at_index, hub_time) : Standing::kUnknown;
}

Standing Directory::standing_now(const Hash& cert_hash, Instant now) const { return standing(cert_hash, UINT64_MAX, now); }

const EpochKey* Directory::usable_epoch(const Id& agent, Instant now) const {
  const auto* a = s_->agent(agent);
  if (!a) return nullptr;
  auto it = std::find_if(a->keys.begin(), a->keys.end(), [&](const EpochKey& k) { return k.from <= now && now < k.until; });
  return it == a->keys.end() ? nullptr : &*it;
}

const EpochKey* Directory::find_epoch(const Id& agent, std::uint32_t epoch, const base::Fixed<8>& kid) const {
  const auto* a = s_->agent(agent);
  return a ? a->by_kid.find(std::pair(epoch, kid)) : nullptr;
}

std::optional<Hash> Directory::last_epoch_note(const Id& agent) const {
  const auto* a = s_->agent(agent);
  return a ? a->last_epoch_note : std::nullopt;
}

const PolicyNote* Directory::policy() const { return policy_at(s_->last_time); }

const PolicyNote* Directory::policy_at(Instant hub_time) const {
  const PolicyNote* out = nullptr;
  s_->policies.each([&](std::uint32_t, const internal::Shared<PolicyNote>& p) {
    if (p->from <= hub_time) out = p.get();
  });
  return out;
}

const PolicyNote* Directory::policy_version(std::uint32_t v) const {
  const auto* p = s_->policies.find(v);
  return p ? p->get() : nullptr;
}

}  // namespace crypto
