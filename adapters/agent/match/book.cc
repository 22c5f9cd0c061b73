#include "adapters/agent/match/book.h"

#include <algorithm>
#include <set>

#include "adapters/agent/mail/loops.h"
#include "adapters/agent/mail/threads.h"
#include "adapters/agent/match/score.h"
#include "crypto/merkle.h"
#include "schemas/body.h"

namespace adapters::agent::match {
namespace {

using base::Error;
using base::Kind;
using keep::MatchRow;
using keep::MatchState;
using keep::Table;

constexpr std::size_t kBest = 5, kThreads = 5000, kRemembered = 1000;

void save(keep::Tx& tx, const MatchRow& r) { tx.put(Table::kMatch, keep::key_of(r.id), keep::pack(r)); }
base::Hash key_of_record(keep::Tx& tx, const std::string& dedupe_key) { return tx.key("match", base::view(dedupe_key)); }

bool open_referral(const keep::ThreadRow& t) {
  return t.opening != 0 && !schemas::terminal(static_cast<schemas::Phase>(t.phase)) && t.phase != static_cast<std::uint8_t>(schemas::Phase::kNone);
}

std::vector<std::string> refs_of(const schemas::Subject& who, const schemas::Payload& payload) {
  std::vector<std::string> out;
  const auto add = [&](std::string ref) {
    if (!ref.empty() && std::find(out.begin(), out.end(), ref) == out.end()) out.push_back(std::move(ref));
  };
  for (const schemas::Identifier& id : who.ids) add(mail::subject_ref(id));
  if (const auto* e = std::get_if<schemas::EncounterNotification>(&payload)) {
    add(e->visit);
    for (const schemas::Identifier& id : e->subject.ids) add(mail::subject_ref(id));
  }
  return out;
}

bool share(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& x) { return std::find(b.begin(), b.end(), x) != b.end(); });
}

// What people said before of the same visit or person.
struct Said {
  bool nobody = false;          // of this very visit: it belongs to none
  bool asked = false;           // and one waits already
  std::set<base::Id> not_here;  // of the person: not this thread
};
Said said_before(keep::Tx& tx, const MatchRow& fresh) {
  Said out;
  for (const MatchRow& r : rows(tx, false, 0, kRemembered)) {
    const bool same_visit = !fresh.visit.empty() && r.visit == fresh.visit;
    if (same_visit && r.state == MatchState::kDismissed) out.nobody = true;
    if (same_visit && r.state == MatchState::kWaiting) out.asked = true;
    if (r.state == MatchState::kUndone && (same_visit || share(r.refs, fresh.refs))) out.not_here.insert(r.thread_id);
  }
  return out;
}

std::vector<keep::MatchCandidate> candidates(keep::Tx& tx, const schemas::Subject& who, base::Instant now, const std::set<base::Id>& but) {
  std::vector<keep::MatchCandidate> out;
  std::size_t seen = 0;
  tx.scan_back(Table::kRecent, {}, [&](base::View, base::View id) {
    const auto t = mail::thread(tx, base::fixed<16>(id));
    if (!t || !open_referral(*t) || but.contains(t->thread_id)) return ++seen < kThreads;
    if (const auto r = mail::opening_of(tx, t->thread_id)) {
      const std::uint64_t apart = now > t->updated ? now.ms - t->updated.ms : 0;
      const Likeness l = likeness(who, r->subject, apart);
      if (l.score >= kThreshold) out.push_back({t->thread_id, l.score, l.why});
    }
    return ++seen < kThreads;
  });
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.score > b.score; });
  if (out.size() > kBest) out.resize(kBest);
  return out;
}

MatchRow fresh_row(const mail::Desk& desk, std::string_view adapter, const schemas::Subject& who, const Submission& s) {
  MatchRow r;
  r.adapter = adapter, r.dedupe_key = s.dedupe_key;
  r.refs = refs_of(who, s.body.payload);
  r.kind = static_cast<std::uint16_t>(schemas::kind_of(s.body.payload)), r.purpose = static_cast<std::uint16_t>(s.purpose);
  r.test = s.test, r.at = desk.now;
  if (const auto* e = std::get_if<schemas::EncounterNotification>(&s.body.payload)) r.visit = e->visit;
  schemas::Body person;
  person.payload = schemas::EncounterNotification{.event = {}, .facility = {}, .at = {}, .subject = who, .visit = {}, .disposition = {}, .follow_up_at = {}, .in_reply_to_ref = {}};
  r.who = schemas::encode_body(person), r.body = schemas::encode_body(s.body);
  return r;
}

