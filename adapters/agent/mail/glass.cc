// Break-glass: asking, answering, reviewing.
#include "adapters/agent/mail/glass.h"

#include <algorithm>

#include "adapters/agent/disclose/consents.h"
#include "adapters/agent/mail/loops.h"
#include "adapters/agent/mail/threads.h"
#include "schemas/body.h"
#include "schemas/calendar.h"

namespace adapters::agent::mail {
namespace {

using keep::Table;

constexpr std::uint64_t kLongestMs = base::kHour;

base::Bytes key(keep::Tx& tx, const base::Id& msg_id) { return base::to_bytes(base::View(tx.key("glass", msg_id))); }
void save(keep::Tx& tx, const keep::GlassRow& row) { tx.put(Table::kGlass, key(tx, row.msg_id), keep::pack(row)); }

keep::GlassRow row_of(const Desk& desk, const base::Id& msg_id, const base::Id& thread_id, const base::Id& by, const schemas::BreakGlass& g) {
  keep::GlassRow row;
  row.msg_id = msg_id;
  row.thread_id = thread_id;
  row.opened = g.opened;
  row.by = by;
  row.reason = g.reason;
  row.text = g.text;
  row.person = g.person;
  row.role = g.role;
  row.at = g.at;
  row.until = g.until;
  row.review_due = schemas::later(desk.now, desk.policy->break_glass.review, desk.policy->calendar);
  return row;
}

void tell_privacy_officer(keep::Tx& tx, const Desk& desk, const keep::GlassRow& row) {
  notify(tx, {0, row.thread_id, row.msg_id, "break_glass", "privacy_officer", "break-glass was used (" + row.reason + "): it waits for your review", desk.now, false, {}, {}});
}

// The message that is asked for, if it went from us to them.
std::optional<keep::Message> ours(keep::Tx& tx, const base::Id& msg_id, const base::Id& to) {
  for (keep::Message& m : messages_by_id(tx, msg_id)) {
    if (m.outgoing && !m.to.empty() && m.to[0] == to && m.kind != static_cast<std::uint16_t>(schemas::MsgKind::kLoopFacts)) return std::move(m);
  }
  return std::nullopt;
}

// What an emergency opens of it, or why nothing.
base::Result<base::Bytes> open_for(keep::Tx& tx, const Desk& desk, const keep::Message& original, const crypto::Member& reader) {
  TRY_ASSIGN(const schemas::Body body, schemas::decode_body(original.body));
  const auto opening = is_opening(original) ? std::nullopt : opening_of(tx, original.thread_id);
  disclose::Context context = disclose::context_of(opening ? &*opening : nullptr);
  context.break_glass = true;
  const auto consents = disclose::finder(tx);
  const disclose::Ruling r = disclose::rule(*desk.policy, {desk.slug, desk.kind}, {reader.cert.name, reader.cert.kind}, static_cast<schemas::MsgKind>(original.kind),
                                            static_cast<schemas::Purpose>(original.purpose), body, context, consents, desk.now);
  if (!r.answer.allowed) return disclose::refusal(r.answer);
  return schemas::encode_body(disclose::copy_for(*desk.policy, r, desk.slug, body, context, consents).body);
}

void answer_request(keep::Tx& tx, const Desk& desk, crypto::Random& random, const keep::Message& m, const schemas::BreakGlass& asked, std::vector<std::string>& tell) {
  const auto original = ours(tx, asked.opened, m.sender);
  const crypto::Member* reader = desk.directory.member(m.sender);
  Submission s;
  s.thread = m.thread_id;
  s.purpose = static_cast<schemas::Purpose>(m.purpose);
  s.test = m.test;
  base::Result<base::Bytes> content = base::Error{base::Kind::kNotFound, "we sent no such message", "break_glass.opened"};
  if (original && reader != nullptr) content = open_for(tx, desk, *original, *reader);
  if (content.ok()) {
    schemas::BreakGlass given = asked;
    given.content = std::move(content).value();
    s.body.payload = std::move(given);
  } else {
    s.body.payload = schemas::Acknowledgement{m.msg_id, "content-rejected", {content.error().where + ": " + content.error().what}};
  }
  if (auto sent = compose(tx, desk, random, s); !sent.ok()) tell.push_back("break-glass could not be answered: " + sent.error().what);
}

}  // namespace

base::Result<Submitted> break_glass(keep::Tx& tx, const Desk& desk, crypto::Random& random, const GlassRequest& request) {
  if (desk.policy == nullptr) return base::Error{base::Kind::kBusy, desk.stale, "policy"};
  const auto& rules = desk.policy->break_glass;
  if (request.text.empty()) return base::Error{base::Kind::kUsage, "break-glass needs words: what is the emergency", "text"};
  if (request.reason.empty() || (!rules.reasons.empty() && std::ranges::find(rules.reasons, request.reason) == rules.reasons.end())) {
    std::string known;
    for (const std::string& r : rules.reasons) known += (known.empty() ? "" : ", ") + r;
    return base::Error{base::Kind::kUsage, "break-glass needs a reason code", "reason", known};
  }
  const auto held = messages_by_id(tx, request.message);
  const auto it = std::ranges::find_if(held, [](const keep::Message& m) { return !m.outgoing; });
  if (it == held.end()) return base::Error{base::Kind::kNotFound, "no such message was received here", "message"};
  schemas::BreakGlass g;
  g.reason = request.reason;
  g.text = request.text;
  g.person = request.person;
  g.role = request.role;
  g.at = desk.now;
  g.until = desk.now.plus(std::min(kLongestMs, rules.time_box.none() ? kLongestMs : rules.time_box.ms));
  g.opened = request.message;
  Submission s;
  s.body.payload = g;
  s.thread = it->thread_id;
  s.purpose = static_cast<schemas::Purpose>(it->purpose);
  s.test = it->test;
  s.person = request.person;
  TRY_ASSIGN(const Submitted sent, compose(tx, desk, random, s));
  const keep::GlassRow row = row_of(desk, sent.msg_id, it->thread_id, desk.self, g);
  save(tx, row);
  tell_privacy_officer(tx, desk, row);
  return sent;
}

void take_break_glass(keep::Tx& tx, const Desk& desk, crypto::Random& random, const keep::Message& m, const schemas::BreakGlass& glass,
                      std::vector<std::string>& tell) {
  if (!glass.content.empty() || desk.policy == nullptr) return;  // an answer: it stands in the thread
  const keep::GlassRow row = row_of(desk, m.msg_id, m.thread_id, m.sender, glass);
  save(tx, row);
  tell_privacy_officer(tx, desk, row);
  answer_request(tx, desk, random, m, glass, tell);
}

std::vector<keep::GlassRow> uses_of_glass(keep::Tx& tx, bool unreviewed_only) {
  std::vector<keep::GlassRow> out;
  tx.scan(Table::kGlass, {}, [&](base::View, base::View v) {
    auto row = keep::unpack<keep::GlassRow>(v);
    if (row && (!unreviewed_only || row->reviewed.ms == 0)) out.push_back(std::move(*row));
    return true;
  });
  std::ranges::sort(out, {}, &keep::GlassRow::at);
  return out;
}

base::Status review_glass(keep::Tx& tx, const base::Id& self, const base::Id& msg_id, const std::string& finding, const std::string& person, base::Instant now) {
  if (finding != "justified" && finding != "not_justified") return base::Error{base::Kind::kUsage, "a finding is justified or not_justified", "finding"};
  auto row = keep::find<keep::GlassRow>(tx, Table::kGlass, key(tx, msg_id));
  if (!row) return base::Error{base::Kind::kNotFound, "there is no such use of break-glass here", "id", "see: handoff btg list"};
  if (row->reviewed.ms != 0) return base::Error{base::Kind::kConflict, "it was reviewed already", "id"};
  if (row->by == self && !row->person.empty() && row->person == person) return base::Error{base::Kind::kDenied, "nobody reviews their own use", "person"};
  row->finding = finding;
  row->reviewed_by = person;
  row->reviewed = now;
  save(tx, *row);
  return {};
}

}  // namespace adapters::agent::mail
