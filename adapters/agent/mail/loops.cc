// Loop rows and the index of their next looks.
#include "adapters/agent/mail/loops.h"

namespace adapters::agent::mail {
namespace {

using keep::Table;

base::Bytes due_key(std::uint64_t when, const base::Id& thread_id) { return base::concat({keep::key_of(when), thread_id}); }

base::Instant time_in(const std::string& text) { return base::parse_rfc3339(text).value_or(base::Instant{}); }

void take_hold(keep::LoopRow& row, const schemas::Hold& hold) {
  if (!hold.start.empty()) row.hold_start = time_in(hold.start);
  if (!hold.expires.empty()) row.hold_end = time_in(hold.expires);
  if (!hold.outcome.empty()) row.hold_end = {};
}

void begin(keep::Tx& tx, keep::LoopRow& row, const base::Id& asker, const base::Id& asked, const base::Id& parent) {
  row.asker = row.responsible = asker;
  row.asked = asked;
  row.parent = parent;
  if (base::all_zero(parent)) return;
  auto before = loop_row(tx, parent);
  if (!before || before->asker != asker || !base::all_zero(before->child)) return;  // only the requester re-refers (D20)
  before->child = row.thread_id;
  save_loop(tx, *before);
}

void take_handoff(keep::LoopRow& row, std::string_view phase, const base::Id& who, base::Instant at) {
  if (phase == "offer") {
    row.handoff_offered = at;
    row.handoff_by = row.responsible = who;
  } else {
    row.handoff_offered = {};
    if (phase == "take") row.responsible = who;
  }
}

void take_facts(keep::Tx& tx, keep::LoopRow& row, const base::Id& sender, const schemas::LoopFacts& f, const base::Id& parent) {
  if (f.kind == "Referral" && base::all_zero(row.asker)) {
    begin(tx, row, sender, f.target, parent);
    row.urgency = f.urgency;
    row.service = f.service;
  }
  if (f.handoff == "offer" && base::all_zero(row.asker)) {  // a handoff without a referral before it: it is urgent by nature
    begin(tx, row, sender, f.target, {});
    row.urgency = "emergent";
  }
  if (!f.handoff.empty()) take_handoff(row, f.handoff, sender, f.at);
}

}  // namespace

std::optional<keep::LoopRow> loop_row(keep::Tx& tx, const base::Id& thread_id) {
  return keep::find<keep::LoopRow>(tx, Table::kLoop, tx.key("thread", thread_id));
}

void save_loop(keep::Tx& tx, const keep::LoopRow& row) { tx.put(Table::kLoop, tx.key("thread", row.thread_id), keep::pack(row)); }

void look_at(keep::Tx& tx, keep::LoopRow& row, base::Instant when) {
  if (row.due == when.ms) return;
  if (row.due != 0) tx.erase(Table::kDue, due_key(row.due, row.thread_id));
  row.due = when.ms;
  if (row.due != 0) tx.put(Table::kDue, due_key(row.due, row.thread_id), {});
}

std::vector<base::Id> loops_due(keep::Tx& tx, base::Instant now, std::size_t at_most) {
  std::vector<base::Id> out;
  tx.scan(Table::kDue, {}, [&](base::View k, base::View) {
    if (k.size() != 24 || keep::number_in(k.first(8)) > now.ms || out.size() == at_most) return false;
    out.push_back(base::fixed<16>(k.subspan(8)));
    return true;
  });
  return out;
}

std::optional<base::Instant> next_look(keep::Tx& tx) {
  std::optional<base::Instant> out;
  tx.scan(Table::kDue, {}, [&](base::View k, base::View) {
    if (k.size() == 24) out = base::Instant{keep::number_in(k.first(8))};
    return false;
  });
  return out;
}

void note_in_loop(keep::Tx& tx, const Desk& desk, const keep::Message& m, const schemas::Body& body) {
  auto row = loop_row(tx, m.thread_id);
  const bool known = row.has_value();
  if (!known) {
    row.emplace();
    row->thread_id = m.thread_id;
    row->policy_version = m.policy_version != 0 ? m.policy_version : (desk.policy ? desk.policy->version : 0);
  }
  const base::Id to = m.to.empty() ? base::Id{} : m.to[0];
  if (const auto* r = std::get_if<schemas::Referral>(&body.payload)) {
    if (known && !base::all_zero(row->asker)) return;
    begin(tx, *row, m.sender, to, body.parent_thread);
    row->urgency = r->urgency;
    row->service = r->service.code;
    take_hold(*row, r->hold);
  } else if (const auto* f = std::get_if<schemas::LoopFacts>(&body.payload)) {
    take_facts(tx, *row, m.sender, *f, body.parent_thread);
  } else if (const auto* h = std::get_if<schemas::HandoffReport>(&body.payload)) {
    if (!known) {
      begin(tx, *row, m.sender, to, {});
      row->urgency = "emergent";
    }
    const base::Instant at = body.entered_at.ms != 0 ? body.entered_at : time_in(h->at);
    take_handoff(*row, h->phase, m.sender, at.ms != 0 ? at : m.created);
    take_hold(*row, h->hold);
  } else if (const auto* s = std::get_if<schemas::StatusUpdate>(&body.payload)) {
    take_hold(*row, s->hold);
  } else if (!known) {
    return;  // messages alone make no loop
  }
  look_at(tx, *row, desk.now);
  save_loop(tx, *row);
}

namespace {
bool known_urgency(std::string_view u) { return u == "emergent" || u == "urgent" || u == "routine"; }
}  // namespace

std::string item_words(std::string_view urgency) { return known_urgency(urgency) ? std::string(urgency) + " item" : "item"; }

void notify(keep::Tx& tx, keep::NoticeRow notice) {
  if (!known_urgency(notice.urgency)) notice.urgency.clear();
  notice.seq = tx.next(Table::kNotice);
  tx.put(Table::kNotice, keep::key_of(notice.seq), keep::pack(notice));
  tx.changed(Table::kNotice, keep::key_of(notice.seq));
}

void record_refusal(keep::Tx& tx, const keep::RefusalRow& row) { tx.put(Table::kRefusal, keep::key_of(tx.next(Table::kRefusal)), keep::pack(row)); }

}  // namespace adapters::agent::mail
