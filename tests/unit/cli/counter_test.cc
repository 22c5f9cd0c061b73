// `handoff` as a program: exit codes, errors, help, finding one's agent, tables. Names and exit codes are a contract.
#include <filesystem>
#include <sstream>

#include "cli/counter/print.h"
#include "tests/unit/cli/kit.h"

#include <doctest/doctest.h>  // last: its CHECK takes the place of crypto/base/check.h's

using namespace cli_kit;

namespace {

const std::vector<std::vector<std::string>> kCommands{{"status"},           {"can-send"},          {"send"},
                                                      {"inbox", "list"},    {"inbox", "show"},     {"inbox", "accept"},
                                                      {"inbox", "decline"}, {"inbox", "info"},     {"inbox", "answer"},
                                                      {"inbox", "close"},   {"inbox", "schedule"}, {"inbox", "start"},
                                                      {"inbox", "hold"},    {"inbox", "complete"}, {"inbox", "cancel"},
                                                      {"audit", "trail"},   {"audit", "search"},   {"audit", "verify"},
                                                      {"audit", "prove"},   {"audit", "denials"}, {"inbox", "follow-up"},
                                                      {"inbox", "retract"}, {"reroute"},            {"forward"},
                                                      {"handoff", "offer"}, {"handoff", "take"},    {"handoff", "refuse"},
                                                      {"loops"},            {"timers"},             {"notices"},
                                                      {"capacity", "list"}, {"capacity", "set"},    {"capacity", "ask"},
                                                      {"consent", "list"},  {"consent", "show"},    {"consent", "add"},
                                                      {"consent", "revoke"}, {"consent", "report"}, {"btg", "open"},
                                                      {"btg", "list"},      {"btg", "review"}};

Json error(const char* kind) {
  return {{"ok", false}, {"error", {{"kind", kind}, {"what", "this is what"}, {"where", "here"}, {"mend", "do that"}}}};
}

}  // namespace

TEST_CASE("every command has help with an example, within 100 columns, and helping is no error") {
  const Folder home;
  for (auto words : kCommands) {
    words.push_back("--help");
    const Ran help = run(words, home.path);
    CAPTURE(words[0] + " " + words[1]);
    CHECK(help.code == 0);
    CHECK(holds(help.out, "Example: handoff " + words[0]));
    CHECK(holds(help.out, "--agent DIR"));
    CHECK(widest_line(help.out) <= 100);
  }
  for (const std::vector<std::string>& words : {std::vector<std::string>{"--help"}, {"inbox", "--help"}, {"audit", "--help"}}) {
    const Ran help = run(words, home.path);
    CHECK(help.code == 0);
    CHECK(widest_line(help.out) <= 100);
  }
}

TEST_CASE("what cannot be understood is an error of the person: exit 2, a reason and a mend on stderr, no question to the agent") {
  Desk desk(Json{{"ok", true}});
  const std::vector<std::vector<std::string>> wrong{{},
                                                    {"bogus"},
                                                    {"inbox"},
                                                    {"status", "--bogus"},
                                                    {"can-send", "--to", "harbor"},
                                                    {"inbox", "show"},
                                                    {"inbox", "show", "not-an-id"},
                                                    {"inbox", "list", "--limit", "many"},
                                                    {"inbox", "decline", kThread},
                                                    {"inbox", "accept", kThread, "--expected-at", "soon"},
                                                    {"audit", "trail", "0199a1b2"},
                                                    {"audit", "search", "--since", "yesterday"},
                                                    {"audit", "verify", "a.json", "--store", "b"},
                                                    {"audit", "verify", "--anchor", "a.note"},
                                                    {"audit", "verify", "--anchor-hash", "00"},
                                                    {"audit", "prove", kMessage},
                                                    {"send", "--kind", "Referral"}};
  for (const auto& words : wrong) {
    const Ran r = desk.handoff(words);
    CAPTURE(words.empty() ? "nothing" : words.back());
    CHECK(r.code == 2);
    CHECK(r.out.empty());
    CHECK(holds(r.err, "handoff: "));
    CHECK(holds(r.err, "mend: "));
  }
  CHECK(desk.agent.requests().empty());
}

