// Checks and the outbox commit's contents.
#include "adapters/agent/mail/submit.h"

#include "adapters/agent/mail/threads.h"
#include "crypto/batch.h"
#include "crypto/merkle.h"
#include "schemas/body.h"

namespace adapters::agent::mail {
namespace {

using keep::Table;

struct Meant {  // the resolved address
  base::Id other{};
  std::string kind;
  bool everybody = false;
  std::optional<keep::ThreadRow> thread;
};

base::Result<Meant> resolve(keep::Tx& tx, const Desk& desk, const Submission& s) {
  Meant m;
  if (s.thread) {
    m.thread = thread(tx, *s.thread);
    if (!m.thread) return base::Error{base::Kind::kNotFound, "there is no such thread here", "thread", "see: handoff inbox list"};
    m.other = m.thread->other;
  } else if (s.to == kEverybody) {
    if (!std::holds_alternative<schemas::Capacity>(s.body.payload)) return base::Error{base::Kind::kUsage, "only capacity can be sent to everybody", "to"};
    m.everybody = true;
    m.kind = "*";
    return m;
  } else {
    const crypto::Member* member = desk.directory.by_slug(s.to);
    if (member == nullptr) return base::Error{base::Kind::kNotFound, "no agency of that name is in the directory", "to", "see: handoff status"};
    m.other = member->cert.agent;
  }
  if (m.other == desk.self) return base::Error{base::Kind::kUsage, "an agency does not write to itself", "to"};
  const crypto::Member* member = desk.directory.member(m.other);
  if (member == nullptr) return base::Error{base::Kind::kNotFound, "the other agency has left the directory", "to"};
  m.kind = member->cert.kind;
  return m;
}

// What a move of the table wants to be told.
bool has_field(const schemas::StatusUpdate& s, std::string_view field) {
  if (field.empty()) return true;
  const std::pair<std::string_view, const std::string*> fields[] = {
      {"reason", &s.reason},   {"reason_class", &s.reason_class}, {"outcome", &s.outcome},         {"appointment_at", &s.appointment_at},
      {"text", &s.text},       {"callback", &s.callback},         {"actor_name", &s.actor_name},   {"actor_role", &s.actor_role},
      {"place", &s.place},     {"expected_at", &s.expected_at},   {"next_action", &s.next_action}, {"hold_until", &s.hold_until}};
  for (const auto& [name, value] : fields) {
    if (name == field) return !value->empty();
  }
  return true;
}

base::Status check_move(keep::Tx& tx, const Desk& desk, const keep::ThreadRow& row, const schemas::StatusUpdate& s) {
  const auto to = schemas::phase_of(s.status);
  if (!to) return base::Error{base::Kind::kUsage, "there is no such status", "status", "requested, received, accepted, rejected, scheduled, in-progress, on-hold, completed, cancelled ..."};
  const schemas::Party who = row.requester ? schemas::Party::kRequester : schemas::Party::kTarget;
  const schemas::Phase from = loop_of(tx, desk.self, row).phase;
  TRY(schemas::may_move(from, *to, who));
  for (const schemas::Move& m : schemas::moves()) {
    if (m.from == from && m.to == *to && m.who == who && !has_field(s, m.requires_field)) {
      return base::Error{base::Kind::kUsage, "this status needs " + std::string(m.requires_field), std::string(m.requires_field)};
    }
  }
  return {};
}

base::Status check_referral(const schemas::Referral& r) {
  if (r.urgency != "emergent" && r.urgency != "urgent" && r.urgency != "routine") {
    return base::Error{base::Kind::kMalformed, "urgency is emergent, urgent or routine", "referral.urgency"};
  }
  const schemas::Name& n = r.subject.name;
  if (!r.subject.unknown && n.family.empty() && n.given.empty()) {
    return base::Error{base::Kind::kMalformed, "the subject has no name", "referral.subject.name", "set subject.unknown and a descriptor"};
  }
  return {};
}

base::Status check_payload(keep::Tx& tx, const Desk& desk, const Submission& s, const Meant& meant) {
  if (const auto* r = std::get_if<schemas::Referral>(&s.body.payload)) {
    if (meant.thread) return base::Error{base::Kind::kConflict, "a referral opens a thread of its own", "thread"};
    return check_referral(*r);
  }
  if (const auto* u = std::get_if<schemas::StatusUpdate>(&s.body.payload)) {
    if (!meant.thread || meant.thread->opening == 0) return base::Error{base::Kind::kUsage, "a status belongs to a referral's thread", "thread"};
    return check_move(tx, desk, *meant.thread, *u);
  }
  return {};
}

base::Hash digest_of(const Submission& s) {
  const base::Bytes content = s.body.source.bytes.empty() ? schemas::encode_body(s.body) : s.body.source.bytes;
  return crypto::sha256({base::view(s.to), s.thread ? base::View(*s.thread) : base::View{}, content});
}

base::Result<std::optional<Submitted>> repeated(keep::Tx& tx, const Submission& s, const base::Hash& digest) {
  if (s.dedupe_key.empty()) return std::optional<Submitted>{};
  const auto row = keep::find<keep::DedupeRow>(tx, Table::kDedupe, tx.key("dedupe", base::view(s.dedupe_key)));
  if (!row) return std::optional<Submitted>{};
  if (row->digest != digest) return base::Error{base::Kind::kConflict, "the same key came before with other content", "dedupe_key"};
  return std::optional(Submitted{row->msg_id, row->thread_id, true});
}

}  // namespace

schemas::PolicyAnswer ask_policy(const Desk& desk, std::string_view to_kind, schemas::MsgKind kind, schemas::Purpose purpose, const schemas::Body* body) {
  const crypto::PolicyNote* policy = desk.directory.policy();
  if (policy == nullptr) {
    schemas::PolicyAnswer none;
    none.explanation = "no policy is in force yet";
    return none;
  }
  schemas::PolicyRequest q;
  q.from_kind = desk.kind;
  q.to_kind = std::string(to_kind);
  q.kind = kind;
  q.purpose = purpose;
  q.now = desk.now;
  if (const auto* r = body ? std::get_if<schemas::Referral>(&body->payload) : nullptr) {
    q.authority_basis = r->authority_basis;
    q.labels = r->labels;
  }
  return schemas::decide(*policy, q);
}

base::Result<Submitted> compose(keep::Tx& tx, const Desk& desk, crypto::Random& random, const Submission& s) {
  const base::Hash digest = digest_of(s);
  TRY_ASSIGN(const std::optional<Submitted> before, repeated(tx, s, digest));
  if (before) return *before;
  if (tx.count(Table::kOut) >= desk.outbox_limit) return base::Error{base::Kind::kBusy, "the outbox is full", "outbox", "the hub has been away for long: see handoff status"};
  TRY_ASSIGN(const Meant meant, resolve(tx, desk, s));
  TRY(check_payload(tx, desk, s, meant));
  const schemas::MsgKind kind = schemas::kind_of(s.body.payload);
  schemas::PolicyAnswer answer = ask_policy(desk, meant.kind, kind, s.purpose, &s.body);
  for (const crypto::Member* other : desk.directory.members()) {  // a broadcast goes to those whom it may reach (outbox.cc)
    if (meant.everybody && answer.decision != schemas::Decision::kAllow) answer = ask_policy(desk, other->cert.kind, kind, s.purpose, &s.body);
  }
  if (answer.decision != schemas::Decision::kAllow) {
    return base::Error{base::Kind::kDenied, answer.explanation, answer.rules.empty() ? "policy" : answer.rules[0], "ask the program coordinator"};
  }
  schemas::Body body = s.body;
  body.seen = desk.seen;

  keep::Message m;
  m.body = schemas::encode_body(body);
  if (crypto::padded_size(m.body.size()) == 0) return base::Error{base::Kind::kTooLarge, "the message is over 256 KiB", "body", "send large attachments apart"};
  m.msg_id = crypto::uuid7(random, desk.now);
  m.thread_id = s.thread ? *s.thread : crypto::uuid7(random, desk.now);
  m.sender = desk.self;
  if (!meant.everybody) m.to.push_back(meant.other);
  m.kind = static_cast<std::uint16_t>(kind);
  m.purpose = static_cast<std::uint16_t>(s.purpose);
  m.outgoing = true;
  m.test = s.test;
  m.created = m.received = desk.now;
  m.thread_seq = meant.thread ? meant.thread->next_thread_seq : 1;
  m.person = s.person;
  add_message(tx, desk.self, m, body);

  keep::OutItem item;
  item.seq = tx.next(Table::kOut);
  if (const auto last = tx.get(Table::kMeta, base::view("out_seq")); last && last->size() == 8) item.seq = std::max(item.seq, keep::number_in(*last) + 1);
  tx.put(Table::kMeta, base::view("out_seq"), keep::key_of(item.seq));
  item.message = m.seq;
  item.recipient = meant.everybody ? base::Id{} : meant.other;
  item.size = static_cast<std::uint32_t>(m.body.size());
  item.since = desk.now;
  tx.put(Table::kOut, keep::key_of(item.seq), keep::pack(item));
  if (!s.dedupe_key.empty()) {
    tx.put(Table::kDedupe, tx.key("dedupe", base::view(s.dedupe_key)), keep::pack(keep::DedupeRow{digest, m.msg_id, m.thread_id}));
  }
  return Submitted{m.msg_id, m.thread_id, false};
}

}  // namespace adapters::agent::mail
