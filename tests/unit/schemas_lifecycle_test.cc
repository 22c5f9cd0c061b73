// The life of a referral: the table, and what the reducer makes of events that cross on the way.
#include "schemas/lifecycle.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace schemas;

namespace {

// A thread told event by event, each sequenced after the one before.
class Thread {
 public:
  Thread& requester(Phase to) { return add(Party::kRequester, 1, to); }
  Thread& target(Phase to) { return add(Party::kTarget, 2, to); }
  Thread& other(Party by, Phase to) { return add(by, 3, to); }
  Thread& escalate(Party by, std::int32_t level) {
    add(by, static_cast<base::Byte>(1 + static_cast<int>(by)), Phase::kNone);
    events.back().esc_level = level;
    return *this;
  }
  Thread& follow_up(Party by, const char* mark, const char* result) {
    add(by, static_cast<base::Byte>(1 + static_cast<int>(by)), Phase::kNone);
    events.back().mark = mark;
    events.back().result = result;
    return *this;
  }
  Thread& at(std::uint64_t ms) {  // when the newest event happened
    events.back().at = {ms};
    return *this;
  }
  Thread& appointment(std::uint64_t ms) {
    events.back().appointment = {ms};
    return *this;
  }
  [[nodiscard]] Loop reduced() const { return reduce(events); }
  std::vector<Event> events;

 private:
  Thread& add(Party by, base::Byte who, Phase to) {
    Event e;
    e.place.index = events.size() + 1;
    e.place.sender.fill(who);
    e.place.thread_seq = static_cast<std::uint32_t>(events.size() + 1);
    e.msg_id.fill(static_cast<base::Byte>(events.size() + 1));
    e.by = by;
    e.to = to;
    e.at = {1000 * e.place.index};
    events.push_back(e);
    return *this;
  }
};

Thread accepted() { return Thread().requester(Phase::kRequested).target(Phase::kReceived).target(Phase::kAccepted); }

}  // namespace

TEST_CASE("phases have the names of the domain, both ways") {
  CHECK(name(Phase::kInProgress) == "in-progress");
  CHECK(name(Phase::kCancelRequested) == "cancel_requested");
  CHECK(name(Phase::kEnteredInError) == "entered-in-error");
  for (int i = 0; i <= static_cast<int>(Phase::kEnteredInError); ++i) CHECK(phase_of(name(static_cast<Phase>(i))) == static_cast<Phase>(i));
  CHECK_FALSE(phase_of("Accepted").has_value());
}

TEST_CASE("the table has each move once, leads nowhere from a terminal phase but to an error, and never moves for a coordinator") {
  std::set<std::tuple<Phase, Phase, Party>> seen;
  for (const auto& m : moves()) {
    CHECK(seen.insert({m.from, m.to, m.who}).second);
    CHECK((m.who == Party::kRequester || m.who == Party::kTarget));
    if (terminal(m.from)) CHECK((m.to == Phase::kEnteredInError || (m.from == Phase::kCompleted && m.to == Phase::kCompleted)));
    CHECK(may_move(m.from, m.to, m.who).ok());
  }
  const auto required = [](Phase from, Phase to) {
    return std::ranges::find_if(moves(), [&](const Move& m) { return m.from == from && m.to == to; })->requires_field;
  };
  CHECK(required(Phase::kReceived, Phase::kRejected) == "reason");
  CHECK(required(Phase::kAccepted, Phase::kScheduled) == "appointment_at");
  CHECK(required(Phase::kInProgress, Phase::kCompleted) == "outcome");
}

