// What a hub holds back from a sender or a reader, on the test's clock: nobody waits for it in silence.
#include "tests/unit/agent_two.h"

using namespace rig;
using keep::Progress;

namespace {

struct Two : TwoAgents {
  Two() { start(); }
  bool raised(AgentBox& at, const std::string& key) {
    return eventually([&] { return at.alarm(key); });
  }
  bool cleared(AgentBox& at, const std::string& key) {
    return eventually([&] { return !at.alarm(key); });
  }
};

}  // namespace

TEST_CASE("no acknowledgement in ten seconds is an alarm, until it comes") {
  Two t;
  bool holds = true;
  t.with_hub([&] {
    t.hub.on_batch = [&](const base::Id& from, base::View) -> std::optional<base::Result<Answer>> {
      if (from != t.mercy.id() || !holds) return std::nullopt;
      return base::Result<Answer>(base::Error{base::Kind::kBusy, "no answer in time"});
    };
  });
  const auto sent = t.mercy.refer("harbor");
  REQUIRE(eventually([&] { return t.mercy.progress(sent->msg_id) == Progress::kSealed; }));
  CHECK_FALSE(t.mercy.alarm("no-ack"));
  t.hub.clock.ahead(11'000);
  CHECK(t.raised(t.mercy, "no-ack"));
  t.with_hub([&] { holds = false; });
  CHECK(t.cleared(t.mercy, "no-ack"));
  CHECK(t.mercy.progress(sent->msg_id) >= Progress::kSent);
}

TEST_CASE("no receipt in the policy's time is an alarm that names the agency, until it comes") {
  Two t;
  t.harbor.stop();
  const auto sent = t.mercy.refer("harbor");
  REQUIRE(eventually([&] { return t.mercy.progress(sent->msg_id) == Progress::kSent; }));
  t.hub.clock.ahead(30 * base::kMinute);
  (void)t.mercy->office().replica.sync(t.mercy->hub());
  CHECK_FALSE(t.mercy.alarm("no-delivery"));
  t.hub.clock.ahead(31 * base::kMinute);
  CHECK(t.raised(t.mercy, "no-delivery"));
  bool named = false;
  for (const std::string& words : t.mercy->office().alarms.list()) named = named || words.find("from: harbor") != std::string::npos;
  CHECK(named);
  t.harbor.start();
  CHECK(t.cleared(t.mercy, "no-delivery"));
  CHECK(t.mercy.progress(sent->msg_id) == Progress::kDelivered);
}

TEST_CASE("a group that is held back for good: the one after it waits, and after five minutes people are told") {
  Two t;
  const auto opening = t.mercy.refer("harbor");
  REQUIRE(eventually([&] { return t.mercy.phase(opening->thread_id) == schemas::Phase::kReceived; }));
  bool holds = true;
  std::uint64_t held = 0;
  t.with_hub([&] {
    t.hub.on_deliver = [&](const base::Id& to, base::Bytes& frame) {
      if (to != t.harbor.id() || !holds) return true;
      const auto d = schemas::decode_deliver(frame);
      if (held == 0) held = d->index;
      return d->index != held;
    };
    t.hub.on_fetch = [&](const base::Id& who, const wire::Fetch&, wire::Fetched& got) {
      if (who == t.harbor.id() && holds) got.delivers.clear();
    };
  });
  const auto one = t.mercy.say(opening->thread_id, "one");
  REQUIRE(eventually([&] { return t.mercy.progress(one->msg_id) >= Progress::kSent; }));
  const auto two = t.mercy.say(opening->thread_id, "two");
  REQUIRE(eventually([&] { return t.mercy.progress(two->msg_id) >= Progress::kSent; }));
  t.hub.clock.ahead(6 * base::kMinute);
  CHECK(t.raised(t.harbor, "gap"));
  CHECK(t.harbor.messages(opening->thread_id).size() == 2);
  CHECK(t.mercy.progress(two->msg_id) == Progress::kSent);
  t.with_hub([&] { holds = false; });
  CHECK(t.cleared(t.harbor, "gap"));
  CHECK(eventually([&] { return t.harbor.messages(opening->thread_id).size() == 4; }));
  CHECK(eventually([&] { return t.mercy.progress(two->msg_id) == Progress::kDelivered; }));
}

TEST_CASE("mail that expired at the hub comes as a tombstone: answered with 6, its sender told, and what stands after it opens") {
  Two t;
  const auto opening = t.mercy.refer("harbor");
  REQUIRE(eventually([&] { return t.mercy.progress(opening->msg_id) == Progress::kDelivered; }));
  t.harbor.stop();
  const auto lost = t.mercy.say(opening->thread_id, "nobody came for it");
  REQUIRE(eventually([&] { return t.mercy.progress(lost->msg_id) == Progress::kSent; }));
  std::uint64_t index = 0;
  for (const keep::Message& m : t.mercy.messages(opening->thread_id)) {
    if (m.msg_id == lost->msg_id) index = m.index;
  }
  t.hub.clock.ahead(25 * base::kHour);
  t.with_hub([&] {
    t.hub.hub().now = t.hub.clock.now();
    const auto o = t.hub.hub().apply(hub::state::erase_item(kit::EntryType::kExpire, std::vector{index}, kit::record_bytes("expired")));
    REQUIRE_MESSAGE(o.accepted, o.words);
  });
  t.harbor.start();
  CHECK(eventually([&] { return t.mercy.alarm("delivery"); }));
  CHECK(eventually([&] { return t.mercy.progress(lost->msg_id) == Progress::kDelivered; }));  // sealed once more, under a new key
  CHECK(eventually([&] { return t.harbor.messages(opening->thread_id).size() == 3; }));
}
