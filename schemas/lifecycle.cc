// The table of a referral's life and its reducer. What each move requires is checked before sending (may_move's callers); the reducer looks
// at parties and order alone, because the coordinator, who holds fewer fields, must reach the same state.
#include "schemas/lifecycle.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

namespace schemas {
namespace {

using enum Phase;
constexpr auto R = Party::kRequester;
constexpr auto T = Party::kTarget;
constexpr std::int32_t kMaxLevel = 3;

constexpr std::array<std::string_view, 15> kNames{"none",      "requested",        "received",    "info_requested", "accepted",
                                                  "rejected",  "scheduled",        "in-progress", "on-hold",        "no-show",
                                                  "completed", "cancel_requested", "cancelled",   "expired",        "entered-in-error"};

// From, to, who, required field. `expired` is the requester's timer (D13). info_requested is a flag on received: what received may do, it
// may.
constexpr std::array kMoves{
    Move{kNone, kRequested, R, ""},
    Move{kRequested, kReceived, T, ""},
    Move{kReceived, kInfoRequested, T, "text"},
    Move{kInfoRequested, kReceived, R, "text"},
    Move{kReceived, kAccepted, T, "callback"},
    Move{kInfoRequested, kAccepted, T, "callback"},
    Move{kReceived, kRejected, T, "reason"},
    Move{kInfoRequested, kRejected, T, "reason"},
    Move{kAccepted, kScheduled, T, "appointment_at"},
    Move{kAccepted, kInProgress, T, ""},
    Move{kScheduled, kScheduled, T, "appointment_at"},  // moved to another time
    Move{kScheduled, kInProgress, T, ""},
    Move{kAccepted, kNoShow, T, "next_action"},
    Move{kScheduled, kNoShow, T, "next_action"},
    Move{kNoShow, kScheduled, T, "appointment_at"},
    Move{kNoShow, kCompleted, T, "outcome"},
    Move{kNoShow, kCancelled, T, "reason"},
    Move{kInProgress, kOnHold, T, "reason"},
    Move{kOnHold, kInProgress, T, ""},
    Move{kAccepted, kCompleted, T, "outcome"},
    Move{kScheduled, kCompleted, T, "outcome"},
    Move{kInProgress, kCompleted, T, "outcome"},
    Move{kCompleted, kCompleted, R, ""},  // the requester acknowledges the outcome: the loop is closed
    Move{kRequested, kCancelled, R, "reason"},
    Move{kReceived, kCancelled, R, "reason"},
    Move{kInfoRequested, kCancelled, R, "reason"},
    Move{kAccepted, kCancelRequested, R, "reason"},
    Move{kScheduled, kCancelRequested, R, "reason"},
    Move{kInProgress, kCancelRequested, R, "reason"},
    Move{kOnHold, kCancelRequested, R, "reason"},
    Move{kNoShow, kCancelRequested, R, "reason"},
    Move{kCancelRequested, kCancelled, T, ""},
    Move{kCancelRequested, kInProgress, T, ""},
    Move{kRequested, kExpired, R, ""},
    Move{kReceived, kExpired, R, ""},
    Move{kInfoRequested, kExpired, R, ""},
    Move{kRequested, kEnteredInError, R, "reason"},
    Move{kReceived, kEnteredInError, R, "reason"},
    Move{kInfoRequested, kEnteredInError, R, "reason"},
    Move{kAccepted, kEnteredInError, R, "reason"},
    Move{kRejected, kEnteredInError, R, "reason"},
    Move{kScheduled, kEnteredInError, R, "reason"},
    Move{kInProgress, kEnteredInError, R, "reason"},
    Move{kOnHold, kEnteredInError, R, "reason"},
    Move{kNoShow, kEnteredInError, R, "reason"},
    Move{kCompleted, kEnteredInError, R, "reason"},
    Move{kCancelRequested, kEnteredInError, R, "reason"},
    Move{kCancelled, kEnteredInError, R, "reason"},
    Move{kExpired, kEnteredInError, R, "reason"},
};

bool allowed(Phase from, Phase to, Party who) {
  return std::ranges::any_of(kMoves, [&](const Move& m) { return m.from == from && m.to == to && m.who == who; });
}

// Race rule (a): a cancel that comes after the accept asks for one instead.
Phase effective(Phase now, const Event& e) {
  const bool late_cancel = e.to == kCancelled && e.by == R && allowed(now, kCancelRequested, R);
  return late_cancel ? kCancelRequested : e.to;
}

std::string why_not(Phase now, Phase to, Party who) {
  const std::string late = "late " + std::string(name(to)) + ": already " + std::string(name(now));
  if (who == Party::kNobody) return "the sender is no party to this referral";
  if (who == Party::kCoordinator) return "a coordinator does not change a referral";
  if (now == kNone) return "there is no referral yet";
  if (now == kExpired && who == T) return late + "; the requester may reopen it as a new referral";
  if (now == kCompleted) return late + "; a new referral can name this one as its parent";
  if (terminal(now) || now == to) return late;
  return "from " + std::string(name(now)) + " to " + std::string(name(to)) + " is not a move of the " + (who == R ? "requester" : "target");
}

// What every party sees comes first, so that the coordinator, who lacks the rest, sorts the same way.
auto content(const Event& e) {
  return std::tie(e.place.sender, e.msg_id, e.by, e.to, e.at, e.esc_level, e.deadline, e.mark, e.result, e.appointment, e.reason_class,
                  e.reason, e.outcome);
}
auto order(const Event& e) { return std::tuple_cat(std::tie(e.place), content(e)); }

// Sorted; one of each. The same message at two places (sent and since acknowledged, or late facts) stands at the earlier one.
std::vector<Event> distinct(std::vector<Event> events) {
  std::ranges::sort(events, [](const Event& a, const Event& b) { return order(a) < order(b); });
  std::vector<Event> out;
  const auto less = [](const Event* a, const Event* b) { return content(*a) < content(*b); };
  std::set<const Event*, decltype(less)> seen(less);
  for (const auto& e : events)
    if (seen.insert(&e).second) out.push_back(e);
  return out;
}

// Why an overlay does not count; empty: it does. It says one thing, an escalation or a follow-up.
std::string overlay_fault(Phase now, const Event& e) {
  const bool escalates = e.esc_level != 0, marks = !e.mark.empty();
  const std::string already = ": already " + std::string(name(now));
  if (e.by == Party::kNobody) return "the sender is no party to this referral";
  if (now == kNone) return "there is no referral yet";
  if (escalates == marks) return escalates ? "an event says one thing: an escalation or a follow-up" : "the event says nothing";
  if (escalates && (e.esc_level < 0 || e.esc_level > kMaxLevel)) return "there is no such escalation level";
  if (escalates) return terminal(now) ? "late escalation" + already : "";
  if (e.by == Party::kCoordinator) return "a coordinator does not change a referral";
  if (e.result.empty()) return "a follow-up without its result";
  return terminal(now) && now != kCompleted ? "late follow-up" + already : "";
}

std::string loop_of(Phase phase, bool closed) {
  switch (phase) {
    case kNone:
    case kRequested:
    case kReceived:
    case kInfoRequested: return "open";
    case kCompleted: return closed ? "closed" : "outcome_reported";
    case kCancelled:
    case kExpired: return "closed_unresolved";
    case kEnteredInError: return "closed";
    default: return "acknowledged";
  }
}

// One event after the other; take() says why one does not count, or nothing and has applied it.
struct Reducer {
  Loop out;
  bool closed = false;