TEST_CASE("a referral that goes well is open, acknowledged, reported and closed") {
  Thread t;
  CHECK(t.reduced().phase == Phase::kNone);
  CHECK(t.reduced().loop == "open");
  CHECK(t.requester(Phase::kRequested).target(Phase::kReceived).reduced().loop == "open");
  CHECK(t.target(Phase::kAccepted).reduced().loop == "acknowledged");
  CHECK(t.target(Phase::kScheduled).target(Phase::kNoShow).target(Phase::kScheduled).target(Phase::kInProgress).reduced().phase ==
        Phase::kInProgress);
  CHECK(t.target(Phase::kOnHold).target(Phase::kInProgress).target(Phase::kCompleted).reduced().loop == "outcome_reported");
  const auto end = t.requester(Phase::kCompleted).reduced();
  CHECK(end.loop == "closed");
  CHECK(end.refused.empty());
  CHECK(end.applied.size() == 11);
}

TEST_CASE("a question and its answer return to received") {
  Thread t = Thread().requester(Phase::kRequested).target(Phase::kReceived).target(Phase::kInfoRequested);
  CHECK(t.reduced().phase == Phase::kInfoRequested);
  CHECK(t.requester(Phase::kReceived).reduced().phase == Phase::kReceived);
}

TEST_CASE("a coded rejection acknowledges the loop; cancelling and expiring close it unresolved") {
  CHECK(Thread().requester(Phase::kRequested).target(Phase::kReceived).target(Phase::kRejected).reduced().loop == "acknowledged");
  CHECK(Thread().requester(Phase::kRequested).requester(Phase::kCancelled).reduced().loop == "closed_unresolved");
  CHECK(Thread().requester(Phase::kRequested).requester(Phase::kExpired).reduced().loop == "closed_unresolved");
}

TEST_CASE("a cancel that the hub sequenced after the accept asks for cancellation, and the target answers") {
  Thread t = accepted().requester(Phase::kCancelled);
  CHECK(t.reduced().phase == Phase::kCancelRequested);
  CHECK(t.reduced().refused.empty());
  Thread goes_on = t;
  CHECK(goes_on.target(Phase::kInProgress).reduced().phase == Phase::kInProgress);
  CHECK(t.target(Phase::kCancelled).reduced().phase == Phase::kCancelled);
}

TEST_CASE("an accept that the hub sequenced after the cancel is refused") {
  const auto loop =
      Thread().requester(Phase::kRequested).target(Phase::kReceived).requester(Phase::kCancelled).target(Phase::kAccepted).reduced();
  CHECK(loop.phase == Phase::kCancelled);
  REQUIRE(loop.refused.size() == 1);
  CHECK(loop.refused[0].why == "late accepted: already cancelled");
}

TEST_CASE("a late accept after expiry is refused and says what can be done") {
  const auto loop =
      Thread().requester(Phase::kRequested).target(Phase::kReceived).requester(Phase::kExpired).target(Phase::kAccepted).reduced();
  CHECK(loop.phase == Phase::kExpired);
  REQUIRE(loop.refused.size() == 1);
  CHECK(loop.refused[0].why == "late accepted: already expired; the requester may reopen it as a new referral");
}

TEST_CASE("nobody but the parties moves a referral, and each only as the table says") {
  auto t = accepted().other(Party::kNobody, Phase::kCompleted).other(Party::kCoordinator, Phase::kExpired).requester(Phase::kRejected);
  const auto loop = t.reduced();
  CHECK(loop.phase == Phase::kAccepted);
  REQUIRE(loop.refused.size() == 3);
  CHECK(loop.refused[0].why == "the sender is no party to this referral");
  CHECK(loop.refused[1].why == "a coordinator does not change a referral");
  CHECK(loop.refused[2].why == "from accepted to rejected is not a move of the requester");
}

TEST_CASE("the same message twice is one event; the same id with other content is refused") {
  auto t = accepted();
  t.events.push_back(t.events[2]);
  CHECK(t.reduced().refused.empty());
  CHECK(t.reduced().applied.size() == 3);
  auto other = t.events[2];
  other.to = Phase::kRejected;
  other.place.index = 99;
  t.events.push_back(other);
  const auto loop = t.reduced();
  CHECK(loop.phase == Phase::kAccepted);
  REQUIRE(loop.refused.size() == 1);
  CHECK(loop.refused[0].why == "this message id was used before with other content");
}

