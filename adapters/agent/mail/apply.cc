// Applying once.
#include "adapters/agent/mail/apply.h"

#include <algorithm>

#include "adapters/agent/blob/incoming.h"
#include "adapters/agent/keep/pack.h"
#include "adapters/agent/mail/effects.h"
#include "adapters/agent/mail/loops.h"
#include "adapters/agent/mail/reading.h"
#include "adapters/agent/mail/threads.h"
#include "crypto/merkle.h"
#include "schemas/body.h"

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
  m.sent = a.ent.hub_time;
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

// What this agency may not be told is not kept: the message stands in its thread with the reason, without its content.
void keep_without_content(keep::Message& m, const std::string& why) {
  schemas::Body empty;
  empty.payload = schemas::Opaque{"withheld", {}};
  m.body = schemas::encode_body(empty);
  m.why = why;
}

void record(keep::Tx& tx, const Desk& desk, const keep::Message& m, const Objection& no) {
  keep::RefusalRow row;
  row.at = desk.now;
  row.incoming = true;
  row.from = m.sender;
  row.to = desk.self;
  row.thread_id = m.thread_id;
  row.msg_id = m.msg_id;
  row.kind = m.kind;
  row.rule = no.rule;
  row.code = no.code;
  row.words = no.words;
  record_refusal(tx, row);
}

void refuse(keep::Tx& tx, const Desk& desk, crypto::Random& random, const keep::Message& m, const Objection& no, std::vector<std::string>& tell) {
  record(tx, desk, m, no);
  notify(tx, {0, m.thread_id, m.msg_id, "refused", "supervisor", no.words, desk.now, false, {}, {}});
  schemas::Acknowledgement ack;
  ack.ack_of = m.msg_id;
  ack.level = "content-rejected";
  ack.errors = {no.rule + ": " + no.words};
  Submission s;
  s.body.payload = std::move(ack);
  s.thread = m.thread_id;
  s.purpose = static_cast<schemas::Purpose>(m.purpose);
  s.test = m.test;
  if (auto sent = compose(tx, desk, random, s); !sent.ok()) tell.push_back("a refusal could not be explained to its sender: " + sent.error().what);
}

// A part of an attachment: its bytes to the others, itself without them beside the thread. It counts for nothing, nobody is handed it, and
// what it is a part of is proved by the message that names it. A sender is told once an attachment.
void take_part(keep::Tx& tx, const Desk& desk, crypto::Random& random, const Arrival& a, keep::Message m, schemas::Body body, std::vector<std::string>& tell) {
  keep::DecisionRow decision;
  std::optional<Objection> no = object(tx, desk, m, body, decision);
  std::optional<blob::Refused> refused;
  if (no) {
    if (auto* p = std::get_if<schemas::BlobPart>(&body.payload)) p->bytes.clear();
  } else {
    refused = blob::take_part(tx, desk, m, body);
  }
  if (refused) no = Objection{"attachment", refused->code, refused->words};
  if (refused && refused->evidence) {
    tx.put(Table::kEvidence, keep::key_of(tx.next(Table::kEvidence)), keep::pack("a part of an attachment: " + refused->words, a.frame));
  }
  m.body = schemas::encode_body(body);
  if (no) m.why = no->words;
  add_message(tx, desk, m, body);
  if (refused && refused->tell) refuse(tx, desk, random, m, *no, tell);
  if (no && !refused) record(tx, desk, m, *no);  // a stranger to the thread
}

}  // namespace

std::vector<std::string> apply_group(keep::Tx& tx, const Desk& desk, crypto::Random& random, const Arrival& a, const std::vector<OpenedMessage>& opened) {
  std::vector<std::string> tell;
  bool fresh = false;
  keep::ProofRow proof{a.frame, {}};
  for (std::size_t i = 0; i < opened.size(); ++i) {
    const OpenedMessage& o = opened[i];
    const base::Hash digest = crypto::sha256(o.bytes);
    const base::Hash key = tx.key("applied", base::concat({a.sender(), o.hdr.msg_id}));
    const auto before = keep::find<keep::AppliedRow>(tx, Table::kApplied, key);
    base::append(proof.keys, o.key);
    if (before && before->kind == o.hdr.kind && before->thread_id == o.hdr.thread_id && before->digest == digest) continue;
    if (!o.body) {
      if (o.hdr.kind == static_cast<std::uint16_t>(schemas::MsgKind::kReceipt) && !before) take_read(tx, desk, a, o, tell);
      tx.put(Table::kApplied, key, keep::pack(keep::AppliedRow{o.hdr.kind, o.hdr.thread_id, digest, 0}));
      continue;
    }
    keep::Message m = message_of(desk, a, o, i);
    m.conflict = before.has_value();
    if (blob::is_part(m)) {
      take_part(tx, desk, random, a, std::move(m), *o.body, tell);
      if (!before) tx.put(Table::kApplied, key, keep::pack(keep::AppliedRow{o.hdr.kind, o.hdr.thread_id, digest, 0}));
      continue;
    }
    if (m.conflict) tell.emplace_back("two different messages came under one id: both are kept and shown");
    keep::DecisionRow decision;
    const auto no = object(tx, desk, m, *o.body, decision);
    schemas::Body shown = *o.body;
    if (no) {
      keep_without_content(m, no->words);
      shown = *schemas::decode_body(m.body);
      std::fill(proof.keys.end() - 32, proof.keys.end(), base::Byte{0});
    }
    add_message(tx, desk, m, shown);
    tx.put(Table::kDecision, keep::key_of(m.seq), keep::pack(decision));
    fresh = true;
    if (!before) tx.put(Table::kApplied, key, keep::pack(keep::AppliedRow{m.kind, m.thread_id, digest, m.seq}));
    if (no) {
      refuse(tx, desk, random, m, *no, tell);
      continue;
    }
    if (m.kind != static_cast<std::uint16_t>(schemas::MsgKind::kLoopFacts)) feed(tx, m);
    if (before) continue;
    if (const auto* r = std::get_if<schemas::Referral>(&o.body->payload)) {
      if (auto s = answer_received(tx, desk, random, m, *r); !s.ok()) tell.push_back("a referral's receipt could not be answered: " + s.error().what);
    }
    take_effects(tx, desk, random, m, *o.body, tell);
  }
  if (fresh) tx.put(Table::kProof, keep::key_of(a.deliver.index), keep::pack(proof));
  return tell;
}

}  // namespace adapters::agent::mail
