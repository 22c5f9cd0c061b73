// The reducer says the same of the same events, in whatever order and however often they arrive.
#include "schemas/lifecycle.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>
#include <algorithm>
#include <array>
#include <tuple>

using namespace schemas;

namespace {

// An escalation, or a follow-up mark; sometimes neither or both.
void overlay(Event& e) {
  e.to = Phase::kNone;
  if (*rc::gen::inRange(0, 3) != 0) e.esc_level = *rc::gen::inRange(-1, 5);
  if (*rc::gen::inRange(0, 2) != 0) {
    e.mark = *rc::gen::element<std::string>("FU24", "FU72", "FU30");
    e.result = *rc::gen::element<std::string>("", "reached", "not_reached");
  }
}

// Few senders, ids and places, so that events collide, cross and contradict each other.
Event any_event() {
  Event e;
  const auto who = *rc::gen::inRange(0, 4);
  e.place.index =
      *rc::gen::weightedOneOf<std::uint64_t>({{9, rc::gen::inRange<std::uint64_t>(0, 20)}, {1, rc::gen::just(~std::uint64_t{0})}});
  e.place.sender.fill(static_cast<base::Byte>(who));
  e.place.thread_seq = *rc::gen::inRange<std::uint32_t>(1, 12);
  e.msg_id.fill(*rc::gen::inRange<base::Byte>(0, 24));
  e.by = static_cast<Party>(who);
  e.to = static_cast<Phase>(*rc::gen::inRange(0, 15));
  e.at = {*rc::gen::inRange<std::uint64_t>(0, 3)};
  e.reason = *rc::gen::element<std::string>("", "DUP");
  if (e.to == Phase::kNone && *rc::gen::arbitrary<bool>()) overlay(e);
  return e;
}

// A story that mostly follows the table, with strangers' events between.
std::vector<Event> any_story() {
  std::vector<Event> out;
  Phase now = Phase::kNone;
  for (std::uint32_t i = 1; i <= 10; ++i) {
    std::vector<Move> ways;
    std::ranges::copy_if(moves(), std::back_inserter(ways), [&](const Move& m) { return m.from == now; });
    if (ways.empty()) break;
    const Move move = *rc::gen::elementOf(ways);
    Event e;
    e.place.index = i;
    e.place.sender.fill(static_cast<base::Byte>(move.who));
    e.place.thread_seq = i;
    e.msg_id.fill(static_cast<base::Byte>(100 + i));
    e.by = move.who;
    e.to = now = move.to;
    out.push_back(e);
  }
  return out;
}

std::vector<Event> any_events() {
  auto events = *rc::gen::arbitrary<bool>() ? any_story() : std::vector<Event>{};
  for (int i = *rc::gen::inRange(0, 25); i > 0; --i) events.push_back(any_event());
  return events;
}

template <class T>
void shuffle(std::vector<T>& v) {
  for (std::size_t i = v.size(); i > 1; --i) std::swap(v[i - 1], v[*rc::gen::inRange<std::size_t>(0, i)]);
}

bool same(const Loop& a, const Loop& b) {
  const auto event = [](const Event& x, const Event& y) {
    return x.place == y.place && x.msg_id == y.msg_id && x.by == y.by && x.to == y.to && x.at == y.at && x.reason == y.reason;
  };
  const auto refused = [](const Refused& x, const Refused& y) { return x.msg_id == y.msg_id && x.why == y.why; };
  const auto facts = [](const Loop& l) {
    return std::tie(l.phase, l.loop, l.esc_level, l.requested, l.accepted, l.contacted, l.completed, l.since, l.appointment, l.questions,
                    l.paused_ms, l.follow_ups);
  };
  return facts(a) == facts(b) && std::ranges::equal(a.applied, b.applied, event) && std::ranges::equal(a.refused, b.refused, refused);
}

}  // namespace

TEST_CASE("any order and any repetition of the same events gives the same loop") {
  CHECK(rc::check([] {
    auto events = any_events();
    const auto loop = reduce(events);
    const auto n = events.size();
    for (int i = *rc::gen::inRange(0, 5); i > 0 && n > 0; --i) events.push_back(events[*rc::gen::inRange<std::size_t>(0, n)]);
    shuffle(events);
    RC_ASSERT(same(reduce(events), loop));
  }));
}

TEST_CASE("what was applied is a path through the table, in order, each message once") {
  CHECK(rc::check([] {
    const auto loop = reduce(any_events());
    Phase now = Phase::kNone;
    for (const auto& e : loop.applied) {
      if (e.to == Phase::kNone) continue;
      const bool asks = e.to == Phase::kCancelled && !may_move(now, e.to, e.by).ok();
      const Phase to = asks ? Phase::kCancelRequested : e.to;
      RC_ASSERT(may_move(now, to, e.by).ok());
      now = to;
    }
    RC_ASSERT(now == loop.phase);
    RC_ASSERT(std::ranges::is_sorted(loop.applied, {}, &Event::place));
  }));
}

TEST_CASE("a copy of an own event that has no place yet changes nothing once the event has its place") {
  CHECK(rc::check([] {
    auto events = any_story();
    RC_PRE(!events.empty());
    const auto loop = reduce(events);
    auto copy = events[*rc::gen::inRange<std::size_t>(0, events.size())];
    copy.place.index = ~std::uint64_t{0};
    events.push_back(copy);
    shuffle(events);
    RC_ASSERT(same(reduce(events), loop));
  }));
}

