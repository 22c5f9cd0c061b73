// The row of a thread: who, why, from whom, how long.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/agent/api/inbox.h"
#include "adapters/agent/loop/clockwork.h"
#include "adapters/agent/mail/reading.h"
#include "adapters/agent/mail/threads.h"
#include "schemas/body.h"

namespace adapters::agent::api {
namespace {

using schemas::Phase;

Phase phase_of(const Entry& e) { return static_cast<Phase>(e.thread.phase); }
bool undecided(Phase p) { return p == Phase::kRequested || p == Phase::kReceived || p == Phase::kInfoRequested; }

// A deadline that people here are to keep, or, of what we asked for, that people there are to keep.
bool for_people(const schemas::Deadline& d, bool ended) {
  if (d.name == "hold:end") return !ended;
  return d.name == "view" || d.name == "decide" || d.name == "contact" || d.name == "outcome" || d.name == "on_hold" || d.name == "handoff" || d.name.starts_with("follow_up:");
}

// Is there still something to do?
bool ended(const Entry& e) {
  if (e.loop && e.loop->row.handoff_offered.ms != 0) return false;
  const Phase p = phase_of(e);
  return p == Phase::kNone ? !e.thread.unread : schemas::terminal(p);
}

const schemas::Deadline* nearest(const Entry& e) {
  if (!e.loop) return nullptr;
  const bool over = ended(e);
  const auto it = std::ranges::find_if(e.loop->set, [&](const schemas::Deadline& d) { return for_people(d, over); });  // by time
  return it == e.loop->set.end() ? nullptr : &*it;
}

std::string first_letter(std::string_view word) {
  if (word.empty()) return {};
  std::size_t n = 1;
  while (n < word.size() && (static_cast<unsigned char>(word[n]) & 0xC0U) == 0x80U) ++n;
  std::string out(word.substr(0, n));
  if (n == 1 && out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

// Whole years of a date as precise as it is known: a year alone gives "~34".
std::string age_of(const schemas::Subject& s, base::Instant now) {
  const auto number = [](std::string_view t) {
    int n = 0;
    for (const char c : t) n = c >= '0' && c <= '9' ? n * 10 + (c - '0') : -100'000;
    return n;
  };
  const std::string today = base::rfc3339(now).substr(0, 10);
  if (s.dob.size() >= 4) {
    const int year = number(std::string_view(s.dob).substr(0, 4));
    int age = number(today.substr(0, 4)) - year;
    if (s.dob.size() >= 10 && s.dob.substr(5, 5) > today.substr(5, 5)) --age;
    if (year > 0 && age >= 0 && age < 150) return (s.dob.size() >= 10 ? "" : "~") + std::to_string(age);
  }
  std::string band;
  for (const char c : s.age_band) {
    if (c < '0' || c > '9') break;
    band += c;
  }
  return band.empty() ? "?" : "~" + band;
}

Json who_json(const schemas::Subject* s, base::Instant now) {
  if (s == nullptr) return {{"initials", "?"}, {"age", "?"}, {"words", ""}};
  const std::string initials = s->unknown ? std::string() : first_letter(s->name.given) + first_letter(s->name.family);
  const std::string age = age_of(*s, now);
  std::string words = s->descriptor;  // "J. Doe, 34"
  if (!s->unknown && !s->name.family.empty()) {
    words = (s->name.given.empty() ? std::string() : first_letter(s->name.given) + ". ") + s->name.family + (age == "?" ? std::string() : ", " + age);
  }
  return {{"initials", initials.empty() ? "?" : initials}, {"age", age}, {"words", words}};
}

// The first word of the asked agency's people: a machine's "received" and a question are none.
base::Instant acted_at(const Entry& e) {
  if (!e.loop) return {};
  for (const schemas::Event& event : e.loop->state.applied) {
    const bool answer = event.to != Phase::kNone && event.to != Phase::kReceived && event.to != Phase::kInfoRequested;
    if (event.by == schemas::Party::kTarget && answer) return event.at;
  }
  return {};
}

std::string handoff_of(const Entry& e) {
  if (!e.loop || base::all_zero(e.loop->row.handoff_by)) return "";
  if (e.loop->row.handoff_offered.ms != 0) return "offered";
  return e.loop->row.responsible == e.loop->row.handoff_by ? "refused" : "taken";
}

// When the person is expected: the newest appointment, or what the acceptance said.
Json expected_json(keep::Tx& tx, const Entry& e) {
  if (!e.loop) return nullptr;
  const schemas::Loop& loop = e.loop->state;
  if (loop.phase == Phase::kScheduled) return time_json(loop.appointment);
  if (loop.phase != Phase::kAccepted) return nullptr;
  for (auto it = loop.applied.rbegin(); it != loop.applied.rend(); ++it) {
    if (it->to != Phase::kAccepted) continue;
    for (const keep::Message& m : mail::messages_by_id(tx, it->msg_id)) {
      const auto body = schemas::decode_body(m.body);
      const auto* s = body.ok() ? std::get_if<schemas::StatusUpdate>(&body->payload) : nullptr;
      if (s != nullptr) return time_json(base::parse_rfc3339(s->expected_at).value_or(base::Instant{}));
    }
  }
  return nullptr;
}

Json follow_ups_json(const mail::Desk& desk, const Entry& e) {
  Json out = Json::array();
  if (!e.loop || e.loop->state.completed.ms == 0) return out;
  for (const auto& [mark, due] : loop::follow_ups_of(desk, e.loop->row, e.loop->state)) {
    const auto result = e.loop->state.follow_ups.find(mark);
    out.push_back({{"mark", mark}, {"due", base::rfc3339(due)}, {"result", result == e.loop->state.follow_ups.end() ? "" : result->second}});
  }
  return out;
}

Json clock_json(const schemas::Deadline* d) {
  if (d == nullptr) return nullptr;
  return {{"name", d->name}, {"from", base::rfc3339(d->from)}, {"at", base::rfc3339(d->at)}, {"phone", d->phone}};
}

// `sent` and what follows from it, by our own records; of a store that kept no times, at least that it went.
Json marks_of(const keep::Message& m, base::Instant seen) {
  const bool gone = m.progress != keep::Progress::kWaiting && m.progress != keep::Progress::kSealed && m.progress != keep::Progress::kFailed;
  const bool there = !m.outgoing || m.progress == keep::Progress::kDelivered || m.progress == keep::Progress::kRead;
  const base::Instant sent = m.sent.ms != 0 ? m.sent : gone ? m.created : base::Instant{};
  const base::Instant delivered = !m.outgoing ? m.received : there && m.delivered.ms != 0 ? m.delivered : base::Instant{};
  const bool failed = m.outgoing && (m.progress == keep::Progress::kFailed || !m.why.empty());
  Json out = {{"state", failed ? "failed" : seen.ms != 0 ? "seen" : there ? "delivered" : gone ? "sent" : "sending"},
              {"sent", time_json(sent)},
              {"delivered", time_json(delivered)},
              {"seen", time_json(seen)},
              {"acted", nullptr},
              {"due", nullptr}};
  if (failed) out["why"] = m.why;
  return out;
}

}  // namespace

std::string subject_of(const schemas::Subject& s) {
  const std::string name = s.name.given.empty() ? s.name.family : s.name.family + ", " + s.name.given;
  return name.empty() ? s.descriptor : name;
}

Entry entry_of(keep::Tx& tx, const mail::Desk& desk, const keep::ThreadRow& row) {
  Entry e{row, loop_view(tx, desk, row), mail::message(tx, row.opening != 0 ? row.opening : row.first), {}};
  if (e.first) {
    if (auto body = schemas::decode_body(e.first->body); body.ok()) e.body = std::move(*body);
  }
  return e;
}

bool to_us(const mail::Desk& desk, const Entry& e) {
  if (e.loop && !base::all_zero(e.loop->row.asked)) return e.loop->row.asked == desk.self;
  return e.first && !e.first->outgoing;
}

std::string section_of(const mail::Desk& desk, const Entry& e) {
  const bool over = ended(e), ours = to_us(desk, e);
  const auto late = [&](const schemas::Deadline& d) { return for_people(d, over); };
  if (e.loop && std::ranges::any_of(e.loop->overdue, late)) return "overdue";
  if (e.loop && e.loop->row.handoff_offered.ms != 0 && (e.loop->row.handoff_by != desk.self || !ours)) return "handoff";
  if (undecided(phase_of(e))) return "decide";
  const bool refused = phase_of(e) == Phase::kRejected || phase_of(e) == Phase::kExpired;
  const bool to_be_asked_elsewhere = !ours && refused && e.thread.unread && e.loop && base::all_zero(e.loop->row.child);
  return over && !to_be_asked_elsewhere ? "done" : "active";
}

Json marks_json(keep::Tx& tx, const mail::Desk& desk, const keep::Message& m) { return marks_of(m, mail::seen_at(tx, desk.self, m)); }

Json marks_json(keep::Tx& tx, const mail::Desk& desk, const Entry& e) {
  if (!e.first) return {{"state", "sending"}, {"sent", nullptr}, {"delivered", nullptr}, {"seen", nullptr}, {"acted", nullptr}, {"due", nullptr}};
  base::Instant seen = mail::seen_at(tx, desk.self, *e.first);
  if (e.loop && seen.ms == 0 && !e.first->outgoing) seen = e.loop->row.viewed;
  Json out = marks_of(*e.first, seen);
  if (!e.loop) return out;
  const base::Instant acted = acted_at(e);
  out["acted"] = time_json(acted);
  if (acted.ms != 0 && out["state"] != "failed") out["state"] = "acted";
  const auto decide = std::ranges::find(e.loop->set, "decide", &schemas::Deadline::name);
  if (decide != e.loop->set.end()) out["due"] = base::rfc3339(decide->at);
  return out;
}

Json row_json(keep::Tx& tx, const mail::Desk& desk, const AgentHost& host, const Entry& e) {
  const std::string other = slug_of(desk.directory, e.thread.other);
  const bool outgoing = e.first && e.first->outgoing;
  const std::string from = outgoing ? desk.slug : other, to = outgoing ? other : desk.slug;
  const auto* r = e.referral();
  Json codes = Json::array();
  for (const schemas::Code& c : r != nullptr ? r->reasons : std::vector<schemas::Code>{}) codes.push_back(c.code);
  const std::string words = r != nullptr && !r->reasons.empty() ? r->reasons[0].text : "";
  return {{"thread", base::uuid(e.thread.thread_id)},
          {"order", e.thread.order},
          {"side", to_us(desk, e) ? "to_us" : "from_us"},
          {"section", section_of(desk, e)},
          {"kind", e.first ? kind_name(e.first->kind) : "?"},
          {"requester", e.thread.requester},
          {"from", from},
          {"from_name", host.display_of(from)},
          {"to", to},
          {"to_name", host.display_of(to)},
          {"who", who_json(r != nullptr ? &r->subject : nullptr, desk.now)},
          {"subject", r != nullptr ? subject_of(r->subject) : ""},
          {"reason", words.empty() && !codes.empty() ? codes[0] : Json(words)},
          {"reason_codes", codes},
          {"reason_text", words},
          {"service", r != nullptr ? r->service.code : ""},
          {"urgency", r != nullptr ? r->urgency : ""},
          {"phase", schemas::name(phase_of(e))},
          {"loop", e.thread.loop},
          {"esc_level", e.loop ? e.loop->state.esc_level : 0},
          {"clock", clock_json(nearest(e))},
          {"marks", marks_json(tx, desk, e)},
          {"place", r != nullptr ? r->location_now : ""},
          {"expected_at", expected_json(tx, e)},
          {"handoff", handoff_of(e)},
          {"follow_ups", follow_ups_json(desk, e)},
          {"received", base::rfc3339(e.thread.created)},
          {"updated", base::rfc3339(e.thread.updated)},
          {"unread", e.thread.unread},
          {"expired", e.first && e.first->expired},
          {"test", e.thread.test},
          {"conflict", e.first && e.first->conflict}};
}

}  // namespace adapters::agent::api
