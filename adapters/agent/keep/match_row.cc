#include "adapters/agent/keep/match_row.h"

#include "adapters/agent/keep/pack.h"

namespace adapters::agent::keep {
namespace {

void put_ids(Packer& p, const std::vector<Id>& ids) {
  p.num(static_cast<std::uint32_t>(ids.size()));
  for (const Id& id : ids) p.raw(id);
}
std::vector<Id> take_ids(Unpacker& u) {
  std::vector<Id> out;
  for (auto n = u.num<std::uint32_t>(); n > 0 && !u.short_of_bytes(); --n) out.push_back(u.raw<16>());
  return out;
}

}  // namespace

Bytes pack(const MatchRow& r) {
  Packer p;
  p.num(r.id).text(r.adapter).text(r.dedupe_key).text(r.visit).texts(r.refs).num(r.kind).num(r.purpose).flag(r.test).at(r.at).bytes(r.who).bytes(r.body);
  p.num(static_cast<std::uint32_t>(r.candidates.size()));
  for (const MatchCandidate& c : r.candidates) p.raw(c.thread_id).num(c.score).text(c.why);
  p.num(static_cast<std::uint8_t>(r.state)).raw(r.thread_id);
  put_ids(p, r.sent);
  put_ids(p, r.retracted);
  return p.text(r.person).text(r.reason).at(r.decided).take();
}

template <>
std::optional<MatchRow> unpack(base::View v) {
  Unpacker u(v);
  MatchRow r;
  r.id = u.num<std::uint64_t>();
  r.adapter = u.text();
  r.dedupe_key = u.text();
  r.visit = u.text();
  r.refs = u.texts();
  r.kind = u.num<std::uint16_t>();
  r.purpose = u.num<std::uint16_t>();
  r.test = u.flag();
  r.at = u.at();
  r.who = base::to_bytes(u.bytes());
  r.body = base::to_bytes(u.bytes());
  for (auto n = u.num<std::uint32_t>(); n > 0 && !u.short_of_bytes(); --n) {
    MatchCandidate c;
    c.thread_id = u.raw<16>();
    c.score = u.num<std::uint32_t>();
    c.why = u.text();
    r.candidates.push_back(std::move(c));
  }
  r.state = static_cast<MatchState>(u.num<std::uint8_t>());
  r.thread_id = u.raw<16>();
  r.sent = take_ids(u);
  r.retracted = take_ids(u);
  r.person = u.text();
  r.reason = u.text();
  r.decided = u.at();
  if (!u.ok() || r.state > MatchState::kUndone) return std::nullopt;
  return r;
}

}  // namespace adapters::agent::keep