TEST_CASE("the agent's errors are printed as what, where and mend; a finding is 1, any other error 2") {
  using base::Kind;
  std::vector<std::pair<std::string, int>> kinds{{"from-the-future", 2}};
  for (const Kind k : {Kind::kDenied, Kind::kBadSignature, Kind::kCorrupt}) kinds.emplace_back(base::name(k), 1);
  for (const Kind k : {Kind::kNotFound, Kind::kBusy, Kind::kUsage, Kind::kMalformed, Kind::kIo}) kinds.emplace_back(base::name(k), 2);
  for (const auto& [kind, code] : kinds) {
    Desk desk(error(kind.c_str()));
    const Ran r = desk.handoff({"status"});
    CAPTURE(kind);
    CHECK(r.code == code);
    CHECK(r.out.empty());
    CHECK(r.err == "handoff: this is what\n  where: here\n  mend: do that\n");
  }
}

TEST_CASE("an agent that hangs up, or does not speak the protocol, is an error") {
  Desk silent(FakeAgent::Answer([](const Json&) { return std::vector<std::string>(); }));
  CHECK(silent.handoff({"status"}).code == 2);
  Desk babbling(FakeAgent::Answer([](const Json&) { return std::vector<std::string>{"hello"}; }));
  const Ran r = babbling.handoff({"status", "--json"});
  CHECK(r.code == 2);
  CHECK(r.out.empty());
  const Folder empty;
  const Ran nobody = run({"status", "--agent", empty.path}, empty.path);
  CHECK(nobody.code == 2);
  CHECK(holds(nobody.err, "no agent listens there"));
  CHECK(holds(nobody.err, "handoff-agent run"));
  CHECK(run({"status", "--agent", empty.path + "/none"}, empty.path).code == 2);
}

TEST_CASE("a profile names the agent; one way at a time") {
  const Folder home;
  const FakeAgent agent(home.path, Json{{"ok", true}, {"agency", "harbor"}});
  const Ran none = run({"status"}, home.path);
  CHECK(none.code == 2);
  CHECK(holds(none.err, ".config/handoff/default.toml"));
  home.put(".config/handoff/default.toml", "agent = \"" + home.path + "\"\n");
  home.put(".config/handoff/night.toml", "agent = \"../..\"\n");  // from the profile's own folder
  home.put(".config/handoff/wrong.toml", "agant = \"x\"\n");
  CHECK(run({"status", "--json"}, home.path).json()["agency"] == "harbor");
  CHECK(run({"--profile", "night", "status"}, home.path).code == 0);
  CHECK(run({"status", "--profile", "wrong"}, home.path).code == 2);
  CHECK(run({"status", "--profile", "../handoff/night"}, home.path).code == 2);
  CHECK(run({"status", "--profile", "night", "--agent", home.path}, home.path).code == 2);
}

TEST_CASE("the agent is found however long its folder's path is") {
  const Folder home;
  std::string deep = home.path;
  for (int i = 0; i < 12; ++i) deep += "/a-folder-with-a-name";
  std::filesystem::create_directories(deep);
  const FakeAgent agent(deep, Json{{"ok", true}, {"agency", "harbor"}});
  CHECK(run({"status", "--agent", deep}, home.path).code == 0);
}

TEST_CASE("an answer that cannot be written whole is an error") {
  const Folder home;
  const FakeAgent agent(home.path, Json{{"ok", true}, {"agency", "harbor"}});
  const Ran r = run({"status", "--json", "--agent", home.path}, home.path, "", "/dev/full");
  CHECK(r.code == 2);
  CHECK(holds(r.err, "standard output"));
}