// Other records of the same visit that were confirmed for the same thread: they stand or fall together.
std::vector<MatchRow> group_of(keep::Tx& tx, const MatchRow& r) {
  std::vector<MatchRow> out = {r};
  for (MatchRow& other : rows(tx, false, 0, kRemembered)) {
    if (other.id != r.id && !r.visit.empty() && other.visit == r.visit && other.state == r.state && other.thread_id == r.thread_id) out.push_back(std::move(other));
  }
  return out;
}

bool others_confirmed(keep::Tx& tx, const std::vector<MatchRow>& group) {
  for (const MatchRow& r : rows(tx, false, 0, kRemembered)) {
    const bool ours = std::any_of(group.begin(), group.end(), [&](const MatchRow& g) { return g.id == r.id; });
    if (!ours && r.state == MatchState::kConfirmed && r.thread_id == group[0].thread_id) return true;
  }
  return false;
}

// Did it come because of the link? A visit that shares a reference; else what adapters send by person: appointments, results, documents, unless
// another match of this thread may have brought them.
bool followed(const keep::Message& m, const schemas::Body& body, const std::vector<std::string>& refs, bool others) {
  if (!m.person.empty()) return false;
  if (std::holds_alternative<schemas::EncounterNotification>(body.payload)) return share(refs_of({}, body.payload), refs);
  if (others) return false;
  if (const auto* u = std::get_if<schemas::StatusUpdate>(&body.payload)) return u->actor_role == "machine" && (u->status == "scheduled" || u->status == "no-show");
  const auto* w = std::get_if<schemas::SecureMessage>(&body.payload);
  return w != nullptr && w->author_role == "machine";
}

struct Wrong {
  std::vector<keep::Message> messages;
  std::vector<std::string> refs;
};
Wrong what_came_of(keep::Tx& tx, const mail::Desk& desk, const std::vector<MatchRow>& group) {
  Wrong out;
  std::set<base::Id> sent, gone;
  for (const MatchRow& r : group) {
    sent.insert(r.sent.begin(), r.sent.end());
    out.refs.insert(out.refs.end(), r.refs.begin(), r.refs.end());
  }
  const bool others = others_confirmed(tx, group);
  bool since = false;
  for (const std::uint64_t seq : mail::thread_messages(tx, group[0].thread_id)) {
    const auto m = mail::message(tx, seq);
    const auto body = m ? schemas::decode_body(m->body) : base::Result<schemas::Body>(base::malformed("gone"));
    if (!m || !body.ok() || m->sender != desk.self) continue;
    if (const auto* c = std::get_if<schemas::Correction>(&body->payload)) gone.insert(c->target);
    since = since || sent.contains(m->msg_id);
    if (!sent.contains(m->msg_id) && !(since && followed(*m, *body, out.refs, others))) continue;
    for (std::string& ref : refs_of({}, body->payload)) out.refs.push_back(std::move(ref));
    out.messages.push_back(*m);
  }
  std::erase_if(out.messages, [&](const keep::Message& m) { return gone.contains(m.msg_id); });
  return out;
}

// Where those messages were passed on to.
void add_forwarded(keep::Tx& tx, const mail::Desk& desk, std::vector<keep::Message>& messages) {
  std::set<base::Id> wrong;
  for (const keep::Message& m : messages) wrong.insert(m.msg_id);
  const std::uint64_t from = messages.empty() ? 0 : messages.front().seq;
  tx.scan(Table::kMessage, keep::key_of(from), [&](base::View, base::View v) {
    auto m = keep::unpack<keep::Message>(v);
    if (!m || m->sender != desk.self || wrong.contains(m->msg_id)) return true;
    const auto body = schemas::decode_body(m->body);
    if (body.ok() && wrong.contains(body->forwards)) messages.push_back(std::move(*m));
    return true;
  });
}

