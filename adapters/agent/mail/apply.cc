// Applying once.
#include "adapters/agent/mail/apply.h"

#include "adapters/agent/mail/threads.h"
#include "crypto/merkle.h"

namespace adapters::agent::mail {
namespace {

using keep::Table;

keep::Message message_of(const Desk& desk, const Arrival& a, const OpenedMessage& o, std::size_t i) {
  keep::Message m;
  m.msg_id = o.hdr.msg_id;
  m.thread_id = o.hdr.thread_id;
  m.sender = a.sender();
  for (const crypto::Slot& s : a.group().grp.slots) m.to.push_back(s.recipient);
  m.kind = o.hdr.kind;
  m.purpose = o.hdr.purpose;
  m.test = (o.hdr.flags & crypto::Hdr1::kTest) != 0;
  m.expired = desk.now > o.hdr.expires;
  m.created = o.hdr.created;
  m.received = desk.now;
  m.expires = o.hdr.expires;
  m.first_index = a.deliver.index - a.group().grp.group_no;
  m.index = a.deliver.index;
  m.thread_seq = o.hdr.thread_seq;
  m.message_no = static_cast<std::uint32_t>(i);
  m.policy_version = o.hdr.policy_version;
  m.leaf = o.leaf;
  m.group_leaf = a.group().leaf;
  m.progress = keep::Progress::kReceived;
  m.body = o.bytes;
  return m;
}

// The target's agent answers a new referral by itself: it is here, and it could be read.
base::Status answer_received(keep::Tx& tx, const Desk& desk, crypto::Random& random, const keep::Message& m, const schemas::Referral& r) {
  const auto row = thread(tx, m.thread_id);
  if (!row || row->requester || row->opening != m.seq) return {};
  Submission s;
  schemas::StatusUpdate u;
  u.status = std::string(schemas::name(schemas::Phase::kReceived));
  u.at = desk.now;
  u.actor_role = "machine";
  u.in_reply_to_ref = r.source_ref.empty() ? r.incident_ref : r.source_ref;
  s.body.payload = std::move(u);
  s.thread = m.thread_id;
  s.purpose = static_cast<schemas::Purpose>(m.purpose);
  s.test = m.test;
  auto sent = compose(tx, desk, random, s);
  if (!sent.ok()) return sent.error();
  return {};
}

}  // namespace

std::vector<std::string> apply_group(keep::Tx& tx, const Desk& desk, crypto::Random& random, const Arrival& a, const std::vector<OpenedMessage>& opened) {
  std::vector<std::string> tell;
  bool fresh = false;
  keep::ProofRow proof{a.frame, {}};
  for (const OpenedMessage& o : opened) base::append(proof.keys, o.key);
  for (std::size_t i = 0; i < opened.size(); ++i) {
    const OpenedMessage& o = opened[i];
    const base::Hash digest = crypto::sha256(o.bytes);
    const base::Hash key = tx.key("applied", base::concat({a.sender(), o.hdr.msg_id}));
    const auto before = keep::find<keep::AppliedRow>(tx, Table::kApplied, key);
    if (before && before->kind == o.hdr.kind && before->thread_id == o.hdr.thread_id && before->digest == digest) continue;
    if (!o.body) {
      tx.put(Table::kApplied, key, keep::pack(keep::AppliedRow{o.hdr.kind, o.hdr.thread_id, digest, 0}));
      continue;
    }
    keep::Message m = message_of(desk, a, o, i);
    m.conflict = before.has_value();
    if (m.conflict) tell.emplace_back("two different messages came under one id: both are kept and shown");
    add_message(tx, desk.self, m, *o.body);
    fresh = true;
    feed(tx, m);
    if (before) continue;
    tx.put(Table::kApplied, key, keep::pack(keep::AppliedRow{m.kind, m.thread_id, digest, m.seq}));
    if (const auto* r = std::get_if<schemas::Referral>(&o.body->payload)) {
      if (auto s = answer_received(tx, desk, random, m, *r); !s.ok()) tell.push_back("a referral's receipt could not be answered: " + s.error().what);
    }
  }
  if (fresh) tx.put(Table::kProof, keep::key_of(a.deliver.index), keep::pack(proof));
  return tell;
}

}  // namespace adapters::agent::mail