TEST_CASE("status says what is wrong in words, and --json is the agent's answer as one document") {
  const Json answer = {
      {"ok", true},
      {"agency", "harbor"},
      {"kind", "crisis_center"},
      {"agent", std::string(32, 'a')},
      {"test", true},
      {"hub",
       {{"endpoint", "tcp://hub.example:7780"},
        {"connected", false},
        {"log_size", 41},
        {"hub_time", "2026-10-05T14:00:00.000Z"},
        {"read_only", true}}},
      {"log", {{"scanned", 40}}},
      {"certificate", {{"serial", 3}, {"not_after", "2027-10-05T14:00:00.000Z"}, {"standing", "active"}}},
      {"outbox", {{"waiting", 2}, {"in_flight", 1}, {"oldest_age_ms", 600000}, {"stopped", "the hub refused the batch"}}},
      {"quarantine", 4},
      {"alarms", {"the hub cannot be reached"}},
      {"adapters", {{{"name", "hospital"}, {"type", "hospital-mllp"}, {"ok", false}, {"words", std::string(200, 'w')}, {"queue", 7}}}}};
  Desk desk(answer);
  const Ran r = desk.handoff({"status"});
  CHECK(r.code == 0);
  for (const char* part : {"TEST CONSORTIUM", "NOT CONNECTED, READ ONLY", "oldest 10 min, STOPPED",
                           "ALARM        the hub cannot be reached", "SICK", "2026-10-05T14:00:00Z"}) {
    CHECK_MESSAGE(holds(r.out, part), part);
  }
  CHECK(widest_line(r.out) <= 100);
  CHECK(desk.handoff({"status", "--json"}).json() == answer);
}

TEST_CASE("can-send asks before it is needed: yes is 0, no is 1") {
  Desk yes(Json{{"ok", true},
                {"allowed", true},
                {"epoch_key", true},
                {"standing", "active"},
                {"rules", {"r1"}},
                {"explanation", "the matrix allows it"}});
  CHECK(yes.handoff({"can-send", "--to", "harbor", "--kind", "Referral", "--purpose", "CRISIS"}).code == 0);
  CHECK(yes.agent.requests().at(0) == Json{{"op", "can_send"}, {"to", "harbor"}, {"kind", "Referral"}, {"purpose", "CRISIS"}});
  Desk no(Json{{"ok", true},
               {"allowed", false},
               {"epoch_key", false},
               {"standing", "revoked"},
               {"rules", Json::array()},
               {"explanation", "it left"}});
  const Ran r = no.handoff({"can-send", "--to", "harbor", "--kind", "Referral"});
  CHECK(r.code == 1);
  CHECK(holds(r.out, "NO"));
  CHECK(no.handoff({"can-send", "--to", "harbor", "--kind", "Referral", "--json"}).code == 1);
}

TEST_CASE("text from elsewhere cannot steer the terminal") {
  using cli::counter::plain;
  CHECK(plain("a\x1b[2Jb\r\nc\td") == "a?[2Jb? c d");
  CHECK(plain("Ünïcode – ok 日本") == "Ünïcode – ok 日本");
  CHECK(plain("\xc2\x9b"
              "31m") == "??31m");  // a control character in two bytes
  CHECK(plain("\xe2\x80\xae"
              "evil") == "???evil");  // right-to-left override
  CHECK(plain("\xff\xc3") == "??");   // no UTF-8
}

TEST_CASE("tables and wrapped text stay within 100 columns") {
  using cli::counter::Table;
  Table table({{"ONE"}, {"TWO", true}, {"THREE", true, true}});
  table.add({"thread", std::string(300, 'x'), "日本日本日本日本"});
  table.add({"", "short", ""});
  std::ostringstream out;
  table.print(out);
  CHECK(widest_line(out.str()) <= 100);
  CHECK(holds(out.str(), "…"));
  CHECK_FALSE(holds(out.str(), " \n"));
  std::ostringstream text;
  cli::counter::wrap(text, 4, std::string(250, 'y') + " and then é" + std::string(120, 'z'));
  CHECK(widest_line(text.str()) <= 100);
}
