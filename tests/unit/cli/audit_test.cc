// The compliance officer's commands over the agent's socket, and proof bundles.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/unit/cli/kit.h"

#include "tests/kit/files.h"

using namespace cli_kit;

namespace {

Json row(const std::string& proof) {
  return {{"index", 14},
          {"time", "2026-10-05T14:00:00.123Z"},
          {"kind", "Referral"},
          {"from", "apd"},
          {"to", {"harbor"}},
          {"purpose", "CRISIS"},
          {"policy", 1},
          {"size", 1040},
          {"message", kMessage},
          {"thread", kThread},
          {"digest", std::string(64, 'd')},
          {"delivered_at", nullptr},
          {"proof", proof}};
}

Json rows(const std::string& proof) {
  return {{"ok", true}, {"rows", {row("ok"), row(proof)}}, {"access_index", 21}, {"indexed_upto", 20}, {"size", 22}, {"next", 9}};
}

}  // namespace

TEST_CASE("a trail whose proofs hold is 0; one row that is not proved makes it 1, and it says so") {
  Desk good(rows("ok")), bad(rows("the entry is another's"));
  const Ran r = good.handoff({"audit", "trail", kThread});
  CHECK(r.code == 0);
  CHECK(good.agent.requests().at(0) == Json{{"op", "audit.trail"}, {"thread", kThread}});
  for (const char* part :
       {"#14", "2026-10-05T14:00:00Z", "apd -> harbor", kMessage, "delivered not yet", "entry #21", "indexed up to 20 of 22"})
    CHECK_MESSAGE(holds(r.out, part), part);
  CHECK(widest_line(r.out) <= 100);
  CHECK(good.handoff({"audit", "trail", kThread, "--json"}).json() == rows("ok"));
  const Ran found = bad.handoff({"audit", "trail", kThread});
  CHECK(found.code == 1);
  CHECK(holds(found.out, "FAILED: the entry is another's"));
  CHECK(bad.handoff({"audit", "trail", kThread, "--json"}).code == 1);
}

TEST_CASE("a search passes on its filters; dates are their first moment") {
  Desk desk(rows("ok"));
  const Ran r = desk.handoff({"audit",    "search",    "--agency", "apd",     "--to",       "harbor",  "--kind",
                              "Referral", "--purpose", "CRISIS",   "--since", "2026-10-01", "--until", "2026-10-05T12:00:00+02:00",
                              "--thread", kThread,     "--limit",  "2",       "--after",    "90"});
  CHECK(r.code == 0);
  CHECK(holds(r.out, "--after 9"));
  const Json q = desk.agent.requests().at(0);
  CHECK(q == Json{{"op", "audit.search"},
                  {"agency", "apd"},
                  {"to", "harbor"},
                  {"kind", "Referral"},
                  {"purpose", "CRISIS"},
                  {"since", "2026-10-01T00:00:00.000Z"},
                  {"until", "2026-10-05T10:00:00.000Z"},
                  {"thread", kThread},
                  {"limit", 2},
                  {"after", 90}});
}

TEST_CASE("a search goes on from page to page: into one document up to its limit, or as a stream of everything; pages that do not go on are a fault") {
  const auto pages = [](const Json& request) {
    const std::uint64_t after = request.value("after", std::uint64_t{5});
    Json answer = rows("ok");
    answer["next"] = after > 2 ? Json(after - 1) : Json();
    if (after == 4) answer["rows"] = Json::array();  // a page may be empty and not the last
    return std::vector<std::string>{answer.dump()};
  };
  Desk desk{FakeAgent::Answer(pages)};
  const Ran one = desk.handoff({"audit", "search", "--limit", "3", "--json"});
  CHECK(one.code == 0);
  CHECK(one.json()["rows"].size() == 4);  // pages come whole
  CHECK(one.json()["next"] == 2);
  CHECK(desk.agent.requests().at(1) == Json{{"op", "audit.search"}, {"limit", 1}, {"after", 4}});
  const Ran all = desk.handoff({"audit", "search", "--all", "--json"});
  CHECK(all.code == 0);
  std::istringstream lines(all.out);
  std::size_t n = 0;
  for (std::string line; std::getline(lines, line); ++n) CHECK(Json::parse(line)["index"] == 14);
  CHECK(n == 6);
  CHECK(desk.agent.requests().back()["after"] == 2);
  CHECK(holds(desk.handoff({"audit", "search", "--all"}).out, "6 row(s); every proof holds"));
  CHECK(holds(desk.handoff({"audit", "search", "--all", "--limit", "3"}).out, "3 row(s)"));
  const Ran csv = desk.handoff({"audit", "search", "--all", "--csv"});
  CHECK(csv.out.starts_with("index,time,kind,"));
  CHECK(csv.out.find("index,", 6) == std::string::npos);  // one head
  Desk circle(rows("ok"));
  const Ran r = circle.handoff({"audit", "search", "--all"});
  CHECK(r.code == 2);
  CHECK(holds(r.err, "do not go on"));
  Desk liar(rows("the entry is another's"));
  CHECK(liar.handoff({"audit", "search", "--all", "--limit", "2"}).code == 1);
}

