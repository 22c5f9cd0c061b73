#include "adapters/agent/notify/ladder.h"

#include <algorithm>

#include "schemas/calendar.h"

namespace adapters::agent::notify {
namespace {

const Person* find(const std::vector<Person>& staff, std::string_view login) {
  const auto it = std::ranges::find(staff, login, &Person::login);
  return it == staff.end() ? nullptr : &*it;
}
bool in(const std::vector<Person>& some, const Person& p) { return std::ranges::any_of(some, [&](const Person& o) { return o.id == p.id; }); }

// One group of people: their first channels, their second ones, ...
void add_rungs(keep::Tx& tx, std::vector<Rung>& out, const std::vector<Person>& people, const std::string& phone) {
  std::vector<Rung> rungs;
  for (const Person& p : people) {
    std::size_t at = 0;
    for (ChannelRow& c : channels_of(tx, p.id)) {
      if (c.off) continue;
      if (rungs.size() == at) rungs.emplace_back();
      rungs[at++].push_back({p, std::move(c), p.phone.empty() ? phone : p.phone});
    }
  }
  for (Rung& r : rungs) out.push_back(std::move(r));
}

void add_list(keep::Tx& tx, std::vector<Rung>& out, std::string_view list, const std::vector<Person>& staff, base::Instant now) {
  const RotaRow row = rota(tx, list);
  const Called who = called(row, staff, now);
  add_rungs(tx, out, who.first, row.phone);
  for (const Person& p : who.next) add_rungs(tx, out, {p}, row.phone);
}

}  // namespace

std::vector<Shift> on_now(const RotaRow& rota, base::Instant now) {
  std::vector<Shift> out;
  for (const Shift& s : rota.shifts) {
    if (s.from > now || (s.until.ms != 0 && s.until <= now)) continue;
    const auto known = std::ranges::find(out, s.login, &Shift::login);
    if (known == out.end()) {
      out.push_back(s);
    } else if (known->until.ms != 0 && (s.until.ms == 0 || s.until > known->until)) {
      known->until = s.until;  // overlapping shifts of one person: until the later end
    }
  }
  return out;
}

Called called(const RotaRow& rota, const std::vector<Person>& staff, base::Instant now) {
  Called out;
  for (const Shift& s : on_now(rota, now)) {
    if (const Person* p = find(staff, s.login)) out.first.push_back(*p);
  }
  for (const std::string& login : rota.always) {
    const Person* p = find(staff, login);
    if (p == nullptr || in(out.first, *p)) continue;
    (out.first.empty() ? out.first : out.next).push_back(*p);
  }
  if (!out.first.empty()) return out;
  for (const Person& p : staff) {
    if (fits(p.actor, rota.list)) out.first.push_back(p);
  }
  return out;
}

std::vector<Rung> ladder(keep::Tx& tx, std::string_view list, const std::vector<Person>& staff, base::Instant now) {
  std::vector<Rung> out;
  add_list(tx, out, list, staff, now);
  if (list != "supervisor") add_list(tx, out, "supervisor", staff, now);
  return out;
}

base::Instant after_quiet(const Settings& settings, const std::string& tz, base::Instant now) {
  if (!settings.quiet) return now;
  const auto [from, until] = *settings.quiet;
  const std::string local = schemas::local_time(now, tz);  // "Tue 2026-10-06 09:00 MDT"
  if (local.size() < 20) return now;
  const auto digits = [&](std::size_t at) { return static_cast<unsigned>((local[at] - '0') * 10 + (local[at + 1] - '0')); };
  const unsigned minute = digits(15) * 60 + digits(18);
  const bool quiet = from < until ? minute >= from && minute < until : minute >= from || minute < until;
  if (!quiet) return now;
  const unsigned left = (until + 24 * 60 - minute) % (24 * 60);
  return now.plus(left * base::kMinute - now.ms % base::kMinute);
}

}  // namespace adapters::agent::notify
