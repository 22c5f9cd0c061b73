// Judging what arrives, and what follows from it.
#include "adapters/agent/mail/effects.h"

#include "adapters/agent/blob/incoming.h"
#include "adapters/agent/blob/outgoing.h"
#include "adapters/agent/disclose/consents.h"
#include "adapters/agent/mail/glass.h"
#include "adapters/agent/mail/facts.h"
#include "adapters/agent/mail/loops.h"
#include "adapters/agent/mail/outbox.h"
#include "adapters/agent/mail/threads.h"
#include "schemas/body.h"
#include "schemas/paper.h"

namespace adapters::agent::mail {
namespace {

using keep::Table;
using schemas::MsgKind;

constexpr std::uint64_t kSkewMs = 2 * base::kMinute;  // between two agencies' clocks

base::Hash capacity_key(keep::Tx& tx, const base::Id& agency, std::string_view service) {
  return tx.key("capacity", base::concat({agency, base::view(service)}));
}

// An event in a referral's thread comes from its parties, or from a coordinator.
bool stranger(keep::Tx& tx, const Desk& desk, const keep::Message& m) {
  const auto row = thread(tx, m.thread_id);
  if (!row || row->opening == 0 || m.sender == row->other) return false;
  const crypto::Member* sender = desk.directory.member(m.sender);
  return sender == nullptr || sender->cert.kind != "coordinator";
}

void answer(keep::Tx& tx, const Desk& desk, crypto::Random& random, const keep::Message& m, schemas::Payload payload, std::vector<std::string>& tell) {
  Submission s;
  s.body.payload = std::move(payload);
  s.thread = m.thread_id;
  s.purpose = static_cast<schemas::Purpose>(m.purpose);
  s.test = m.test;
  if (auto sent = compose(tx, desk, random, s); !sent.ok()) tell.push_back("an answer could not be given: " + sent.error().what);
}

// The sender learns that the other side does not accept what it said: on both sides, and at the coordinator, it counts for nothing.
void take_rejection(keep::Tx& tx, const Desk& desk, crypto::Random& random, const keep::Message& m, const schemas::Acknowledgement& ack) {
  if (ack.level != "content-rejected") return;
  for (keep::Message& own : messages_by_id(tx, ack.ack_of)) {
    const bool facts = own.kind == static_cast<std::uint16_t>(MsgKind::kLoopFacts);
    if (!own.outgoing || facts || own.to.empty() || own.to[0] != m.sender || !own.why.empty()) continue;
    own.why = "refused by the other side" + (ack.errors.empty() ? std::string() : ": " + ack.errors[0]);
    save_message(tx, desk.self, own);
    if (blob::is_part(own)) {
      if (blob::stop(tx, own, own.why)) notify(tx, {0, own.thread_id, {}, "attachment", "supervisor", "an attachment is " + own.why, desk.now, false, {}, {}});
      continue;
    }
    keep::Message told = own;  // to the coordinator alone: the other side knows
    told.msg_id = crypto::uuid7(random, desk.now);
    told.created = told.received = desk.now;
    told.kind = static_cast<std::uint16_t>(MsgKind::kCorrection);
    told.why.clear();
    told.progress = keep::Progress::kWaiting;
    told.first_index = told.index = keep::kNoIndex;
    told.leaf = told.group_leaf = {};
    schemas::Body taken_back;
    taken_back.payload = schemas::Correction{own.msg_id, {}, "retract", "refused", {}};
    send_facts(tx, desk, told, taken_back);
    notify(tx, {0, own.thread_id, own.msg_id, "refused", "supervisor", own.why, desk.now, false, {}, {}});
  }
}

// For whoever is on call: that something came, and how urgent its thread is. Words that may go through a stranger's mail or push service.
void tell_on_call(keep::Tx& tx, const Desk& desk, const keep::Message& m, const char* what, std::string words, bool phone = false) {
  const auto loop = loop_row(tx, m.thread_id);
  notify(tx, {0, m.thread_id, m.msg_id, what, "on_call", std::move(words), desk.now, phone, {}, {}, loop ? loop->urgency : std::string()});
}

void take_offer(keep::Tx& tx, const Desk& desk, const keep::Message& m, const schemas::HandoffReport& h) {
  if (h.phase == "offer") tell_on_call(tx, desk, m, "handoff", "A warm handoff is offered. Open to view.", true);
  if (h.phase == "take") tell_on_call(tx, desk, m, "handoff", "The other side has taken responsibility.");
  if (h.phase == "refuse") tell_on_call(tx, desk, m, "handoff", "A handoff was not taken. Open to view.", true);
}

// What people wait for: an answer to a request of ours; or that one to us was called off, or ran out. Escalations have timers' notices.
void take_status(keep::Tx& tx, const Desk& desk, const keep::Message& m, const schemas::StatusUpdate& s) {
  using enum schemas::Phase;
  const auto row = thread(tx, m.thread_id);
  const auto to = schemas::phase_of(s.status);
  if (!row || !to || desk.kind == "coordinator") return;
  const bool ours = row->requester;
  if (ours && (*to == kAccepted || *to == kRejected || *to == kInfoRequested || *to == kCompleted)) tell_on_call(tx, desk, m, "answer", "A request of ours was answered. Open to view.");
  if (!ours && (*to == kCancelled || *to == kCancelRequested)) tell_on_call(tx, desk, m, "cancelled", "A request to us was called off. Open to view.");
  if (!ours && *to == kExpired) tell_on_call(tx, desk, m, "expired", "A request to us has expired.");
}

void reply_capacity(keep::Tx& tx, const Desk& desk, crypto::Random& random, const keep::Message& m, const schemas::CapacityInquiry& q, std::vector<std::string>& tell) {
  schemas::CapacityReply reply;
  reply.inquiry = m.msg_id;
  reply.service = q.service;
  const auto own = capacity_of(tx, desk.self, q.service);
  reply.state = own && !own->stale(desk.now) ? own->state : "unknown";
  if (own) {
    reply.count = own->count;
    reply.as_of = own->as_of;
    reply.ttl_minutes = own->ttl_minutes;
    reply.accepts = own->accepts;
    reply.phone = own->phone;
  }
  answer(tx, desk, random, m, std::move(reply), tell);
}

keep::CapacityRow row_of(const keep::Message& m, const schemas::CapacityReply& c) {
  schemas::Capacity same;
  same.service = c.service;
  same.state = c.state;
  same.accepts = c.accepts;
  same.phone = c.phone;
  same.count = c.count;
  same.as_of = c.as_of;
  same.ttl_minutes = c.ttl_minutes;
  return capacity_in(m, same);
}

}  // namespace

std::optional<Objection> object(keep::Tx& tx, const Desk& desk, const keep::Message& m, const schemas::Body& body, keep::DecisionRow& decision) {
  if (m.kind == static_cast<std::uint16_t>(MsgKind::kLoopFacts)) return std::nullopt;  // the header's matrix lets them through to a coordinator alone
  if (stranger(tx, desk, m)) return Objection{"party", "not_a_party", "the sender is no party to this referral"};
  if (auto s = schemas::check_paper(body, m.created.plus(kSkewMs)); !s.ok()) return Objection{"paper", "lifecycle", s.error().what};
  if (blob::is_part(m)) return std::nullopt;  // judged with the message that names it: one that was refused names nothing here
  const crypto::Member* sender = desk.directory.member(m.sender);
  if (sender == nullptr) return std::nullopt;
  const auto sealed_under = desk.shelf != nullptr ? desk.shelf->version(m.policy_version) : nullptr;
  const auto opening = opening_of(tx, m.thread_id);
  const disclose::Context context = disclose::context_of(opening ? &*opening : nullptr);
  for (const disclose::SharedPolicy& policy : {sealed_under, desk.policy}) {
    if (policy == nullptr) continue;
    const disclose::Ruling r = disclose::rule(*policy, {sender->cert.name, sender->cert.kind}, {desk.slug, desk.kind}, static_cast<MsgKind>(m.kind),
                                              static_cast<schemas::Purpose>(m.purpose), body, context, {}, m.created);
    if (policy == sealed_under || !sealed_under) decision = disclose::record_of(*policy, r);
    const bool newest_only = policy != sealed_under && sealed_under != nullptr;  // of the newest, what it says of labels
    if (r.answer.allowed || (newest_only && r.answer.code != "privacy")) continue;
    decision = disclose::record_of(*policy, r);
    const auto rules = r.answer.rules();
    return Objection{rules.empty() ? "policy" : rules[0], r.answer.code, r.answer.explanation()};
  }
  return std::nullopt;
}

void take_effects(keep::Tx& tx, const Desk& desk, crypto::Random& random, const keep::Message& m, const schemas::Body& body, std::vector<std::string>& tell) {
  blob::take_names(tx, desk, m, body);
  if (const auto* c = std::get_if<schemas::Capacity>(&body.payload)) {
    if (!m.test) keep_capacity(tx, capacity_in(m, *c));  // a test is no news of a bed (D18)
  } else if (const auto* reply = std::get_if<schemas::CapacityReply>(&body.payload)) {
    if (!m.test) keep_capacity(tx, row_of(m, *reply));
  } else if (const auto* q = std::get_if<schemas::CapacityInquiry>(&body.payload)) {
    reply_capacity(tx, desk, random, m, *q, tell);
  } else if (const auto* consent = std::get_if<schemas::Consent>(&body.payload)) {
    if (auto s = disclose::put(tx, *consent); !s.ok()) tell.push_back("a consent could not be kept: " + s.error().what);
  } else if (const auto* ack = std::get_if<schemas::Acknowledgement>(&body.payload)) {
    take_rejection(tx, desk, random, m, *ack);
  } else if (const auto* h = std::get_if<schemas::HandoffReport>(&body.payload)) {
    take_offer(tx, desk, m, *h);
  } else if (const auto* glass = std::get_if<schemas::BreakGlass>(&body.payload)) {
    take_break_glass(tx, desk, random, m, *glass, tell);
  } else if (const auto* s = std::get_if<schemas::StatusUpdate>(&body.payload)) {
    take_status(tx, desk, m, *s);
  } else if (std::holds_alternative<schemas::SecureMessage>(body.payload)) {
    tell_on_call(tx, desk, m, "message", "A message came. Open to view.");
  } else if (const auto* r = std::get_if<schemas::Referral>(&body.payload)) {
    tell_on_call(tx, desk, m, "referral", "New " + item_words(r->urgency) + ". Open to view.", r->urgency == "emergent");
  }
}

keep::CapacityRow capacity_in(const keep::Message& m, const schemas::Capacity& c) {
  keep::CapacityRow row;
  row.agency = m.sender;
  row.msg_id = m.msg_id;
  row.service = c.service;
  row.state = c.state;
  row.accepts = c.accepts;
  row.phone = c.phone;
  row.count = c.count;
  row.as_of = c.as_of.ms != 0 ? c.as_of : m.created;
  row.ttl_minutes = c.ttl_minutes;
  return row;
}

std::optional<keep::CapacityRow> capacity_of(keep::Tx& tx, const base::Id& agency, std::string_view service) {
  return keep::find<keep::CapacityRow>(tx, Table::kCapacity, capacity_key(tx, agency, service));
}

void keep_capacity(keep::Tx& tx, const keep::CapacityRow& row) {
  const auto before = capacity_of(tx, row.agency, row.service);
  if (before && before->as_of > row.as_of) return;  // an older word came late
  tx.put(Table::kCapacity, capacity_key(tx, row.agency, row.service), keep::pack(row));
  tx.changed(Table::kCapacity, {});
}

}  // namespace adapters::agent::mail
