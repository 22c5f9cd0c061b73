// inbox.show: one thread with all that is in it, and why it looks so here. The first time that the asked agency looks is its first view.
#include <nlohmann/json.hpp>

#include "adapters/agent/api/loops.h"
#include "adapters/agent/api/ops.h"
#include "adapters/agent/mail/loops.h"
#include "adapters/agent/mail/threads.h"
#include "schemas/body.h"

namespace adapters::agent::api {
namespace {

using keep::Table;

// What break-glass opened is shown until its time, and not after.
void show_opened(Json& event, const schemas::BreakGlass& glass, base::Instant now) {
  event["body"]["break_glass"].erase("content");
  if (glass.content.empty()) return;
  event["opened"] = {{"until", base::rfc3339(glass.until)}, {"closed", now > glass.until}};
  if (now > glass.until) return;
  if (const auto body = schemas::decode_body(glass.content); body.ok()) event["opened"]["body"] = *schemas::to_json(*body);
}

Json decision_json(const keep::DecisionRow& d) {
  return {{"version", d.version}, {"rules", d.rules}, {"view", d.view}, {"withheld", d.withheld}, {"refused", !d.allowed}};
}

Json event_json(keep::Tx& tx, const mail::Desk& desk, const schemas::Loop& loop, const keep::Message& m) {
  Json e = {{"message", base::uuid(m.msg_id)},
            {"kind", kind_name(m.kind)},
            {"from", slug_of(desk.directory, m.sender)},
            {"outgoing", m.outgoing},
            {"at", base::rfc3339(m.outgoing ? m.created : m.received)},
            {"place", {{"index", m.first_index == keep::kNoIndex ? Json() : Json(m.first_index)}, {"thread_seq", m.thread_seq}}},
            {"state", progress_name(m.progress)},
            {"test", m.test},
            {"conflict", m.conflict},
            {"expired", m.expired}};
  if (m.sender == desk.self && !m.person.empty()) e["person"] = m.person;
  if (!m.why.empty()) e["why"] = m.why;
  if (const auto body = schemas::decode_body(m.body); body.ok()) {
    e["body"] = *schemas::to_json(*body);
    if (const auto* glass = std::get_if<schemas::BreakGlass>(&body->payload)) show_opened(e, *glass, desk.now);
  }
  if (const auto d = keep::find<keep::DecisionRow>(tx, Table::kDecision, keep::key_of(m.seq))) e["decision"] = decision_json(*d);
  for (const schemas::Refused& r : loop.refused) {
    if (r.msg_id == m.msg_id) e["refused"] = r.why;
  }
  return e;
}

void show_loop(keep::Tx& tx, const mail::Desk& desk, const keep::ThreadRow& row, Json& out) {
  out["deadlines"] = Json::array();
  const auto view = loop_view(tx, desk, row);
  out["responsible"] = view ? slug_or_none(desk.directory, view->row.responsible) : "";
  if (!view) return;
  const auto add = [&](const schemas::Deadline& d) {
    const bool passed = desk.now >= d.at;
    out["deadlines"].push_back({{"name", d.name},
                                {"at", base::rfc3339(d.at)},
                                {"overdue", passed},
                                {"tell", d.tell},
                                {"phone", d.phone},
                                {"late_s", passed ? (desk.now.ms - d.at.ms) / base::kSecond : 0}});
  };
  for (const schemas::Deadline& d : view->overdue) add(d);
  if (view->next) add(*view->next);
}

// Seen by a person: read here; and viewed, if it is this agency that was asked.
base::Status mark_seen(const Call& call, const base::Id& id) {
  mail::Office& o = call.agent.office();
  const base::Instant now = o.clock();
  TRY(o.store.write([&](keep::Tx& tx) {
    auto row = mail::thread(tx, id);
    if (!row) return base::Status{};
    row->unread = false;
    mail::save_thread(tx, *row);
    auto loop = mail::loop_row(tx, id);
    if (loop && loop->asked == o.self && loop->viewed.ms == 0) {
      loop->viewed = now;
      mail::look_at(tx, *loop, now);
      mail::save_loop(tx, *loop);
    }
    return base::Status{};
  }));
  if (o.wake_clock) o.wake_clock();
  return {};
}

}  // namespace

base::Status op_inbox_show(const Call& call, Json& out) {
  mail::Office& o = call.agent.office();
  TRY_ASSIGN(const base::Id id, id_of(call.in, "thread"));
  const mail::Desk desk = o.desk();
  bool fresh = false;
  TRY(o.store.read([&](keep::Tx& tx) -> base::Status {
    const auto row = mail::thread(tx, id);
    if (!row) return base::Error{base::Kind::kNotFound, "there is no such thread here", "thread", "see: handoff inbox list"};
    const auto in_loop = mail::loop_row(tx, id);
    fresh = row->unread || (in_loop && in_loop->asked == o.self && in_loop->viewed.ms == 0);
    const schemas::Loop loop = mail::loop_of(tx, o.self, *row);
    out["thread"] = base::uuid(id);
    out["phase"] = schemas::name(loop.phase);
    out["loop"] = loop.loop;
    out["requester"] = row->requester;
    out["other"] = slug_of(desk.directory, row->other);
    out["escalation"] = loop.esc_level;
    show_loop(tx, desk, *row, out);
    out["events"] = Json::array();
    for (const std::uint64_t seq : mail::thread_messages(tx, id)) {
      const auto m = mail::message(tx, seq);
      if (!m) continue;
      out["events"].push_back(event_json(tx, desk, loop, *m));
      if (seq == row->opening && out["events"].back().contains("body")) out["opening"] = out["events"].back()["body"];
    }
    return {};
  }));
  return fresh ? mark_seen(call, id) : base::Status{};
}

}  // namespace adapters::agent::api
