// Bytes of the feeds' records.
#include "adapters/agent/keep/records_feed.h"

#include "adapters/agent/keep/pack.h"

namespace adapters::agent::keep {
namespace {

constexpr std::string_view kModes[] = {"live", "dry-run", "shadow"};

template <class T>
std::optional<T> checked(const Unpacker& u, T row) {
  if (!u.ok()) return std::nullopt;
  return row;
}
template <class T, class F>
void put_all(Packer& p, const std::vector<T>& all, const F& put) {
  p.num(static_cast<std::uint32_t>(all.size()));
  for (const T& one : all) put(one);
}
template <class F>
void get_all(Unpacker& u, const F& get) {
  for (auto n = u.num<std::uint32_t>(); n > 0 && !u.short_of_bytes(); --n) get();
}
std::uint8_t code(FeedMode m) { return static_cast<std::uint8_t>(m); }
FeedMode mode_in(Unpacker& u) { return static_cast<FeedMode>(u.num<std::uint8_t>() % std::size(kModes)); }

}  // namespace

std::string_view name(FeedMode mode) { return kModes[code(mode)]; }

std::optional<FeedMode> feed_mode(std::string_view name) {
  for (std::uint8_t i = 0; i < std::size(kModes); ++i)
    if (kModes[i] == name) return static_cast<FeedMode>(i);
  return std::nullopt;
}

Bytes pack(const ModeRow& r) {
  Packer p;
  p.num(code(r.mode)).texts(r.kinds).at(r.since);
  put_all(p, r.changes, [&](const ModeChange& c) { p.at(c.at).text(c.by).num(code(c.mode)).texts(c.kinds); });
  put_all(p, r.tallies, [&](const Tally& t) { p.text(t.kind).text(t.verdict).text(t.reason).text(t.to).num(t.count).at(t.first).at(t.last); });
  return p.num(r.rehearsed).take();
}
template <>
std::optional<ModeRow> unpack(base::View v) {
  Unpacker u(v);
  ModeRow r;
  r.mode = mode_in(u);
  r.kinds = u.texts();
  r.since = u.at();
  get_all(u, [&] {
    ModeChange& c = r.changes.emplace_back();
    c.at = u.at();
    c.by = u.text();
    c.mode = mode_in(u);
    c.kinds = u.texts();
  });
  get_all(u, [&] {
    Tally& t = r.tallies.emplace_back();
    t.kind = u.text();
    t.verdict = u.text();
    t.reason = u.text();
    t.to = u.text();
    t.count = u.num<std::uint64_t>();
    t.first = u.at();
    t.last = u.at();
  });
  r.rehearsed = u.num<std::uint64_t>();
  return checked(u, std::move(r));
}

Bytes pack(const RehearsedRow& r) {
  Packer p;
  p.num(r.no).at(r.at).text(r.format).text(r.kind).text(r.verdict).flag(r.test);
  put_all(p, r.readers, [&](const ReaderAnswer& a) { p.text(a.to).flag(a.allowed).text(a.view).text(a.code).text(a.words).texts(a.rules).texts(a.withheld); });
  return p.texts(r.unmapped).text(r.where).text(r.what).text(r.mend).num(r.error).take();
}
template <>
std::optional<RehearsedRow> unpack(base::View v) {
  Unpacker u(v);
  RehearsedRow r;
  r.no = u.num<std::uint64_t>();
  r.at = u.at();
  r.format = u.text();
  r.kind = u.text();
  r.verdict = u.text();
  r.test = u.flag();
  get_all(u, [&] {
    ReaderAnswer& a = r.readers.emplace_back();
    a.to = u.text();
    a.allowed = u.flag();
    a.view = u.text();
    a.code = u.text();
    a.words = u.text();
    a.rules = u.texts();
    a.withheld = u.texts();
  });
  r.unmapped = u.texts();
  r.where = u.text();
  r.what = u.text();
  r.mend = u.text();
  r.error = u.num<std::uint8_t>();
  return checked(u, std::move(r));
}

Bytes pack(const ReplayRow& r) {
  Packer p;
  p.num(r.id).num(static_cast<std::uint8_t>(r.state)).text(r.by).text(r.reason).at(r.created).at(r.ended).at(r.next).num(r.per_minute).num(r.most_waiting);
  put_all(p, r.left, [&](std::uint64_t id) { p.num(id); });
  return p.num(r.total).num(r.sent).num(r.kept).text(r.words).take();
}
template <>
std::optional<ReplayRow> unpack(base::View v) {
  Unpacker u(v);
  ReplayRow r;
  r.id = u.num<std::uint64_t>();
  r.state = static_cast<ReplayState>(u.num<std::uint8_t>() % 4);
  r.by = u.text();
  r.reason = u.text();
  r.created = u.at();
  r.ended = u.at();
  r.next = u.at();
  r.per_minute = u.num<std::uint32_t>();
  r.most_waiting = u.num<std::uint64_t>();
  get_all(u, [&] { r.left.push_back(u.num<std::uint64_t>()); });
  r.total = u.num<std::uint64_t>();
  r.sent = u.num<std::uint64_t>();
  r.kept = u.num<std::uint64_t>();
  r.words = u.text();
  return checked(u, std::move(r));
}

}  // namespace adapters::agent::keep