TEST_CASE("verify goes on from what held on this machine, says so, and reads the whole again when told to") {
  const std::string root(64, '0'), other(64, '1');
  Json answer{{"ok", true}, {"holds", true}, {"entries", 9000}, {"root", root}, {"checkpoint", "..."}};
  Desk desk(FakeAgent::Answer([&](const Json& q) {
    Json a = answer;
    if (q.contains("since")) a["since"] = q["since"];
    return std::vector<std::string>{a.dump()};
  }));
  CHECK(desk.handoff({"audit", "verify"}).code == 0);
  CHECK(desk.agent.requests().back() == Json{{"op", "audit.verify"}});
  const Ran again = desk.handoff({"audit", "verify"});
  CHECK(again.code == 0);
  CHECK(desk.agent.requests().back() == Json{{"op", "audit.verify"}, {"since", 9000}, {"since_root", root}});
  CHECK(holds(again.out, "read from #9000 on; what lies before was verified on 20"));
  CHECK(desk.handoff({"audit", "verify", "--whole"}).code == 0);
  CHECK(desk.agent.requests().back() == Json{{"op", "audit.verify"}});
  CHECK(desk.handoff({"audit", "verify", "--since", "2026-10-05"}).code == 0);
  CHECK(desk.agent.requests().back() == Json{{"op", "audit.verify"}, {"since_time", "2026-10-05T00:00:00.000Z"}});
  CHECK(desk.handoff({"audit", "verify", "--since", "tomorrow"}).code == 2);
  CHECK(desk.handoff({"audit", "verify", "--since", "3", "--whole"}).code == 2);
  answer["holds"] = false, answer["root"] = other, answer["first_bad"] = {{"index", 8999}, {"why", "it is not the one that was verified before"}};
  CHECK(desk.handoff({"audit", "verify"}).code == 1);
  answer["holds"] = true, answer["root"] = root, answer.erase("first_bad");
  desk.handoff({"audit", "verify"});
  CHECK(desk.agent.requests().back()["since_root"] == root);  // what did not hold is not kept
}

TEST_CASE("a clock that jumped and a kept head that is damaged are told; the log is checked all the same") {
  const std::string root(64, '0');
  Desk desk(Json{{"ok", true}, {"holds", true}, {"entries", 9000}, {"root", root}, {"checkpoint", "..."}});
  CHECK(desk.handoff({"audit", "verify"}).code == 0);
  std::string file;
  for (const auto& at : std::filesystem::recursive_directory_iterator(desk.home.path + "/.local/state/handoff/verified")) file = at.path().string();
  REQUIRE(!file.empty());
  std::ofstream(file, std::ios::trunc) << Json{{"log", ""}, {"size", 9000}, {"root", root}, {"at", 4'000'000'000'000}}.dump();
  const Ran future = desk.handoff({"audit", "verify"});
  CHECK(future.code == 0);
  CHECK(holds(future.err, "clock stands before the last verification"));
  std::ofstream(file, std::ios::trunc) << "{\"size\":";
  const Ran damaged = desk.handoff({"audit", "verify"});
  CHECK(damaged.code == 0);
  CHECK(holds(damaged.err, "cannot be read"));
  CHECK(desk.agent.requests().back() == Json{{"op", "audit.verify"}});
}

