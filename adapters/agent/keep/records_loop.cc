// Records of loops, timers, notices, decisions, capacity, break-glass and attachments: their bytes.
#include "adapters/agent/keep/pack.h"
#include "adapters/agent/keep/records.h"

namespace adapters::agent::keep {
namespace {

template <class T>
std::optional<T> checked(const Unpacker& u, T row) {
  if (!u.ok()) return std::nullopt;
  return row;
}

}  // namespace

Bytes pack(const LoopRow& r) {
  Packer p;
  p.raw(r.thread_id).raw(r.asker).raw(r.asked).text(r.urgency).text(r.service).raw(r.parent).raw(r.child).num(r.policy_version);
  p.at(r.viewed).at(r.handoff_offered).at(r.hold_start).at(r.hold_end).raw(r.handoff_by).raw(r.responsible).num(r.due);
  p.num(static_cast<std::uint32_t>(r.fired.size()));
  for (const auto& [name, at] : r.fired) p.text(name).at(at);
  return p.take();
}
template <>
std::optional<LoopRow> unpack(base::View v) {
  Unpacker u(v);
  LoopRow r;
  r.thread_id = u.raw<16>();
  r.asker = u.raw<16>();
  r.asked = u.raw<16>();
  r.urgency = u.text();
  r.service = u.text();
  r.parent = u.raw<16>();
  r.child = u.raw<16>();
  r.policy_version = u.num<std::uint32_t>();
  r.viewed = u.at();
  r.handoff_offered = u.at();
  r.hold_start = u.at();
  r.hold_end = u.at();
  r.handoff_by = u.raw<16>();
  r.responsible = u.raw<16>();
  r.due = u.num<std::uint64_t>();
  for (auto n = u.num<std::uint32_t>(); n > 0 && !u.short_of_bytes(); --n) {
    std::string name = u.text();
    r.fired[std::move(name)] = u.at();
  }
  return checked(u, std::move(r));
}

Bytes pack(const TimerRow& r) { return Packer().num(r.seq).raw(r.thread_id).text(r.name).text(r.tell).text(r.did).at(r.deadline).at(r.at).take(); }
template <>
std::optional<TimerRow> unpack(base::View v) {
  Unpacker u(v);
  TimerRow r;
  r.seq = u.num<std::uint64_t>();
  r.thread_id = u.raw<16>();
  r.name = u.text();
  r.tell = u.text();
  r.did = u.text();
  r.deadline = u.at();
  r.at = u.at();
  return checked(u, std::move(r));
}

Bytes pack(const NoticeRow& r) {
  return Packer().num(r.seq).raw(r.thread_id).raw(r.msg_id).text(r.what).text(r.tell).text(r.words).at(r.at).flag(r.phone).text(r.seen_by).at(r.seen).text(r.urgency).take();
}
template <>
std::optional<NoticeRow> unpack(base::View v) {
  Unpacker u(v);
  NoticeRow r;
  r.seq = u.num<std::uint64_t>();
  r.thread_id = u.raw<16>();
  r.msg_id = u.raw<16>();
  r.what = u.text();
  r.tell = u.text();
  r.words = u.text();
  r.at = u.at();
  r.phone = u.flag();
  r.seen_by = u.text();
  r.seen = u.at();
  if (u.more()) r.urgency = u.text();
  return checked(u, std::move(r));
}

Bytes pack(const DecisionRow& r) {
  return Packer().num(r.version).flag(r.allowed).text(r.view).text(r.code).text(r.explanation).texts(r.rules).texts(r.obligations).texts(r.withheld).take();
}
template <>
std::optional<DecisionRow> unpack(base::View v) {
  Unpacker u(v);
  DecisionRow r;
  r.version = u.num<std::uint32_t>();
  r.allowed = u.flag();
  r.view = u.text();
  r.code = u.text();
  r.explanation = u.text();
  r.rules = u.texts();
  r.obligations = u.texts();
  r.withheld = u.texts();
  return checked(u, std::move(r));
}

Bytes pack(const RefusalRow& r) {
  return Packer().at(r.at).flag(r.incoming).raw(r.from).raw(r.to).raw(r.thread_id).raw(r.msg_id).num(r.kind).text(r.rule).text(r.code).text(r.words).text(r.person).take();
}
template <>
std::optional<RefusalRow> unpack(base::View v) {
  Unpacker u(v);
  RefusalRow r;
  r.at = u.at();
  r.incoming = u.flag();
  r.from = u.raw<16>();
  r.to = u.raw<16>();
  r.thread_id = u.raw<16>();
  r.msg_id = u.raw<16>();
  r.kind = u.num<std::uint16_t>();
  r.rule = u.text();
  r.code = u.text();
  r.words = u.text();
  r.person = u.text();
  return checked(u, std::move(r));
}

Bytes pack(const CapacityRow& r) {
  return Packer().raw(r.agency).raw(r.msg_id).text(r.service).text(r.state).text(r.accepts).text(r.phone).num(r.count).at(r.as_of).num(r.ttl_minutes).take();
}
template <>
std::optional<CapacityRow> unpack(base::View v) {
  Unpacker u(v);
  CapacityRow r;
  r.agency = u.raw<16>();
  r.msg_id = u.raw<16>();
  r.service = u.text();
  r.state = u.text();
  r.accepts = u.text();
  r.phone = u.text();
  r.count = u.num<std::int32_t>();
  r.as_of = u.at();
  r.ttl_minutes = u.num<std::uint32_t>();
  return checked(u, std::move(r));
}

Bytes pack(const GlassRow& r) {
  Packer p;
  p.raw(r.msg_id).raw(r.thread_id).raw(r.opened).raw(r.by).text(r.reason).text(r.text).text(r.person).text(r.role).at(r.at).at(r.until).at(r.review_due);
  return p.text(r.reviewed_by).text(r.finding).at(r.reviewed).take();
}
template <>
std::optional<GlassRow> unpack(base::View v) {
  Unpacker u(v);
  GlassRow r;
  r.msg_id = u.raw<16>();
  r.thread_id = u.raw<16>();
  r.opened = u.raw<16>();
  r.by = u.raw<16>();
  r.reason = u.text();
  r.text = u.text();
  r.person = u.text();
  r.role = u.text();
  r.at = u.at();
  r.until = u.at();
  r.review_due = u.at();
  r.reviewed_by = u.text();
  r.finding = u.text();
  r.reviewed = u.at();
  return checked(u, std::move(r));
}

Bytes pack(const BlobRow& r) {
  Packer p;
  p.raw(r.blob).raw(r.sender).raw(r.thread_id).raw(r.sha256).num(r.size).num(r.of).num(r.have).num(r.sent).num(r.message);
  p.num(static_cast<std::uint8_t>(r.state)).num(static_cast<std::uint8_t>(r.scan)).flag(r.queued).flag(r.told).text(r.why).at(r.since).at(r.last);
  return p.take();
}
template <>
std::optional<BlobRow> unpack(base::View v) {
  Unpacker u(v);
  BlobRow r;
  r.blob = u.raw<16>();
  r.sender = u.raw<16>();
  r.thread_id = u.raw<16>();
  r.sha256 = u.raw<32>();
  r.size = u.num<std::uint64_t>();
  r.of = u.num<std::uint32_t>();
  r.have = u.num<std::uint32_t>();
  r.sent = u.num<std::uint32_t>();
  r.message = u.num<std::uint64_t>();
  r.state = static_cast<BlobState>(u.num<std::uint8_t>());
  r.scan = static_cast<BlobScan>(u.num<std::uint8_t>());
  r.queued = u.flag();
  r.told = u.flag();
  r.why = u.text();
  r.since = u.at();
  r.last = u.at();
  return checked(u, std::move(r));
}

}  // namespace adapters::agent::keep
