// Timers over whole stories: three parties with their own ticks, restarts and silences, a clock the test owns, and a year in Denver.
#include "schemas/timers.h"
#include "tests/unit/schemas_timers_kit.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <random>

using namespace schemas;
using namespace schemas::test;

namespace {

using base::Instant;

struct Random {
  std::mt19937_64 engine;
  std::uint64_t below(std::uint64_t n) { return n == 0 ? 0 : engine() % n; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }
};

Random any_random() {
  return {std::mt19937_64(*rc::gen::noShrink(rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::uint64_t>(0, ~std::uint64_t{0}))))};
}

// What people do, and what becomes known meanwhile.
struct Step {
  Instant at;
  Event event;  // place and id are given when it is sent; to kNone and no mark: only the facts change
  Facts facts;
};
struct Story {
  policy::Sla sla;
  std::vector<Step> steps;  // by time
  Instant end;
};

constexpr std::array kParties{Party::kRequester, Party::kTarget, Party::kCoordinator};

// The world of one story: events that everybody has, and each party's own memory of what it fired, the only thing that outlives a restart.
class World {
 public:
  explicit World(const Story& story) : story_(story) {}

  struct Fired {
    std::string key;
    Instant at;
    Fire fire;
  };

  // One party looks at the clock, from what is stored alone. Whether it fired.
  bool tick(Party who, Instant now) {
    const Loop loop = loop_for(who);
    const auto fires = due(deadlines(loop, facts_, story_.sla, denver()), now, who, loop, memory(who));
    for (const auto& f : fires) {
      never_early_ = never_early_ && now >= f.deadline.at && f.late_ms == now.ms - f.deadline.at.ms;
      once_ = memory(who).insert(f.deadline.key()).second && once_;
      log(who).push_back({f.deadline.key(), now, f});
      if (f.event) send(event_of(f, who, now));
      if (f.event && who == Party::kCoordinator) only_after_silence(f, loop, now);
    }
    return !fires.empty();
  }

  void apply(const Step& step) {
    facts_ = step.facts;
    if (step.event.to == Phase::kNone && step.event.mark.empty()) return;
    Event e = step.event;
    e.at = step.at;
    send(e);
  }

  // The next moment at which some party has something to do.
  [[nodiscard]] Instant next(Instant now, Instant until) {
    const auto set = deadlines(loop_for(Party::kRequester), facts_, story_.sla, denver());
    for (const auto& d : set)
      for (const auto at : {d.at, d.at.plus(2 * base::kMinute)})
        if (at > now && at < until) until = at;
    return until;
  }

  [[nodiscard]] Loop loop_for(Party who) const {
    auto events = events_;
    if (who == Party::kCoordinator)
      for (auto& e : events) e.reason.clear(), e.outcome.clear();
    return reduce(events);
  }
  [[nodiscard]] std::vector<Deadline> set_for(Party who) const { return deadlines(loop_for(who), facts_, story_.sla, denver()); }

  std::set<std::string>& memory(Party who) { return memory_[static_cast<std::size_t>(who)]; }
  std::vector<Fired>& log(Party who) { return log_[static_cast<std::size_t>(who)]; }
  [[nodiscard]] bool sound() const { return never_early_ && once_ && after_silence_; }

 private:
  void send(Event e) {
    e.place.index = events_.size() + 1;
    e.msg_id.fill(static_cast<base::Byte>(events_.size() + 1));
    events_.push_back(std::move(e));
  }

  static Event event_of(const Fire& f, Party who, Instant now) {
    Event e;
    e.by = who;
    e.at = now;
    e.deadline = f.deadline.name;
    if (f.deadline.name == "expire")
      e.to = Phase::kExpired;
    else
      e.esc_level = f.deadline.raises;
    return e;
  }

  void only_after_silence(const Fire& f, const Loop& loop, Instant now) {
    const bool spoken = memory(Party::kRequester).contains(f.deadline.key());
    after_silence_ = after_silence_ && !spoken && loop.esc_level < f.deadline.raises && now >= f.deadline.at.plus(2 * base::kMinute);
  }

