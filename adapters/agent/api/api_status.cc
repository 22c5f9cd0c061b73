// status, directory, can_send: what IT looks at. Nothing protected.
#include <nlohmann/json.hpp>

#include "adapters/agent/api/directory_json.h"
#include "adapters/agent/api/loops.h"
#include "adapters/agent/api/ops.h"
#include "adapters/agent/mail/outbox.h"
#include "adapters/agent/notify/check.h"
#include "adapters/agent/witness/witness.h"
#include "crypto/log_keys.h"
#include "crypto/witness.h"

namespace adapters::agent::api {
namespace {

using keep::Table;

Json hub_json(Agent& agent) {
  const Connection c = agent.connection();
  return {{"endpoint", c.endpoint},
          {"connected", c.up},
          {"log_size", agent.office().replica.size()},
          {"root", base::hex(agent.office().replica.root())},
          {"hub_time", base::rfc3339(agent.office().replica.hub_time())},
          {"read_only", c.hub.read_only}};
}

Json adapters_json(Agent& agent) {
  Json out = Json::array();
  for (const AdapterStatus& a : agent.supervisor().status()) {
    out.push_back({{"name", a.name},
                   {"type", a.type},
                   {"ok", a.health.ok},
                   {"words", a.health.words},
                   {"queue", a.queue},
                   {"accepted", a.health.accepted},
                   {"refused", a.health.refused},
                   {"delivered", a.health.delivered},
                   {"failed", a.health.failed},
                   {"mode", keep::name(a.mode)},
                   {"kinds", a.kinds}});
  }
  return out;
}

std::uint64_t undelivered(Agent& agent) {
  std::uint64_t most = 0;
  for (const AdapterStatus& a : agent.supervisor().status()) most = std::max(most, a.queue);
  return most;
}

base::Instant published_until(const crypto::Directory& directory, const base::Id& self, base::Instant now) {
  base::Instant last;
  for (const crypto::EpochKey* key = directory.usable_epoch(self, now); key != nullptr; key = directory.usable_epoch(self, last)) last = key->until;
  return last;
}

Json log_json(mail::Office& o) {
  const auto checkpoint = crypto::open_checkpoint(o.replica.checkpoint(), o.replica.directory());
  const Json others = witnessed_json(o);
  return {{"scanned", o.replica.size()},
          {"checkpoint_size", checkpoint.ok() ? checkpoint->size : 0},
          {"quorum", others["quorum"]},
          {"witnessed_size", others["size"]},
          {"witnesses", others["by"].size()}};
}

// What the log does not know (yet).
Json directory_json(mail::Office& o, const crypto::Directory& directory, base::Instant now) {
  const auto offers = keep::offers(o.store);
  Json suspended = Json::array();
  for (const keep::Offered& offered : offers) {
    const crypto::Cert* cert = offered.cert && offered.suspends(now) ? directory.cert(*offered.cert) : nullptr;
    if (cert != nullptr) suspended.push_back(cert->name);
  }
  return {{"anchor", directory.anchor().version}, {"by_file", offers.size()}, {"suspended_by_file", suspended}};
}

base::Status mail_json(Agent& agent, base::Instant now, Json& out) {
  mail::Office& o = agent.office();
  return o.store.read([&](keep::Tx& tx) {
    const mail::Waiting w = mail::waiting(tx, now);
    out["outbox"] = {{"waiting", w.waiting}, {"in_flight", w.in_flight}, {"oldest_age_ms", w.oldest_age_ms}, {"parts", w.parts}, {"stopped", agent.courier().stopped()}};
    out["facts"] = {{"waiting", w.facts}, {"age_ms", w.facts_age_ms}};
    out["inbox"] = {{"threads", tx.count(Table::kThread)}, {"undelivered", 0}};
    out["quarantine"] = tx.count(Table::kQuarantine);
    return base::Status{};
  });
}

base::Status loops_json(Agent& agent, const mail::Desk& desk, Json& out) {
  return agent.office().store.read([&](keep::Tx& tx) {
    std::uint64_t unseen = 0, open_now = 0, overdue = 0;
    tx.scan(Table::kNotice, {}, [&](base::View, base::View v) {
      const auto n = keep::unpack<keep::NoticeRow>(v);
      unseen += n && n->seen.ms == 0;
      return true;
    });
    each_loop(tx, desk, [&](const LoopView& v) {
      open_now += open(v.thread);
      overdue += !v.overdue.empty();
      return true;
    });
    const notify::Tellings t = notify::tellings(tx);
    out["notices"] = {{"unseen", unseen}, {"waiting", t.waiting}, {"failed", t.failed}};
    out["loops"] = {{"open", open_now}, {"overdue", overdue}};
    return base::Status{};
  });
}

// Without a basis named: is there one under which it may go? The answer is that of the first which does.
schemas::policy::Answer may_send(const mail::Desk& desk, const crypto::Member& to, schemas::MsgKind kind, schemas::Purpose purpose, const std::string& basis) {
  schemas::policy::Ask q;
  q.from = desk.slug;
  q.from_kind = desk.kind;
  q.to = to.cert.name;
  q.to_kind = to.cert.kind;
  q.kind = kind;
  q.purpose = purpose;
  q.now = desk.now;
  std::vector<std::string> bases{basis};
  if (basis.empty()) bases = {"treatment", "emergency", "consent", "hold"};
  schemas::policy::Answer answer;
  for (const std::string& b : bases) {
    q.basis = b;
    answer = schemas::policy::decide(*desk.policy, q);
    if (answer.allowed) break;
  }
  return answer;
}

}  // namespace

Json witnessed_json(mail::Office& o) {
  const crypto::Directory directory = o.replica.directory();
  std::string held;
  (void)o.store.read([&](keep::Tx& tx) { return held = witness::witnessed(tx), tx.fault(); });
  const auto note = crypto::parse_note(held);
  const auto tree = crypto::open_checkpoint(held, directory);
  Json by = Json::array();
  if (note.ok() && tree.ok()) by = crypto::cosigned(directory.anchor(), *note).names;
  return {{"quorum", crypto::has_quorum_rule(directory.anchor())}, {"size", by.empty() ? 0 : tree->size}, {"by", by}};
}

base::Status op_status(const Call& call, Json& out) {
  mail::Office& o = call.agent.office();
  const base::Instant now = o.clock();
  const crypto::Directory directory = o.replica.directory();
  out["agency"] = o.slug;
  out["kind"] = o.kind;
  out["agent"] = base::hex(o.self);
  out["test"] = directory.anchor().test;
  out["hub"] = hub_json(call.agent);
  out["log"] = log_json(o);
  const crypto::Cert* cert = directory.cert(o.cert);
  out["certificate"] = {{"serial", cert ? cert->serial : 0},
                        {"not_after", cert ? base::rfc3339(cert->not_after) : ""},
                        {"standing", crypto::name(directory.standing_now(o.cert, now))}};
  out["epochs"] = {{"published_until", base::rfc3339(published_until(directory, o.self, now))}};
  const mail::Desk desk = o.desk();
  out["policy"] = {{"version", directory.policy() ? directory.policy()->version : 0}, {"stale", desk.stale.empty() ? Json() : Json(desk.stale)}};
  out["directory"] = directory_json(o, directory, now);
  TRY(mail_json(call.agent, now, out));
  TRY(loops_json(call.agent, desk, out));
  out["inbox"]["undelivered"] = undelivered(call.agent);
  out["alarms"] = o.alarms.list();
  if (const std::string why = call.agent.courier().stopped(); !why.empty()) out["alarms"].push_back("sending has stopped: " + why);
  out["adapters"] = adapters_json(call.agent);
  return {};
}

base::Status op_directory(const Call& call, Json& out) {
  mail::Office& o = call.agent.office();
  const base::Instant now = o.clock();
  const crypto::Directory directory = o.replica.directory();
  const auto by_file = keep::offered_anchor(o.store);
  const bool newer = by_file && by_file->version > directory.anchor().version;
  out["anchor"] = {{"version", newer ? by_file->version : directory.anchor().version}, {"by_file", newer}};
  out["offers"] = Json::array();
  for (const keep::Offered& offered : keep::offers(o.store)) out["offers"].push_back(offer_json(offered, directory, now));
  out["members"] = Json::array();
  for (const crypto::Member* m : directory.members()) {
    const base::Instant until = published_until(directory, m->cert.agent, now);
    const bool file = keep::suspended_by_file(o.store, m->cert_hash, directory, now);
    out["members"].push_back({{"slug", m->cert.name},
                              {"kind", m->cert.kind},
                              {"type", m->cert.type},
                              {"standing", crypto::name(directory.standing_now(m->cert_hash, now))},
                              {"known_by", file ? "file" : "log"},
                              {"agent", base::hex(m->cert.agent)},
                              {"not_after", base::rfc3339(m->cert.not_after)},
                              {"serial", m->cert.serial},
                              {"epoch_until", until.ms == 0 ? "" : base::rfc3339(until)},
                              {"display", call.agent.host().display_of(m->cert.name)}});
  }
  return {};
}

base::Status op_can_send(const Call& call, Json& out) {
  const mail::Desk desk = call.agent.office().desk();
  if (desk.policy == nullptr) return base::Error{base::Kind::kBusy, desk.stale, "policy"};
  TRY_ASSIGN(const std::string to, text_of(call.in, "to"));
  TRY_ASSIGN(const std::string kind, text_of(call.in, "kind"));
  TRY_ASSIGN(const schemas::Purpose purpose, purpose_or(call.in, schemas::Purpose::kCrisis));
  const auto code = schemas::code_of(schemas::msg_kinds(), kind);
  if (!code) return base::Error{base::Kind::kUsage, "there is no such kind", "kind", "Referral, StatusUpdate, SecureMessage ..."};
  const auto slug = call.agent.host().slug_for(to);
  const crypto::Member* member = slug ? desk.directory.by_slug(*slug) : nullptr;
  if (member == nullptr) return base::Error{base::Kind::kNotFound, "no agency of that name is in the directory", "to", "see: handoff status"};
  const schemas::policy::Answer answer = may_send(desk, *member, static_cast<schemas::MsgKind>(*code), purpose, text_or(call.in, "basis"));
  const crypto::Standing standing = desk.directory.standing_now(member->cert_hash, desk.now);
  const bool key = desk.directory.usable_epoch(member->cert.agent, desk.now) != nullptr;
  out["allowed"] = answer.allowed && standing == crypto::Standing::kActive && key;
  out["rules"] = answer.rules();
  out["explanation"] = answer.explanation();
  out["view"] = answer.view;
  out["epoch_key"] = key;
  out["standing"] = crypto::name(standing);
  return {};
}

}  // namespace adapters::agent::api
