// See report_facts.h.
#include "adapters/agent/api/report_facts.h"

#include <algorithm>

#include "adapters/agent/api/loops.h"
#include "adapters/agent/api/ops.h"
#include "adapters/agent/mail/threads.h"
#include "schemas/body.h"
#include "schemas/calendar.h"

namespace adapters::agent::api {
namespace {

using keep::Table;
using schemas::MsgKind;
using schemas::report::LoopFact;

// What agencies published about their room, by agency and service, oldest first.
using Published = std::map<std::pair<base::Id, std::string>, std::vector<keep::CapacityRow>>;

bool is_kind(std::uint16_t kind, MsgKind wanted) { return kind == static_cast<std::uint16_t>(wanted); }

Published published(keep::Tx& tx) {
  Published out;
  tx.scan(Table::kMessage, {}, [&](base::View, base::View v) {
    const auto m = keep::unpack<keep::Message>(v);
    if (!m || !is_kind(m->kind, MsgKind::kCapacity)) return true;
    const auto body = schemas::decode_body(m->body);
    const auto* c = body.ok() ? std::get_if<schemas::Capacity>(&body->payload) : nullptr;
    if (c == nullptr) return true;
    keep::CapacityRow row;
    row.state = c->state;
    row.as_of = c->as_of.ms != 0 ? c->as_of : m->created;
    row.ttl_minutes = c->ttl_minutes;
    out[{m->sender, c->service}].push_back(std::move(row));
    return true;
  });
  for (auto& [key, rows] : out) std::ranges::sort(rows, {}, &keep::CapacityRow::as_of);
  return out;
}

std::string capacity_at(const Published& all, const base::Id& agency, const std::string& service, base::Instant at) {
  const auto it = all.find({agency, service});
  std::string state;
  if (it == all.end()) return state;
  for (const keep::CapacityRow& row : it->second)
    if (row.as_of <= at) state = row.stale(at) ? std::string() : row.state;
  return state;
}

void take_events(LoopFact& f, const schemas::Loop& state) {
  for (const schemas::Event& e : state.applied) {
    if (e.to == schemas::Phase::kReceived && f.received.ms == 0) f.received = e.at;
    f.scheduled = f.scheduled || e.to == schemas::Phase::kScheduled;
    f.no_show = f.no_show || e.to == schemas::Phase::kNoShow;
    if (e.to == schemas::Phase::kRejected) {
      f.decline_class = e.reason_class;
      f.reason = e.reason;
    }
    if (e.to == schemas::Phase::kCompleted) f.outcome = e.outcome;
  }
  if (f.outcome == "HOLD_UPHELD") f.hold_outcome = "upheld";
  if (f.outcome == "HOLD_RELEASED") f.hold_outcome = "released";
}

void take_handoff(LoopFact& f, std::string_view phase, base::Instant at) {
  if (phase == "offer" && f.offered.ms == 0) f.offered = at;
  if (phase == "take" && f.taken.ms == 0) f.taken = at;
  if (phase == "refuse") f.refused = true;
}

void take_referral(LoopFact& f, const schemas::Referral& r, const schemas::Body& body) {
  f.content = true;
  f.co_response = r.co_response;
  f.police_outcome = r.police_outcome;
  f.restraint = r.restraint;
  f.injury = r.injury;
  f.custom = body.custom;
}

void take_message(LoopFact& f, const keep::Message& m) {
  const auto body = schemas::decode_body(m.body);
  if (!body.ok()) return;
  if (const auto* h = std::get_if<schemas::HandoffReport>(&body->payload)) {
    take_handoff(f, h->phase, base::parse_rfc3339(h->at).value_or(m.created));
    if (!h->hold.outcome.empty()) f.hold_outcome = h->hold.outcome;
  } else if (const auto* facts = std::get_if<schemas::LoopFacts>(&body->payload)) {
    if (!facts->handoff.empty()) take_handoff(f, facts->handoff, facts->at);
  } else if (const auto* r = std::get_if<schemas::Referral>(&body->payload)) {
    take_referral(f, *r, *body);
  } else if (const auto* s = std::get_if<schemas::StatusUpdate>(&body->payload)) {
    if (!s->hold.outcome.empty()) f.hold_outcome = s->hold.outcome;
  }
}

bool of_interest(const keep::Message& m) {
  return m.why.empty() && !m.conflict &&
         (is_kind(m.kind, MsgKind::kReferral) || is_kind(m.kind, MsgKind::kHandoff) || is_kind(m.kind, MsgKind::kLoopFacts) || is_kind(m.kind, MsgKind::kStatus));
}

void set_deadlines(LoopFact& f, const mail::Desk& desk, const LoopView& v) {
  const auto began = desk.shelf != nullptr ? desk.shelf->version(v.row.policy_version) : nullptr;
  const auto& policy = began ? began : desk.policy;
  if (!policy) return;
  const auto& sla = policy->sla_of(f.urgency);
  const auto due = [&](base::Instant from, const schemas::policy::Span& span) {
    return from.ms == 0 || span.none() ? base::Instant{} : schemas::later(from, span, policy->calendar);
  };
  f.view_due = due(f.requested, sla.view);
  f.decide_due = due(f.requested, sla.decide);
  if (f.decide_due.ms != 0) f.decide_due = f.decide_due.plus(std::min(v.state.paused_ms, sla.info_pause.ms));
  f.contact_due = due(f.accepted, sla.contact);
  f.handoff_due = due(f.offered, sla.handoff);
}

LoopFact fact_of(keep::Tx& tx, const mail::Desk& desk, const LoopView& v, const Published& capacity) {
  LoopFact f;
  f.thread = v.row.thread_id;
  f.parent = v.row.parent;
  f.child = v.row.child;
  f.from = slug_or_none(desk.directory, v.row.asker);
  f.to = slug_or_none(desk.directory, v.row.asked);
  f.urgency = v.row.urgency;
  f.service = v.row.service;
  f.requested = v.state.requested;
  f.accepted = v.state.accepted;
  f.contacted = v.state.contacted;
  f.completed = v.state.completed;
  f.viewed = v.row.viewed;
  f.view_known = v.row.asked == desk.self;
  f.phase = schemas::name(v.state.phase);
  f.loop = v.state.loop;
  f.esc_level = v.state.esc_level;
  f.follow_ups = v.state.follow_ups;
  take_events(f, v.state);
  for (const std::uint64_t seq : mail::thread_messages(tx, v.row.thread_id)) {
    if (const auto m = mail::message(tx, seq); m && of_interest(*m)) take_message(f, *m);
  }
  if (f.requested.ms != 0) f.capacity = capacity_at(capacity, v.row.asked, f.service, f.requested);
  set_deadlines(f, desk, v);
  return f;
}

}  // namespace

schemas::report::Input report_input(keep::Tx& tx, const mail::Desk& desk, bool tests) {
  schemas::report::Input out;
  const Published capacity = published(tx);
  each_loop(tx, desk, [&](const LoopView& v) {
    if ((v.thread.test && !tests) || v.state.phase == schemas::Phase::kEnteredInError) return true;
    LoopFact f = fact_of(tx, desk, v, capacity);
    if (f.began().ms != 0) out.facts.push_back(std::move(f));
    return true;
  });
  schemas::report::link_chains(out.facts);
  if (!desk.policy) return out;
  for (const auto& a : desk.policy->agencies) out.names[a.slug] = a.name.empty() ? a.slug : a.name;
  for (const auto& c : desk.policy->custom_fields) {
    if (!c.report || (c.type != "code" && c.type != "bool")) continue;
    const std::string label = c.label_en.empty() ? c.id : c.label_en;
    out.fields.push_back({c.id, label, c.type == "bool" ? std::vector<std::string>{"true", "false"} : c.codes});
  }
  return out;
}

}  // namespace adapters::agent::api
