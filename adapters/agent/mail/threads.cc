// Messages and threads in the store.
#include "adapters/agent/mail/threads.h"

#include <algorithm>
#include <set>

#include "adapters/agent/blob/blobs.h"
#include "adapters/agent/mail/loops.h"
#include "adapters/agent/mail/reading.h"
#include "schemas/body.h"
#include "schemas/registry.h"

namespace adapters::agent::mail {
namespace {

using keep::Table;

// Our own facts for the coordinator, read receipts, and the parts of attachments, stand beside the thread, not in it.
bool facts_out(const keep::Message& m) { return m.outgoing && m.kind == static_cast<std::uint16_t>(schemas::MsgKind::kLoopFacts); }
bool beside(const keep::Message& m) { return facts_out(m) || is_read_receipt(m) || blob::is_part(m); }
base::Hash chain_key(keep::Tx& tx, const keep::Message& m) {
  const char* which = facts_out(m) ? "facts" : is_read_receipt(m) ? "reads" : blob::is_part(m) ? "parts" : "thread";
  return tx.key(which, m.thread_id);
}
base::Bytes event_key(keep::Tx& tx, const keep::Message& m) { return keep::key_of(chain_key(tx, m), m.seq); }

base::Instant time_in(const std::string& text) { return base::parse_rfc3339(text).value_or(base::Instant{}); }
std::uint8_t phase_in(std::string_view status) { return static_cast<std::uint8_t>(schemas::phase_of(status).value_or(schemas::Phase::kNone)); }

void take_status(keep::EventRow& e, const schemas::StatusUpdate& s) {
  e.phase = phase_in(s.status);
  e.at = s.at;
  e.reason_class = s.reason_class;
  e.reason = s.reason;
  e.outcome = s.outcome;
  e.esc_level = s.esc_level;
  e.deadline = s.deadline;
  e.appointment = time_in(s.appointment_at);
}

void take_facts(keep::EventRow& e, const schemas::LoopFacts& f) {
  e.phase = phase_in(f.status);
  e.at = f.at;
  e.reason_class = f.decline_class;
  e.esc_level = f.esc_level;
  e.deadline = f.deadline;
  e.mark = f.mark;
  e.result = f.result;
  e.appointment = f.appointment_at;
  e.retracts = f.retracts;
}

keep::EventRow event_of(const Desk& desk, const keep::Message& m, const schemas::Body& body) {
  keep::EventRow e;
  e.msg_id = m.msg_id;
  e.sender = m.sender;
  e.kind = m.kind;
  e.at = m.created;
  const crypto::Member* sender = desk.directory.member(m.sender);
  e.coordinator = sender != nullptr && sender->cert.kind == "coordinator";
  if (std::holds_alternative<schemas::Referral>(body.payload)) e.phase = static_cast<std::uint8_t>(schemas::Phase::kRequested);
  if (const auto* s = std::get_if<schemas::StatusUpdate>(&body.payload)) {
    take_status(e, *s);
    if (body.entered_at.ms != 0) e.at = body.entered_at;  // what was on paper counts from when it was typed in
  }
  if (const auto* f = std::get_if<schemas::LoopFacts>(&body.payload)) take_facts(e, *f);
  if (const auto* c = std::get_if<schemas::Correction>(&body.payload)) e.retracts = c->target;
  if (const auto* f = std::get_if<schemas::FollowUp>(&body.payload)) {
    e.mark = f->mark;
    e.result = f->result;
  }
  return e;
}

void place(keep::EventRow& e, const keep::Message& m) {
  e.first_index = m.first_index;
  e.thread_seq = m.thread_seq;
  e.leaf = m.leaf;
  e.counts = m.progress != keep::Progress::kFailed && !m.conflict && m.why.empty();
}

bool moves(const keep::EventRow& e) { return e.phase != 0 || e.esc_level != 0 || !e.mark.empty() || !base::all_zero(e.retracts); }

schemas::Party party(const keep::ThreadRow& row, const std::optional<keep::LoopRow>& loop, const base::Id& self, const keep::EventRow& e) {
  if (e.coordinator) return schemas::Party::kCoordinator;
  if (loop && !base::all_zero(loop->asker)) {
    if (e.sender == loop->asker) return schemas::Party::kRequester;
    return e.sender == loop->asked ? schemas::Party::kTarget : schemas::Party::kNobody;
  }
  if (e.sender != self && e.sender != row.other) return schemas::Party::kNobody;
  return (e.sender == self) == row.requester ? schemas::Party::kRequester : schemas::Party::kTarget;
}

void reduce_into(keep::Tx& tx, const base::Id& self, keep::ThreadRow& row) {
  const schemas::Loop loop = loop_of(tx, self, row);
  row.phase = static_cast<std::uint8_t>(loop.phase);
  row.loop = loop.loop;
}

void remember_ref(keep::Tx& tx, const std::string& ref, const keep::Message& m) {
  if (!ref.empty()) tx.put(Table::kRef, keep::key_of(tx.key("ref", base::view(ref)), m.seq), m.thread_id);
}

void remember_subject(keep::Tx& tx, const schemas::Subject& s, const keep::Message& m) {
  for (const schemas::Identifier& id : s.ids) remember_ref(tx, subject_ref(id), m);
}

bool opens(const keep::Message& m) { return is_opening(m) && !m.conflict && m.why.empty(); }

}  // namespace

void add_message(keep::Tx& tx, const Desk& desk, keep::Message& m, const schemas::Body& body) {
  m.seq = tx.next(Table::kMessage);
  keep::EventRow event = event_of(desk, m, body);
  place(event, m);
  if (const auto* f = std::get_if<schemas::LoopFacts>(&body.payload); f != nullptr && f->at_index != 0) event.first_index = f->at_index;
  tx.put(Table::kMessage, keep::key_of(m.seq), keep::pack(m));
  tx.put(Table::kByThread, event_key(tx, m), keep::pack(event));
  tx.put(Table::kByMessage, keep::key_of(tx.key("message", m.msg_id), m.seq), {});
  if (beside(m)) return;
  auto row = thread(tx, m.thread_id);
  if (!row) {
    row.emplace();
    row->thread_id = m.thread_id;
    row->created = m.received;
    row->first = m.seq;
    row->other = m.outgoing ? (m.to.empty() ? base::Id{} : m.to[0]) : m.sender;
  }
  if (row->opening == 0 && opens(m)) {
    row->opening = m.seq;
    row->requester = m.outgoing;
    row->other = m.outgoing ? m.to[0] : m.sender;
  }
  if (const auto* r = std::get_if<schemas::Referral>(&body.payload)) {
    remember_ref(tx, r->source_ref, m);
    if (r->incident_ref != r->source_ref) remember_ref(tx, r->incident_ref, m);
    remember_subject(tx, r->subject, m);
  }
  if (const auto* e = std::get_if<schemas::EncounterNotification>(&body.payload)) {
    remember_ref(tx, e->visit, m);
    remember_subject(tx, e->subject, m);
  }
  if (m.outgoing) row->next_thread_seq = m.thread_seq + 1;
  row->test = row->test || m.test;
  row->unread = row->unread || !m.outgoing;
  row->last = m.seq;
  row->updated = m.received;
  if (row->order != 0) tx.erase(Table::kRecent, keep::key_of(row->order));
  row->order = tx.next(Table::kRecent);
  tx.put(Table::kRecent, keep::key_of(row->order), row->thread_id);
  save_thread(tx, *row);
  note_in_loop(tx, desk, m, body);
  if (moves(event)) reduce_into(tx, desk.self, *row);
  save_thread(tx, *row);
  tx.changed(Table::kThread, m.thread_id);
}

void save_message(keep::Tx& tx, const base::Id& self, const keep::Message& m) {
  tx.put(Table::kMessage, keep::key_of(m.seq), keep::pack(m));
  const base::Bytes key = event_key(tx, m);
  auto event = keep::find<keep::EventRow>(tx, Table::kByThread, key);
  if (!event) return;
  const keep::EventRow before = *event;
  place(*event, m);
  tx.put(Table::kByThread, key, keep::pack(*event));
  tx.changed(Table::kThread, m.thread_id);
  if (!moves(*event) || (before.first_index == event->first_index && before.counts == event->counts)) return;
  if (auto row = thread(tx, m.thread_id)) {
    reduce_into(tx, self, *row);
    save_thread(tx, *row);
  }
  if (auto loop = loop_row(tx, m.thread_id)) {  // deadlines follow from places too
    look_at(tx, *loop, base::Instant{1});
    save_loop(tx, *loop);
  }
}

std::optional<keep::Message> message(keep::Tx& tx, std::uint64_t seq) { return keep::find<keep::Message>(tx, Table::kMessage, keep::key_of(seq)); }

std::vector<keep::Message> messages_by_id(keep::Tx& tx, const base::Id& msg_id) {
  std::vector<keep::Message> out;
  tx.scan_prefix(Table::kByMessage, tx.key("message", msg_id), [&](base::View k, base::View) {
    if (auto m = message(tx, keep::number_in(k))) out.push_back(std::move(*m));
    return true;
  });
  return out;
}

std::optional<keep::ThreadRow> thread(keep::Tx& tx, const base::Id& thread_id) {
  return keep::find<keep::ThreadRow>(tx, Table::kThread, tx.key("thread", thread_id));
}

bool is_opening(const keep::Message& m) { return m.kind == static_cast<std::uint16_t>(schemas::MsgKind::kReferral); }

std::optional<schemas::Referral> opening_of(keep::Tx& tx, const base::Id& thread_id) {
  const auto row = thread(tx, thread_id);
  const auto m = row && row->opening != 0 ? message(tx, row->opening) : std::nullopt;
  if (!m) return std::nullopt;
  auto body = schemas::decode_body(m->body);
  auto* r = body.ok() ? std::get_if<schemas::Referral>(&body->payload) : nullptr;
  return r == nullptr ? std::nullopt : std::optional(std::move(*r));
}

void save_thread(keep::Tx& tx, const keep::ThreadRow& row) { tx.put(Table::kThread, tx.key("thread", row.thread_id), keep::pack(row)); }

std::vector<std::uint64_t> chain_of(keep::Tx& tx, const keep::Message& m) {
  std::vector<std::uint64_t> out;
  tx.scan_prefix(Table::kByThread, chain_key(tx, m), [&](base::View k, base::View) {
    out.push_back(keep::number_in(k));
    return true;
  });
  return out;
}

std::vector<std::uint64_t> thread_messages(keep::Tx& tx, const base::Id& thread_id) {
  std::vector<std::uint64_t> out;
  tx.scan_prefix(Table::kByThread, tx.key("thread", thread_id), [&](base::View k, base::View) {
    out.push_back(keep::number_in(k));
    return true;
  });
  return out;
}

// The control character keeps it apart from what agencies call their requests.
std::string subject_ref(const schemas::Identifier& id) { return id.value.empty() ? std::string() : "\x01" + id.system + "\x01" + id.value; }

std::vector<base::Id> threads_by_ref(keep::Tx& tx, std::string_view ref) {
  std::vector<base::Id> out;
  tx.scan_prefix(Table::kRef, tx.key("ref", base::view(ref)), [&](base::View, base::View v) {
    if (v.size() == 16) out.push_back(base::fixed<16>(v));
    return true;
  });
  std::reverse(out.begin(), out.end());
  return out;
}

schemas::Loop loop_of(keep::Tx& tx, const base::Id& self, const keep::ThreadRow& row, const std::optional<schemas::Place>& upto) {
  std::vector<keep::EventRow> rows;
  std::set<std::pair<base::Id, base::Id>> retracted;  // (author, message): only its author takes an event back
  tx.scan_prefix(Table::kByThread, tx.key("thread", row.thread_id), [&](base::View, base::View v) {
    auto e = keep::unpack<keep::EventRow>(v);
    if (!e || !e->counts || !moves(*e)) return true;
    if (upto && schemas::Place{e->first_index, e->sender, e->thread_seq} > *upto) return true;
    if (!base::all_zero(e->retracts)) retracted.emplace(e->sender, e->retracts);
    rows.push_back(std::move(*e));
    return true;
  });
  const auto loop = loop_row(tx, row.thread_id);
  std::vector<schemas::Event> events;
  for (keep::EventRow& e : rows) {
    if (!base::all_zero(e.retracts) || retracted.contains({e.sender, e.msg_id})) continue;
    schemas::Event out;
    out.place = {e.first_index, e.sender, e.thread_seq};
    out.msg_id = e.msg_id;
    out.by = party(row, loop, self, e);
    out.to = static_cast<schemas::Phase>(e.phase);
    out.at = e.at;
    out.reason_class = std::move(e.reason_class);
    out.reason = std::move(e.reason);
    out.outcome = std::move(e.outcome);
    out.esc_level = e.esc_level;
    out.deadline = std::move(e.deadline);
    out.mark = std::move(e.mark);
    out.result = std::move(e.result);
    out.appointment = e.appointment;
    events.push_back(std::move(out));
  }
  return schemas::reduce(std::move(events));
}

std::optional<std::pair<std::uint64_t, base::Hash>> leaf_before(keep::Tx& tx, const keep::Message& m) {
  std::optional<std::pair<std::uint64_t, base::Hash>> out;
  const base::Hash prefix = chain_key(tx, m);
  if (m.seq == 0) return out;
  tx.scan_back(Table::kByThread, keep::key_of(prefix, m.seq - 1), [&](base::View k, base::View v) {
    if (k.size() != 40 || !base::equal(k.first(32), prefix)) return false;
    const auto e = keep::unpack<keep::EventRow>(v);
    if (!e || !e->counts || base::all_zero(e->leaf)) return true;
    out.emplace(keep::number_in(k), e->leaf);
    return false;
  });
  return out;
}

void feed(keep::Tx& tx, const keep::Message& m) { tx.put(Table::kFeed, keep::key_of(tx.next(Table::kFeed)), keep::key_of(m.thread_id, m.seq)); }

}  // namespace adapters::agent::mail
