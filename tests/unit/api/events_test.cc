// The event stream: what a listener is told, what it is not, how it resumes, and how it ends.
#include "tests/unit/api/kit.h"

using namespace rig;

TEST_CASE("a listener is told of a thread as it is committed, by its id alone, and again when its mark changes") {
  Desk d;
  const Browser mo = d.enter(d.harbor, "m.okafor", {"intake"});
  Stream s(mo);
  REQUIRE(s.status() == 200);
  const auto hello = s.next();
  CHECK(hello.name == "hello");
  CHECK(hello.data["hub"]["connected"] == true);
  CHECK(hello.data["order"] == 0);
  const std::string thread = Desk::refer(d.stb, "harbor");
  const auto first = s.next("thread");
  CHECK(first.data["thread"] == thread);
  CHECK(first.data.size() == 2);
  CHECK(first.id == first.data["order"].dump());
  mo.ok("inbox.show", {{"thread", thread}});
  CHECK(s.next("thread").data["thread"] == thread);  // no longer unread
  std::uint64_t seq = 0;
  REQUIRE(d.harbor->office().store.write([&](keep::Tx& tx) {
    seq = tx.next(keep::Table::kNotice);
    mail::notify(tx, {0, {}, {}, "offline", "it", "the hub is away", {1'000}, false, {}, {}});
    return base::Status{};
  }).ok());
  auto told = s.next("notice");
  while (told.data["seq"] < seq) told = s.next("notice");  // the referral had notices of its own
  CHECK(told.data == Json{{"seq", seq}});
}

TEST_CASE("a listener that comes back is told what it missed, and nothing older") {
  Desk d;
  const Browser mo = d.enter(d.harbor, "m.okafor", {"intake"});
  const std::string one = d.arrived(d.stb, d.harbor);
  std::string last;
  {
    Stream s(mo);
    last = s.next("hello").data["order"].dump();
  }
  const std::string two = d.arrived(d.stb, d.harbor), three = d.arrived(d.stb, d.harbor);
  Stream again(mo, last);
  CHECK(again.next("hello").name == "hello");
  CHECK(again.next("thread").data["thread"] == two);
  const auto newest = again.next("thread");
  CHECK(newest.data["thread"] == three);
  Stream nonsense(mo, "x; drop");
  CHECK(nonsense.next().name == "hello");
}

TEST_CASE("a thread that a person does not see is not named in that person's stream") {
  Desk d;
  const Browser adult = d.enter(d.harbor, "a.adult", {"adult"}), clerk = d.enter(d.harbor, "c.clerk", {"clerk"});
  Stream s(adult), blind(clerk);
  CHECK(s.next().name == "hello");
  CHECK(blind.next().name == "hello");
  const std::string minor = d.arrived(d.stb, d.harbor, {{"labels", {"minor"}}}), other = d.arrived(d.stb, d.harbor);
  CHECK(s.next("thread").data["thread"] == other);
  d.harbor->people().leave(clerk.token);
  d.harbor->events().wake();
  CHECK(blind.next("thread").name.empty());  // it ended without one
  Stream resumed(adult, "1");
  CHECK(resumed.next("thread").data["thread"] == other);
}

TEST_CASE("when the session ends the stream says so, and nothing after it") {
  Desk d;
  const Browser mo = d.enter(d.harbor, "m.okafor", {"intake"});
  Stream s(mo);
  CHECK(s.next().name == "hello");
  SUBCASE("left") {
    d.harbor->people().leave(mo.token);
    Desk::refer(d.stb, "harbor");  // what happens next is not for this stream
    d.harbor->events().wake();
    const auto end = s.next();
    CHECK(end.name == "ended");
    CHECK(end.data["why"] == "left");
  }
  SUBCASE("left in another tab") {
    CHECK(mo.call("POST", "/auth/logout", "{}", {{"X-Handoff-CSRF", mo.csrf}}).status == 200);
    CHECK(s.next().data == Json{{"why", "left"}});
  }
  SUBCASE("nobody was there") {
    d.hub.clock.ahead(11 * base::kMinute);
    d.harbor->events().wake();
    const auto end = s.next("ended");
    CHECK(end.data["why"] == "idle");
  }
  SUBCASE("the account was closed") {
    auto row = *d.harbor->people().find("m.okafor");
    row.disabled = true;
    REQUIRE(d.harbor->people().save(row).ok());
    d.harbor->events().wake();
    CHECK(s.next("ended").data["why"] == "changed");
  }
  SUBCASE("the agent stops") { d.harbor.stop(); }
  CHECK(s.next().name.empty());
}

TEST_CASE("a stream does not keep a session alive, and one person has a few of them") {
  Desk d;
  const Browser mo = d.enter(d.harbor, "m.okafor", {"intake"}), other = d.enter(d.harbor, "o.other", {"intake"});
  {
    std::vector<std::unique_ptr<Stream>> open;
    for (unsigned i = 0; i < agent::web::Events::kOfPerson; ++i) {
      open.push_back(std::make_unique<Stream>(mo));
      CHECK(open.back()->status() == 200);
      CHECK(open.back()->next().name == "hello");
    }
    CHECK(Stream(mo).status() == 503);
    CHECK(Stream(other).status() == 200);
  }
  CHECK(eventually([&] {  // their places are free again
    d.harbor->events().wake();
    return Stream(mo).status() == 200;
  }));
}

TEST_CASE("the clock comes by itself, the line to the hub when it changes") {
  Desk d;
  d.harbor->events().beat_ms = 20;
  const Browser mo = d.enter(d.harbor, "m.okafor", {"intake"});
  Stream s(mo);
  CHECK(s.next("clock").data.contains("now"));
  d.hub.connection(d.harbor.id(), false);
  const auto down = s.next("hub");
  CHECK(down.data["connected"] == false);
  CHECK(down.data["read_only"].is_null());
  d.hub.connection(d.harbor.id(), true);
  CHECK(s.next("hub").data["connected"] == true);
}
