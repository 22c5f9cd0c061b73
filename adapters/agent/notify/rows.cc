// The bytes of lists, channels and tellings.
#include "adapters/agent/keep/pack.h"
#include "adapters/agent/notify/notify.h"

namespace adapters::agent::notify {

using keep::Packer;

base::Bytes pack(const RotaRow& r) {
  Packer p;
  p.text(r.list).num(static_cast<std::uint32_t>(r.shifts.size()));
  for (const Shift& s : r.shifts) p.at(s.from).at(s.until).text(s.login);
  return p.texts(r.always).text(r.phone).take();
}

base::Bytes pack(const ChannelRow& r) {
  return Packer().num(r.id).raw(r.person).num(static_cast<std::uint8_t>(r.kind)).text(r.address).text(r.p256dh).text(r.auth).text(r.label).flag(r.off).num(r.order).take();
}

base::Bytes pack(const ToldRow& r) {
  Packer p;
  p.num(r.seq).num(r.notice).num(r.channel).raw(r.id).raw(r.person).text(r.login).text(r.channel_words).num(static_cast<std::uint8_t>(r.progress));
  return p.at(r.created).at(r.accepted).at(r.fetched).at(r.opened).at(r.next_try).num(r.tries).text(r.why).take();
}

}  // namespace adapters::agent::notify

namespace adapters::agent::keep {

template <>
std::optional<notify::RotaRow> unpack(base::View v) {
  Unpacker u(v);
  notify::RotaRow r;
  r.list = u.text();
  for (auto n = u.num<std::uint32_t>(); n > 0 && !u.short_of_bytes(); --n) {
    notify::Shift s;
    s.from = u.at();
    s.until = u.at();
    s.login = u.text();
    r.shifts.push_back(std::move(s));
  }
  r.always = u.texts();
  r.phone = u.text();
  if (!u.ok()) return std::nullopt;
  return r;
}

template <>
std::optional<notify::ChannelRow> unpack(base::View v) {
  Unpacker u(v);
  notify::ChannelRow r;
  r.id = u.num<std::uint64_t>();
  r.person = u.raw<16>();
  const auto kind = u.num<std::uint8_t>();
  r.kind = static_cast<notify::ChannelKind>(kind);
  r.address = u.text();
  r.p256dh = u.text();
  r.auth = u.text();
  r.label = u.text();
  r.off = u.flag();
  r.order = u.num<std::uint32_t>();
  if (!u.ok() || kind < 1 || kind > 3) return std::nullopt;
  return r;
}

template <>
std::optional<notify::ToldRow> unpack(base::View v) {
  Unpacker u(v);
  notify::ToldRow r;
  r.seq = u.num<std::uint64_t>();
  r.notice = u.num<std::uint64_t>();
  r.channel = u.num<std::uint64_t>();
  r.id = u.raw<16>();
  r.person = u.raw<16>();
  r.login = u.text();
  r.channel_words = u.text();
  const auto progress = u.num<std::uint8_t>();
  r.progress = static_cast<notify::Progress>(progress);
  r.created = u.at();
  r.accepted = u.at();
  r.fetched = u.at();
  r.opened = u.at();
  r.next_try = u.at();
  r.tries = u.num<std::uint32_t>();
  r.why = u.text();
  if (!u.ok() || progress > 4) return std::nullopt;
  return r;
}

}  // namespace adapters::agent::keep
