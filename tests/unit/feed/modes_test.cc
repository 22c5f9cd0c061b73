// Dry-run, shadow, live: what an adapter hands in, and what becomes of it.
#include "tests/unit/feed/kit.h"

using namespace rig;

TEST_CASE("dry-run: no batch is ever sealed, and the message tables are byte for byte as they were") {
  Troupe t;
  t.start();
  Troupe::mode(t.stb, "dry-run");
  const std::string before = Troupe::message_tables(t.stb);
  const std::size_t batches = t.hub.batches.size();
  for (int i = 0; i < 40; ++i) {
    const std::string ref = "R-" + std::to_string(i % 30);  // some come again
    const char* const lines[] = {"harbor ", "apd ", "nobody ", "stb "};
    (void)t.comes_in("stb", lines[i % 4] + ref + (i % 5 == 0 ? " sometimes" : ""));
    if (i % 7 == 0) (void)t.comes_in("stb", "rubbish");
  }
  CHECK(Troupe::message_tables(t.stb) == before);
  CHECK(t.hub.batches.size() == batches);
  CHECK(Troupe::report(t.stb)["messages"].size() == 46);
}

TEST_CASE("dry-run: the source is told what it would be told live") {
  Troupe t;
  t.start();
  const char* const lines[] = {"harbor A", "harbor A", "harbor A sometimes", "nobody B", "stb C", "harbor D sometimes", "apd E", "harbor F urgent hiv", "rubbish"};
  std::vector<std::string> rehearsed, live;
  const auto told = [&](std::vector<std::string>& into) {
    for (const char* line : lines) {
      const auto done = t.comes_in("stb", line);
      into.push_back(done.ok() ? (done->repeat ? "repeat" : "ok") : done.error().message());
    }
  };
  Troupe::mode(t.stb, "dry-run");
  told(rehearsed);
  CHECK(t.comes_in("stb", "harbor G")->rehearsed);
  Troupe::mode(t.stb, "live");
  told(live);
  CHECK(rehearsed == live);
  CHECK_FALSE(t.comes_in("stb", "harbor G")->rehearsed);
}

TEST_CASE("dry-run: each message is remembered with its reader, view, what is withheld, and why one was refused") {
  Troupe t;
  t.start();
  Troupe::mode(t.stb, "dry-run");
  REQUIRE(t.comes_in("stb", "harbor A").ok());
  REQUIRE_FALSE(t.comes_in("stb", "harbor B urgent hiv").ok());
  REQUIRE_FALSE(t.comes_in("stb", "harbor C sometimes").ok());
  REQUIRE_FALSE(t.comes_in("stb", "rubbish").ok());
  const Json rows = Troupe::report(t.stb)["messages"];  // newest first; a refusal that is told twice stands once
  REQUIRE(rows.size() == 4);
  CHECK(rows[0]["verdict"] == "unread");
  CHECK(rows[0]["error"]["where"] == "line 1: line:1");
  CHECK(rows[1]["verdict"] == "refused");
  CHECK(rows[1]["error"]["where"] == "line 1: referral.urgency");
  CHECK(rows[2]["verdict"] == "denied");
  CHECK(rows[2]["readers"][0]["rules"][0] == "L1");
  CHECK(rows[3]["verdict"] == "would_send");
  CHECK(rows[3]["kind"] == "Referral");
  const Json reader = rows[3]["readers"][0];
  CHECK(reader["to"] == "harbor");
  CHECK(reader["view"] == "brief");
  CHECK(reader["rules"] == Json({"F3"}));
  CHECK(reader["withheld"].dump().find("referral.notes") != std::string::npos);
  CHECK(Troupe::count(t.stb, keep::Table::kQuarantine) == 0);
}

TEST_CASE("dry-run: what goes on with a rehearsed thread is answered as if that had been sent") {
  Troupe t;
  t.start();
  Troupe::mode(t.stb, "dry-run");
  const auto first = t.comes_in("stb", "harbor A");
  const auto second = t.comes_in("stb", "say " + base::uuid(first->thread_id) + " hello");
  REQUIRE_MESSAGE(second.ok(), second.error().message());
  CHECK(second->thread_id == first->thread_id);
  CHECK(t.comes_in("stb", "say " + base::uuid(base::Id{1}) + " hello").error().kind == base::Kind::kNotFound);
  Troupe::mode(t.stb, "live");
  CHECK(t.comes_in("stb", "say " + base::uuid(first->thread_id) + " hello").error().kind == base::Kind::kNotFound);
}

TEST_CASE("shadow: counts by kind, verdict, reason and reader, and no message is remembered") {
  Troupe t;
  t.start();
  Troupe::mode(t.stb, "shadow");
  for (int i = 0; i < 3; ++i) REQUIRE(t.comes_in("stb", "harbor R-" + std::to_string(i)).ok());
  REQUIRE_FALSE(t.comes_in("stb", "harbor X urgent hiv").ok());
  const Json r = Troupe::report(t.stb);
  CHECK(r["messages"].empty());
  REQUIRE(r["counts"].size() == 2);
  CHECK(r["counts"][0]["count"] == 3);
  CHECK(r["counts"][0]["to"] == "harbor");
  CHECK(r["counts"][0]["reason"] == "F3");
  CHECK(r["counts"][1]["verdict"] == "denied");
  CHECK(r["counts"][1]["kind"] == "Referral");
}

