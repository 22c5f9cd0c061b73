// Messages and threads in the store.
#include "adapters/agent/mail/threads.h"

#include <algorithm>

#include "schemas/registry.h"

namespace adapters::agent::mail {
namespace {

using keep::Table;

base::Bytes event_key(keep::Tx& tx, const base::Id& thread_id, std::uint64_t seq) { return keep::key_of(tx.key("thread", thread_id), seq); }

keep::EventRow event_of(const keep::Message& m, const schemas::Body& body) {
  keep::EventRow e;
  e.msg_id = m.msg_id;
  e.sender = m.sender;
  e.kind = m.kind;
  e.at = m.created;
  if (std::holds_alternative<schemas::Referral>(body.payload)) e.phase = static_cast<std::uint8_t>(schemas::Phase::kRequested);
  if (const auto* s = std::get_if<schemas::StatusUpdate>(&body.payload)) {
    if (const auto phase = schemas::phase_of(s->status)) e.phase = static_cast<std::uint8_t>(*phase);
    e.at = s->at;
    e.reason_class = s->reason_class;
    e.reason = s->reason;
    e.outcome = s->outcome;
  }
  return e;
}

void place(keep::EventRow& e, const keep::Message& m) {
  e.first_index = m.first_index;
  e.thread_seq = m.thread_seq;
  e.leaf = m.leaf;
  e.counts = m.progress != keep::Progress::kFailed && !m.conflict;
}

schemas::Party party(const keep::ThreadRow& row, const base::Id& self, const base::Id& sender) {
  if (sender != self && sender != row.other) return schemas::Party::kNobody;
  return (sender == self) == row.requester ? schemas::Party::kRequester : schemas::Party::kTarget;
}

void reduce_into(keep::Tx& tx, const base::Id& self, keep::ThreadRow& row) {
  const schemas::Loop loop = loop_of(tx, self, row);
  row.phase = static_cast<std::uint8_t>(loop.phase);
  row.loop = loop.loop;
}

void remember_ref(keep::Tx& tx, const std::string& ref, const keep::Message& m) {
  if (!ref.empty()) tx.put(Table::kRef, keep::key_of(tx.key("ref", base::view(ref)), m.seq), m.thread_id);
}

bool opens(const keep::Message& m) { return m.kind == static_cast<std::uint16_t>(schemas::MsgKind::kReferral) && !m.conflict; }

}  // namespace

void add_message(keep::Tx& tx, const base::Id& self, keep::Message& m, const schemas::Body& body) {
  m.seq = tx.next(Table::kMessage);
  keep::EventRow event = event_of(m, body);
  place(event, m);
  tx.put(Table::kMessage, keep::key_of(m.seq), keep::pack(m));
  tx.put(Table::kByThread, event_key(tx, m.thread_id, m.seq), keep::pack(event));
  tx.put(Table::kByMessage, keep::key_of(tx.key("message", m.msg_id), m.seq), {});
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
  }
  if (m.outgoing) row->next_thread_seq = m.thread_seq + 1;
  row->test = row->test || m.test;
  row->unread = row->unread || !m.outgoing;
  row->last = m.seq;
  row->updated = m.received;
  if (row->order != 0) tx.erase(Table::kRecent, keep::key_of(row->order));
  row->order = tx.next(Table::kRecent);
  tx.put(Table::kRecent, keep::key_of(row->order), row->thread_id);
  if (event.phase != 0) reduce_into(tx, self, *row);
  save_thread(tx, *row);
}

void save_message(keep::Tx& tx, const base::Id& self, const keep::Message& m) {
  tx.put(Table::kMessage, keep::key_of(m.seq), keep::pack(m));
  const base::Bytes key = event_key(tx, m.thread_id, m.seq);
  auto event = keep::find<keep::EventRow>(tx, Table::kByThread, key);
  if (!event) return;
  const keep::EventRow before = *event;
  place(*event, m);
  tx.put(Table::kByThread, key, keep::pack(*event));
  if (event->phase == 0 || (before.first_index == event->first_index && before.counts == event->counts)) return;
  if (auto row = thread(tx, m.thread_id)) {
    reduce_into(tx, self, *row);
    save_thread(tx, *row);
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

void save_thread(keep::Tx& tx, const keep::ThreadRow& row) { tx.put(Table::kThread, tx.key("thread", row.thread_id), keep::pack(row)); }

std::vector<std::uint64_t> thread_messages(keep::Tx& tx, const base::Id& thread_id) {
  std::vector<std::uint64_t> out;
  tx.scan_prefix(Table::kByThread, tx.key("thread", thread_id), [&](base::View k, base::View) {
    out.push_back(keep::number_in(k));
    return true;
  });
  return out;
}

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
  std::vector<schemas::Event> events;
  tx.scan_prefix(Table::kByThread, tx.key("thread", row.thread_id), [&](base::View, base::View v) {
    const auto e = keep::unpack<keep::EventRow>(v);
    if (!e || e->phase == 0 || !e->counts) return true;
    schemas::Event out;
    out.place = {e->first_index, e->sender, e->thread_seq};
    if (upto && out.place > *upto) return true;
    out.msg_id = e->msg_id;
    out.by = party(row, self, e->sender);
    out.to = static_cast<schemas::Phase>(e->phase);
    out.at = e->at;
    out.reason_class = e->reason_class;
    out.reason = e->reason;
    out.outcome = e->outcome;
    events.push_back(std::move(out));
    return true;
  });
  return schemas::reduce(std::move(events));
}

std::optional<std::pair<std::uint64_t, base::Hash>> leaf_before(keep::Tx& tx, const base::Id& thread_id, std::uint64_t seq) {
  std::optional<std::pair<std::uint64_t, base::Hash>> out;
  const base::Hash prefix = tx.key("thread", thread_id);
  if (seq == 0) return out;
  tx.scan_back(Table::kByThread, keep::key_of(prefix, seq - 1), [&](base::View k, base::View v) {
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