  std::string take(const Event& e) { return e.to == kNone ? overlay(e) : move(e); }

 private:
  std::string overlay(const Event& e) {
    if (auto fault = overlay_fault(out.phase, e); !fault.empty()) return fault;
    out.esc_level = std::max(out.esc_level, e.esc_level);
    if (!e.mark.empty()) out.follow_ups[e.mark] = e.result;
    return {};
  }

  std::string move(const Event& e) {
    const Phase to = effective(out.phase, e);
    if (!allowed(out.phase, to, e.by) || (to == kCompleted && closed)) return why_not(out.phase, e.to, e.by);
    closed = out.phase == kCompleted && to == kCompleted;
    leave(e.at);
    if (out.phase != to) out.since = e.at;
    out.phase = to;
    enter(e);
    return {};
  }

  // The clock stands still during the first question only.
  void leave(base::Instant at) {
    if (out.phase == kInfoRequested && out.questions == 1) out.paused_ms = at > out.since ? at.ms - out.since.ms : 0;
  }

  void enter(const Event& e) {
    const auto first = [&](base::Instant& when) { when = when.ms == 0 ? e.at : when; };
    switch (out.phase) {
      case kRequested: return first(out.requested);
      case kAccepted: return first(out.accepted);
      case kInProgress: return first(out.contacted);
      case kCompleted: return first(out.completed);
      case kInfoRequested: ++out.questions; return;
      case kScheduled: out.appointment = e.appointment.ms == 0 ? out.appointment : e.appointment; return;
      default: return;
    }
  }
};

}  // namespace

std::string_view name(Phase p) { return kNames[static_cast<std::size_t>(p)]; }

std::optional<Phase> phase_of(std::string_view name) {
  const auto it = std::ranges::find(kNames, name);
  if (it == kNames.end()) return std::nullopt;
  return static_cast<Phase>(it - kNames.begin());
}

bool terminal(Phase p) { return p == kRejected || p == kCompleted || p == kCancelled || p == kExpired || p == kEnteredInError; }

std::span<const Move> moves() { return kMoves; }

Loop reduce(std::vector<Event> events) {
  Reducer reducer;
  std::set<std::pair<base::Id, base::Id>> used;  // (sender, message id)
  for (auto& e : distinct(std::move(events))) {
    const bool fresh = used.emplace(e.place.sender, e.msg_id).second;
    std::string why = fresh ? reducer.take(e) : "this message id was used before with other content";
    if (why.empty())
      reducer.out.applied.push_back(std::move(e));
    else
      reducer.out.refused.push_back({e.msg_id, std::move(why)});
  }
  reducer.out.loop = loop_of(reducer.out.phase, reducer.closed);
  return std::move(reducer.out);
}

base::Status may_move(Phase from, Phase to, Party who) {
  if (allowed(from, to, who)) return {};
  if (to == kCancelled && who == R && allowed(from, kCancelRequested, R))
    return base::Error{base::Kind::kDenied, "it is accepted already", "status", "ask for the cancellation: cancel_requested"};
  return base::Error{base::Kind::kDenied, why_not(from, to, who), "status"};
}

}  // namespace schemas
