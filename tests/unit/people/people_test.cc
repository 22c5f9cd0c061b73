// Accounts, lock-out, sessions, one-time codes: what People promises, on a real store with a clock that the test owns.
#include "adapters/agent/people/totp.h"
#include "crypto/password.h"
#include "tests/unit/people/kit.h"

using namespace rig;
using agent::ledger::Access;
using base::Kind;

TEST_CASE("a password is kept as Argon2id and matches only itself") {
  const crypto::PasswordCost cost{1, 8u << 10};
  const std::string kept = crypto::hash_password(kPassword, cost);
  CHECK(kept.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
  CHECK(kept != crypto::hash_password(kPassword, cost));
  CHECK(crypto::password_matches(kept, kPassword));
  CHECK_FALSE(crypto::password_matches(kept, "four horses under wate"));
  CHECK_FALSE(crypto::password_matches("", ""));
  CHECK_FALSE(crypto::password_matches(std::string(500, 'x'), "x"));
  CHECK(crypto::password_needs_rehash(kept, {2, 8u << 10}));
}

TEST_CASE("codes are those of RFC 6238, a step early or late, and none twice") {
  const base::Bytes secret = base::to_bytes(std::string_view("12345678901234567890"));
  CHECK(people::totp_code(secret, {59'000}, 8) == "94287082");  // its appendix B
  CHECK(people::totp_code(secret, {1'111'111'109'000}, 8) == "07081804");
  CHECK(people::totp_code(secret, {20'000'000'000'000}, 8) == "65353130");
  const base::Instant now{1'111'111'109'000};
  const std::string code = people::totp_code(secret, now);
  const auto step = people::totp_step(secret, code, now, 0);
  REQUIRE(step);
  CHECK(people::totp_step(secret, code, now.plus(30'000), 0) == step);
  CHECK(people::totp_step(secret, code, now.minus(30'000), 0) == step);
  CHECK_FALSE(people::totp_step(secret, code, now.plus(90'000), 0));
  CHECK_FALSE(people::totp_step(secret, code, now, *step));
  CHECK_FALSE(people::totp_step(secret, "", now, 0));
  CHECK_FALSE(people::totp_step({}, code, now, 0));
}

TEST_CASE("an account comes back as it was kept") {
  House h;
  h.start();
  people::PersonRow row;
  row.login = " M.Okafor ", row.name = "M. Okafor", row.phone = "555-0101", row.email = "m.okafor@harbor.example", row.roles = {"clinician"}, row.language = "es";
  REQUIRE(h.staff().save(row).ok());
  auto kept = h.staff().find("M.OKAFOR");
  REQUIRE(kept);
  CHECK(kept->login == "m.okafor");
  kept->passkeys.push_back({{1, 2, 3}, {4, 5}, 7, "phone", {5}, {6}});
  kept->oidc = {"https://login.example 77"};
  CHECK(keep::pack(*keep::unpack<people::PersonRow>(keep::pack(*kept))) == keep::pack(*kept));
  const base::Bytes whole = keep::pack(*kept);
  for (std::size_t n = 0; n < whole.size(); ++n) CHECK_FALSE(keep::unpack<people::PersonRow>(base::View(whole).first(n)));
}

TEST_CASE("what cannot be an account is refused, with the field") {
  House h;
  h.start();
  const auto where = [&](const std::function<void(people::PersonRow&)>& change) {
    people::PersonRow row;
    row.login = "m.okafor", row.roles = {"clinician"};
    change(row);
    const auto s = h.staff().save(row);
    return s.ok() ? std::string() : s.error().where;
  };
  CHECK(where([](auto& r) { r.login = "m okafor"; }) == "login");
  CHECK(where([](auto& r) { r.login = ""; }) == "login");
  CHECK(where([](auto& r) { r.name = "M.\nOkafor"; }) == "name");
  CHECK(where([](auto& r) { r.email = "nobody"; }) == "email");
  CHECK(where([](auto& r) { r.language = "xx"; }) == "language");
  CHECK(where([](auto& r) { r.roles = {"king"}; }) == "roles");
  const base::Id id = h.add("m.okafor");
  CHECK(where([](auto&) {}) == "login");  // taken
  for (const char* bad : {"short", "123456789012", "aaaaaaaaaaaaaa", "m.okafor1234"}) CHECK(h.staff().set_password(id, bad, false).error().kind == Kind::kUsage);
}

TEST_CASE("whatever was wrong, the words are the same; a right password lets in") {
  House h;
  h.start();
  h.add("m.okafor");
  const base::Id gone = h.add("d.reyes");
  auto row = *h.staff().by_id(gone);
  row.disabled = true;
  REQUIRE(h.staff().save(row).ok());
  const auto wrong = h.staff().enter("m.okafor", "not the password", "here"), nobody = h.staff().enter("x.nobody", kPassword, "here"), disabled = h.staff().enter("d.reyes", kPassword, "here");
  for (const auto* e : {&wrong, &nobody, &disabled}) {
    REQUIRE_FALSE(e->ok());
    CHECK(e->error().kind == Kind::kDenied);
    CHECK(e->error().message() == wrong.error().message());
  }
  const auto in = h.staff().enter("M.Okafor", kPassword, "Chromium on Linux");
  REQUIRE(in.ok());
  const auto s = h.staff().session(in->token, true);
  REQUIRE(s);
  CHECK(s->actor.login == "m.okafor");
  CHECK(s->actor.can("accept"));
  CHECK_FALSE(s->actor.can("keys"));
  CHECK(h.recorded(Access::kSignIn, "password") == 1);
  CHECK(h.recorded(Access::kSignInFailed, "wrong password") == 1);
  for (const auto& r : h.ledger()) CHECK(r.login != "x.nobody");  // it may have been a password in the wrong field
}

TEST_CASE("a login that nobody has costs the same work as one that somebody has") {
  House h;
  h.inbox.sessions.cost = {3, 32u << 20};
  h.start();
  h.add("m.okafor");
  // Counted in processor time of this thread, which does not depend on neighbours. The unknown login would be a thousand times faster without the decoy.
  const auto work = [&](const std::string& login) {
    timespec a{}, b{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &a);
    (void)h.staff().enter(login, "not the password", "here");
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &b);
    return (b.tv_sec - a.tv_sec) * 1e9 + static_cast<double>(b.tv_nsec - a.tv_nsec);
  };
  (void)work("x.first");
  const double known = work("m.okafor"), unknown = work("x.nobody");
  CHECK(unknown > known / 3);
  CHECK(known > unknown / 3);
}

TEST_CASE("five failures lock out, a restart does not help, time does; a stranger's login locks like any other") {
  House h;
  h.start();
  h.add("m.okafor");
  for (const std::string login : {"m.okafor", "x.nobody"}) {
    for (int i = 0; i < 5; ++i) CHECK(h.staff().enter(login, "wrong", "here").error().kind == Kind::kDenied);
    CHECK(h.staff().enter(login, kPassword, "here").error().kind == Kind::kBusy);
    CHECK(h.staff().locked_for(login) > 14 * base::kMinute);
  }
  h.box.stop();
  h.start();
  CHECK(h.staff().enter("m.okafor", kPassword, "here").error().kind == Kind::kBusy);
  h.hub.clock.ahead(15 * base::kMinute);
  CHECK(h.staff().enter("m.okafor", kPassword, "here").ok());
  CHECK(h.staff().locked_for("m.okafor") == 0);
  CHECK(h.recorded(Access::kSignInFailed, "locked out") == 1);
}

TEST_CASE("a success in between starts the count anew; many guesses at once gain nothing") {
  House h;
  h.start();
  h.add("m.okafor");
  for (int i = 0; i < 4; ++i) (void)h.staff().enter("m.okafor", "wrong", "here");
  REQUIRE(h.staff().enter("m.okafor", kPassword, "here").ok());
  std::atomic<int> judged{0};
  std::vector<std::thread> many;
  for (int i = 0; i < 24; ++i) {
    many.emplace_back([&] { judged += h.staff().enter("m.okafor", "wrong", "here").error().kind == Kind::kDenied ? 1 : 0; });
  }
  for (auto& t : many) t.join();
  CHECK(judged == 5);
}

TEST_CASE("a session ends when nobody asks, when the shift is over, when left, when disabled, with a restart") {
  House h;
  h.start();
  const base::Id id = h.add("m.okafor");
  const auto enter = [&] { return h.staff().enter("m.okafor", kPassword, "here").value().token; };
  const std::string idle = enter();
  h.hub.clock.ahead(9 * base::kMinute);
  CHECK(h.staff().session(idle, false));  // an event stream's look does not count
  h.hub.clock.ahead(2 * base::kMinute);
  CHECK_FALSE(h.staff().session(idle, true));
  CHECK(h.recorded(Access::kSignOut, "nobody asked") == 1);

  const std::string busy = enter();
  for (int i = 0; i < 90; ++i) {
    h.hub.clock.ahead(8 * base::kMinute);
    if (i < 89) REQUIRE(h.staff().session(busy, true));
  }
  CHECK_FALSE(h.staff().session(busy, true));  // 12 hours
  CHECK(h.recorded(Access::kSignOut, "shift") == 1);

  const std::string left = enter();
  h.staff().leave(left);
  CHECK_FALSE(h.staff().session(left, true));
  CHECK(h.recorded(Access::kSignOut, "left") == 1);

  const std::string one = enter(), two = enter();
  CHECK(h.staff().session(one, true)->draft_key == h.staff().session(two, true)->draft_key);
  CHECK(h.staff().session(one, true)->csrf != h.staff().session(two, true)->csrf);
  auto row = *h.staff().by_id(id);
  row.disabled = true;
  REQUIRE(h.staff().save(row).ok());
  CHECK_FALSE(h.staff().session(one, true));
  CHECK(h.staff().sessions().empty());
  row.disabled = false;
  REQUIRE(h.staff().save(row).ok());
  const std::string last = enter();
  h.box.stop();
  h.start();
  CHECK_FALSE(h.staff().session(last, true));
}

TEST_CASE("a code is needed where an app is set up, serves once, and wrong ones lock out") {
  House h;
  h.start();
  const base::Id id = h.add("m.okafor");
  const base::Bytes secret = base::to_bytes(std::string_view("12345678901234567890"));
  REQUIRE(h.staff().change(id, {}, "", [&](people::PersonRow& r) -> base::Status {
    r.totp = secret;
    return {};
  }).ok());
  auto first = h.staff().enter("m.okafor", kPassword, "here");
  REQUIRE(first.ok());
  CHECK(first->token.empty());
  CHECK_FALSE(h.staff().session(first->ticket, true));  // a ticket is no session
  const std::string code = people::totp_code(secret, h.hub.clock.now());
  REQUIRE(h.staff().enter_code(first->ticket, code).ok());
  CHECK_FALSE(h.staff().enter_code(first->ticket, code).ok());  // the ticket is spent
  const auto second = h.staff().enter("m.okafor", kPassword, "here");
  CHECK_FALSE(h.staff().enter_code(second->ticket, code).ok());  // and the code
  h.hub.clock.ahead(base::kMinute);
  CHECK(h.staff().enter_code(second->ticket, people::totp_code(secret, h.hub.clock.now())).ok());
  const auto third = h.staff().enter("m.okafor", kPassword, "here");
  int denied = 0;
  while (h.staff().enter_code(third->ticket, "000000").error().kind == Kind::kDenied) ++denied;
  CHECK(denied == 4);  // the password was the first try of five
  CHECK(h.staff().enter("m.okafor", kPassword, "here").error().kind == Kind::kBusy);
  h.hub.clock.ahead(20 * base::kMinute);
  const auto late = h.staff().enter("m.okafor", kPassword, "here");
  h.hub.clock.ahead(6 * base::kMinute);
  CHECK_FALSE(h.staff().enter_code(late->ticket, people::totp_code(secret, h.hub.clock.now())).ok());
}

TEST_CASE("a first password and a missing second factor let a person in to mend just that") {
  House h;
  h.inbox.sessions.second_factor = true;
  h.start();
  const base::Id id = h.add("m.okafor");
  REQUIRE(h.staff().set_password(id, "given by somebody", true).ok());
  const auto in = h.staff().enter("m.okafor", "given by somebody", "here");
  auto s = *h.staff().session(in->token, true);
  CHECK(s.change_password);
  CHECK(s.actor.may.empty());
  CHECK_FALSE(people::sees(s.actor, "", {}));
  CHECK_FALSE(h.staff().change_password(id, "given by somebody", "given by somebody", s.actor).ok());
  REQUIRE(h.staff().change_password(id, "given by somebody", kPassword, s.actor).ok());
  s = *h.staff().session(in->token, true);
  CHECK(s.needs_factor);
  CHECK(s.actor.may.empty());
  REQUIRE(h.staff().change(id, {}, "", [](people::PersonRow& r) -> base::Status {
    r.totp.assign(20, 1);
    return {};
  }).ok());
  CHECK(h.staff().session(in->token, true)->actor.can("accept"));
}

TEST_CASE("roles are those of the policy in force: actions, services, labels") {
  House h;
  h.start();
  h.add("a.lind", {"csu"});
  const people::Actor a = h.staff().actor(*h.staff().find("a.lind"), "here");
  CHECK(people::sees(a, "CSU_BED", {}));
  CHECK(people::sees(a, "", {}));
  CHECK_FALSE(people::sees(a, "MOBILE_TEAM", {}));
  CHECK_FALSE(people::sees(a, "CSU_BED", {"part2"}));
  h.add("b.both", {"csu", "clinician"});
  CHECK(people::sees(h.staff().actor(*h.staff().find("b.both"), "here"), "MOBILE_TEAM", {"part2"}));
  h.add("k.it", {"it_admin"});
  CHECK_FALSE(people::sees(h.staff().actor(*h.staff().find("k.it"), "here"), "", {}));
}

TEST_CASE("whoever keeps the accounts is asked for by name; the last one cannot shut the door") {
  House h;
  h.start();
  CHECK(h.ask({{"op", "people.add"}, {"login", "m.okafor"}, {"roles", {"clinician"}}})["error"]["kind"] == "conflict");  // nobody would keep them
  const Json first = h.ask({{"op", "people.add"}, {"login", "k.it"}, {"name", "K. Ito"}, {"roles", {"it_admin"}}});
  REQUIRE(first["ok"] == true);
  CHECK(h.ask({{"op", "people.list"}})["error"]["kind"] == "denied");  // there are accounts now
  const std::string password = first["password"];
  CHECK(h.ask({{"op", "login"}, {"login", "k.it"}, {"password", password}})["next"] == "password");
  const Json in = h.ask({{"op", "login"}, {"login", "k.it"}, {"password", password}, {"new", kPassword}});
  REQUIRE(in["ok"] == true);
  const std::string bearer = in["bearer"];
  const auto ask = [&](Json request) {
    request["bearer"] = bearer;
    return h.ask(request);
  };
  CHECK(ask({{"op", "people.add"}, {"login", "m.okafor"}, {"roles", {"clinician"}}, {"password", kPassword}})["ok"] == true);
  const Json list = ask({{"op", "people.list"}})["people"];
  REQUIRE(list.size() == 2);
  CHECK(list[1]["change_password"] == true);
  CHECK(list.dump().find("argon2") == std::string::npos);
  CHECK(ask({{"op", "people.disable"}, {"login", "k.it"}})["error"]["kind"] == "conflict");
  CHECK(ask({{"op", "people.set"}, {"login", "k.it"}, {"roles", {"clinician"}}})["error"]["kind"] == "conflict");
  CHECK(ask({{"op", "people.remove"}, {"login", "k.it"}})["error"]["kind"] == "conflict");
  const Json clinician = h.ask({{"op", "login"}, {"login", "m.okafor"}, {"password", kPassword}, {"new", "another password of mine"}});
  REQUIRE(clinician["ok"] == true);
  CHECK(h.ask({{"op", "people.reset"}, {"login", "k.it"}, {"bearer", clinician["bearer"]}})["error"]["kind"] == "denied");
  CHECK(ask({{"op", "people.disable"}, {"login", "m.okafor"}})["ok"] == true);
  CHECK(h.ask({{"op", "status"}, {"bearer", clinician["bearer"]}})["error"]["kind"] == "denied");
  CHECK(ask({{"op", "logout"}})["ok"] == true);
  CHECK(ask({{"op", "people.list"}})["error"]["kind"] == "denied");
  CHECK(h.recorded(Access::kAccount, "added m.okafor") == 1);
  CHECK(h.recorded(Access::kAccount, "disabled m.okafor") == 1);
}
