// Checks and the outbox commit's contents.
#include "adapters/agent/mail/submit.h"

#include <algorithm>

#include "adapters/agent/blob/outgoing.h"
#include "adapters/agent/disclose/consents.h"
#include "adapters/agent/mail/effects.h"
#include "adapters/agent/mail/facts.h"
#include "adapters/agent/mail/loops.h"
#include "adapters/agent/mail/outbox.h"
#include "adapters/agent/mail/threads.h"
#include "crypto/batch.h"
#include "crypto/merkle.h"
#include "schemas/body.h"
#include "schemas/paper.h"
#include "schemas/policy/statute.h"
#include "schemas/values.h"

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
  const schemas::Loop loop = loop_of(tx, desk.self, row);
  if (s.status.empty() && s.esc_level > 0) {
    if (s.esc_level > 3) return base::Error{base::Kind::kUsage, "an escalation has level 1, 2 or 3", "esc_level"};
    if (schemas::terminal(loop.phase)) return base::Error{base::Kind::kDenied, "the referral has ended", "esc_level"};
    return {};
  }
  const auto to = schemas::phase_of(s.status);
  if (!to) return base::Error{base::Kind::kUsage, "there is no such status", "status", "requested, received, accepted, rejected, scheduled, in-progress, on-hold, completed, cancelled ..."};
  const schemas::Party who = row.requester ? schemas::Party::kRequester : schemas::Party::kTarget;
  TRY(schemas::may_move(loop.phase, *to, who));
  for (const schemas::Move& m : schemas::moves()) {
    if (m.from == loop.phase && m.to == *to && m.who == who && !has_field(s, m.requires_field)) {
      return base::Error{base::Kind::kUsage, "this status needs " + std::string(m.requires_field), std::string(m.requires_field)};
    }
  }
  if (s.reason == "OTH" && s.text.empty()) return base::Error{base::Kind::kUsage, "the reason OTH needs words", "text"};
  return {};
}

// A take or a refusal answers an offer of the other side that is still open.
base::Status check_handoff(keep::Tx& tx, const Desk& desk, const std::optional<keep::ThreadRow>& row, const schemas::HandoffReport& h) {
  const auto loop = row ? loop_row(tx, row->thread_id) : std::nullopt;
  const bool open = loop && loop->handoff_offered.ms != 0;
  if (h.phase == "offer") {
    if (open) return base::Error{base::Kind::kConflict, "an offer is open already", "handoff_report.phase", "wait for its answer"};
    return {};
  }
  if (h.phase != "take" && h.phase != "refuse") return base::Error{base::Kind::kUsage, "a handoff is an offer, a take or a refusal", "handoff_report.phase"};
  if (!open && !row) return base::Error{base::Kind::kUsage, "there is no offer to answer", "thread"};
  if (open && loop->handoff_by == desk.self) return base::Error{base::Kind::kDenied, "the other side takes what we offer", "handoff_report.phase"};
  if (h.phase == "take" && h.person.name.family.empty() && h.person.role.empty()) {
    return base::Error{base::Kind::kUsage, "a take names who takes", "handoff_report.person"};
  }
  if (h.phase == "refuse" && h.reason.empty()) return base::Error{base::Kind::kUsage, "a refusal has a reason", "handoff_report.reason"};
  return {};
}

