// The reducer says the same of the same events, in whatever order and however often they arrive.
#include "schemas/lifecycle.h"

#include <doctest/doctest.h>
#include <rapidcheck.h>
#include <algorithm>

using namespace schemas;

namespace {

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
  return a.phase == b.phase && a.loop == b.loop && std::ranges::equal(a.applied, b.applied, event) &&
         std::ranges::equal(a.refused, b.refused, refused);
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