  const Story& story_;
  std::vector<Event> events_;
  Facts facts_;
  std::array<std::set<std::string>, 3> memory_;
  std::array<std::vector<Fired>, 3> log_;
  bool never_early_ = true, once_ = true, after_silence_ = true;
};

// Makes stories: answers before the end of the line or never, sometimes a question, appointments missed, times on hold, follow-ups.
class Teller {
 public:
  Teller(Random& random, Instant start) : random_(random), now_(start) {}

  Story tell() {
    facts_.urgency = std::array{"emergent", "urgent", "routine"}[random_.below(3)];
    story_.sla = sla(facts_.urgency);
    unit_ = later(now_, story_.sla.decide, denver()).ms - now_.ms;
    say(Party::kRequester, Phase::kRequested);
    maybe_hold();
    if (!random_.one_in(12)) answer();
    story_.end = now_.plus(60 * base::kDay);
    return std::move(story_);
  }

 private:
  void say(Party by, Phase to, const char* mark = "") {
    Event e;
    e.by = by;
    e.to = to;
    e.mark = mark;
    e.result = *mark ? "reached" : "";
    story_.steps.push_back({now_, e, facts_});
  }
  void target(Phase to) { say(Party::kTarget, to); }
  void pass(std::uint64_t at_most) { now_ = now_.plus(1 + random_.below(at_most)); }
  void know() { say(Party::kNobody, Phase::kNone); }

  void maybe_hold() {
    if (!random_.one_in(4)) return;
    facts_.hold_start = now_;
    facts_.hold_end = now_.plus(72 * base::kHour);
    know();
  }

  void answer() {
    pass(unit_ / 10);
    target(Phase::kReceived);
    pass(unit_ / 5);
    facts_.viewed = now_;
    if (!random_.one_in(4)) know();
    if (random_.one_in(4)) question();
    pass(unit_ * 7 / 10);
    if (random_.one_in(8)) return target(Phase::kRejected);
    if (random_.one_in(12)) return say(Party::kRequester, Phase::kCancelled);
    target(Phase::kAccepted);
    work();
  }

  void question() {
    target(Phase::kInfoRequested);
    pass((later(now_, story_.sla.info_pause, denver()).ms - now_.ms) * 5 / 4);
    say(Party::kRequester, Phase::kReceived);
  }

  void work() {
    pass(story_.sla.contact.ms);
    if (random_.one_in(3)) target(Phase::kScheduled), pass(story_.sla.contact.ms);
    if (random_.one_in(6)) target(Phase::kNoShow), pass(base::kDay), target(Phase::kScheduled), pass(base::kDay);
    target(Phase::kInProgress);
    if (random_.one_in(3)) handoff();
    for (auto n = random_.below(3); n > 0; --n) {
      pass(base::kDay);
      target(Phase::kOnHold);
      pass(story_.sla.on_hold.ms * 3 / 2);
      target(Phase::kInProgress);
    }
    if (random_.one_in(6)) return;
    pass(story_.sla.outcome.ms * 3 / 2);
    target(Phase::kCompleted);
    if (random_.one_in(2)) pass(2 * base::kDay), say(Party::kTarget, Phase::kNone, "FU24");
    if (random_.one_in(2)) pass(4 * base::kDay), say(Party::kTarget, Phase::kNone, "FU72");
  }

  void handoff() {
    facts_.handoff_offered = now_;
    know();
    pass(30 * base::kMinute);
    facts_.handoff_offered = {};
    know();
  }

  Random& random_;
  Instant now_;
  Facts facts_;
  Story story_;
  std::uint64_t unit_ = 0;
};