TEST_CASE("another agency that copies a message id does not displace the message") {
  auto t = accepted();
  auto copy = t.events[2];
  copy.place.sender.fill(9);
  copy.place.index = 1;
  copy.by = Party::kNobody;
  t.events.push_back(copy);
  CHECK(t.reduced().phase == Phase::kAccepted);
  CHECK(t.reduced().refused.size() == 1);
}

TEST_CASE("an own event without a place yet comes last, and is one event once it has its place") {
  auto t = accepted();
  auto own = t.events[0];
  own.place.index = ~std::uint64_t{0};
  own.place.thread_seq = 2;
  own.msg_id.fill(77);
  own.to = Phase::kCancelled;
  t.events.insert(t.events.begin(), own);
  CHECK(t.reduced().phase == Phase::kCancelRequested);
  CHECK(t.reduced().applied.back().msg_id == own.msg_id);
  own.place.index = 2;  // it was sequenced before the accept after all
  t.events[2].place.index = 2;
  t.events[3].place.index = 3;
  t.events.push_back(own);
  const auto loop = t.reduced();
  CHECK(loop.phase == Phase::kCancelled);
  CHECK(std::ranges::count(loop.applied, own.msg_id, &Event::msg_id) == 1);
}

TEST_CASE("the requester may mark a referral as entered in error at any time, and nothing follows") {
  auto t = accepted().target(Phase::kCompleted).requester(Phase::kEnteredInError).target(Phase::kInProgress);
  CHECK(t.reduced().phase == Phase::kEnteredInError);
  CHECK(t.reduced().loop == "closed");
  CHECK(t.reduced().refused.size() == 1);
}

TEST_CASE("an escalation is an overlay: the highest level counts, whoever raised it, and the phase stays") {
  auto t = Thread().requester(Phase::kRequested).target(Phase::kReceived);
  t.escalate(Party::kRequester, 1).escalate(Party::kCoordinator, 2).escalate(Party::kTarget, 1);
  const auto loop = t.reduced();
  CHECK(loop.esc_level == 2);
  CHECK(loop.phase == Phase::kReceived);
  CHECK(loop.since == base::Instant{2000});
  CHECK(loop.refused.empty());
  CHECK(loop.applied.size() == 5);
  CHECK(t.target(Phase::kAccepted).reduced().esc_level == 2);
}

TEST_CASE("levels that do not exist, strangers, empty and double overlays, and overlays before the referral are refused") {
  const auto why = [](Thread t) {
    const auto loop = t.reduced();
    CHECK(loop.esc_level == 0);
    CHECK(loop.follow_ups.empty());
    return loop.refused.empty() ? std::string() : loop.refused.back().why;
  };
  const auto open = Thread().requester(Phase::kRequested);
  const auto with = [&](auto change) {
    Thread t = open;
    change(t);
    return why(t);
  };
  CHECK(with([](Thread& t) { t.escalate(Party::kRequester, 4); }) == "there is no such escalation level");
  CHECK(with([](Thread& t) { t.escalate(Party::kRequester, -1); }) == "there is no such escalation level");
  CHECK(with([](Thread& t) { t.escalate(Party::kNobody, 1); }) == "the sender is no party to this referral");
  CHECK(with([](Thread& t) { t.escalate(Party::kTarget, 0); }) == "the event says nothing");
  CHECK(with([](Thread& t) { t.follow_up(Party::kTarget, "FU24", "reached").events.back().esc_level = 1; }) ==
        "an event says one thing: an escalation or a follow-up");
  CHECK(with([](Thread& t) { t.follow_up(Party::kTarget, "FU24", ""); }) == "a follow-up without its result");
  CHECK(with([](Thread& t) { t.follow_up(Party::kCoordinator, "FU24", "reached"); }) == "a coordinator does not change a referral");
  CHECK(why(Thread().escalate(Party::kRequester, 1)) == "there is no referral yet");
}

