// loops, timers, notices, notices.seen: what is open, what is late, and what people are to be told.
#include <nlohmann/json.hpp>

#include "adapters/agent/api/loops.h"
#include "adapters/agent/api/ops.h"
#include "adapters/agent/loop/clockwork.h"
#include "adapters/agent/mail/loops.h"
#include "adapters/agent/mail/threads.h"
#include "adapters/agent/notify/tellings.h"
#include "adapters/agent/notify/words.h"
#include "adapters/agent/people/phones.h"

namespace adapters::agent::api {
namespace {

using keep::Table;

// Who has looked at a referral is known where it was looked at; elsewhere this deadline would only seem to be missed.
bool known(const mail::Desk& desk, const keep::LoopRow& row, const schemas::Deadline& d) {
  return !d.name.starts_with("view") || row.asked == desk.self;
}

bool duty(const schemas::Deadline& d) {
  return !d.name.starts_with("escalate:") && d.name != "expire" && d.name != "hold:75" && d.name != "hold:90";
}

std::uint64_t seconds(base::Instant from, base::Instant to) { return to > from ? (to.ms - from.ms) / base::kSecond : 0; }

// A handoff that no referral came before has no phase of its own.
std::string phase_of(const LoopView& v) {
  if (v.state.phase != schemas::Phase::kNone) return std::string(schemas::name(v.state.phase));
  if (v.row.handoff_offered.ms != 0) return "handoff offered";
  return v.row.responsible == v.row.asked ? "handoff taken" : "handoff refused";
}
// What was called off or expired and then referred on is not left unresolved (domain brief 1.1).
std::string loop_words(const LoopView& v) {
  if (v.state.phase == schemas::Phase::kNone) return v.row.handoff_offered.ms != 0 ? "open" : "closed";
  return v.state.loop == "closed_unresolved" && !base::all_zero(v.row.child) ? "closed" : v.state.loop;
}
bool ended(const LoopView& v) { return !open(v.thread) || (v.state.phase == schemas::Phase::kNone && v.row.handoff_offered.ms == 0); }

Json loop_json(const AgentHost& host, const mail::Desk& desk, const LoopView& v) {
  const crypto::Directory& directory = desk.directory;
  const base::Instant now = desk.now;
  const std::string from = slug_or_none(directory, v.row.asker), to = slug_or_none(directory, v.row.asked);
  const auto* whom = desk.policy != nullptr ? desk.policy->agency(v.row.responsible == v.row.asker ? from : to) : nullptr;
  Json overdue = Json::array();
  for (const schemas::Deadline& d : v.overdue)
    overdue.push_back({{"name", d.name}, {"at", base::rfc3339(d.at)}, {"late_s", seconds(d.at, now)}});
  const auto id = [](const base::Id& i) { return base::all_zero(i) ? Json() : Json(base::uuid(i)); };
  const base::Instant began = v.state.requested.ms != 0 ? v.state.requested : v.thread.created;
  return {{"thread", base::uuid(v.row.thread_id)},
          {"parent", id(v.row.parent)},
          {"child", id(v.row.child)},
          {"from", from},
          {"from_name", host.display_of(from)},
          {"to", to},
          {"to_name", host.display_of(to)},
          {"phone", whom != nullptr ? people::number_in(whom->on_call) : ""},
          {"urgency", v.row.urgency},
          {"service", v.row.service},
          {"phase", phase_of(v)},
          {"loop", loop_words(v)},
          {"esc_level", v.state.esc_level},
          {"age_s", seconds(began, now)},
          {"responsible", slug_or_none(directory, v.row.responsible)},
          {"next", v.next ? Json{{"name", v.next->name}, {"at", base::rfc3339(v.next->at)}} : Json()},
          {"overdue", std::move(overdue)},
          {"test", v.thread.test}};
}

Json told_json(const notify::ToldRow& t) {
  static constexpr const char* kStates[] = {"waiting", "accepted", "fetched", "opened", "failed"};
  return {{"login", t.login},
          {"channel", t.channel_words},
          {"state", kStates[static_cast<unsigned>(t.progress)]},
          {"at", base::rfc3339(std::max({t.created, t.accepted, t.fetched, t.opened}))},
          {"why", t.why}};
}

Json notice_json(keep::Tx& tx, const keep::NoticeRow& n) {
  Json told = Json::array();
  for (const notify::ToldRow& t : notify::told_of(tx, n.seq)) told.push_back(told_json(t));
  const auto id = [](const base::Id& i) { return base::all_zero(i) ? Json() : Json(base::uuid(i)); };
  return {{"seq", n.seq},     {"thread", id(n.thread_id)}, {"message", id(n.msg_id)}, {"what", n.what},       {"tell", n.tell},       {"urgency", n.urgency},
          {"words", n.words}, {"short", notify::words_of(n.what, n.urgency)}, {"at", base::rfc3339(n.at)}, {"phone", n.phone},        {"seen_by", n.seen_by}, {"seen", time_json(n.seen)},
          {"told", std::move(told)}};
}

}  // namespace

bool open(const keep::ThreadRow& row) { return row.loop != "closed" && row.loop != "closed_unresolved"; }

std::optional<LoopView> loop_view(keep::Tx& tx, const mail::Desk& desk, const keep::ThreadRow& row) {
  auto loop = mail::loop_row(tx, row.thread_id);
  if (!loop) return std::nullopt;
  LoopView v{row, std::move(*loop), mail::loop_of(tx, desk.self, row), {}, {}, {}};
  v.set = loop::deadlines_of(desk, v.row, v.state);
  std::erase_if(v.set, [&](const schemas::Deadline& d) { return d.name == "view:50" || !known(desk, v.row, d); });  // a quiet word, no deadline
  for (const schemas::Deadline& d : v.set) {  // by time
    if (d.at > desk.now) {
      if (!v.next) v.next = d;
    } else if (duty(d)) {
      v.overdue.push_back(d);
    }
  }
  return v;
}

void each_loop(keep::Tx& tx, const mail::Desk& desk, const std::function<bool(LoopView)>& visit) {
  tx.scan_back(Table::kRecent, {}, [&](base::View, base::View id) {
    const auto row = id.size() == 16 ? mail::thread(tx, base::fixed<16>(id)) : std::nullopt;
    auto v = row ? loop_view(tx, desk, *row) : std::nullopt;
    return !v || visit(std::move(*v));
  });
}

base::Status op_loops(const Call& call, Json& out) {
  mail::Office& o = call.agent.office();
  const mail::Desk desk = o.desk();
  const bool only_open = flag_or(call.in, "open", false), only_overdue = flag_or(call.in, "overdue", false);
  TRY_ASSIGN(const Page page, page_of(call.in, 100));
  return o.store.read([&](keep::Tx& tx) {
    out["loops"] = Json::array();
    out["more"] = false;
    each_loop(tx, desk, [&](const LoopView& v) {
      if ((only_open && ended(v)) || (only_overdue && v.overdue.empty())) return true;
      const bool full = out["loops"].size() == page.limit;
      if (full) {
        out["more"] = true;
      } else {
        out["loops"].push_back(loop_json(call.agent.host(), desk, v));
      }
      return !full;
    });
    return base::Status{};
  });
}

base::Status op_timers(const Call& call, Json& out) {
  TRY_ASSIGN(const Page page, page_of(call.in, 100));
  std::optional<base::Id> thread;
  if (call.in.contains("thread")) {
    TRY_ASSIGN(thread, id_of(call.in, "thread"));
  }
  return call.agent.office().store.read([&](keep::Tx& tx) {
    out["timers"] = Json::array();
    out["next"] = nullptr;
    tx.scan_back(Table::kTimer, page.from(), [&](base::View, base::View v) {
      const auto t = keep::unpack<keep::TimerRow>(v);
      if (!t || (thread && t->thread_id != *thread)) return true;
      if (out["timers"].size() == page.limit) {
        out["next"] = out["timers"].back()["seq"];
        return false;
      }
      out["timers"].push_back({{"seq", t->seq},
                               {"thread", base::uuid(t->thread_id)},
                               {"name", t->name},
                               {"tell", t->tell},
                               {"did", t->did},
                               {"deadline", base::rfc3339(t->deadline)},
                               {"at", base::rfc3339(t->at)},
                               {"late_s", seconds(t->deadline, t->at)}});
      return true;
    });
    return base::Status{};
  });
}

base::Status op_notices(const Call& call, Json& out) {
  TRY_ASSIGN(const Page page, page_of(call.in, 100));
  const bool unseen = flag_or(call.in, "unseen", false);
  return call.agent.office().store.read([&](keep::Tx& tx) {
    out["notices"] = Json::array();
    out["next"] = nullptr;
    tx.scan_back(Table::kNotice, page.from(), [&](base::View, base::View v) {
      const auto n = keep::unpack<keep::NoticeRow>(v);
      if (!n || (unseen && n->seen.ms != 0)) return true;
      if (out["notices"].size() == page.limit) {
        out["next"] = out["notices"].back()["seq"];
        return false;
      }
      out["notices"].push_back(notice_json(tx, *n));
      return true;
    });
    return base::Status{};
  });
}

// Who saw it first stays.
base::Status op_notices_seen(const Call& call, Json& out) {
  TRY_ASSIGN(const std::uint64_t seq, number_of(call.in, "seq", 0, ~0ULL));
  mail::Office& o = call.agent.office();
  const base::Instant now = o.clock();
  TRY(o.store.write([&](keep::Tx& tx) -> base::Status {
    auto n = keep::find<keep::NoticeRow>(tx, Table::kNotice, keep::key_of(seq));
    if (!n) return base::Error{base::Kind::kNotFound, "there is no such notice here", "seq", "see: handoff notices"};
    notify::seen(tx, *n, call.actor, now);
    out["notice"] = notice_json(tx, *n);
    return {};
  }));
  if (o.wake_notify) o.wake_notify();
  return {};
}

}  // namespace adapters::agent::api
