// Compose, ask, roll back.
#include "adapters/agent/rehearse/rehearsal.h"

#include "adapters/agent/host.h"
#include "adapters/agent/mail/outbox.h"
#include "adapters/agent/mail/threads.h"
#include "schemas/body.h"

namespace adapters::agent::rehearse {
namespace {

using base::Error;
using base::Kind;

constexpr std::size_t kEarlier = 1000, kEarlierBytes = 32u << 20;

keep::ReaderAnswer answer_in(const std::string& to, const keep::DecisionRow& d) {
  return {to, d.allowed, d.view, d.code, d.explanation, d.rules, d.withheld};
}

// Whoever would have got the message that lies in this transaction.
std::vector<keep::ReaderAnswer> readers(keep::Tx& tx, const mail::Desk& desk, const Submitted& made) {
  std::vector<keep::ReaderAnswer> out;
  if (desk.policy == nullptr) return out;
  for (const keep::Message& m : mail::messages_by_id(tx, made.msg_id)) {
    if (m.kind == static_cast<std::uint16_t>(schemas::MsgKind::kLoopFacts)) continue;
    for (const crypto::Member* member : desk.directory.members()) {
      const base::Id& id = member->cert.agent;
      if (m.to.empty() ? id == desk.self || member->cert.type != "agent" : m.to[0] != id) continue;
      if (const auto copy = mail::prepare(tx, desk, m, id)) out.push_back(answer_in(member->cert.name, copy->decision));
    }
  }
  return out;
}

// To whom a refused one was to go, and what the policy alone says of it.
std::vector<keep::ReaderAnswer> meant(keep::Tx& tx, const mail::Desk& desk, const Submission& s) {
  const crypto::Member* to = desk.directory.by_slug(s.to);
  if (const auto row = s.thread ? mail::thread(tx, *s.thread) : std::nullopt) to = desk.directory.member(row->other);
  if (to == nullptr) return s.to.empty() ? std::vector<keep::ReaderAnswer>{} : std::vector{keep::ReaderAnswer{.to = s.to, .allowed = false, .view = {}, .code = {}, .words = {}, .rules = {}, .withheld = {}}};
  keep::ReaderAnswer out{.to = to->cert.name, .allowed = false, .view = {}, .code = {}, .words = {}, .rules = {}, .withheld = {}};
  if (desk.policy == nullptr) return {out};
  const auto answer = mail::ask_policy(tx, desk, *to, s.purpose, s.body, s.thread);
  out.allowed = answer.allowed;
  out.view = answer.view;
  out.code = answer.code;
  out.words = answer.explanation();
  out.rules = answer.rules();
  return {out};
}

void refuse(keep::RehearsedRow& row, const Error& why) {
  row.verdict = why.kind == Kind::kDenied ? "denied" : "refused";
  row.where = why.where;
  row.what = why.what;
  row.mend = why.mend;
  row.error = static_cast<std::uint8_t>(why.kind);
}

// Threads that the transaction made, under the ids that the adapter knows.
void compose_earlier(keep::Tx& tx, const mail::Desk& desk, crypto::Random& random, std::span<const Earlier> before, std::map<base::Id, base::Id>& threads) {
  for (const Earlier& e : before) {
    Submission s = e.submission;
    if (s.thread && threads.contains(*s.thread)) s.thread = threads[*s.thread];
    if (const auto made = mail::compose(tx, desk, random, s); made.ok()) threads.emplace(e.thread_id, made->thread_id);
  }
}

}  // namespace

std::vector<Earlier> Chain::before(const Submission& s) const {
  std::optional<base::Id> thread = s.thread;
  for (const Earlier& e : all_) {
    if (!thread && !s.dedupe_key.empty() && e.submission.dedupe_key == s.dedupe_key) thread = e.thread_id;
  }
  std::vector<Earlier> out;
  for (const Earlier& e : all_) {
    if (thread && e.thread_id == *thread) out.push_back(e);
  }
  return out;
}

void Chain::add(const Submission& s, const base::Id& thread) {
  all_.push_back({s, thread});
  bytes_ += s.body.source.bytes.size();
  while (all_.size() > kEarlier || bytes_ > kEarlierBytes) {
    bytes_ -= all_.front().submission.body.source.bytes.size();
    all_.pop_front();
  }
}

void Chain::clear() {
  all_.clear();
  bytes_ = 0;
}

Outcome rehearse(const mail::Office& office, std::span<const Earlier> before, const Submission& s) {
  const mail::Desk desk = office.desk();
  std::optional<Outcome> out;
  const Error rolled_back{Kind::kStale, "a rehearsal leaves no trace", "rehearsal"};
  const base::Status done = office.store.write([&](keep::Tx& tx) -> base::Status {
    keep::RehearsedRow row;
    row.at = desk.now;
    row.format = s.body.source.format;
    row.kind = schemas::name_of(schemas::msg_kinds(), static_cast<std::uint16_t>(schemas::kind_of(s.body.payload)));
    row.test = s.test;
    for (const auto& [key, value] : s.body.custom) row.unmapped.push_back(key);
    std::map<base::Id, base::Id> threads;
    compose_earlier(tx, desk, office.random, before, threads);
    Submission now = s;
    if (now.thread && threads.contains(*now.thread)) now.thread = threads[*now.thread];
    auto made = mail::compose(tx, desk, office.random, now);
    if (made.ok()) {
      row.verdict = made->repeat ? "repeat" : "would_send";
      row.readers = readers(tx, desk, *made);
      if (s.thread) made->thread_id = *s.thread;
      for (const auto& [told, here] : threads) made->thread_id = made->thread_id == here ? told : made->thread_id;
      made->rehearsed = true;
    } else {
      refuse(row, made.error());
      row.readers = meant(tx, desk, now);
    }
    out.emplace(Outcome{std::move(made), std::move(row)});
    return rolled_back;
  });
  if (out && !done.ok() && done.error().where == rolled_back.where) return std::move(*out);
  Outcome failed{done.ok() ? base::Result<Submitted>(rolled_back) : base::Result<Submitted>(done.error()), {}};
  failed.row.at = desk.now;
  refuse(failed.row, failed.answer.error());
  return failed;
}

keep::RehearsedRow unread(std::string_view format, const Error& why, base::Instant now) {
  keep::RehearsedRow row;
  row.at = now;
  row.format = format;
  refuse(row, why);
  row.verdict = "unread";
  return row;
}

}  // namespace adapters::agent::rehearse