// Everybody looks at every moment that matters.
void settle(World& w, Instant now) {
  for (bool again = true; again;) {
    again = false;
    for (const auto who : kParties) again = w.tick(who, now) || again;
  }
}
World continuous(const Story& story) {
  World w(story);
  Instant now = story.steps.front().at;
  const auto run_to = [&](Instant until) {
    while (now < until) settle(w, now = w.next(now, until));
  };
  for (const auto& step : story.steps) run_to(step.at), w.apply(step);
  run_to(story.end);
  return w;
}

// Programs are away at random: between two things that people do, each party looks at a few moments of its own, begins from what is
// stored, and is back before the next thing is done. Long after the end all have been up for a while.
World restarted(const Story& story, Random& random) {
  World w(story);
  Instant now = story.steps.front().at;
  const auto run_to = [&](Instant until) {
    std::vector<Instant> moments;
    for (auto n = random.below(8); n > 0; --n) moments.push_back(now.plus(random.below(until.ms - now.ms + 1)));
    if (random.one_in(2)) moments.push_back(std::max(now, w.next(now, until).minus(1)));  // not yet
    for (auto n = random.below(6); n > 0; --n)
      moments.push_back(std::min(until, w.next(now, until).plus(random.below(10 * base::kMinute))));
    std::ranges::sort(moments);
    for (const auto at : moments)
      for (const auto who : kParties)
        if (random.one_in(2)) w.tick(who, at);
    auto last = kParties;
    std::ranges::shuffle(last, random.engine);
    for (const auto who : last) w.tick(who, until);
    now = until;
  };
  for (const auto& step : story.steps) run_to(step.at), w.apply(step);
  run_to(story.end);
  for (int day = 1; day < 8; ++day) settle(w, story.end.plus(static_cast<std::uint64_t>(day) * base::kDay));
  return w;
}

// A target that was away until the referral had expired has nothing left to tell.
bool same_target(World& all, World& some) {
  if (all.loop_for(Party::kTarget).phase == Phase::kExpired)
    return std::ranges::includes(all.memory(Party::kTarget), some.memory(Party::kTarget));
  return all.memory(Party::kTarget) == some.memory(Party::kTarget);
}

bool same_deadlines(const std::vector<Deadline>& a, const std::vector<Deadline>& b) {
  return std::ranges::equal(a, b, [](const Deadline& x, const Deadline& y) {
    return x.key() == y.key() && x.at == y.at && x.raises == y.raises && x.tell == y.tell && x.offer_next == y.offer_next &&
           x.phone == y.phone;
  });
}

Instant any_start(Random& random) {
  static constexpr std::array kMoments{"2026-03-08T09:00:00Z", "2026-11-01T08:00:00Z", "2026-11-26T12:00:00Z", "2026-12-25T12:00:00Z",
                                       "2027-01-01T07:00:00Z"};
  if (random.one_in(3)) {
    const auto moment = base::parse_rfc3339(kMoments[random.below(kMoments.size())]).value();
    return moment.minus(4 * base::kDay).plus(random.below(5 * base::kDay));
  }
  return base::parse_rfc3339("2026-01-01T07:00:00Z").value().plus(random.below(365 * base::kDay));
}

std::string name_of_key(const std::string& key) { return key.substr(0, key.find('@')); }

}  // namespace

TEST_CASE("whatever the order of restarts and ticks, each deadline of a party fires once, never early") {
  CHECK(rc::check([] {
    Random random = any_random();
    const auto story = Teller(random, any_start(random)).tell();
    World w = restarted(story, random);
    RC_ASSERT(w.sound());
    World c = continuous(story);
    RC_ASSERT(c.sound());
    RC_ASSERT(c.memory(Party::kRequester) == w.memory(Party::kRequester));
    RC_ASSERT(same_target(c, w));
  }));
}

TEST_CASE("all parties compute the same deadlines at every moment of a story") {
  CHECK(rc::check([] {
    Random random = any_random();
    const auto story = Teller(random, any_start(random)).tell();
    World w(story);
    for (const auto& step : story.steps) {
      for (const auto who : kParties)
        if (random.one_in(2)) w.tick(who, step.at.plus(random.below(base::kDay)));
      w.apply(step);
      RC_ASSERT(same_deadlines(w.set_for(Party::kRequester), w.set_for(Party::kTarget)));
      RC_ASSERT(same_deadlines(w.set_for(Party::kRequester), w.set_for(Party::kCoordinator)));
    }
  }));
}

