// The life of a referral: the table of states and moves, and one pure reducer over ordered events (domain brief 1.2; decisions D14).
// Requester, target and coordinator run this same code and reach the same state. Values only; thread-safe.
// Normative: docs/spec/lifecycle.md, sections 1 to 5; a test compares its table with this one.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/instant.h"
#include "crypto/base/result.h"

namespace schemas {

enum class Phase {
  kNone,
  kRequested,
  kReceived,
  kInfoRequested,
  kAccepted,
  kRejected,
  kScheduled,
  kInProgress,
  kOnHold,
  kNoShow,
  kCompleted,
  kCancelRequested,
  kCancelled,
  kExpired,
  kEnteredInError
};
enum class Party { kRequester, kTarget, kCoordinator, kNobody };

std::string_view name(Phase p);  // "requested", "in-progress", ...
std::optional<Phase> phase_of(std::string_view name);
bool terminal(Phase p);

struct Move {  // one row of the table
  Phase from, to;
  Party who;
  std::string_view requires_field;  // "" or the StatusUpdate field that must be there (reason, outcome, appointment_at, ...)
};
std::span<const Move> moves();  // the table, as data

struct Place {              // an event's place in the order of D14
  std::uint64_t index = 0;  // log index of the first entry of its batch; ~0 = own, not yet acknowledged
  base::Id sender{};
  std::uint32_t thread_seq = 0;
  friend auto operator<=>(const Place&, const Place&) = default;
};
struct Event {
  Place place;
  base::Id msg_id{};
  Party by = Party::kNobody;
  Phase to = Phase::kNone;  // kRequested for the Referral itself; kNone: an overlay, which changes no phase
  base::Instant at;
  std::string reason_class, reason, outcome;
  // Overlays: the escalation (reduces by max; also a coordinator may raise it, D13), a follow-up mark and its result (the newest counts).
  std::int32_t esc_level = 0;
  std::string deadline;      // the timer that raised it
  std::string mark, result;  // FU24 | FU72 | FU30; reached | not_reached | declined | na
  base::Instant appointment;
};
struct Refused {
  base::Id msg_id{};
  std::string why;  // plain words: "late accept: already expired"
};
struct Loop {  // what the reducer says
  Phase phase = Phase::kNone;
  std::string loop;            // open | acknowledged | outcome_reported | closed | closed_unresolved
  std::int32_t esc_level = 0;  // 0-3, an overlay
  base::Instant requested, accepted, contacted, completed;  // when the phase first came; 0: not yet
  base::Instant since;                                      // of the present phase
  base::Instant appointment;                                // the newest one scheduled
  unsigned questions = 0;                                   // how often info was requested: only the first stops the clock
  std::uint64_t paused_ms = 0;                              // by the first question, once it is answered
  std::map<std::string, std::string> follow_ups;            // mark -> newest result
  std::vector<Event> applied;  // in order
  std::vector<Refused> refused;
};
// Sorts by Place, drops duplicates by msg_id, applies the table and the race rules of domain 1.1. Any order, any repetition of the
// same events gives the same Loop.
Loop reduce(std::vector<Event> events);

// May `who` move a loop in `from` to `to` now? For checks before sending.
base::Status may_move(Phase from, Phase to, Party who);

}  // namespace schemas