TEST_CASE("an officer without the role, a window without data and an answer that is none: words, no trace, never a false yes") {
  Desk denied(Json{{"error", {{"kind", "denied"}, {"what", "your role may not do this"}, {"where", "audit.search"}, {"mend", "ask for the role auditor"}}}});
  for (const char* what : {"search", "verify"}) {
    const Ran r = denied.handoff({"audit", what});
    CHECK(r.code == 1);
    CHECK(r.out.empty());
    CHECK(holds(r.err, "your role may not do this"));
  }
  Desk nothing(Json{{"ok", true}, {"rows", Json::array()}, {"access_index", 3}, {"indexed_upto", 3}, {"size", 3}, {"next", nullptr}});
  const Ran empty = nothing.handoff({"audit", "search", "--since", "2031-01-01"});
  CHECK(empty.code == 0);
  CHECK(holds(empty.out, "0 row(s)"));
  for (const char* answer : {"{}", "{\"ok\":true}", "[]", "\"yes\"", "{\"ok\":true,\"rows\":7,\"entries\":\"x\"}", "not json"}) {
    Desk odd(FakeAgent::Answer([answer](const Json&) { return std::vector<std::string>{answer}; }));
    CHECK_MESSAGE(odd.handoff({"audit", "search"}).code == 2, answer);
    CHECK_MESSAGE(odd.handoff({"audit", "search", "--all"}).code == 2, answer);
    CHECK_MESSAGE(odd.handoff({"audit", "trail", kThread}).code == 2, answer);
    CHECK_MESSAGE(odd.handoff({"audit", "prove", kMessage, "-o", odd.home.path + "/p"}).code == 2, answer);
    CHECK_MESSAGE(odd.handoff({"audit", "verify"}).code != 0, answer);
  }
}

