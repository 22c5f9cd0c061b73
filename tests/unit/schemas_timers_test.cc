// Deadlines of a loop, row by row of domain brief 1.5, and what each party does when they pass.
#include "schemas/timers.h"
#include "tests/unit/schemas_timers_kit.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace schemas;
using namespace schemas::test;

namespace {

const base::Instant kMonday = base::parse_rfc3339("2026-10-05T14:02:00-06:00").value();

base::Instant after(const char* text) { return kMonday.plus(span(text).ms); }

// A thread that is told in times after Monday 14:02.
class Told {
 public:
  Told& say(Party by, Phase to, const char* when = "0s") {
    Event e;
    e.place.index = events.size() + 1;
    e.msg_id.fill(static_cast<base::Byte>(events.size() + 1));
    e.by = by;
    e.to = to;
    e.at = after(when);
    events.push_back(e);
    return *this;
  }
  Told& requester(Phase to, const char* when) { return say(Party::kRequester, to, when); }
  Told& target(Phase to, const char* when) { return say(Party::kTarget, to, when); }
  Told& raise(Party by, std::int32_t level, const char* when) {
    say(by, Phase::kNone, when);
    events.back().esc_level = level;
    return *this;
  }
  Told& mark(const char* mark, const char* result, const char* when) {
    say(Party::kTarget, Phase::kNone, when);
    events.back().mark = mark;
    events.back().result = result;
    return *this;
  }
  [[nodiscard]] Loop loop() const { return reduce(events); }
  [[nodiscard]] std::vector<Deadline> set(const Facts& facts) const { return deadlines(loop(), facts, sla(facts.urgency), denver()); }
  [[nodiscard]] std::vector<Deadline> set(const char* urgency) const {
    Facts facts;
    facts.urgency = urgency;
    return set(facts);
  }
  std::vector<Event> events;
};

Told requested() { return Told().requester(Phase::kRequested, "0s"); }
Told received() { return requested().target(Phase::kReceived, "2s"); }
Told accepted() { return received().target(Phase::kAccepted, "10m"); }

const Deadline& the(const std::vector<Deadline>& set, std::string_view name) {
  const auto it = std::ranges::find(set, name, &Deadline::name);
  REQUIRE_MESSAGE(it != set.end(), name);
  return *it;
}
bool has(const std::vector<Deadline>& set, std::string_view name) { return std::ranges::find(set, name, &Deadline::name) != set.end(); }

std::string local(const std::vector<Deadline>& set, std::string_view name) { return local_time(the(set, name).at, "America/Denver"); }

std::vector<std::string> names(const std::vector<Fire>& fires) {
  std::vector<std::string> out;
  for (const auto& f : fires) out.push_back(f.deadline.name + (f.event ? "!" : ""));
  return out;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("before the decision, emergent: received, view, decide, three levels, then the end") {
  const auto set = requested().set("emergent");
  CHECK(the(set, "received").at == after("60s"));
  CHECK(the(set, "view").at == after("5m"));
  CHECK(the(set, "decide").at == after("15m"));
  CHECK(the(set, "escalate:1").at == after("15m"));
  CHECK(the(set, "escalate:2").at == after("25m"));
  CHECK(the(set, "escalate:3").at == after("30m"));
  CHECK(the(set, "expire").at == after("35m"));
  CHECK(the(set, "view:50").at == after("150s"));
  CHECK(set.size() == 8);
  CHECK(std::ranges::is_sorted(set, {}, &Deadline::at));
  CHECK(std::ranges::all_of(set, &Deadline::phone));  // software is never the only path
  CHECK(the(set, "escalate:2").tell == "role:coordinator");
  CHECK(the(set, "escalate:2").offer_next);
  CHECK(the(set, "escalate:3").raises == 3);
}

TEST_CASE("before the decision, urgent") {
  const auto set = requested().set("urgent");
  CHECK(the(set, "received").at == after("5m"));
  CHECK(the(set, "view").at == after("1h"));
  CHECK(the(set, "decide").at == after("4h"));
  CHECK(the(set, "escalate:2").at == after("6h"));
  CHECK(the(set, "escalate:3").at == after("8h"));
  CHECK(the(set, "expire").at == after("9h"));
  CHECK_FALSE(the(set, "decide").phone);
  CHECK(the(set, "escalate:3").phone);
}

TEST_CASE("before the decision, routine: business days") {
  const auto set = requested().set("routine");
  CHECK(the(set, "received").at == after("1h"));
  CHECK(local(set, "view") == "Tue 2026-10-06 14:02 MDT");
  CHECK(local(set, "decide") == "Wed 2026-10-07 14:02 MDT");
  CHECK(local(set, "escalate:1") == "Wed 2026-10-07 14:02 MDT");
  CHECK(local(set, "escalate:2") == "Thu 2026-10-08 14:02 MDT");
  CHECK(local(set, "escalate:3") == "Mon 2026-10-12 14:02 MDT");
  CHECK(local(set, "expire") == "Tue 2026-10-13 14:02 MDT");
}

TEST_CASE("a level may be a share of the time to decide") {
  auto s = sla("emergent");
  s.escalate[0].percent = 60;
  CHECK(the(deadlines(requested().loop(), {}, s, denver()), "escalate:1").at == after("9m"));
}

TEST_CASE("what is met is no longer set") {
  CHECK_FALSE(has(received().set("emergent"), "received"));
  Facts seen;
  seen.viewed = after("4m");
  CHECK_FALSE(has(received().set(seen), "view"));
  CHECK(has(received().set(seen), "decide"));
  CHECK_FALSE(has(received().target(Phase::kInfoRequested, "3m").set("emergent"), "view"));  // who asks has looked
  const auto set = accepted().set("emergent");
  for (const char* gone : {"received", "view", "decide", "escalate:1", "expire"}) CHECK_FALSE(has(set, gone));
  CHECK(received().target(Phase::kRejected, "3m").set("emergent").empty());
  CHECK(Told().set("emergent").empty());
}

TEST_CASE("the first question stops the clock until its answer, at most as long as the policy grants") {
  auto t = received().target(Phase::kInfoRequested, "5m");
  CHECK(the(t.set("emergent"), "decide").at == after("25m"));  // open: all of the ten minutes
  CHECK(the(t.set("emergent"), "escalate:2").at == after("35m"));
  auto quick = t, slow = t;
  quick.requester(Phase::kReceived, "8m");
  CHECK(the(quick.set("emergent"), "decide").at == after("18m"));
  CHECK(the(quick.set("emergent"), "expire").at == after("38m"));
  CHECK(the(slow.requester(Phase::kReceived, "40m").set("emergent"), "decide").at == after("25m"));
  quick.target(Phase::kInfoRequested, "9m");
  CHECK(the(quick.set("emergent"), "decide").at == after("18m"));  // a second question stops nothing
  CHECK(the(quick.requester(Phase::kReceived, "17m").set("emergent"), "decide").at == after("18m"));
  CHECK(the(quick.set("emergent"), "decide").from == kMonday);
}

TEST_CASE("a pause never breaches a deadline in business days: what it puts outside hours is the next opening") {
  auto t = requested().target(Phase::kReceived, "1h").target(Phase::kInfoRequested, "41h");  // Wed 07:02, seven hours before the deadline
  CHECK(local(t.set("routine"), "decide") == "Thu 2026-10-08 15:00 MDT");                    // open: until Thu 08:00, 24 h 58 min
  t.requester(Phase::kReceived, "57h");                                                      // Wed 23:02
  CHECK(local(t.set("routine"), "decide") == "Thu 2026-10-08 08:00 MDT");
}

TEST_CASE("a policy that grants no pause has none") {
  auto s = sla("emergent");
  s.info_pause = {};
  const auto t = received().target(Phase::kInfoRequested, "5m").requester(Phase::kReceived, "8m");
  CHECK(the(deadlines(t.loop(), {}, s, denver()), "decide").at == after("15m"));
}

TEST_CASE("after downtime people still get the grace, and the target cannot put off the end") {
  auto t = received().raise(Party::kCoordinator, 3, "2h");
  CHECK(the(t.set("emergent"), "expire").at == after("125m"));
  CHECK(the(received().raise(Party::kTarget, 3, "2h").set("emergent"), "expire").at == after("35m"));
  CHECK(the(received().raise(Party::kRequester, 2, "2h").set("emergent"), "expire").at == after("35m"));
}

TEST_CASE("first contact, by urgency, until the work begins") {
  CHECK(the(accepted().set("emergent"), "contact").at == after("70m"));
  CHECK(the(accepted().set("urgent"), "contact").at == after("1450m"));
  CHECK(the(accepted().set("routine"), "contact").at == kMonday.plus(7 * base::kDay + 10 * base::kMinute));
  CHECK(the(accepted().set("emergent"), "contact").raises == 1);
  auto t = accepted().target(Phase::kScheduled, "12m");
  CHECK(has(t.set("emergent"), "contact"));
  CHECK(has(t.target(Phase::kNoShow, "50m").set("emergent"), "contact"));
  CHECK_FALSE(has(t.target(Phase::kScheduled, "51m").target(Phase::kInProgress, "55m").set("emergent"), "contact"));
}

TEST_CASE("each time on hold has a deadline of its own") {
  auto t = accepted().target(Phase::kInProgress, "30m").target(Phase::kOnHold, "1h");
  const auto first = the(t.set("emergent"), "on_hold");
  CHECK(first.at == after("5h"));
  CHECK(the(t.set("urgent"), "on_hold").at == after("25h"));
  CHECK(the(t.set("routine"), "on_hold").at == after("169h"));
  CHECK_FALSE(has(t.target(Phase::kInProgress, "2h").set("emergent"), "on_hold"));
  const auto second = the(t.target(Phase::kOnHold, "3h").set("emergent"), "on_hold");
  CHECK(second.at == after("7h"));
  CHECK(second.key() != first.key());
}

TEST_CASE("the outcome is due after the acceptance, by urgency") {
  CHECK(the(accepted().set("emergent"), "outcome").at == after("1450m"));
  CHECK(the(accepted().set("urgent"), "outcome").at == after("4330m"));
  CHECK(the(accepted().set("routine"), "outcome").at == kMonday.plus(30 * base::kDay + 10 * base::kMinute));
  CHECK(has(accepted().requester(Phase::kCancelRequested, "1h").set("emergent"), "outcome"));
  CHECK_FALSE(has(accepted().target(Phase::kCompleted, "1h").set("emergent"), "outcome"));
}

TEST_CASE("follow-ups are due after the completion until their mark has a result") {
  auto t = accepted().target(Phase::kCompleted, "1h");
  CHECK(the(t.set("emergent"), "follow_up:FU24").at == after("25h"));
  CHECK(the(t.set("emergent"), "follow_up:FU72").at == after("73h"));
  CHECK(the(t.set("urgent"), "follow_up:FU7").at == after("169h"));
  CHECK(the(t.set("routine"), "follow_up:FU30").at == after("721h"));
  t.requester(Phase::kCompleted, "2h").mark("FU24", "not_reached", "25h");
  CHECK_FALSE(has(t.set("emergent"), "follow_up:FU24"));
  CHECK(has(t.set("emergent"), "follow_up:FU72"));
}

TEST_CASE("marks are hours up to three days, then days") {
  CHECK(follow_up_mark(span("24h")) == "FU24");
  CHECK(follow_up_mark(span("72h")) == "FU72");
  CHECK(follow_up_mark(span("3d")) == "FU72");
  CHECK(follow_up_mark(span("7d")) == "FU7");
  CHECK(follow_up_mark(span("30d")) == "FU30");
  CHECK(follow_up_mark(span("5bd")) == "FU5bd");
}

TEST_CASE("an unanswered handoff and the end of an involuntary hold have their times, whatever the phase") {
  Facts facts;
  facts.urgency = "emergent";
  facts.handoff_offered = after("20m");
  facts.hold_start = after("0s");
  facts.hold_end = after("72h");
  const auto set = accepted().set(facts);
  CHECK(the(set, "handoff").at == after("35m"));
  CHECK(the(set, "handoff").raises == 1);
  CHECK(the(set, "hold:75").at == after("54h"));
  CHECK(the(set, "hold:90").at == after("3888m"));
  CHECK(the(set, "hold:end").at == after("72h"));
  CHECK(the(set, "hold:end").tell == "target.supervisor");
  const auto declined = received().target(Phase::kRejected, "3m").set(facts);  // the person is still with the requester
  CHECK(the(declined, "hold:end").tell == "requester.supervisor");
  CHECK_FALSE(has(declined, "handoff"));
  facts.hold_end = facts.hold_start;
  CHECK_FALSE(has(accepted().set(facts), "hold:end"));
}

TEST_CASE("a timer that the policy leaves out is never set") {
  Facts facts;
  facts.handoff_offered = after("1m");
  CHECK(deadlines(received().loop(), facts, {}, denver()).empty());
  CHECK(deadlines(accepted().loop(), facts, {}, denver()).empty());
}

TEST_CASE("the requester fires all but whether somebody looked, each once, says how late, and makes events of the levels") {
  auto t = requested();
  const auto set = t.set("emergent");
  CHECK(due(set, after("60s").minus(1), Party::kRequester, t.loop(), {}).empty());
  CHECK(names(due(set, after("60s"), Party::kRequester, t.loop(), {})) == Names{"received"});
  auto fires = due(set, after("26m"), Party::kRequester, t.loop(), {});
  CHECK(names(fires) == Names{"received", "decide", "escalate:1!", "escalate:2!"});
  CHECK(fires.back().late_ms == base::kMinute);
  std::set<std::string> fired;
  for (const auto& f : fires) fired.insert(f.deadline.key());
  CHECK(due(set, after("26m"), Party::kRequester, t.loop(), fired).empty());
  t.raise(Party::kRequester, 2, "26m");
  CHECK(names(due(t.set("emergent"), after("30m"), Party::kRequester, t.loop(), fired)) == Names{"escalate:3!"});
}

TEST_CASE("the requester lets a referral expire only once all levels are reached") {
  auto t = received();
  CHECK(names(due(t.set("emergent"), after("2h"), Party::kRequester, t.loop(), {})) ==
        Names{"decide", "escalate:1!", "escalate:2!", "escalate:3!"});
  t.raise(Party::kRequester, 3, "2h");
  const auto set = t.set("emergent");
  CHECK(names(due(set, after("124m"), Party::kRequester, t.loop(), {})) ==
        Names{"decide", "escalate:1", "escalate:2", "escalate:3"});
  CHECK(names(due(set, after("125m"), Party::kRequester, t.loop(), {})).back() == "expire!");
}

TEST_CASE("the target tells its own people and never makes an event") {
  const auto t = requested();
  CHECK(names(due(t.set("emergent"), after("2h"), Party::kTarget, t.loop(), {})) == Names{"received", "view:50", "view", "decide", "escalate:1"});
}

TEST_CASE("the coordinator is told what is its own once the requester has spoken, and speaks when it is silent for two minutes") {
  auto t = received();
  const auto set = t.set("emergent");
  CHECK(due(set, after("16m"), Party::kCoordinator, t.loop(), {}).empty());
  CHECK(names(due(set, after("17m"), Party::kCoordinator, t.loop(), {})) == Names{"escalate:1!"});
  CHECK(due(set, after("17m"), Party::kCoordinator, t.loop(), {})[0].late_ms == 2 * base::kMinute);
  t.raise(Party::kRequester, 2, "25m");
  CHECK(names(due(set, after("25m"), Party::kCoordinator, t.loop(), {})) == Names{"escalate:2"});
  CHECK(names(due(set, after("31m"), Party::kCoordinator, t.loop(), {})) == Names{"escalate:2"});
  CHECK(names(due(set, after("32m"), Party::kCoordinator, t.loop(), {})) == Names{"escalate:2", "escalate:3!"});
  CHECK(names(due(set, after("32m"), Party::kCoordinator, t.loop(), {the(set, "escalate:2").key()})) == Names{"escalate:3!"});
}

TEST_CASE("nobody else acts") {
  const auto t = received();
  CHECK(due(t.set("emergent"), after("48h"), Party::kNobody, t.loop(), {}).empty());
}
