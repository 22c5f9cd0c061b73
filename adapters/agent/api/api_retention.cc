// retention.*, review.*, access_review: how long content is kept and what stops its purge; the weekly sign-off of the audit; and who has
// accounts, roles and keys, and whether they use them.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/agent/account/retention.h"
#include "adapters/agent/account/review.h"
#include "adapters/agent/api/ops.h"

namespace adapters::agent::api {
namespace {

using base::Error;
using base::Kind;

constexpr std::uint64_t kIdle = 90 * base::kDay;

Json hold_json(const account::HoldRow& h) {
  return {{"id", h.id},   {"thread", base::all_zero(h.thread_id) ? Json() : Json(base::uuid(h.thread_id))}, {"reason", h.reason}, {"by", h.by}, {"placed", base::rfc3339(h.placed)},
          {"released", time_json(h.released)}, {"released_by", h.released_by}};
}

Json week_json(const account::Week& w, base::Instant now) {
  Json j = {{"from", base::rfc3339(account::begin_of(w.week))}, {"until", base::rfc3339(account::begin_of(w.week + 1))},
            {"over", account::begin_of(w.week + 1) <= now},     {"access", w.access},
            {"denials", w.denials},                              {"break_glass_unreviewed", Json::array()},
            {"ledger", {{"size", w.ledger_size}, {"head", base::hex(w.ledger_head)}, {"holds", w.ledger_whole}}},
            {"signed", nullptr}};
  for (const base::Id& id : w.unreviewed) j["break_glass_unreviewed"].push_back(base::uuid(id));
  if (w.signed_off) j["signed"] = {{"by", w.signed_off->by}, {"at", base::rfc3339(w.signed_off->at)}, {"finding", w.signed_off->finding}, {"words", w.signed_off->words}, {"note", w.signed_off->note}};
  return j;
}

// The week that a date falls into; without one the last that is over.
base::Result<std::uint64_t> week_in(const Json& in, base::Instant now) {
  TRY_ASSIGN(const base::Instant at, time_of(in, "week", {}));
  return account::week_of(at.ms == 0 ? now : at) - (at.ms == 0 ? 1 : 0);
}

}  // namespace

base::Status op_retention_status(const Call& call, Json& out) {
  const mail::Desk desk = call.agent.office().desk();
  return call.agent.office().store.read([&](keep::Tx& tx) {
    const account::Retained r = account::retained(tx, desk);
    out["policy"] = r.policy == 0 ? Json() : Json(r.policy);
    out["content_days"] = r.content_ms / base::kDay;
    out["audit_days"] = r.audit_ms / base::kDay;
    out["kept"] = r.kept, out["due"] = r.due, out["held"] = r.held, out["purged"] = r.purged;
    out["oldest"] = time_json(r.oldest);
    out["next"] = Json::array();
    for (const base::Id& id : r.next) out["next"].push_back(base::uuid(id));
    out["holds"] = Json::array();
    for (const account::HoldRow& h : account::holds(tx)) out["holds"].push_back(hold_json(h));
    out["tombstones"] = Json::array();
    for (const account::TombstoneRow& t : account::tombstones(tx)) out["tombstones"].push_back({{"thread", base::uuid(t.thread_id)}, {"at", base::rfc3339(t.at)}, {"messages", t.messages}, {"note", t.note}});
    return base::Status{};
  });
}

// What is due, a hundred threads a call; each its own commit, so that nothing waits long.
base::Status op_retention_run(const Call& call, Json& out) {
  mail::Office& o = call.agent.office();
  const mail::Desk desk = o.desk();
  account::Retained r;
  TRY(o.store.read([&](keep::Tx& tx) {
    r = account::retained(tx, desk);
    return base::Status{};
  }));
  std::uint64_t purged = 0;
  for (const base::Id& id : r.next) {
    TRY(o.store.write([&](keep::Tx& tx) { return account::purge(tx, desk, o.vault, id); }));
    ++purged;
  }
  out["purged"] = purged;
  out["left"] = r.due - purged;
  return {};
}

base::Status op_retention_hold(const Call& call, Json& out) {
  account::HoldRow row;
  TRY_ASSIGN(row.reason, text_of(call.in, "reason"));
  if (call.in.contains("thread")) {
    TRY_ASSIGN(row.thread_id, id_of(call.in, "thread"));
    if (!call.agent.host().thread(row.thread_id)) return Error{Kind::kNotFound, "there is no such thread here", "thread", "see: handoff inbox list"};
  }
  row.by = call.actor.login;
  row.placed = call.agent.office().clock();
  std::uint64_t id = 0;
  TRY(call.agent.office().store.write([&](keep::Tx& tx) {
    id = account::place_hold(tx, row);
    return base::Status{};
  }));
  out["id"] = id;
  return {};
}

base::Status op_retention_release(const Call& call, Json& out) {
  TRY_ASSIGN(const std::uint64_t id, number_of(call.in, "id", 0, ~0ULL));
  mail::Office& o = call.agent.office();
  const base::Instant now = o.clock();
  out["id"] = id;
  return o.store.write([&](keep::Tx& tx) { return account::release_hold(tx, id, call.actor.login, now); });
}

base::Status op_review_show(const Call& call, Json& out) {
  mail::Office& o = call.agent.office();
  const base::Instant now = o.clock();
  TRY_ASSIGN(const std::uint64_t week, week_in(call.in, now));
  return o.store.read([&](keep::Tx& tx) {
    out["week"] = week_json(account::week(tx, week), now);
    const auto late = account::first_unsigned(tx, now);
    out["first_unsigned"] = late ? Json(base::rfc3339(account::begin_of(*late)).substr(0, 10)) : Json();
    return base::Status{};
  });
}

base::Status op_review_sign(const Call& call, Json& out) {
  mail::Office& o = call.agent.office();
  const mail::Desk desk = o.desk();
  account::ReviewRow row;
  TRY_ASSIGN(row.week, week_in(call.in, desk.now));
  TRY_ASSIGN(row.finding, text_of(call.in, "finding"));
  row.words = text_or(call.in, "words");
  row.by = call.actor.login;
  TRY(o.store.write([&](keep::Tx& tx) -> base::Status {
    TRY_ASSIGN(row, account::sign_off(tx, desk, o.vault, row));
    return {};
  }));
  out["by"] = row.by;
  out["note"] = row.note;
  return {};
}

base::Status op_access_review(const Call& call, Json& out) {
  const mail::Desk desk = call.agent.office().desk();
  std::uint64_t inactive = 0;
  out["people"] = Json::array();
  for (const people::PersonRow& p : call.agent.people().all()) {
    const bool idle = !p.disabled && std::max(p.created, p.last_seen).plus(kIdle) < desk.now;
    inactive += idle;
    out["people"].push_back({{"login", p.login}, {"name", p.name}, {"roles", p.roles}, {"disabled", p.disabled}, {"last_seen", time_json(p.last_seen)}, {"inactive", idle},
                             {"second_factor", !p.totp.empty() || !p.passkeys.empty()}});
  }
  out["inactive"] = inactive;
  out["keys"] = Json::array();
  for (const crypto::Member* m : desk.directory.members()) {
    out["keys"].push_back({{"agency", m->cert.name}, {"kind", m->cert.kind}, {"roles", m->cert.roles}, {"serial", m->cert.serial}, {"until", base::rfc3339(m->cert.not_after)},
                           {"standing", crypto::name(desk.directory.standing_now(m->cert_hash, desk.now))}});
  }
  return {};
}

}  // namespace adapters::agent::api