TEST_CASE("verify tells progress on stderr and the verdict on stdout") {
  const std::string root(64, '0');
  Desk desk(FakeAgent::Answer([&](const Json&) {
    return std::vector<std::string>{R"({"progress":{"done":4096,"total":9000}})",
                                    Json{{"ok", true}, {"holds", true}, {"entries", 9000}, {"root", root}, {"checkpoint", "..."}}.dump()};
  }));
  const Ran r = desk.handoff({"audit", "verify", "--since", "3"});
  CHECK(r.code == 0);
  CHECK(desk.agent.requests().at(0) == Json{{"op", "audit.verify"}, {"since", 3}});
  CHECK(holds(r.err, "4096 of 9000"));
  CHECK(holds(r.out, "the log holds: 9000 entries"));
  CHECK(desk.handoff({"audit", "verify", "--json"}).json()["root"] == "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
}

TEST_CASE("verify names the first bad entry and is then 1") {
  Desk bad(Json{{"ok", true}, {"holds", false}, {"entries", 12}, {"root", ""}, {"first_bad", {{"index", 11}, {"why", "it differs"}}}});
  const Ran r = bad.handoff({"audit", "verify"}), json = bad.handoff({"audit", "verify", "--json"});
  CHECK(r.code == 1);
  CHECK(holds(r.out, "THE LOG DOES NOT HOLD. Entry #11: it differs"));
  CHECK(json.code == 1);
  CHECK(json.json()["ok"] == false);
  CHECK(json.json()["first_bad"]["index"] == 11);
  Desk stopped(Json{{"ok", true}, {"holds", false}, {"entries", 12}, {"root", ""}});
  CHECK(stopped.handoff({"audit", "verify"}).code == 1);
}

TEST_CASE("prove writes a bundle that holds, and never one that does not") {
  const std::string whole = kit::source_file("tests/fuzz/corpus/bundle/full.json");
  REQUIRE(whole.size() > 1000);
  Desk desk(Json{{"ok", true}, {"bundle", whole}});
  const std::string path = desk.home.path + "/proof.json";
  const Ran r = desk.handoff({"audit", "prove", kMessage, "-o", path});
  CHECK_MESSAGE(r.code == 0, r.err);
  CHECK(desk.agent.requests().at(0) == Json{{"op", "audit.prove"}, {"message", kMessage}, {"disclose", false}});
  CHECK(std::filesystem::file_size(path) == whole.size());
  CHECK((std::filesystem::status(path).permissions() & std::filesystem::perms::all) ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  const Ran verified = run({"audit", "verify", path}, desk.home.path);  // needs no agent
  CHECK(verified.code == 0);
  CHECK(holds(verified.out, "HOLDS"));
  CHECK(run({"audit", "verify", "-", "--json"}, desk.home.path, whole).code == 0);
  CHECK(run({"audit", "verify", path, "--anchor-hash", std::string(64, '0')}, desk.home.path).code == 1);

  std::string forged = whole;
  const auto at = forged.find("\"bst1\"") + 60;
  forged[at] = forged[at] == 'A' ? 'B' : 'A';
  CHECK(run({"audit", "verify", desk.home.put("forged.json", forged)}, desk.home.path).code == 1);
  Desk liar(Json{{"ok", true}, {"bundle", forged}});
  const Ran refused = liar.handoff({"audit", "prove", kMessage, "-o", liar.home.path + "/proof.json"});
  CHECK(refused.code == 1);
  CHECK_FALSE(std::filesystem::exists(liar.home.path + "/proof.json"));
}

TEST_CASE("who saw a referral: one row a time, for people, for scripts and for a spreadsheet that runs nothing") {
  const Json answer = {{"ok", true},
                       {"size", 9},
                       {"next", nullptr},
                       {"rows",
                        {{{"seq", 9}, {"at", "2026-10-05T14:12:09.500Z"}, {"access", "open"}, {"person", "m.okafor"}, {"role", "intake"}, {"device", "Chromium on Linux"},
                          {"thread", kThread}, {"message", nullptr}, {"fields", {"referral.risk", "referral.subject"}}, {"basis", "emergency"}, {"words", "inbox.show"}},
                         {{"seq", 7}, {"at", "2026-10-05T14:10:00Z"}, {"access", "denied"}, {"person", "=cmd|x"}, {"role", ""}, {"device", "a, \"b\"\u001b[2J"},
                          {"thread", kThread}, {"message", nullptr}, {"fields", Json::array()}, {"basis", "operations"}, {"words", "inbox.show: not to be seen"}}}}};
  Desk desk(answer);
  const Ran r = desk.handoff({"audit", "access", "--thread", kThread});
  CHECK(r.code == 0);
  CHECK(desk.agent.requests().at(0) == Json{{"op", "ledger.list"}, {"thread", kThread}, {"limit", 1000}});
  for (const char* part : {"2026-10-05T14:12:09Z  m.okafor (intake)  open: inbox.show  on Chromium on Linux", "shown: referral.risk referral.subject", "basis emergency", "2 row(s)"})
    CHECK_MESSAGE(holds(r.out, part), part);
  CHECK_FALSE(holds(r.out, "\x1b"));
  CHECK(widest_line(r.out) <= 100);
  CHECK(desk.handoff({"audit", "access", "--thread", kThread, "--json"}).json() == answer);
  const Ran csv = desk.handoff({"audit", "access", "--thread", kThread, "--csv"});
  CHECK(csv.out.starts_with("at,person,role,device,access,words,fields,basis,thread,message\r\n"));
  CHECK(holds(csv.out, ",m.okafor,intake,Chromium on Linux,open,inbox.show,referral.risk referral.subject,emergency,"));
  CHECK(holds(csv.out, ",'=cmd|x,,\"a, \"\"b\"\""));
  CHECK(desk.handoff({"audit", "access", "--thread", "x"}).code == 2);
  CHECK(desk.handoff({"audit", "access"}).code == 2);
}

TEST_CASE("a ledger that holds is 0, one that does not 1 with its first bad row; an older head goes along") {
  Desk good(Json{{"ok", true}, {"holds", true}, {"size", 9}, {"head", std::string(64, 'a')}});
  const Ran r = good.handoff({"audit", "ledger", "--verify", "--size", "4", "--head", std::string(64, 'b')});
  CHECK(r.code == 0);
  CHECK(holds(r.out, "the ledger holds: 9 rows"));
  CHECK(good.agent.requests().at(0) == Json{{"op", "ledger.verify"}, {"size", 4}, {"head", std::string(64, 'b')}});
  Desk bad(Json{{"ok", true}, {"holds", false}, {"size", 9}, {"head", std::string(64, 'a')}, {"first_bad", {{"seq", 3}, {"why", "it does not follow from the row before it"}}}});
  const Ran found = bad.handoff({"audit", "ledger", "--verify"});
  CHECK(found.code == 1);
  CHECK(holds(found.out, "the first bad row is #3"));
  CHECK(bad.handoff({"audit", "ledger", "--verify", "--json"}).code == 1);
}
