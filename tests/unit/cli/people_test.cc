// handoff login, logout, people: the bearer is kept for its owner alone, goes with later questions, and is never printed.
#include <sys/stat.h>

#include <filesystem>

#include "crypto/base/bytes.h"
#include "tests/unit/cli/kit.h"

#include <doctest/doctest.h>  // last

using namespace cli_kit;

namespace {

std::string bearer_file(const std::string& home) {
  for (const auto& e : std::filesystem::recursive_directory_iterator(home)) {
    if (e.path().extension() == ".bearer") return e.path();
  }
  return {};
}

}  // namespace

TEST_CASE("a sign-in is kept with mode 0600, goes with every question after it, and ends with logout") {
  Desk desk(FakeAgent::Answer([](const Json& in) {
    if (in["op"] == "login") return std::vector<std::string>{Json{{"ok", true}, {"bearer", "b3arer"}, {"login", "m.okafor"}, {"ends", "2026-10-05T14:00:00.000Z"}}.dump()};
    return std::vector<std::string>{Json{{"ok", true}, {"people", Json::array({{{"login", "m.okafor"}, {"name", "M. Okafor"}, {"roles", {"clinician"}}, {"password", true}, {"totp", true}, {"passkeys", 0}, {"disabled", false}}})}}.dump()};
  }));
  const Ran in = desk.handoff({"login", "m.okafor", "--password-file", "-", "--code", "123456"}, "four horses under water\n");
  CHECK(in.code == 0);
  CHECK_FALSE(holds(in.out + in.err, "b3arer"));
  const std::string file = bearer_file(desk.home.path);
  REQUIRE_FALSE(file.empty());
  struct stat s {};
  REQUIRE(::stat(file.c_str(), &s) == 0);
  CHECK((s.st_mode & 0777) == 0600);
  const Ran list = desk.handoff({"people", "list"});
  CHECK(list.code == 0);
  CHECK(holds(list.out, "password, code"));
  CHECK(desk.handoff({"logout"}).code == 0);
  CHECK(bearer_file(desk.home.path).empty());
  desk.handoff({"people", "list"});
  const auto asked = desk.agent.requests();
  REQUIRE(asked.size() == 4);
  CHECK(asked[0] == Json{{"op", "login"}, {"login", "m.okafor"}, {"password", "four horses under water"}, {"code", "123456"}});
  CHECK(asked[1]["bearer"] == "b3arer");
  CHECK(asked[2] == Json{{"op", "logout"}, {"bearer", "b3arer"}});
  CHECK_FALSE(asked[3].contains("bearer"));
}

TEST_CASE("an account is added with its roles, and a first password is shown once") {
  Desk desk(Json{{"ok", true}, {"login", "m.okafor"}, {"password", "k3fd-w2qa"}});
  const Ran r = desk.handoff({"people", "add", "m.okafor", "--name", "M. Okafor", "--role", "clinician", "--role", "supervisor", "--phone", "555-0101"});
  CHECK(r.code == 0);
  CHECK(holds(r.out, "k3fd-w2qa"));
  CHECK(desk.agent.requests()[0] == Json{{"op", "people.add"}, {"login", "m.okafor"}, {"name", "M. Okafor"}, {"phone", "555-0101"}, {"roles", {"clinician", "supervisor"}}});
}

TEST_CASE("the last keeper is recovered with the file that unlocks the agent's keys, which is never printed") {
  Desk desk(Json{{"ok", true}, {"login", "k.ito"}, {"password", "k3fd-w2qa"}});
  const Ran r = desk.handoff({"people", "recover", "k.ito", "--unlock-file", "-"}, "correct horse\n");
  CHECK(r.code == 0);
  CHECK(holds(r.out, "k3fd-w2qa"));
  CHECK_FALSE(holds(r.out + r.err, "correct horse"));
  CHECK(desk.agent.requests()[0] == Json{{"op", "people.recover"}, {"login", "k.ito"}, {"unlock", base::base64(base::view("correct horse\n"))}});
}

TEST_CASE("who is signed in: for people, as CSV, and as JSON") {
  Desk desk(Json{{"ok", true}, {"sessions", {{{"login", "m.okafor"}, {"name", "M. Okafor"}, {"device", "Chromium on Linux"}, {"since", "2026-10-05T14:00:00.000Z"}, {"last", "2026-10-05T14:02:00.000Z"}}}}});
  CHECK(holds(desk.handoff({"people", "sessions"}).out, "Chromium on Linux"));
  CHECK(holds(desk.handoff({"people", "sessions", "--csv"}).out, "login,name,device,since,last"));
  CHECK(Json::parse(desk.handoff({"people", "sessions", "--json"}).out)["sessions"][0]["since"] == "2026-10-05T14:00:00.000Z");
}
