// accounting.*: what of a person left this agency, and a copy of all that it holds of them. incident.scope: what a leaked key exposes. For
// compliance officers; what is asked and shown is in the ledger.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/agent/account/disclosures.h"
#include "adapters/agent/account/exposure.h"
#include "adapters/agent/account/persons.h"
#include "adapters/agent/account/retention.h"
#include "adapters/agent/api/ops.h"
#include "adapters/agent/mail/threads.h"
#include "schemas/body.h"
#include "schemas/registry.h"

namespace adapters::agent::api {
namespace {

using base::Error;
using base::Kind;

constexpr std::uint64_t kYear = 365 * base::kDay + base::kDay / 4;

base::Result<account::PersonKey> person_of(const Json& in) {
  account::PersonKey key{text_or(in, "patient"), text_or(in, "system"), text_or(in, "family"), text_or(in, "given"), text_or(in, "dob")};
  if (key.whole()) return key;
  return Error{Kind::kUsage, "say who is meant", "patient", "a record number, or family name, given name and birth date"};
}

std::string purpose_name(std::uint16_t p) { return std::string(schemas::name_of(schemas::purposes(), p)); }

Json disclosure_json(const Call& call, const crypto::Directory& directory, const account::Disclosure& d) {
  const std::string to = slug_or_none(directory, d.to);
  const crypto::Member* member = directory.member(d.to);
  return {{"at", base::rfc3339(d.at)},     {"to", to},
          {"to_name", call.agent.host().display_of(to)}, {"to_kind", member == nullptr ? "" : member->cert.kind},
          {"what", d.fields},              {"kind", kind_name(d.kind)},
          {"purpose", purpose_name(d.purpose)}, {"basis", d.basis},
          {"consent", d.consent},          {"rules", d.rules},
          {"part2", d.part2},              {"passed_on", d.forwarded},
          {"exempt", d.exempt},            {"thread", base::uuid(d.thread_id)},
          {"message", base::uuid(d.msg_id)}};
}

Json suspension_json(const account::SuspensionRow& s, base::Instant now) {
  return {{"id", s.id},           {"agency", s.agency},
          {"official", s.official}, {"statement", s.statement},
          {"from", base::rfc3339(s.from)}, {"until", base::rfc3339(s.until)},
          {"lifted", time_json(s.lifted)}, {"by", s.by},
          {"stands", s.lifted.ms == 0 && s.from <= now && now < s.until}};
}

// Psychotherapy notes and what was put together for a proceeding are not part of a person's access (45 CFR 164.524(a)(1)).
bool kept_back(const schemas::Body& body) {
  std::vector<std::string> labels = body.labels;
  if (const auto* r = std::get_if<schemas::Referral>(&body.payload)) labels.insert(labels.end(), r->labels.begin(), r->labels.end());
  return std::ranges::any_of(labels, [](const std::string& l) { return l == "psych_notes" || l == "legal_proceeding"; });
}

Json record_json(keep::Tx& tx, const mail::Desk& desk, const base::Id& thread) {
  Json out = {{"thread", base::uuid(thread)}, {"messages", Json::array()}};
  if (const auto stone = account::tombstone(tx, thread)) out["purged"] = base::rfc3339(stone->at);
  for (const std::uint64_t seq : mail::thread_messages(tx, thread)) {
    const auto m = mail::message(tx, seq);
    if (!m) continue;
    const auto body = m->body.empty() ? base::Result<schemas::Body>(base::malformed("gone", "body")) : schemas::decode_body(m->body);
    Json one = {{"message", base::uuid(m->msg_id)}, {"kind", kind_name(m->kind)}, {"from", slug_or_none(desk.directory, m->sender)}, {"at", base::rfc3339(m->created)}};
    if (body.ok() && kept_back(*body)) one["kept_back"] = "45 CFR 164.524(a)(1)";
    if (body.ok() && !kept_back(*body)) one["body"] = *schemas::to_json(*body);
    out["messages"].push_back(std::move(one));
  }
  return out;
}

}  // namespace

base::Status op_accounting(const Call& call, Json& out) {
  TRY_ASSIGN(const account::PersonKey who, person_of(call.in));
  TRY_ASSIGN(const std::uint64_t years, number_of(call.in, "years", 6, 100));
  const bool officer = flag_or(call.in, "with_suspended", false), passed_on = flag_or(call.in, "passed_on", false);
  const mail::Desk desk = call.agent.office().desk();
  const base::Instant since = desk.now.minus(std::min(desk.now.ms, years * kYear));
  return call.agent.office().store.read([&](keep::Tx& tx) {
    const auto threads = account::threads_of(tx, who);
    const auto rests = account::suspensions(tx);
    std::uint64_t left_out = 0;
    out["threads"] = threads.size();
    out["since"] = base::rfc3339(since);
    out["disclosures"] = Json::array();
    for (const account::Disclosure& d : account::disclosures(tx, desk, threads, since)) {
      if (passed_on && !d.forwarded) continue;
      Json row = disclosure_json(call, desk.directory, d);
      const bool rest = account::suspended(rests, row["to"].get<std::string>(), desk.now);
      left_out += rest;
      if (rest && !officer) continue;
      if (officer) row["suspended"] = rest;
      out["disclosures"].push_back(std::move(row));
    }
    if (officer) out["suspended"] = left_out;
    return base::Status{};
  });
}

// All that the agency holds of a person: for their own request (45 CFR 164.524).
base::Status op_accounting_copy(const Call& call, Json& out) {
  TRY_ASSIGN(const account::PersonKey who, person_of(call.in));
  TRY(op_accounting(call, out));
  const mail::Desk desk = call.agent.office().desk();
  return call.agent.office().store.read([&](keep::Tx& tx) {
    out["records"] = Json::array();
    for (const base::Id& thread : account::threads_of(tx, who)) out["records"].push_back(record_json(tx, desk, thread));
    return base::Status{};
  });
}

base::Status op_accounting_suspend(const Call& call, Json& out) {
  account::SuspensionRow row;
  TRY_ASSIGN(row.agency, text_of(call.in, "agency"));
  TRY_ASSIGN(row.official, text_of(call.in, "official"));
  TRY_ASSIGN(row.until, time_of(call.in, "until", {}));
  row.statement = text_or(call.in, "statement");
  row.by = call.actor.login;
  const mail::Desk desk = call.agent.office().desk();
  std::uint64_t id = 0;
  TRY(call.agent.office().store.write([&](keep::Tx& tx) -> base::Status {
    TRY_ASSIGN(id, account::suspend(tx, desk, row));
    return {};
  }));
  out["id"] = id;
  return {};
}

base::Status op_accounting_lift(const Call& call, Json& out) {
  TRY_ASSIGN(const std::uint64_t id, number_of(call.in, "id", 0, ~0ULL));
  mail::Office& o = call.agent.office();
  out["id"] = id;
  const base::Instant now = o.clock();
  return o.store.write([&](keep::Tx& tx) { return account::lift(tx, id, now); });
}

base::Status op_accounting_suspensions(const Call& call, Json& out) {
  mail::Office& o = call.agent.office();
  const base::Instant now = o.clock();
  return o.store.read([&](keep::Tx& tx) {
    out["suspensions"] = Json::array();
    for (const account::SuspensionRow& s : account::suspensions(tx)) out["suspensions"].push_back(suspension_json(s, now));
    return base::Status{};
  });
}

base::Status op_flows(const Call& call, Json& out) {
  const mail::Desk desk = call.agent.office().desk();
  TRY_ASSIGN(const base::Instant since, time_of(call.in, "since", {}));
  TRY_ASSIGN(const base::Instant until, time_of(call.in, "until", desk.now.plus(1)));
  const std::string to_kind = text_or(call.in, "to_kind");
  return call.agent.office().store.read([&](keep::Tx& tx) {
    out["flows"] = Json::array();
    std::uint64_t messages = 0, part2 = 0, chri = 0;
    for (const account::Flow& f : account::flows(tx, desk, to_kind, since, until)) {
      messages += f.messages, part2 += f.part2, chri += f.chri;
      out["flows"].push_back({{"to_kind", f.to_kind}, {"kind", kind_name(f.kind)}, {"view", f.view}, {"messages", f.messages}, {"part2", f.part2}, {"chri", f.chri}});
    }
    out["messages"] = messages, out["part2"] = part2, out["chri"] = chri;
    return base::Status{};
  });
}

base::Status op_incident_scope(const Call& call, Json& out) {
  TRY_ASSIGN(const std::string key, text_of(call.in, "key"));
  TRY_ASSIGN(const base::Instant from, time_of(call.in, "from", {}));
  TRY_ASSIGN(const base::Instant until, time_of(call.in, "to", {}));
  const mail::Desk desk = call.agent.office().desk();
  return call.agent.office().store.read([&](keep::Tx& tx) -> base::Status {
    TRY_ASSIGN(const account::Exposure e, account::exposure(tx, desk, key, from, until));
    out["key"] = e.what;
    out["from"] = base::rfc3339(e.from);
    out["until"] = base::rfc3339(e.until);
    out["destroyed"] = time_json(e.destroyed);
    out["opens"] = e.opens;
    out["signs"] = e.signs;
    out["threads"] = Json::array();
    std::uint64_t opened = 0, doubtful = 0;
    for (const account::Exposed& t : e.threads) {
      opened += t.opened, doubtful += t.doubtful;
      out["threads"].push_back({{"thread", base::uuid(t.thread_id)}, {"agency", slug_or_none(desk.directory, t.other)}, {"opened", t.opened}, {"doubtful", t.doubtful}, {"first", base::rfc3339(t.first)}, {"last", base::rfc3339(t.last)}});
    }
    out["opened"] = opened;
    out["doubtful"] = doubtful;
    return {};
  });
}

}  // namespace adapters::agent::api
