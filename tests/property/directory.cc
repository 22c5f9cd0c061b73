// Whatever notes come in whatever order, two replicas that read the same ones agree on every verdict; and what was accepted
// obeys the rules that no order may break.
#include "tests/unit/trust/trust_kit.h"

#include <rapidcheck.h>

#include <set>

using namespace trust_kit;

namespace {

// A fixed pool of notes, good and bad, of three agents.
std::vector<std::string> pool(Consortium& c) {
  std::vector<std::string> out{c.anchor_note};
  for (const char* slug : {"harbor-house", "county-ems", "alder-police"}) {
    auto a = c.agent(slug);
    auto hash = Note{a.cert.text(), {}}.hash();
    out.push_back(c.by(a.cert.text(), {1, 2}));
    out.push_back(c.by(a.cert.text(), {3}));
    auto next = c.note_by(c.renewal(a).text(), {1, 3});
    out.push_back(next.whole());
    next.sign(agent_name("alder.test", a.cert.agent), a.sign);
    out.push_back(next.whole());
    auto e1 = c.epochs(a, kT0, 2);
    auto e2 = e1;
    e2.prev = Note{e1.text(), {}}.hash();
    e2.keys[1].until = e2.keys[1].until.minus(1);
    out.push_back(c.by_agent(e1.text(), a));
    out.push_back(c.by_agent(e2.text(), a));
    out.push_back(c.by(RevokeNote{hash, "a", true, {}}.text(), {1}));
    out.push_back(c.by(RevokeNote{hash, "b", true, {}}.text(), {1}));
    out.push_back(c.by(RevokeNote{hash, "c", true, {}}.text(), {2}));
    out.push_back(c.by(RevokeNote{hash, "d", false, {}}.text(), {1, 2}));
    out.push_back(c.by(c.renewal(a).text(), {1, 2}));
  }
  for (std::uint32_t v : {1U, 2U, 3U}) out.push_back(c.by(PolicyNote{v, {}, {}, {}, kT0.plus(v)}.text(), {1, 2}));
  out.push_back("not a note");
  return out;
}

void same(const Directory& a, const Directory& b, Instant now) {
  RC_ASSERT(a.seq() == b.seq());
  RC_ASSERT(a.last_subject() == b.last_subject());
  RC_ASSERT(a.notes() == b.notes());
  RC_ASSERT((a.policy() ? a.policy()->version : 0) == (b.policy() ? b.policy()->version : 0));
  auto ma = a.members(), mb = b.members();
  RC_ASSERT(ma.size() == mb.size());
  for (std::size_t i = 0; i < ma.size(); ++i) {
    RC_ASSERT(ma[i]->cert_hash == mb[i]->cert_hash);
    RC_ASSERT(a.standing_now(ma[i]->cert_hash, now) == b.standing_now(mb[i]->cert_hash, now));
    RC_ASSERT((a.usable_epoch(ma[i]->cert.agent, now) == nullptr) == (b.usable_epoch(mb[i]->cert.agent, now) == nullptr));
  }
}

}  // namespace

TEST_CASE("random orders of notes give the same verdicts on two replicas, one of which was copied on the way") {
  Consortium c;
  const auto notes = pool(c);
  CHECK(rc::check([&] {
    auto order = *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, notes.size()));
    auto one = c.directory();
    auto two = c.directory();
    std::set<std::string> accepted;
    Instant now = kT0;
    std::uint64_t index = 0;
    for (auto i : order) {
      now = now.plus(*rc::gen::inRange<std::uint64_t>(0, 4 * kDay));
      auto checked = one.check(notes[i], now);
      auto first = one.add(notes[i], index, now);
      auto copy = two;
      auto second = two.add(notes[i], index++, now);
      RC_ASSERT(checked.ok() == first.ok());
      RC_ASSERT(first.ok() == second.ok());
      if (first.ok()) {
        RC_ASSERT(*first == *second);
        RC_ASSERT(accepted.insert(notes[i]).second);  // never twice
        RC_ASSERT(copy.seq() + 1 == two.seq());
      } else {
        RC_ASSERT(first.error().kind == second.error().kind);
        RC_ASSERT(first.error().kind == checked.error().kind);
        two = copy;
      }
    }
    same(one, two, now);
    RC_ASSERT(one.seq() == accepted.size());
  }));
}

TEST_CASE("a late reader who replays the accepted notes reaches the same directory") {
  Consortium c;
  const auto notes = pool(c);
  CHECK(rc::check([&] {
    auto order = *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, notes.size()));
    auto live = c.directory();
    std::vector<std::tuple<std::string, std::uint64_t, Instant>> log;
    Instant now = kT0;
    for (auto i : order) {
      now = now.plus(*rc::gen::inRange<std::uint64_t>(0, 12 * kDay));
      if (live.add(notes[i], log.size(), now).ok()) log.emplace_back(notes[i], log.size(), now);
    }
    auto late = c.directory();
    for (const auto& [note, index, at] : log) RC_ASSERT(late.add(note, index, at).ok());
    same(live, late, now);
  }));
}