TEST_CASE("where nobody is ever away nothing is late, and the coordinator never speaks for the requester") {
  CHECK(rc::check([] {
    Random random = any_random();
    World w = continuous(Teller(random, any_start(random)).tell());
    for (const auto who : kParties)
      for (const auto& f : w.log(who)) {
        const bool taken_over = who == Party::kTarget && f.key.starts_with("hold:");  // accepted after that part of the hold was over
        RC_ASSERT((f.fire.late_ms == 0 || taken_over));
        RC_ASSERT(who == Party::kRequester || !f.fire.event);
      }
  }));
}

TEST_CASE("where the requester is gone for good the coordinator raises every level, and nothing expires") {
  CHECK(rc::check([] {
    Random random = any_random();
    auto story = Teller(random, any_start(random)).tell();
    story.steps.resize(1);  // nobody answers
    World w(story);
    w.apply(story.steps[0]);
    for (Instant now = story.steps[0].at; now < story.end; now = w.next(now, story.end)) w.tick(Party::kCoordinator, now);
    RC_ASSERT(w.loop_for(Party::kRequester).esc_level == 3);
    RC_ASSERT(w.loop_for(Party::kRequester).phase == Phase::kRequested);
    RC_ASSERT(w.sound());
    for (const auto& f : w.log(Party::kCoordinator)) RC_ASSERT(f.fire.late_ms == 2 * base::kMinute);
  }));
}

TEST_CASE("a year in Denver: thousands of referrals, both changes of the clock, holidays, restarts; the same fires as without them") {
  Random random{std::mt19937_64(20260101)};
  std::map<std::string, unsigned> count;
  std::array<unsigned, 3> urgencies{};
  unsigned late = 0, stood_in = 0;
  for (int i = 0; i < 4000; ++i) {
    const auto story = Teller(random, any_start(random)).tell();
    World a = continuous(story), b = restarted(story, random);
    REQUIRE(a.sound());
    REQUIRE(b.sound());
    REQUIRE(a.memory(Party::kRequester) == b.memory(Party::kRequester));
    REQUIRE(same_target(a, b));
    const auto end_a = a.loop_for(Party::kRequester), end_b = b.loop_for(Party::kCoordinator);
    REQUIRE(end_a.phase == end_b.phase);
    REQUIRE(end_a.esc_level == end_b.esc_level);
    REQUIRE(end_a.follow_ups == end_b.follow_ups);
    ++urgencies[story.steps[0].facts.urgency == "emergent" ? 0 : story.steps[0].facts.urgency == "urgent" ? 1 : 2];
    for (const auto& key : a.memory(Party::kRequester)) ++count[name_of_key(key)];
    for (const auto& key : a.memory(Party::kTarget))  // whether somebody looked is the target's alone
      if (name_of_key(key) == "view") ++count["view"];
    for (const auto& f : b.log(Party::kRequester)) late += f.fire.late_ms > base::kMinute;
    for (const auto& f : b.log(Party::kCoordinator)) stood_in += f.fire.event;
  }
  // The year was no quiet one: every deadline fired often, in every urgency, late and in another's stead too.
  for (const char* name :
       {"received", "view", "decide", "escalate:1", "escalate:2", "escalate:3", "expire", "contact", "on_hold", "outcome", "follow_up:FU24",
        "follow_up:FU72", "follow_up:FU7", "follow_up:FU30", "handoff", "hold:75", "hold:90", "hold:end"})
    CHECK_MESSAGE(count[name] > 50, name);
  for (const auto n : urgencies) CHECK(n > 1000);
  CHECK(late > 1000);
  CHECK(stood_in > 100);
}
