// inbox.show: one thread with all that is in it, and why it looks so here. The first time that the asked agency looks is its first view.
#include <nlohmann/json.hpp>
#include <set>

#include "adapters/agent/api/attachments.h"
#include "adapters/agent/api/inbox.h"
#include "adapters/agent/mail/loops.h"
#include "adapters/agent/mail/reading.h"
#include "adapters/agent/mail/threads.h"
#include "adapters/agent/notify/tellings.h"
#include "schemas/body.h"
#include "schemas/paper.h"

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

Json event_json(keep::Tx& tx, const mail::Desk& desk, const AgentHost& host, const schemas::Loop& loop, const keep::Message& m) {
  const std::string from = slug_of(desk.directory, m.sender);
  Json e = {{"message", base::uuid(m.msg_id)},
            {"kind", kind_name(m.kind)},
            {"from", from},
            {"from_name", host.display_of(from)},
            {"outgoing", m.outgoing},
            {"at", base::rfc3339(m.outgoing ? m.created : m.received)},
            {"place", {{"index", m.first_index == keep::kNoIndex ? Json() : Json(m.first_index)}, {"thread_seq", m.thread_seq}}},
            {"entered_at", nullptr},
            {"state", progress_name(m.progress)},
            {"marks", marks_json(tx, desk, m)},
            {"test", m.test},
            {"conflict", m.conflict},
            {"expired", m.expired}};
  if (m.sender == desk.self && !m.person.empty()) e["person"] = m.person;
  if (!m.why.empty()) e["why"] = m.why;
  if (const auto body = schemas::decode_body(m.body); body.ok()) {
    e["body"] = *schemas::to_json(*body);
    e["entered_at"] = time_json(body->entered_at);
    if (const base::Instant paper = schemas::paper_time(*body); paper.ms != 0) e["at"] = base::rfc3339(paper);
    if (Json files = attachments_json(tx, desk, m, *body); !files.is_null()) e["attachments"] = std::move(files);
    if (const auto* glass = std::get_if<schemas::BreakGlass>(&body->payload)) show_opened(e, *glass, desk.now);
  }
  if (const auto d = keep::find<keep::DecisionRow>(tx, Table::kDecision, keep::key_of(m.seq))) e["decision"] = decision_json(*d);
  for (const schemas::Refused& r : loop.refused) {
    if (r.msg_id == m.msg_id) e["refused"] = r.why;
  }
  return e;
}

void show_loop(const mail::Desk& desk, const std::optional<LoopView>& view, Json& out) {
  out["deadlines"] = Json::array();
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

// Seen by a person: read here, which each sender learns; and viewed, if it is this agency that was asked.
base::Status mark_seen(const Call& call, const base::Id& id, std::uint64_t upto) {
  mail::Office& o = call.agent.office();
  const mail::Desk desk = o.desk();
  const base::Instant now = desk.now;
  bool waits = false;
  TRY(o.store.write([&](keep::Tx& tx) {
    waits = mail::note_read(tx, desk, o.random, id, upto);
    auto row = mail::thread(tx, id);
    if (!row) return base::Status{};
    notify::opened(tx, id, call.actor, now);
    if (row->unread) {
      row->unread = row->last > upto;
      mail::save_thread(tx, *row);
      tx.changed(Table::kThread, id);
    }
    auto loop = mail::loop_row(tx, id);
    if (loop && loop->asked == o.self && loop->viewed.ms == 0) {
      loop->viewed = now;
      mail::look_at(tx, *loop, now);
      mail::save_loop(tx, *loop);
    }
    return base::Status{};
  }));
  if (waits && o.wake_courier) o.wake_courier();
  if (o.wake_clock) o.wake_clock();
  if (o.wake_notify) o.wake_notify();
  return {};
}

// What its author took back is marked, here as at the author's.
void mark_retracted(Json& events) {
  std::set<std::pair<std::string, std::string>> gone;  // (author, message)
  for (const Json& e : events) {
    if (e["kind"] != "Correction" || !e.contains("body")) continue;
    const auto target = base::parse_uuid(e["body"].value("correction", Json::object()).value("target", ""));
    if (target) gone.emplace(e["from"], base::uuid(*target));
  }
  for (Json& e : events) e["retracted"] = gone.contains({e["from"], e["message"]});
}

}  // namespace

base::Status op_inbox_show(const Call& call, Json& out) {
  mail::Office& o = call.agent.office();
  TRY_ASSIGN(const base::Id id, id_of(call.in, "thread"));
  const mail::Desk desk = o.desk();
  bool fresh = false;
  std::uint64_t upto = 0;
  const keep::Job show = [&](keep::Tx& tx) -> base::Status {
    const auto row = mail::thread(tx, id);
    if (!row) return base::Error{base::Kind::kNotFound, "there is no such thread here", "thread", "see: handoff inbox list"};
    const Entry e = entry_of(tx, desk, *row);
    fresh = row->unread || notify::waits(tx, id) || (e.loop && e.loop->row.asked == o.self && e.loop->row.viewed.ms == 0);
    upto = row->last;
    const schemas::Loop loop = e.loop ? e.loop->state : mail::loop_of(tx, o.self, *row);
    out["thread"] = base::uuid(id);
    out["phase"] = schemas::name(loop.phase);
    out["loop"] = loop.loop;
    out["requester"] = row->requester;
    out["other"] = slug_of(desk.directory, row->other);
    out["escalation"] = loop.esc_level;
    show_loop(desk, e.loop, out);
    out["opening"] = nullptr;
    out["events"] = Json::array();
    for (const std::uint64_t seq : mail::thread_messages(tx, id)) {
      const auto m = mail::message(tx, seq);
      if (!m) continue;
      out["events"].push_back(event_json(tx, desk, call.agent.host(), loop, *m));
      Json& last = out["events"].back();
      if (seq == row->opening && last.contains("body")) out["opening"] = last["body"];
      if (seq == (row->opening != 0 ? row->opening : row->first)) last["marks"] = marks_json(tx, desk, e);
    }
    mark_retracted(out["events"]);
    add_extras(tx, call, desk, e, out);
    return {};
  };
  TRY(o.store.read(show));
  // `peek`: a technical look, by which nobody has seen anything. Not for people: what they open they have seen.
  const bool peeks = base::all_zero(call.actor.person) && flag_or(call.in, "peek", false);
  return fresh && !peeks ? mark_seen(call, id, upto) : base::Status{};
}

}  // namespace adapters::agent::api