base::Status in_set(const char* set, const std::string& code, const char* where) {
  const schemas::ValueSet* values = schemas::value_set(set);
  if (values != nullptr && schemas::allowed(*values, code)) return {};
  std::string known;
  for (const schemas::Value& v : values != nullptr ? values->values : std::vector<schemas::Value>{}) known += (known.empty() ? "" : ", ") + v.code;
  return base::Error{base::Kind::kUsage, "this code is not one of its set", where, known};
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
  const bool referred = meant.thread && meant.thread->opening != 0;
  if (schemas::kind_of(s.body.payload) == schemas::MsgKind::kBlobPart) {
    return base::Error{base::Kind::kUsage, "parts are made of attachments by the agent itself", "kind", "attach the file to a message"};
  }
  if (const auto* r = std::get_if<schemas::Referral>(&s.body.payload)) {
    if (meant.thread) return base::Error{base::Kind::kConflict, "a referral opens a thread of its own", "thread"};
    return check_referral(*r);
  }
  if (const auto* u = std::get_if<schemas::StatusUpdate>(&s.body.payload)) {
    if (!referred) return base::Error{base::Kind::kUsage, "a status belongs to a referral's thread", "thread"};
    return check_move(tx, desk, *meant.thread, *u);
  }
  if (const auto* f = std::get_if<schemas::FollowUp>(&s.body.payload)) {
    if (!referred) return base::Error{base::Kind::kUsage, "a follow-up belongs to a referral's thread", "thread"};
    TRY(in_set("follow_up_mark", f->mark, "follow_up.mark"));
    return in_set("follow_up_result", f->result, "follow_up.result");
  }
  if (const auto* h = std::get_if<schemas::HandoffReport>(&s.body.payload)) return check_handoff(tx, desk, meant.thread, *h);
  if (const auto* c = std::get_if<schemas::Consent>(&s.body.payload)) return disclose::check(*c);
  if (const auto* c = std::get_if<schemas::Correction>(&s.body.payload)) {
    for (const keep::Message& m : messages_by_id(tx, c->target)) {
      if (m.sender == desk.self && m.thread_id == s.thread) return {};
    }
    return base::Error{base::Kind::kDenied, "only its author takes a message back", "correction.target"};
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

namespace {

disclose::Ruling ruling(keep::Tx& tx, const Desk& desk, const crypto::Member& to, schemas::Purpose purpose, const schemas::Body& body,
                        const std::optional<base::Id>& thread_id) {
  const auto opening = thread_id ? opening_of(tx, *thread_id) : std::nullopt;
  return disclose::rule(*desk.policy, {desk.slug, desk.kind}, {to.cert.name, to.cert.kind}, schemas::kind_of(body.payload), purpose, body,
                        disclose::context_of(opening ? &*opening : nullptr), disclose::finder(tx), desk.now);
}

void add_all(std::vector<std::string>& into, const std::vector<std::string>& more) {
  for (const std::string& s : more) {
    if (std::ranges::find(into, s) == into.end()) into.push_back(s);
  }
}

// What follows from what was handed in: when a hold ends, the class of a reason, the labels of what is passed on.
base::Status complete(keep::Tx& tx, const Desk& desk, schemas::Body& body) {
  if (auto* r = std::get_if<schemas::Referral>(&body.payload); r != nullptr && desk.policy != nullptr && r->hold.expires.empty()) {
    const auto start = base::parse_rfc3339(r->hold.start);
    const auto* pack = schemas::policy::state_pack(desk.policy->state_pack);
    const auto end = start && pack != nullptr ? schemas::policy::hold_ends(*pack, r->hold.form, *start, desk.policy->calendar) : std::nullopt;
    if (end) r->hold.expires = base::rfc3339(*end);
  }
  if (body.entered_at.ms != 0) body.entered_at = desk.now;
  TRY(schemas::check_paper(body, desk.now));
  if (auto* s = std::get_if<schemas::StatusUpdate>(&body.payload)) {  // deadlines count from it at every party
    if (s->at.ms == 0) s->at = desk.now;
    if (s->at > desk.now.plus(10 * base::kMinute)) return base::Error{base::Kind::kUsage, "a status cannot be of the future", "status_update.at"};
  }
  if (auto* s = std::get_if<schemas::StatusUpdate>(&body.payload); s != nullptr && s->reason_class.empty()) {
    const schemas::ValueSet* set = schemas::value_set("decline_reason");
    const schemas::Value* v = set != nullptr ? set->find(s->reason) : nullptr;
    if (v != nullptr) s->reason_class = v->group;
  }
  if (base::all_zero(body.forwards)) return {};
  const auto originals = messages_by_id(tx, body.forwards);
  if (originals.empty()) return base::Error{base::Kind::kNotFound, "the message to pass on is not here", "forwards"};
  TRY_ASSIGN(const schemas::Body original, schemas::decode_body(originals[0].body));
  add_all(body.labels, original.labels);
  if (const auto* r = std::get_if<schemas::Referral>(&original.payload)) add_all(body.labels, r->labels);
  if (body.consent_ref.empty() && body.consent_copy.id.empty()) body.consent_copy = original.consent_copy;
  return {};
}

base::Status check_policy(keep::Tx& tx, const Desk& desk, const Submission& s, const schemas::Body& body, const Meant& meant) {
  if (desk.policy == nullptr) return {};  // only what machines answer comes here without one, and waits for it
  bool may = false;
  base::Error why{base::Kind::kDenied, "there is nobody whom it may reach", "policy"};
  for (const crypto::Member* other : desk.directory.members()) {  // a broadcast goes to those whom it may reach (outbox.cc)
    if (meant.everybody ? other->cert.agent == desk.self : other->cert.agent != meant.other) continue;
    const disclose::Ruling r = ruling(tx, desk, *other, s.purpose, body, s.thread);
    if (!r.answer.allowed && !meant.everybody) return disclose::refusal(r.answer);
    may = may || r.answer.allowed;
    if (!meant.everybody) {
      const auto lacks = schemas::policy::missing(*desk.policy, r.ask, body);
      if (!lacks.empty()) return lacks[0];
    }
  }
  if (!may) return why;
  return {};
}

// The message as its reader will see it by the policy of now.
schemas::Body seen_by(keep::Tx& tx, const Desk& desk, const crypto::Member& to, const Submission& s, const schemas::Body& body) {
  if (desk.policy == nullptr) return {};
  const auto opening = s.thread ? opening_of(tx, *s.thread) : std::nullopt;
  return disclose::copy_for(*desk.policy, ruling(tx, desk, to, s.purpose, body, s.thread), desk.slug, body, disclose::context_of(opening ? &*opening : nullptr), disclose::finder(tx)).body;
}

bool by_machine(const schemas::Body& body) {
  const auto* s = std::get_if<schemas::StatusUpdate>(&body.payload);
  return s != nullptr && s->actor_role == "machine" && s->status == schemas::name(schemas::Phase::kReceived);
}

keep::Message message_for(const Desk& desk, crypto::Random& random, const Submission& s, const schemas::Body& body) {
  keep::Message m;
  m.body = schemas::encode_body(body);
  m.msg_id = crypto::uuid7(random, desk.now);
  m.thread_id = s.thread ? *s.thread : crypto::uuid7(random, desk.now);
  m.sender = desk.self;
  m.kind = static_cast<std::uint16_t>(schemas::kind_of(body.payload));
  m.purpose = static_cast<std::uint16_t>(s.purpose);
  m.outgoing = true;
  m.test = s.test;
  m.created = m.received = desk.now;
  m.person = s.person;
  return m;
}

}  // namespace

schemas::policy::Answer ask_policy(keep::Tx& tx, const Desk& desk, const crypto::Member& to, schemas::Purpose purpose, const schemas::Body& body,
                                   const std::optional<base::Id>& thread_id) {
  return ruling(tx, desk, to, purpose, body, thread_id).answer;
}

base::Result<Submitted> compose(keep::Tx& tx, const Desk& desk, crypto::Random& random, const Submission& s) {
  const base::Hash digest = digest_of(s);
  TRY_ASSIGN(const std::optional<Submitted> before, repeated(tx, s, digest));
  if (before) return *before;
  if (mail_waiting(tx) >= desk.outbox_limit) return base::Error{base::Kind::kBusy, "the outbox is full", "outbox", "the hub has been away for long: see handoff status"};
  if (desk.policy == nullptr && !by_machine(s.body)) return base::Error{base::Kind::kBusy, desk.stale, "policy", "it sends again once it holds the policy in force"};
  TRY_ASSIGN(const Meant meant, resolve(tx, desk, s));
  schemas::Body body = s.body;
  TRY(complete(tx, desk, body));
  TRY(check_payload(tx, desk, s, meant));
  TRY_ASSIGN(std::vector<blob::Cut> cuts, blob::cut(tx, desk, random, body));
  TRY(check_policy(tx, desk, s, body, meant));
  body.seen = desk.seen;
  base::Bytes aside;
  if (body.source.bytes.size() > blob::kAside) aside.swap(body.source.bytes);
  keep::Message m = message_for(desk, random, s, body);
  if (!aside.empty()) blob::put_source(tx, m.msg_id, aside);
  if (crypto::padded_size(m.body.size()) == 0) return base::Error{base::Kind::kTooLarge, "the message is over 256 KiB", "body", "shorten its texts, or attach them as files"};
  if (!meant.everybody) m.to.push_back(meant.other);
  m.thread_seq = meant.thread ? meant.thread->next_thread_seq : 1;
  if (const auto* c = std::get_if<schemas::Consent>(&body.payload)) TRY(disclose::put(tx, *c));
  if (const auto* c = std::get_if<schemas::Capacity>(&body.payload); c != nullptr && !s.test) keep_capacity(tx, capacity_in(m, *c));
  add_message(tx, desk, m, body);
  enqueue(tx, desk, m);
  send_facts(tx, desk, m, body);
  if (const crypto::Member* reader = cuts.empty() ? nullptr : desk.directory.member(meant.other); reader != nullptr) {
    TRY(blob::keep_and_send(tx, desk, random, m, std::move(cuts), seen_by(tx, desk, *reader, s, body), meant.kind));
  }
  if (!s.dedupe_key.empty()) {
    tx.put(Table::kDedupe, tx.key("dedupe", base::view(s.dedupe_key)), keep::pack(keep::DedupeRow{digest, m.msg_id, m.thread_id}));
  }
  return Submitted{m.msg_id, m.thread_id, false};
}

base::Result<Submitted> compose_to_parties(keep::Tx& tx, const Desk& desk, crypto::Random& random, const Submission& s, const keep::LoopRow& loop) {
  const auto row = thread(tx, loop.thread_id);
  if (!row) return base::Error{base::Kind::kNotFound, "there is no such thread here", "thread"};
  schemas::Body body = s.body;
  body.seen = desk.seen;
  keep::Message m = message_for(desk, random, s, body);
  m.thread_seq = row->next_thread_seq;
  bool sent = false;
  for (const base::Id& to : {loop.asker, loop.asked}) {
    const crypto::Member* member = desk.directory.member(to);
    if (member == nullptr || desk.policy == nullptr || !ruling(tx, desk, *member, s.purpose, body, {}).answer.allowed) continue;
    keep::Message copy = m;
    copy.to = {to};
    add_message(tx, desk, copy, body);
    enqueue(tx, desk, copy);
    sent = true;
  }
  if (!sent) return base::Error{base::Kind::kDenied, "the policy lets a coordinator write to neither party", "policy"};
  return Submitted{m.msg_id, m.thread_id, false};
}

}  // namespace adapters::agent::mail