base::Status take_back(keep::Tx& tx, const mail::Desk& desk, crypto::Random& random, const keep::Message& m, const std::string& person, const std::string& reason) {
  Submission s;
  s.thread = m.thread_id, s.person = person, s.test = m.test;
  s.purpose = static_cast<schemas::Purpose>(m.purpose);
  if (const auto original = schemas::decode_body(m.body); original.ok()) s.body.authority_basis = original->authority_basis;
  s.body.payload = schemas::Correction{.target = m.msg_id, .replacement = {}, .action = "retract", .reason = "ERROR", .text = reason};
  auto sent = mail::compose(tx, desk, random, s);
  return sent.ok() ? base::Status{} : base::Status(sent.error());
}

// The references that led those messages' successors here.
void unlink(keep::Tx& tx, const Wrong& wrong, const base::Id& thread) {
  std::set<std::uint64_t> seqs;
  for (const keep::Message& m : wrong.messages) seqs.insert(m.seq);
  std::vector<base::Bytes> keys;
  for (const std::string& ref : wrong.refs) {
    tx.scan_prefix(Table::kRef, tx.key("ref", base::view(ref)), [&](base::View key, base::View value) {
      if (base::equal(value, thread) && seqs.contains(keep::number_in(key))) keys.push_back(base::to_bytes(key));
      return true;
    });
  }
  for (const base::Bytes& key : keys) tx.erase(Table::kRef, key);
}

}  // namespace

base::Result<std::optional<std::uint64_t>> propose(keep::Tx& tx, const mail::Desk& desk, std::string_view adapter, const schemas::Subject& who,
                                                   const Submission& s) {
  MatchRow r = fresh_row(desk, adapter, who, s);
  const base::Hash digest = crypto::sha256(r.body);
  if (!s.dedupe_key.empty()) {
    const auto before = tx.get(Table::kDedupe, key_of_record(tx, s.dedupe_key));
    if (before && before->size() == 40) {
      if (!base::equal(base::View(*before).first(32), digest)) return Error{Kind::kConflict, "the same key came before with other content", "dedupe_key"};
      return std::optional(keep::number_in(*before));
    }
  }
  const Said said = said_before(tx, r);
  if (said.nobody) return std::optional<std::uint64_t>{};
  r.candidates = candidates(tx, who, desk.now, said.not_here);
  if (r.candidates.empty()) return std::optional<std::uint64_t>{};
  r.id = tx.next(Table::kMatch);
  save(tx, r);
  if (!s.dedupe_key.empty()) tx.put(Table::kDedupe, key_of_record(tx, s.dedupe_key), keep::key_of(digest, r.id));
  if (!said.asked)
    mail::notify(tx, {0, {}, {}, "match", "on_call", "a record of " + r.adapter + " may belong to a referral: see handoff matches list", desk.now, false, {}, {}});
  return std::optional(r.id);
}

base::Result<MatchRow> row(keep::Tx& tx, std::uint64_t id) {
  auto r = keep::find<MatchRow>(tx, Table::kMatch, keep::key_of(id));
  if (!r) return Error{Kind::kNotFound, "there is no such match", "id", "see: handoff matches list"};
  return std::move(*r);
}

std::vector<MatchRow> rows(keep::Tx& tx, bool waiting_only, std::uint64_t before, std::size_t limit) {
  std::vector<MatchRow> out;
  tx.scan_back(Table::kMatch, before == 0 ? base::Bytes{} : keep::key_of(before - 1), [&](base::View, base::View v) {
    auto r = keep::unpack<MatchRow>(v);
    if (r && (!waiting_only || r->state == MatchState::kWaiting)) out.push_back(std::move(*r));
    return out.size() < limit;
  });
  return out;
}