TEST_CASE("the newest result of a follow-up mark counts, also after completion; an escalation no longer does") {
  auto t = accepted().target(Phase::kCompleted);
  t.follow_up(Party::kTarget, "FU24", "not_reached").requester(Phase::kCompleted).follow_up(Party::kTarget, "FU24", "reached");
  t.follow_up(Party::kRequester, "FU72", "na").escalate(Party::kRequester, 1);
  const auto loop = t.reduced();
  CHECK(loop.follow_ups == std::map<std::string, std::string>{{"FU24", "reached"}, {"FU72", "na"}});
  CHECK(loop.loop == "closed");
  CHECK(loop.esc_level == 0);
  REQUIRE(loop.refused.size() == 1);
  CHECK(loop.refused[0].why == "late escalation: already completed");
}

TEST_CASE("after any other end a follow-up is refused") {
  auto t = Thread().requester(Phase::kRequested).requester(Phase::kCancelled).follow_up(Party::kTarget, "FU24", "reached");
  REQUIRE(t.reduced().refused.size() == 1);
  CHECK(t.reduced().refused[0].why == "late follow-up: already cancelled");
}

TEST_CASE("the first question stops the clock until it is answered; a second does not") {
  auto t = Thread().requester(Phase::kRequested).at(100).target(Phase::kReceived).at(200).target(Phase::kInfoRequested).at(1000);
  CHECK(t.reduced().questions == 1);
  CHECK(t.reduced().paused_ms == 0);
  CHECK(t.requester(Phase::kReceived).at(1600).reduced().paused_ms == 600);
  t.target(Phase::kInfoRequested).at(2000).requester(Phase::kReceived).at(9000);
  CHECK(t.reduced().questions == 2);
  CHECK(t.reduced().paused_ms == 600);
}

TEST_CASE("an answer dated before its question pauses nothing") {
  auto t = Thread().requester(Phase::kRequested).target(Phase::kReceived).target(Phase::kInfoRequested).at(5000);
  CHECK(t.requester(Phase::kReceived).at(4000).reduced().paused_ms == 0);
}

TEST_CASE("the times of a loop are those of the first request, acceptance, contact and completion") {
  auto t = Thread().requester(Phase::kRequested).at(10).target(Phase::kReceived).at(20).target(Phase::kAccepted).at(30);
  t.target(Phase::kScheduled).at(40).appointment(500).target(Phase::kScheduled).at(45).appointment(600).target(Phase::kNoShow).at(50);
  t.target(Phase::kScheduled).at(60).appointment(700);
  CHECK(t.reduced().appointment == base::Instant{700});
  CHECK(t.reduced().contacted == base::Instant{});
  t.target(Phase::kInProgress).at(70).target(Phase::kOnHold).at(80).target(Phase::kInProgress).at(90);
  CHECK(t.reduced().since == base::Instant{90});
  t.target(Phase::kCompleted).at(100).requester(Phase::kCompleted).at(110);
  const auto loop = t.reduced();
  CHECK(loop.requested == base::Instant{10});
  CHECK(loop.accepted == base::Instant{30});
  CHECK(loop.contacted == base::Instant{70});
  CHECK(loop.completed == base::Instant{100});
  CHECK(loop.since == base::Instant{100});  // the acknowledgement begins no phase
  CHECK(loop.refused.empty());
}

TEST_CASE("before sending, a move that the table lacks is denied in words") {
  CHECK(may_move(Phase::kReceived, Phase::kAccepted, Party::kTarget).ok());
  CHECK(may_move(Phase::kReceived, Phase::kAccepted, Party::kRequester).error().kind == base::Kind::kDenied);
  CHECK(may_move(Phase::kAccepted, Phase::kCancelled, Party::kRequester).error().mend == "ask for the cancellation: cancel_requested");
  CHECK(may_move(Phase::kCompleted, Phase::kInProgress, Party::kTarget).error().what ==
        "late in-progress: already completed; a new referral can name this one as its parent");
  CHECK(may_move(Phase::kNone, Phase::kReceived, Party::kTarget).error().what == "there is no referral yet");
}
