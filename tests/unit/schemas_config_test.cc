// Configuration files: typed look-ups, errors that name the place, and keys that nobody asked for.
#include "schemas/config.h"

#include <doctest/doctest.h>

using schemas::Config;

namespace {
const char* const kText = R"(
name = "harbor"
[hub]
listen = "tcp://127.0.0.1:7001"
port = 7001
test = true
peers = ["a", "b"]
[[adapter]]
kind = "mllp"
port = 2575
[[adapter]]
kind = "folder"
typo = 1
)";
Config parsed(std::string_view text = kText) {
  auto c = Config::parse(text, "agent.toml");
  REQUIRE(c.ok());
  return *c;
}
}  // namespace

TEST_CASE("dotted keys find values of their type, and missing ones fall back") {
  const auto c = parsed();
  CHECK(*c.text("name") == "harbor");
  CHECK(*c.text("hub.listen", "x") == "tcp://127.0.0.1:7001");
  CHECK(*c.number("hub.port", 1) == 7001);
  CHECK(*c.flag("hub.test", false));
  CHECK(*c.list("hub.peers") == std::vector<std::string>{"a", "b"});
  CHECK(*c.text("hub.none", "x") == "x");
  CHECK(*c.number("none.none", 5) == 5);
  CHECK(c.list("hub.none")->empty());
  CHECK(c.has("hub.port"));
  CHECK_FALSE(c.has("hub.porter"));
}

TEST_CASE("a wrong type and a missing required key say file, line, key and what is expected") {
  const auto c = parsed();
  CHECK(c.number("hub.listen", 0).error().message() == "agent.toml:4: hub.listen: expected a whole number");
  CHECK(c.text("hub.port").error().message() == "agent.toml:5: hub.port: expected a text in quotes");
  CHECK(c.flag("name", true).error().message() == "agent.toml:2: name: expected true or false");
  CHECK(c.list("name").error().message() == "agent.toml:2: name: expected a list of texts: [\"...\"]");
  CHECK(c.text("hub.key").error().message() == "agent.toml: hub.key: missing; add it: hub.key = \"...\"");
}

TEST_CASE("an array of tables gives a configuration each") {
  const auto c = parsed();
  const auto adapters = c.tables("adapter");
  REQUIRE(adapters.ok());
  REQUIRE(adapters->size() == 2);
  CHECK(*(*adapters)[0].text("kind") == "mllp");
  CHECK(*(*adapters)[0].number("port", 0) == 2575);
  CHECK(*(*adapters)[1].text("kind") == "folder");
  CHECK((*adapters)[1].unused() == std::vector<std::string>{"typo"});
  CHECK(c.tables("none")->empty());
  CHECK_FALSE(c.tables("name").ok());
}

TEST_CASE("a table of texts gives its pairs, whatever its keys look like") {
  const auto c = parsed("map = { \"A.1\" = \"x\", B = \"\" }\nbad = { C = 1 }\n");
  CHECK(*c.pairs("map") == std::vector<std::pair<std::string, std::string>>{{"A.1", "x"}, {"B", ""}});
  CHECK(c.pairs("none")->empty());
  CHECK_FALSE(c.pairs("bad").ok());
  CHECK(c.unused() == std::vector<std::string>{"bad.C"});
}

TEST_CASE("a table is handed on as JSON, whole") {
  const auto c = parsed("config = { url = \"http://x/\\\"\", n = -3, on = true, day = 2026-10-05, deep = { list = [1, [\"a\\n\"]] } }\nbad = { x = [1.5] }\n");
  CHECK(*c.object("config") == R"({"day":"2026-10-05","deep":{"list":[1,["a\u000a"]]},"n":-3,"on":true,"url":"http://x/\""})");
  CHECK(*c.object("none") == "{}");
  CHECK(c.object("bad").error().message() == "agent.toml:2: bad: expected no fractions: write them as texts in quotes");
  CHECK(c.unused() == std::vector<std::string>{"bad.x"});
}

TEST_CASE("keys that nobody asked for are named") {
  const auto c = parsed();
  (void)c.text("name");
  (void)c.tables("adapter");
  (void)c.number("hub.port", 0);
  CHECK(c.unused() == std::vector<std::string>{"hub.listen", "hub.peers", "hub.test"});
}

TEST_CASE("text that is not TOML is refused with its line and without quoting it") {
  const auto c = Config::parse("a = 1\nsecret = = 2\n", "agent.toml");
  REQUIRE_FALSE(c.ok());
  CHECK(c.error().message() == "agent.toml:2: not valid TOML");
  for (const auto* text : {"[=x]\n", "[.hub]\n", "[[!]]\n", "[", "a.=1", "=", "a = [", "a = {", "a = \"", "a = 1__0", "\xff = 1",
                           "\xc3\xa9 = 1", "a = \xc3\xa9", "\xef\xbb\xbe = 1"})
    CHECK_FALSE(Config::parse(text).ok());
  CHECK(Config::load("/nonexistent/agent.toml").error().kind == base::Kind::kNotFound);
}

TEST_CASE("a path that is not absolute starts at the folder of the file, in every table of it") {
  const auto c = Config::parse("a = \"x/y\"\nb = \"/z\"\nc = \".\"\nd = \"\"\n[[t]]\na = \"k.pem\"\n", "/etc/handoff/agent.toml").value();
  CHECK(c.path("a").value() == "/etc/handoff/x/y");
  CHECK(c.path("b").value() == "/z");
  CHECK(c.path("c").value() == "/etc/handoff");
  CHECK(c.path("d", "q").value().empty());
  CHECK(c.path("e", "q").value() == "/etc/handoff/q");
  CHECK(!c.path("e").ok());
  CHECK(c.tables("t").value()[0].path("a").value() == "/etc/handoff/k.pem");
}