base::Result<Submission> submission(keep::Tx& tx, const mail::Desk& desk, const MatchRow& r, const base::Id& thread, const std::string& person) {
  if (r.state == MatchState::kConfirmed) return Error{Kind::kConflict, "it was confirmed already", "id", "take that back first: handoff matches undo"};
  if (r.state == MatchState::kDismissed) return Error{Kind::kConflict, "it was dismissed, and its content is gone", "id"};
  const auto t = mail::thread(tx, thread);
  if (!t || t->opening == 0) return Error{Kind::kNotFound, "there is no such referral here", "thread", "see: handoff matches show"};
  Submission s;
  TRY_ASSIGN(s.body, schemas::decode_body(r.body));
  const crypto::Member* other = desk.directory.member(t->other);
  s.to = other == nullptr ? "" : other->cert.name;
  s.thread = thread, s.purpose = static_cast<schemas::Purpose>(r.purpose), s.test = r.test, s.dedupe_key = r.dedupe_key, s.person = person;
  return s;
}

base::Result<Submitted> confirm(keep::Tx& tx, const mail::Desk& desk, crypto::Random& random, std::uint64_t id, const Submission& s) {
  TRY_ASSIGN(MatchRow r, row(tx, id));
  if (const auto still = submission(tx, desk, r, *s.thread, s.person); !still.ok()) return still.error();
  TRY_ASSIGN(const Submitted done, mail::compose(tx, desk, random, s));
  const auto sent = mail::messages_by_id(tx, done.msg_id);
  r.state = MatchState::kConfirmed, r.thread_id = *s.thread, r.person = s.person, r.decided = desk.now, r.reason.clear(), r.retracted.clear();
  r.sent.push_back(done.msg_id);
  save(tx, r);
  for (const std::string& ref : r.refs) {
    if (!sent.empty()) tx.put(Table::kRef, keep::key_of(tx.key("ref", base::view(ref)), sent[0].seq), *s.thread);
  }
  return done;
}

std::vector<std::uint64_t> of_same_visit(keep::Tx& tx, const MatchRow& r) {
  std::vector<std::uint64_t> out;
  for (const MatchRow& other : rows(tx, true, 0, kRemembered)) {
    if (other.id != r.id && !r.visit.empty() && other.visit == r.visit) out.push_back(other.id);
  }
  std::sort(out.begin(), out.end());
  return out;
}

base::Status dismiss(keep::Tx& tx, const mail::Desk& desk, std::uint64_t id, const std::string& person, const std::string& reason) {
  TRY_ASSIGN(MatchRow r, row(tx, id));
  if (r.state == MatchState::kConfirmed) return Error{Kind::kConflict, "it was confirmed already", "id", "take that back: handoff matches undo"};
  std::vector<MatchRow> all = {r};
  for (const std::uint64_t other : of_same_visit(tx, r)) {
    TRY_ASSIGN(MatchRow o, row(tx, other));
    all.push_back(std::move(o));
  }
  for (MatchRow& m : all) {
    m.state = MatchState::kDismissed, m.person = person, m.reason = reason, m.decided = desk.now;
    m.body.clear(), m.who.clear();
    save(tx, m);
  }
  return {};
}

base::Result<std::vector<base::Id>> undo(keep::Tx& tx, const mail::Desk& desk, crypto::Random& random, std::uint64_t id, const std::string& person,
                                         const std::string& reason) {
  TRY_ASSIGN(const MatchRow r, row(tx, id));
  if (r.state != MatchState::kConfirmed) return Error{Kind::kConflict, "there is nothing to take back: it is not confirmed", "id"};
  std::vector<MatchRow> group = group_of(tx, r);
  Wrong wrong = what_came_of(tx, desk, group);
  unlink(tx, wrong, r.thread_id);
  add_forwarded(tx, desk, wrong.messages);
  std::vector<base::Id> out;
  for (const keep::Message& m : wrong.messages) {
    TRY(take_back(tx, desk, random, m, person, reason));
    out.push_back(m.msg_id);
  }
  for (MatchRow& g : group) {
    g.state = MatchState::kUndone, g.person = person, g.reason = reason, g.decided = desk.now, g.retracted = out, g.sent.clear();
    if (!g.dedupe_key.empty()) tx.erase(Table::kDedupe, tx.key("dedupe", base::view(g.dedupe_key)));  // so that it can go where it belongs
    save(tx, g);
  }
  return out;
}

}  // namespace adapters::agent::match
