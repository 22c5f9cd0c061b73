// oncall.*, channels.*: who is told of what waits, by shift, and on which ways each person is reached. What is told and how far it came is in
// `notices` (api_loops.cc).
#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/agent/api/ops.h"
#include "adapters/agent/notify/ladder.h"
#include "adapters/agent/people/phones.h"

namespace adapters::agent::api {
namespace {

using base::Error;
using base::Kind;
using notify::ChannelKind;
using notify::ChannelRow;
using notify::RotaRow;
using notify::Shift;

constexpr std::size_t kMostShifts = 400, kMostChannels = 20;
constexpr std::uint64_t kLongShift = 31 * base::kDay;

base::Result<std::string> list_in(const Json& in) {
  TRY_ASSIGN(const std::string list, text_of(in, "list"));
  if (!notify::known_list(list)) return Error{Kind::kUsage, "there is no such list", "list", "on_call, supervisor, privacy_officer, it or coordinator"};
  return list;
}

base::Status known(const Call& call, const std::string& login, const char* key) {
  const auto row = call.agent.people().find(login);
  if (row && !row->disabled) return {};
  return Error{Kind::kUsage, "nobody with that login can sign in", key, "see: handoff people list"};
}

std::string name_of(const Call& call, const std::string& login) {
  const auto row = call.agent.people().find(login);
  return row && !row->name.empty() ? row->name : login;
}

Json rota_json(const Call& call, const RotaRow& r, base::Instant now) {
  Json j = {{"list", r.list}, {"now", Json::array()}, {"shifts", Json::array()}, {"always", Json::array()}, {"phone", r.phone}};
  const auto shift = [&](const Shift& s) { return Json{{"from", base::rfc3339(s.from)}, {"until", time_json(s.until)}, {"login", s.login}, {"name", name_of(call, s.login)}}; };
  for (const Shift& s : notify::on_now(r, now)) {
    Json on = shift(s);
    const auto row = call.agent.people().find(s.login);
    on["phone"] = row ? row->phone : "";
    j["now"].push_back(std::move(on));
  }
  for (const Shift& s : r.shifts) {
    if (s.until.ms == 0 || s.until > now) j["shifts"].push_back(shift(s));
  }
  for (const std::string& login : r.always) j["always"].push_back({{"login", login}, {"name", name_of(call, login)}});
  return j;
}

// Keeps the list as `change` leaves it: in order, without what is long past.
template <class Change>
base::Status set_rota(const Call& call, const std::string& list, Json& out, const Change& change) {
  mail::Office& o = call.agent.office();
  const base::Instant now = o.clock();
  RotaRow kept;
  TRY(o.store.write([&](keep::Tx& tx) -> base::Status {
    RotaRow r = notify::rota(tx, list);
    r.list = list;
    if (base::Status changed = change(r, now); !changed.ok()) return changed;
    std::erase_if(r.shifts, [&](const Shift& s) { return s.until.ms != 0 && (s.until <= s.from || s.until < now.minus(kLongShift)); });
    if (r.shifts.size() > kMostShifts) return Error{Kind::kUsage, "is too long", "shifts", "at most " + std::to_string(kMostShifts)};
    std::ranges::stable_sort(r.shifts, {}, &Shift::from);
    notify::save(tx, r);
    kept = std::move(r);
    return {};
  }));
  if (o.wake_notify) o.wake_notify();
  out["rota"] = rota_json(call, kept, now);
  return {};
}

base::Result<std::vector<Shift>> shifts_in(const Call& call) {
  std::vector<Shift> out;
  const Json& list = call.in.at("shifts");
  if (!list.is_array()) return Error{Kind::kUsage, "is a list of {login, from, until}", "shifts"};
  for (const Json& one : list) {
    if (!one.is_object()) return Error{Kind::kUsage, "is a list of {login, from, until}", "shifts"};
    Shift s;
    TRY_ASSIGN(s.login, text_of(one, "login"));
    TRY(known(call, s.login, "shifts"));
    TRY_ASSIGN(s.from, time_of(one, "from", call.agent.office().clock()));
    if (one.contains("until") && !one.at("until").is_null()) {
      TRY_ASSIGN(s.until, time_of(one, "until", {}));
      if (s.until <= s.from) return Error{Kind::kUsage, "a shift ends before it begins", "shifts", "until is later than from"};
    }
    out.push_back(std::move(s));
  }
  return out;
}

void end_running(RotaRow& r, base::Instant now, std::string_view login) {
  for (Shift& s : r.shifts) {
    if ((login.empty() || s.login == login) && s.from <= now && (s.until.ms == 0 || s.until > now)) s.until = now;
  }
}

Json channel_json(const ChannelRow& c) {
  Json j = {{"id", c.id}, {"kind", notify::name(c.kind)}, {"label", c.label}, {"off", c.off}};
  if (c.kind != ChannelKind::kPush) j["address"] = c.address;  // a push endpoint is a secret of that browser
  return j;
}

// Whose channels: one's own; an operator, and who keeps the accounts, names a login.
base::Result<people::PersonRow> owner(const Call& call) {
  const std::string login = text_or(call.in, "login");
  if (!login.empty() && login != call.actor.login && !call.actor.can("keys")) return Error{Kind::kDenied, "these are another person's", "login", "your own need no login"};
  const auto row = login.empty() ? call.agent.people().by_id(call.actor.person) : call.agent.people().find(login);
  if (!row) return Error{Kind::kNotFound, "nobody with that login has an account here", "login", "see: handoff people list"};
  return *row;
}

}  // namespace

base::Status op_oncall_show(const Call& call, Json& out) {
  mail::Office& o = call.agent.office();
  const base::Instant now = o.clock();
  std::vector<RotaRow> rows;
  TRY(o.store.read([&](keep::Tx& tx) {
    for (const char* list : {"on_call", "supervisor", "privacy_officer", "it", "coordinator"}) {
      RotaRow r = notify::rota(tx, list);
      r.list = list;
      if (r.list != "coordinator" || o.kind == "coordinator") rows.push_back(std::move(r));
    }
    return base::Status{};
  }));
  if (const auto policy = o.desk().policy) {  // a number of the policy, where the list has none
    if (const auto* us = policy->agency(o.slug)) {
      for (RotaRow& r : rows) {
        if (r.phone.empty()) r.phone = people::number_in(r.list == "on_call" ? us->on_call : r.list == "supervisor" ? us->supervisor : r.list == "privacy_officer" ? us->privacy_officer : "");
      }
    }
  }
  out["lists"] = Json::array();
  for (const RotaRow& r : rows) out["lists"].push_back(rota_json(call, r, now));
  out["people"] = Json::array();  // who may be handed a shift
  for (const people::PersonRow& p : call.agent.people().all()) {
    if (!p.disabled) out["people"].push_back({{"login", p.login}, {"name", p.name}});
  }
  return {};
}

base::Status op_oncall_set(const Call& call, Json& out) {
  TRY_ASSIGN(const std::string list, list_in(call.in));
  std::optional<std::vector<Shift>> shifts;
  std::optional<std::vector<std::string>> always;
  if (call.in.contains("shifts")) {
    TRY_ASSIGN(shifts, shifts_in(call));
  }
  if (const auto it = call.in.find("always"); it != call.in.end()) {
    if (!it->is_array()) return Error{Kind::kUsage, "is a list of logins", "always"};
    always.emplace();
    for (const Json& one : *it) {
      if (!one.is_string()) return Error{Kind::kUsage, "is a list of logins", "always"};
      TRY(known(call, one.get<std::string>(), "always"));
      always->push_back(one.get<std::string>());
    }
  }
  return set_rota(call, list, out, [&](RotaRow& r, base::Instant) {
    if (shifts) r.shifts = *shifts;
    if (always) r.always = *always;
    r.phone = text_or(call.in, "phone", r.phone);
    return base::Status{};
  });
}

// From now on it is this person who is told, until then; whoever was on before is not any more.
base::Status op_oncall_take(const Call& call, Json& out) {
  TRY_ASSIGN(const std::string list, list_in(call.in));
  TRY(known(call, call.actor.login, "session"));
  base::Instant until;
  if (call.in.contains("until") && !call.in.at("until").is_null()) {
    TRY_ASSIGN(until, time_of(call.in, "until", {}));
  }
  return set_rota(call, list, out, [&](RotaRow& r, base::Instant now) -> base::Status {
    if (until.ms != 0 && until <= now) return Error{Kind::kUsage, "is over already", "until", "a time to come, or none"};
    end_running(r, now, {});
    r.shifts.push_back({now, until, call.actor.login});
    return {};
  });
}

// What is left of one's shift becomes another's.
base::Status op_oncall_hand_over(const Call& call, Json& out) {
  TRY_ASSIGN(const std::string list, list_in(call.in));
  TRY_ASSIGN(const std::string to, text_of(call.in, "to"));
  TRY(known(call, to, "to"));
  return set_rota(call, list, out, [&](RotaRow& r, base::Instant now) -> base::Status {
    const auto on = notify::on_now(r, now);
    const auto mine = std::ranges::find(on, call.actor.login, &Shift::login);
    if (mine == on.end()) return Error{Kind::kConflict, "you are not on this list now", "list", "see: handoff oncall show"};
    const base::Instant until = mine->until;
    end_running(r, now, call.actor.login);
    r.shifts.push_back({now, until, to});
    return {};
  });
}

base::Status op_channels_list(const Call& call, Json& out) {
  TRY_ASSIGN(const people::PersonRow who, owner(call));
  out["channels"] = Json::array();
  return call.agent.office().store.read([&](keep::Tx& tx) {
    for (const ChannelRow& c : notify::channels_of(tx, who.id)) out["channels"].push_back(channel_json(c));
    return base::Status{};
  });
}

base::Status op_channels_add(const Call& call, Json& out) {
  TRY_ASSIGN(const people::PersonRow who, owner(call));
  TRY_ASSIGN(const std::string kind, text_of(call.in, "kind"));
  ChannelRow c;
  c.person = who.id;
  for (const ChannelKind k : {ChannelKind::kPush, ChannelKind::kEmail, ChannelKind::kWebhook}) {
    if (notify::name(k) == kind) c.kind = k;
  }
  if (c.kind == ChannelKind{}) return Error{Kind::kUsage, "there is no such kind", "kind", "push, email or webhook"};
  TRY_ASSIGN(c.address, text_of(call.in, "address"));
  c.p256dh = text_or(call.in, "p256dh"), c.auth = text_or(call.in, "auth"), c.label = text_or(call.in, "label").substr(0, 80);
  TRY(notify::check_channel(call.agent.notifier().settings(), c));
  mail::Office& o = call.agent.office();
  TRY(o.store.write([&](keep::Tx& tx) -> base::Status {
    const auto have = notify::channels_of(tx, who.id);
    const auto same = std::ranges::find_if(have, [&](const ChannelRow& h) { return h.kind == c.kind && h.address == c.address; });
    if (same == have.end() && have.size() >= kMostChannels) return Error{Kind::kUsage, "this person has enough of them", "kind", "remove one first"};
    ChannelRow row = c;
    if (same != have.end()) row.id = same->id, row.order = same->order;
    notify::save(tx, row);
    out["id"] = row.id;
    return {};
  }));
  if (o.wake_notify) o.wake_notify();
  return {};
}

base::Status op_channels_remove(const Call& call, Json&) {
  TRY_ASSIGN(const people::PersonRow who, owner(call));
  TRY_ASSIGN(const std::uint64_t id, number_of(call.in, "id", 0, ~0ULL));
  return call.agent.office().store.write([&](keep::Tx& tx) -> base::Status {
    if (!notify::erase_channel(tx, who.id, id)) return Error{Kind::kNotFound, "there is no such channel", "id", "see: channels.list"};
    return {};
  });
}

// One message that says it is a test, on one channel or on all of that person's; what the other side made of it.
base::Status op_channels_test(const Call& call, Json& out) {
  TRY_ASSIGN(const people::PersonRow who, owner(call));
  TRY_ASSIGN(const std::uint64_t id, number_of(call.in, "id", 0, ~0ULL));
  mail::Office& o = call.agent.office();
  std::vector<ChannelRow> list;
  TRY(o.store.read([&](keep::Tx& tx) {
    list = notify::channels_of(tx, who.id);
    return base::Status{};
  }));
  std::erase_if(list, [&](const ChannelRow& c) { return id != 0 && c.id != id; });
  if (list.empty()) return Error{Kind::kNotFound, id != 0 ? "there is no such channel" : "this person has no channel", "id", "add one in the inbox, under On call"};
  out["tested"] = Json::array();
  for (const ChannelRow& c : list) {
    notify::Errand e;
    e.channel = c;
    o.random.fill(e.id);
    e.what = "test", e.login = who.login, e.phone = who.phone;
    const notify::Sent sent = call.agent.notifier().carrier().send(e);
    const bool good = sent.outcome == notify::Outcome::kAccepted;
    out["tested"].push_back({{"id", c.id}, {"kind", notify::name(c.kind)}, {"label", c.label}, {"state", good ? "accepted" : "failed"}, {"why", sent.why}});
  }
  out["state"] = out["tested"][0]["state"];
  out["why"] = out["tested"][0]["why"];
  return {};
}

}  // namespace adapters::agent::api