TEST_CASE("what comes from other agencies waits while an adapter only rehearses, and follows when it goes live, in order") {
  Troupe t;
  t.start();
  Troupe::mode(t.harbor, "shadow");
  std::vector<std::string> sent;
  for (int i = 0; i < 5; ++i) {
    sent.push_back("R-" + std::to_string(i));
    REQUIRE(t.comes_in("stb", "harbor " + sent.back()).ok());
  }
  REQUIRE(eventually([&] { return t.harbor->supervisor().status()[0].queue >= 5; }));
  CHECK(t.said("harbor").empty());
  Troupe::mode(t.harbor, "live");
  const auto referrals = [&] {
    auto said = t.said("harbor");
    std::erase(said, "status");
    return said;
  };
  REQUIRE(eventually([&] { return referrals().size() == 5; }));
  std::string heard;
  for (const std::string& r : referrals()) heard += r + " ";
  CHECK(heard == "R-0 R-1 R-2 R-3 R-4 ");
}

TEST_CASE("go-live by kinds, and rollback: those kinds are sent, others rehearsed; asked twice it is the same") {
  Troupe t;
  t.start();
  Troupe::mode(t.stb, "shadow");
  const Json staged = Troupe::mode(t.stb, "shadow", {"Referral"});
  CHECK(staged["kinds"] == Json({"Referral"}));
  const auto live = t.comes_in("stb", "harbor A");
  REQUIRE(live.ok());
  CHECK_FALSE(live->rehearsed);
  const auto message = t.comes_in("stb", "say " + base::uuid(live->thread_id) + " hello");
  REQUIRE(message.ok());
  CHECK(message->rehearsed);
  CHECK(eventually([&] { return t.said("harbor").size() >= 1; }));
  REQUIRE_FALSE(t.comes_in("stb", "rubbish").ok());
  CHECK(Troupe::count(t.stb, keep::Table::kQuarantine) == 1);  // it could have been of a kind that is live

  Troupe::mode(t.stb, "shadow");
  CHECK(t.comes_in("stb", "harbor B")->rehearsed);
  const Json once = Troupe::mode(t.stb, "shadow");
  CHECK(once["changes"].size() == 3);
  CHECK(once["changes"][2]["by"] == "okonjo");
  CHECK(Counter::refused(t.stb, {{"op", "feed.mode"}, {"adapter", "feed"}, {"mode", "shadow"}, {"kinds", {"Gossip"}}}, "kinds: Gossip") == "usage");
  CHECK(Counter::refused(t.stb, {{"op", "feed.mode"}, {"adapter", "other"}, {"mode", "live"}}, "adapter") == "not_found");
}

TEST_CASE("a mode survives a restart") {
  Troupe t;
  t.start();
  Troupe::mode(t.stb, "shadow", {"Referral"});
  t.restart(t.stb);
  CHECK_FALSE(t.comes_in("stb", "harbor A")->rehearsed);
  Troupe::mode(t.stb, "dry-run");
  t.restart(t.stb);
  CHECK(t.comes_in("stb", "harbor B")->rehearsed);
  CHECK(Counter::ok(t.stb, {{"op", "status"}})["adapters"][0]["mode"] == "dry-run");
}

TEST_CASE("a file is tried through the running adapter, whatever its mode, and nothing of it is sent or kept") {
  Troupe t;
  t.start();
  const std::string before = Troupe::message_tables(t.stb);
  const auto attempt = [&](const std::string& line) {
    return Counter::ok(t.stb, {{"op", "feed.try"}, {"adapter", "feed"}, {"format", "line"}, {"bytes", base::base64(base::view(line))}});
  };
  const Json good = attempt("harbor A");
  CHECK(good["good"] == true);
  CHECK(good["messages"][0]["readers"][0]["to"] == "harbor");
  CHECK(attempt("harbor A")["messages"][0]["verdict"] == "would_send");  // each file for itself
  const Json bad = attempt("rubbish");
  CHECK(bad["good"] == false);
  CHECK(bad["messages"][0]["verdict"] == "unread");
  CHECK(attempt("harbor B urgent hiv")["messages"][0]["verdict"] == "denied");
  CHECK(Troupe::message_tables(t.stb) == before);
  CHECK(Troupe::report(t.stb)["counts"].empty());
}

TEST_CASE("a dry-run remembers the last thousand") {
  Troupe t;
  t.start();
  Troupe::mode(t.stb, "dry-run");
  for (int i = 0; i < 1010; ++i) (void)t.host("stb").quarantine("feed", "line", base::view("x"), base::malformed("no line " + std::to_string(i % 3), "line:1"));
  CHECK(Troupe::count(t.stb, keep::Table::kRehearsed) == 1000);
  CHECK(Troupe::report(t.stb)["counts"].size() == 3);
}
