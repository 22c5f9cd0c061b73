// The broker's small parts: token buckets, strikes, the queue. The rest of it is told by integration tests with a real hub.
#include "hub/broker/limits.h"
#include "hub/broker/queue.h"

#include <doctest/doctest.h>

#include <thread>

using namespace hub::broker;

TEST_CASE("a bucket gives its burst at once, then its rate, and says how long to wait") {
  TokenBucket b({10, 20});
  for (int i = 0; i < 20; ++i) CHECK(b.take(1, 1000) == 0);
  CHECK(b.take(1, 1000) == 100);
  CHECK(b.take(1, 1050) == 50);
  CHECK(b.take(1, 1100) == 0);
  CHECK(b.take(1, 1100) == 100);
  for (int i = 0; i < 20; ++i) CHECK(b.take(1, 1'000'000) == 0);  // never more than the burst, however long it rested
  CHECK(b.take(1, 1'000'000) > 0);
}

TEST_CASE("a cost known only afterwards overdraws the bucket, and it refuses until that is earned back") {
  TokenBucket b({10, 20});
  CHECK(b.take(0, 1000) == 0);
  b.charge(30);
  CHECK(b.take(0, 1000) == 1000);
  CHECK(b.take(0, 2000) == 0);
}

TEST_CASE("a cost over the burst passes when the bucket is full, else it never could") {
  TokenBucket b({10, 20});
  CHECK(b.take(50, 1000) == 0);
  CHECK(b.take(50, 2000) > 0);
}

TEST_CASE("a clock that stands still or goes back fills nothing") {
  TokenBucket b({10, 1});
  CHECK(b.take(1, 5000) == 0);
  CHECK(b.take(1, 4000) > 0);
  CHECK(b.take(1, 5000) > 0);
}

TEST_CASE("three strikes in ten minutes suspend for ten, two do not, and old ones are forgotten") {
  constexpr std::uint64_t kMinute = 60'000;
  Strikes s;
  CHECK_FALSE(s.strike(1));
  CHECK_FALSE(s.strike(2));
  CHECK(s.suspended_ms(3) == 0);
  CHECK_FALSE(s.strike(10 * kMinute + 2));  // the first two are too old by now
  CHECK_FALSE(s.strike(11 * kMinute));
  CHECK(s.strike(12 * kMinute));
  CHECK(s.suspended_ms(12 * kMinute) == 10 * kMinute);
  CHECK(s.suspended_ms(22 * kMinute) == 0);
  CHECK_FALSE(s.strike(22 * kMinute));  // a clean sheet
}

TEST_CASE("whoever takes from a queue takes all in order, and after the close the rest and then the end") {
  Queue<int> q;
  std::thread t([&] {
    for (int i = 0; i < 1000; ++i) q.push(i);
    q.close();
  });
  std::deque<int> all;
  while (q.take_all(all)) {
  }
  t.join();
  REQUIRE(all.size() == 1000);
  for (int i = 0; i < 1000; ++i) CHECK(all[static_cast<std::size_t>(i)] == i);
  CHECK_FALSE(q.push(1));
}