TEST_CASE("events of strangers and coordinators are refused and leave the parties' loop as it was") {
  CHECK(rc::check([] {
    auto events = any_story();
    const auto loop = reduce(events);
    const auto strangers = *rc::gen::inRange(0, 6);
    for (int i = 0; i < strangers; ++i) {
      auto e = any_event();
      e.by = *rc::gen::element(Party::kNobody, Party::kCoordinator);
      if (e.by == Party::kCoordinator) e.esc_level = 0;  // the one thing that a coordinator may raise
      e.place.sender.fill(static_cast<base::Byte>(50 + i));
      events.push_back(e);
    }
    shuffle(events);
    const auto after = reduce(events);
    RC_ASSERT(after.phase == loop.phase);
    RC_ASSERT(after.applied.size() == loop.applied.size());
    RC_ASSERT(after.refused.size() == loop.refused.size() + static_cast<std::size_t>(strangers));
  }));
}

// Three parties of one thread. Each says things of its own, which have no place for it until the hub has given them one; what reaches the
// others comes late, twice and in any order. The coordinator's copies lack what the facts leave out (D2).
namespace {

struct Said {
  Event event;
  std::array<unsigned, 3> arrives{};  // when each party sees it, and when the sender sees its place
};

Event facts_of(Event e) {
  e.reason.clear();
  e.outcome.clear();
  return e;
}

Event said_by(int who, std::uint32_t thread_seq, std::uint64_t index, base::Byte id) {
  Event e;
  e.place.sender.fill(static_cast<base::Byte>(who));
  e.place.thread_seq = thread_seq;
  e.place.index = index;
  e.msg_id.fill(id);
  e.by = static_cast<Party>(who);
  e.at = {1000 + *rc::gen::inRange<std::uint64_t>(0, 5000)};
  e.to = static_cast<Phase>(*rc::gen::inRange(1, 15));
  e.reason = *rc::gen::element<std::string>("", "DUP", "CAP_NO_BED");
  e.outcome = *rc::gen::element<std::string>("", "ENGAGED");
  if (who == 2 || *rc::gen::inRange(0, 3) == 0) overlay(e);
  return e;
}

// Mostly a path through the table, so that loops get somewhere.
std::vector<Said> conversation() {
  std::vector<Said> out;
  std::array<std::uint32_t, 3> seq{};
  Phase now = Phase::kNone;
  const auto n = *rc::gen::inRange<std::uint64_t>(1, 25);
  for (std::uint64_t i = 1; i <= n; ++i) {
    std::vector<Move> ways;
    std::ranges::copy_if(moves(), std::back_inserter(ways), [&](const Move& m) { return m.from == now && !terminal(m.to); });
    const bool strays = ways.empty() || (i > 1 && *rc::gen::inRange(0, 3) == 0);
    const Move move = strays ? Move{} : *rc::gen::elementOf(ways);
    const int who = strays ? *rc::gen::inRange(0, 3) : static_cast<int>(move.who);
    Said s{said_by(who, ++seq[static_cast<std::size_t>(who)], 1 + i / 2, static_cast<base::Byte>(i)), {}};
    if (!strays) s.event.to = now = move.to, s.event.esc_level = 0, s.event.mark.clear();
    for (auto& a : s.arrives) a = static_cast<unsigned>(i + *rc::gen::inRange<std::uint64_t>(0, 12));
    out.push_back(s);
  }
  return out;
}

// What party `who` holds at time `t`.
std::vector<Event> held(const std::vector<Said>& all, int who, unsigned t) {
  std::vector<Event> out;
  for (const auto& s : all) {
    const bool own = static_cast<int>(s.event.by) == who, placed = s.arrives[static_cast<std::size_t>(who)] <= t;
    if (!own && !placed) continue;
    Event e = who == 2 ? facts_of(s.event) : s.event;
    if (own && *rc::gen::arbitrary<bool>()) {  // the copy from before the acknowledgement
      out.push_back(e);
      out.back().place.index = ~std::uint64_t{0};
    }
    if (placed) out.insert(out.end(), *rc::gen::inRange<std::size_t>(1, 3), e);
  }
  shuffle(out);
  return out;
}

auto state(const Loop& l) {
  return std::make_tuple(l.phase, l.loop, l.esc_level, l.requested, l.accepted, l.contacted, l.completed, l.since, l.appointment,
                         l.questions, l.paused_ms, l.follow_ups, l.applied.size(), l.refused.size());
}

}  // namespace

TEST_CASE("requester, target and coordinator reach the same loop, whatever each saw first, late or twice") {
  CHECK(rc::check([] {
    const auto all = conversation();
    for (int who = 0; who < 3; ++who) reduce(held(all, who, *rc::gen::inRange(0U, 30U)));  // on the way there they may differ
    const auto requester = reduce(held(all, 0, 1000)), target = reduce(held(all, 1, 1000)), coordinator = reduce(held(all, 2, 1000));
    RC_ASSERT(same(requester, target));
    RC_ASSERT(state(requester) == state(coordinator));
    RC_TAG(std::string(name(requester.phase)));
  }));
}

TEST_CASE("a party that misses only later events has the loop of an earlier moment: places are a total order") {
  CHECK(rc::check([] {
    auto all = conversation();
    std::ranges::sort(all, {}, [](const Said& s) { return s.event.place; });
    const auto n = *rc::gen::inRange<std::size_t>(0, all.size() + 1);
    std::vector<Event> early, later;
    for (std::size_t i = 0; i < all.size(); ++i) (i < n ? early : later).push_back(all[i].event);
    const auto before = reduce(early);
    early.insert(early.end(), later.begin(), later.end());
    const auto after = reduce(early);
    RC_ASSERT(after.esc_level >= before.esc_level);
    RC_ASSERT(after.applied.size() >= before.applied.size());
    for (std::size_t i = 0; i < before.applied.size(); ++i) RC_ASSERT(after.applied[i].msg_id == before.applied[i].msg_id);
  }));
}
