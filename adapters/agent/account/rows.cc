// Their bytes.
#include "adapters/agent/account/rows.h"

#include "adapters/agent/keep/pack.h"

namespace adapters::agent::keep {

using namespace account;

template <>
std::optional<SuspensionRow> unpack(base::View v) {
  Unpacker u(v);
  SuspensionRow r;
  r.id = u.num<std::uint64_t>();
  r.agency = u.text();
  r.official = u.text();
  r.statement = u.text();
  r.from = u.at();
  r.until = u.at();
  r.lifted = u.at();
  r.by = u.text();
  return u.ok() ? std::optional(std::move(r)) : std::nullopt;
}

template <>
std::optional<HoldRow> unpack(base::View v) {
  Unpacker u(v);
  HoldRow r;
  r.id = u.num<std::uint64_t>();
  r.thread_id = u.raw<16>();
  r.reason = u.text();
  r.by = u.text();
  r.released_by = u.text();
  r.placed = u.at();
  r.released = u.at();
  return u.ok() ? std::optional(std::move(r)) : std::nullopt;
}

template <>
std::optional<TombstoneRow> unpack(base::View v) {
  Unpacker u(v);
  TombstoneRow r;
  r.thread_id = u.raw<16>();
  r.at = u.at();
  r.messages = u.num<std::uint32_t>();
  r.note = u.text();
  return u.ok() ? std::optional(std::move(r)) : std::nullopt;
}

template <>
std::optional<ReviewRow> unpack(base::View v) {
  Unpacker u(v);
  ReviewRow r;
  r.week = u.num<std::uint64_t>();
  r.at = u.at();
  r.by = u.text();
  r.finding = u.text();
  r.words = u.text();
  r.note = u.text();
  return u.ok() ? std::optional(std::move(r)) : std::nullopt;
}

}  // namespace adapters::agent::keep

namespace adapters::agent::account {

using keep::Packer;

base::Bytes pack(const SuspensionRow& r) { return Packer().num(r.id).text(r.agency).text(r.official).text(r.statement).at(r.from).at(r.until).at(r.lifted).text(r.by).take(); }
base::Bytes pack(const HoldRow& r) { return Packer().num(r.id).raw(r.thread_id).text(r.reason).text(r.by).text(r.released_by).at(r.placed).at(r.released).take(); }
base::Bytes pack(const TombstoneRow& r) { return Packer().raw(r.thread_id).at(r.at).num(r.messages).text(r.note).take(); }
base::Bytes pack(const ReviewRow& r) { return Packer().num(r.week).at(r.at).text(r.by).text(r.finding).text(r.words).text(r.note).take(); }

}  // namespace adapters::agent::account
