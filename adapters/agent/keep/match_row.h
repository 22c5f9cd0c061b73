// MatchRow: a record that an adapter could not place, until a person has said which thread it belongs to, and after. Kept in Table::kMatch.
#pragma once

#include "adapters/agent/keep/records.h"

namespace adapters::agent::keep {

enum class MatchState : std::uint8_t { kWaiting = 0, kConfirmed = 1, kDismissed = 2, kUndone = 3 };

struct MatchCandidate {
  Id thread_id{};
  std::uint32_t score = 0;     // 1 to 100
  std::string why;             // which fields agree; no values
};
void fields(auto& f, MaybeConst<MatchCandidate> auto& r) { f(r.thread_id, r.score, r.why); }
struct MatchRow {
  std::uint64_t id = 0;        // key
  std::string adapter, dedupe_key, visit;
  std::vector<std::string> refs;  // under which later records are found: the visit, the person's numbers (mail::subject_ref)
  std::uint16_t kind = 0, purpose = 0;
  bool test = false;
  Instant at;
  Bytes who, body;             // an EncounterNotification with the subject; what would be sent (schemas/body.h). Empty once dismissed
  std::vector<MatchCandidate> candidates;
  MatchState state = MatchState::kWaiting;
  Id thread_id{};              // confirmed: where it went; undone: where it did not belong
  std::vector<Id> sent;        // messages that were made of it
  std::vector<Id> retracted;   // undone: what was taken back, what followed by itself included
  std::string person, reason;  // who decided last, and why
  Instant decided;
};
void fields(auto& f, MaybeConst<MatchRow> auto& r) {
  f(r.id, r.adapter, r.dedupe_key, r.visit, r.refs, r.kind, r.purpose, r.test, r.at, r.who, r.body, r.candidates, r.state, r.thread_id, r.sent,
    r.retracted, r.person, r.reason, r.decided);
  f.within(r.state, MatchState::kWaiting, MatchState::kUndone);
}

}  // namespace adapters::agent::keep
