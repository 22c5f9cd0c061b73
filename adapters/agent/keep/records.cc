// The bytes of the store's records. Fields are written and read in the order of their struct.
#include "adapters/agent/keep/records.h"

#include "adapters/agent/keep/pack.h"

namespace adapters::agent::keep {
namespace {

template <class T>
std::optional<T> checked(const Unpacker& u, T row) {
  if (!u.ok()) return std::nullopt;
  return row;
}

void put_item(Packer& p, const OutItem& i) {
  p.num(i.seq).num(i.message).raw(i.recipient).num(i.size).at(i.since).at(i.not_before).num(i.resends).flag(i.alone);
}
OutItem take_item(Unpacker& u) {
  OutItem i;
  i.seq = u.num<std::uint64_t>();
  i.message = u.num<std::uint64_t>();
  i.recipient = u.raw<16>();
  i.size = u.num<std::uint32_t>();
  i.since = u.at();
  i.not_before = u.at();
  i.resends = u.num<std::uint8_t>();
  i.alone = u.flag();
  return i;
}

void put_group(Packer& p, const SentGroup& g) {
  p.raw(g.recipient).num(g.pair_seq).raw(g.leaf).num(g.prev_pair_seq).raw(g.prev_leaf).flag(g.restart).num(static_cast<std::uint32_t>(g.items.size()));
  for (const OutItem& i : g.items) put_item(p, i);
}
SentGroup take_group(Unpacker& u) {
  SentGroup g;
  g.recipient = u.raw<16>();
  g.pair_seq = u.num<std::uint64_t>();
  g.leaf = u.raw<32>();
  g.prev_pair_seq = u.num<std::uint64_t>();
  g.prev_leaf = u.raw<32>();
  g.restart = u.flag();
  for (auto n = u.num<std::uint32_t>(); n > 0 && !u.short_of_bytes(); --n) g.items.push_back(take_item(u));
  return g;
}

}  // namespace

Bytes pack(const Message& m) {
  Packer p;
  p.num(m.seq).raw(m.msg_id).raw(m.thread_id).raw(m.sender).num(static_cast<std::uint32_t>(m.to.size()));
  for (const Id& id : m.to) p.raw(id);
  p.num(m.kind).num(m.purpose).flag(m.outgoing).flag(m.test).flag(m.conflict).flag(m.expired).at(m.created).at(m.received).at(m.expires);
  p.num(m.first_index).num(m.index).num(m.thread_seq).num(m.message_no).num(m.policy_version).raw(m.leaf).raw(m.group_leaf);
  p.num(static_cast<std::uint8_t>(m.progress)).text(m.why).text(m.person).bytes(m.body).at(m.sent).at(m.delivered);
  return p.take();
}
template <>
std::optional<Message> unpack(base::View v) {
  Unpacker u(v);
  Message m;
  m.seq = u.num<std::uint64_t>();
  m.msg_id = u.raw<16>();
  m.thread_id = u.raw<16>();
  m.sender = u.raw<16>();
  for (auto n = u.num<std::uint32_t>(); n > 0 && !u.short_of_bytes(); --n) m.to.push_back(u.raw<16>());
  m.kind = u.num<std::uint16_t>();
  m.purpose = u.num<std::uint16_t>();
  m.outgoing = u.flag();
  m.test = u.flag();
  m.conflict = u.flag();
  m.expired = u.flag();
  m.created = u.at();
  m.received = u.at();
  m.expires = u.at();
  m.first_index = u.num<std::uint64_t>();
  m.index = u.num<std::uint64_t>();
  m.thread_seq = u.num<std::uint32_t>();
  m.message_no = u.num<std::uint32_t>();
  m.policy_version = u.num<std::uint32_t>();
  m.leaf = u.raw<32>();
  m.group_leaf = u.raw<32>();
  m.progress = static_cast<Progress>(u.num<std::uint8_t>());
  m.why = u.text();
  m.person = u.text();
  m.body = base::to_bytes(u.bytes());
  if (u.more()) {
    m.sent = u.at();
    m.delivered = u.at();
  }
  return checked(u, std::move(m));
}

Bytes pack(const SeenRow& s) { return Packer().raw(s.msg_id).raw(s.reader).at(s.at).take(); }
template <>
std::optional<SeenRow> unpack(base::View v) {
  Unpacker u(v);
  SeenRow s;
  s.msg_id = u.raw<16>();
  s.reader = u.raw<16>();
  s.at = u.at();
  return checked(u, s);
}

Bytes pack(const OutItem& i) {
  Packer p;
  put_item(p, i);
  return p.take();
}
template <>
std::optional<OutItem> unpack(base::View v) {
  Unpacker u(v);
  OutItem i = take_item(u);
  return checked(u, i);
}

Bytes pack(const BatchRow& b) {
  Packer p;
  p.num(b.batch_seq).raw(b.hash).raw(b.prev).at(b.created).num(static_cast<std::uint32_t>(b.groups.size()));
  for (const SentGroup& g : b.groups) put_group(p, g);
  p.bytes(b.frame).num(b.first_index).num(b.size);
  return p.take();
}
template <>
std::optional<BatchRow> unpack(base::View v) {
  Unpacker u(v);
  BatchRow b;
  b.batch_seq = u.num<std::uint64_t>();
  b.hash = u.raw<32>();
  b.prev = u.raw<32>();
  b.created = u.at();
  for (auto n = u.num<std::uint32_t>(); n > 0 && !u.short_of_bytes(); --n) b.groups.push_back(take_group(u));
  b.frame = base::to_bytes(u.bytes());
  b.first_index = u.num<std::uint64_t>();
  b.size = u.num<std::uint64_t>();
  return checked(u, std::move(b));
}

Bytes pack(const PairRow& r) {
  Packer p;
  p.raw(r.recipient).num(r.next).raw(r.last_leaf).flag(r.restart).num(r.delivered_upto).num(r.cover_upto).num(r.cover_from).num(r.cover_failed);
  p.num(static_cast<std::uint32_t>(r.failed.size()));
  for (const std::uint64_t f : r.failed) p.num(f);
  p.num(r.receipts_from).num(r.acked_next);
  return p.take();
}
template <>
std::optional<PairRow> unpack(base::View v) {
  Unpacker u(v);
  PairRow r;
  r.recipient = u.raw<16>();
  r.next = u.num<std::uint64_t>();
  r.last_leaf = u.raw<32>();
  r.restart = u.flag();
  r.delivered_upto = u.num<std::uint64_t>();
  r.cover_upto = u.num<std::uint64_t>();
  r.cover_from = u.num<std::uint64_t>();
  r.cover_failed = u.num<std::uint32_t>();
  for (auto n = u.num<std::uint32_t>(); n > 0 && !u.short_of_bytes(); --n) r.failed.push_back(u.num<std::uint64_t>());
  r.receipts_from = u.num<std::uint64_t>();
  r.acked_next = u.num<std::uint64_t>();
  return checked(u, std::move(r));
}

Bytes pack(const GroupRow& g) {
  return Packer().num(g.batch_seq).num(g.index).num(g.pair_seq).num(g.group_no).num(g.n).raw(g.leaf).num(static_cast<std::uint8_t>(g.state)).take();
}
template <>
std::optional<GroupRow> unpack(base::View v) {
  Unpacker u(v);
  GroupRow g;
  g.batch_seq = u.num<std::uint64_t>();
  g.index = u.num<std::uint64_t>();
  g.pair_seq = u.num<std::uint64_t>();
  g.group_no = u.num<std::uint32_t>();
  g.n = u.num<std::uint32_t>();
  g.leaf = u.raw<32>();
  g.state = static_cast<GroupState>(u.num<std::uint8_t>());
  return checked(u, g);
}

Bytes pack(const ChainRow& c) {
  return Packer().raw(c.sender).num(c.upto).raw(c.last_leaf).num(c.n_failed).raw(c.adopted).num(c.serial).num(c.batch_seq).num(c.bcast_seq).num(c.bcast_group).flag(c.started).take();
}
template <>
std::optional<ChainRow> unpack(base::View v) {
  Unpacker u(v);
  ChainRow c;
  c.sender = u.raw<16>();
  c.upto = u.num<std::uint64_t>();
  c.last_leaf = u.raw<32>();
  c.n_failed = u.num<std::uint32_t>();
  c.adopted = u.raw<32>();
  c.serial = u.num<std::uint64_t>();
  c.batch_seq = u.num<std::uint64_t>();
  c.bcast_seq = u.num<std::uint64_t>();
  c.bcast_group = u.num<std::uint32_t>();
  c.started = u.flag();
  return checked(u, c);
}

Bytes pack(const ThreadRow& t) {
  Packer p;
  p.raw(t.thread_id).raw(t.other).flag(t.requester).flag(t.unread).flag(t.test).num(t.opening).num(t.first).num(t.last).num(t.order);
  return p.num(t.next_thread_seq).at(t.created).at(t.updated).num(t.phase).text(t.loop).take();
}
template <>
std::optional<ThreadRow> unpack(base::View v) {
  Unpacker u(v);
  ThreadRow t;
  t.thread_id = u.raw<16>();
  t.other = u.raw<16>();
  t.requester = u.flag();
  t.unread = u.flag();
  t.test = u.flag();
  t.opening = u.num<std::uint64_t>();
  t.first = u.num<std::uint64_t>();
  t.last = u.num<std::uint64_t>();
  t.order = u.num<std::uint64_t>();
  t.next_thread_seq = u.num<std::uint32_t>();
  t.created = u.at();
  t.updated = u.at();
  t.phase = u.num<std::uint8_t>();
  t.loop = u.text();
  return checked(u, std::move(t));
}

Bytes pack(const EventRow& e) {
  Packer p;
  p.raw(e.msg_id).raw(e.sender).num(e.kind).num(e.first_index).num(e.thread_seq).raw(e.leaf).num(e.phase).flag(e.counts).at(e.at);
  p.text(e.reason_class).text(e.reason).text(e.outcome);
  p.num(e.esc_level).text(e.deadline).text(e.mark).text(e.result).at(e.appointment).flag(e.coordinator).raw(e.retracts);
  return p.take();
}
template <>
std::optional<EventRow> unpack(base::View v) {
  Unpacker u(v);
  EventRow e;
  e.msg_id = u.raw<16>();
  e.sender = u.raw<16>();
  e.kind = u.num<std::uint16_t>();
  e.first_index = u.num<std::uint64_t>();
  e.thread_seq = u.num<std::uint32_t>();
  e.leaf = u.raw<32>();
  e.phase = u.num<std::uint8_t>();
  e.counts = u.flag();
  e.at = u.at();
  e.reason_class = u.text();
  e.reason = u.text();
  e.outcome = u.text();
  if (!u.more()) return checked(u, std::move(e));
  e.esc_level = u.num<std::int32_t>();
  e.deadline = u.text();
  e.mark = u.text();
  e.result = u.text();
  e.appointment = u.at();
  e.coordinator = u.flag();
  e.retracts = u.raw<16>();
  return checked(u, std::move(e));
}

Bytes pack(const AppliedRow& a) { return Packer().num(a.kind).raw(a.thread_id).raw(a.digest).num(a.message).take(); }
template <>
std::optional<AppliedRow> unpack(base::View v) {
  Unpacker u(v);
  AppliedRow a;
  a.kind = u.num<std::uint16_t>();
  a.thread_id = u.raw<16>();
  a.digest = u.raw<32>();
  a.message = u.num<std::uint64_t>();
  return checked(u, a);
}

Bytes pack(const DedupeRow& d) { return Packer().raw(d.digest).raw(d.msg_id).raw(d.thread_id).take(); }
template <>
std::optional<DedupeRow> unpack(base::View v) {
  Unpacker u(v);
  DedupeRow d;
  d.digest = u.raw<32>();
  d.msg_id = u.raw<16>();
  d.thread_id = u.raw<16>();
  return checked(u, d);
}

Bytes pack(const QuarantineRow& q) {
  return Packer().num(q.id).text(q.adapter).text(q.format).text(q.what).text(q.where).text(q.mend).num(q.kind).at(q.at).bytes(q.bytes).take();
}
template <>
std::optional<QuarantineRow> unpack(base::View v) {
  Unpacker u(v);
  QuarantineRow q;
  q.id = u.num<std::uint64_t>();
  q.adapter = u.text();
  q.format = u.text();
  q.what = u.text();
  q.where = u.text();
  q.mend = u.text();
  q.kind = u.num<std::uint8_t>();
  q.at = u.at();
  q.bytes = base::to_bytes(u.bytes());
  return checked(u, std::move(q));
}

Bytes pack(const ProofRow& r) { return Packer().bytes(r.deliver).bytes(r.keys).take(); }
template <>
std::optional<ProofRow> unpack(base::View v) {
  Unpacker u(v);
  ProofRow r;
  r.deliver = base::to_bytes(u.bytes());
  r.keys = base::to_bytes(u.bytes());
  return checked(u, std::move(r));
}

Bytes pack(const CursorRow& c) {
  Packer p;
  p.num(c.low).num(static_cast<std::uint32_t>(c.done.size()));
  for (const std::uint64_t d : c.done) p.num(d);
  return p.num(c.delivered).num(c.failed).take();
}
template <>
std::optional<CursorRow> unpack(base::View v) {
  Unpacker u(v);
  CursorRow c;
  c.low = u.num<std::uint64_t>();
  for (auto n = u.num<std::uint32_t>(); n > 0 && !u.short_of_bytes(); --n) c.done.insert(u.num<std::uint64_t>());
  c.delivered = u.num<std::uint64_t>();
  c.failed = u.num<std::uint64_t>();
  return checked(u, std::move(c));
}

}  // namespace adapters::agent::keep
