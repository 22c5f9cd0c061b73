// handoff policy, on the files that are shipped: words, exit codes, JSON, and what is asked of an agent.
#include "tests/unit/cli/kit.h"

#include <doctest/doctest.h>
#include <filesystem>
#include <sstream>

#include "tests/kit/files.h"

using namespace cli_kit;

namespace {

const std::string kPolicy = HANDOFF_SOURCE_DIR "/docs/policy/alder-county.toml";
const std::string kCases = HANDOFF_SOURCE_DIR "/docs/policy/alder-county-cases.toml";

// The county's policy with one piece exchanged, as a file.
std::string changed(const Folder& home, const std::string& from, const std::string& to) {
  std::string text = kit::read_file(kPolicy);
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return home.put("changed.toml", text.replace(at, from.size(), to));
}

Ran policy(const Folder& home, std::vector<std::string> words) {
  words.insert(words.begin(), "policy");
  return run(std::move(words), home.path);
}

Json shown(const std::string& toml) { return {{"ok", true}, {"toml", toml}, {"version", 14}, {"hash", ""}, {"stale", false}}; }

// The commands of a page of the guide, with what the page shows of their output. "..." stands for anything.
struct Shown {
  std::vector<std::string> words;
  std::vector<std::string> lines;
};
std::vector<Shown> shown_in(const std::string& page) {
  std::vector<Shown> out;
  bool inside = false;
  std::istringstream in(page);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("    $ ")) {
      std::istringstream words(line.substr(6));
      out.emplace_back();
      for (std::string w; words >> w;) out.back().words.push_back(w);
      inside = true;
    } else if (inside && line.starts_with("    ")) {
      out.back().lines.push_back(line.substr(4));
    } else {
      inside = false;
    }
  }
  return out;
}

// Each piece of `lines` between "..." stands in `text`, in order.
bool shows(const std::string& text, const std::vector<std::string>& lines) {
  std::size_t at = 0;
  for (const auto& line : lines) {
    const std::string start = line.ends_with("...") ? line.substr(0, line.size() - 3) : line + "\n";
    const auto found = text.find(start, at);
    if (found == std::string::npos) return false;
    at = found + start.size();
  }
  return !lines.empty();
}

}  // namespace

TEST_CASE("what the guide shows is what comes out") {
  const Folder home;
  home.put("alder-county.toml", kit::read_file(kPolicy));
  home.put("alder-county-cases.toml", kit::read_file(kCases));
  std::string next = kit::read_file(kPolicy);
  for (const auto& [from, to] : {std::pair{"version = 14", "version = 15"},
                                 std::pair{"\"SecureMessage\", \"EncounterNotification\", \"Correction\"",
                                           "\"SecureMessage\", \"EncounterNotification\", \"FollowUp\", \"Correction\""}}) {
    REQUIRE(holds(next, from));
    next.replace(next.find(from), std::string(from).size(), to);
  }
  home.put("v15.toml", next);
  const auto commands = shown_in(kit::read_file(HANDOFF_SOURCE_DIR "/docs/guide/policy.md"));
  CHECK(commands.size() >= 6);
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(home.path);
  for (const auto& c : commands) {
    std::vector<std::string> words(c.words.begin() + 1, c.words.end());
    if (words.at(1) == "lint") words.insert(words.end(), {"--at", "2026-11-02"});
    const Ran r = run(words, home.path);
    CHECK_MESSAGE(shows(r.out, c.lines), c.words.at(2) << " printed:\n" << r.out << r.err);
  }
  std::filesystem::current_path(before);
}

TEST_CASE("the shipped policy is clean and its table holds") {
  const Folder home;
  const Ran lint = policy(home, {"lint", kPolicy, "--cases", kCases, "--at", "2026-11-02"});
  CHECK(lint.code == 0);
  CHECK(holds(lint.out, "0 errors, 0 warnings"));
  CHECK(holds(lint.out, "as expected, 0 not"));
  const Ran test = policy(home, {"test", kPolicy, kCases, "--json"});
  CHECK(test.code == 0);
  CHECK(test.json()["failed"] == 0);
  CHECK(test.json()["cases"] == test.json()["results"].size());
  CHECK(test.json()["results"][0]["rules"][0] == "F1");
}

TEST_CASE("lint names line, fault and mend; warnings alone are no failure") {
  const Folder home;
  const std::string path = changed(home, "supervisor = \"Shift lead, +1-555-0143\"\n", "");
  const Ran error = policy(home, {"lint", path, "--at", "2026-11-02"});
  CHECK(error.code == 1);
  CHECK(holds(error.out, "ERROR: an escalation goes to the supervisor of harbor"));
  CHECK(holds(error.out, "changed.toml:"));
  CHECK(holds(error.out, "mend: "));
  CHECK(widest_line(error.out) <= 100);
  const Ran warned = policy(home, {"lint", kPolicy, "--at", "2027-05-15", "--json"});
  CHECK(warned.code == 0);
  CHECK(warned.json()["errors"] == 0);
  CHECK(warned.json()["findings"].size() >= 3);  // three agreements end in June, and the review is overdue
  CHECK(warned.json()["findings"][0]["grade"] == "warning");
}

TEST_CASE("lint says of a policy that is refused where and why, and what the law has against it") {
  const Folder home;
  const Ran ems = policy(home, {"lint", changed(home, "except_basis = [\"medical_emergency_2_51\"]", "except_basis = [\"treatment\"]")});
  CHECK(ems.code == 1);
  CHECK(holds(ems.out, "contradicts S-P2-CONSENT"));
  const Ran typo = policy(home, {"lint", changed(home, "[calendar]", "[calender]"), "--json"});
  CHECK(typo.code == 1);
  CHECK(typo.json()["errors"] == 1);
  CHECK(typo.json()["findings"][0]["line"] > 100);
  CHECK(policy(home, {"lint", home.path + "/none.toml"}).code == 2);
}

TEST_CASE("a row that does not hold is named, and the exit code is 1") {
  const Folder home;
  const Ran r = policy(home, {"test", changed(home, "kinds = [\"FollowUp\"]\n", "kinds = [\"Consent\"]\n"), kCases});
  CHECK(r.code == 1);
  CHECK(holds(r.out, "FAIL line "));
  CHECK(holds(r.out, "the officer hears how it went on, because the person agreed"));
  CHECK(holds(r.out, "expected allow, got deny by none"));
  const Ran broken = policy(home, {"test", kPolicy, home.put("bad.toml", "case = [ {name=\"x\", expext=\"deny\"} ]")});
  CHECK(broken.code == 2);
  CHECK(holds(broken.err, "bad.toml:1"));
  CHECK(holds(broken.err, "expext"));
}

TEST_CASE("diff is silent about what stays, and says the rest in lines of words") {
  const Folder home;
  const Ran same = policy(home, {"diff", kPolicy, kPolicy});
  CHECK(same.code == 0);
  CHECK(holds(same.out, "nothing is decided differently"));
  const std::string next = changed(home, "decide = \"15m\"", "decide = \"20m\"");
  const Ran timer = policy(home, {"diff", kPolicy, next});
  CHECK(timer.code == 1);
  CHECK(holds(timer.out, "timer emergent decide\n    - 15 minutes\n    + 20 minutes\n"));
  CHECK(holds(timer.out, "1 difference"));
  const Ran json = policy(home, {"diff", kPolicy, next, "--json"});
  CHECK(json.json()["changes"] == Json::parse(R"([{"what":"timer emergent decide","before":"15 minutes","after":"20 minutes"}])"));
}

TEST_CASE("matrix prints roads, and the whole table as JSON") {
  const Folder home;
  const Ran r = policy(home, {"matrix", kPolicy});
  CHECK(r.code == 0);
  CHECK(holds(r.out, "from police, sheriff\n"));
  CHECK(holds(r.out, "with consent: FollowUp"));
  CHECK(widest_line(r.out) <= 100);
  const Json j = policy(home, {"matrix", kPolicy, "--json"}).json();
  CHECK(j["kinds"].size() == 9);
  CHECK(j["cells"].size() == 9);
}

TEST_CASE("manual writes the handbook, as Markdown or HTML") {
  const Folder home;
  CHECK(holds(policy(home, {"manual", kPolicy}).out, "# Handbook: alder-county, version 14\n"));
  const std::string path = home.path + "/book.html";
  const Ran r = policy(home, {"manual", kPolicy, "--format", "html", "-o", path});
  CHECK(r.code == 0);
  CHECK(holds(r.out, "book.html"));
  CHECK(kit::read_file(path).starts_with("<!DOCTYPE html>"));
  CHECK(policy(home, {"manual", kPolicy, "--format", "pdf"}).code == 2);
  CHECK(policy(home, {"manual", kPolicy, "-o", home.path + "/no/such/folder"}).code == 2);
}

TEST_CASE("explain answers offline; a denial is a finding") {
  const Folder home;
  const std::vector<std::string> asked{"explain", kPolicy,         "--from",    "river", "--to",    "stb",
                                       "--kind",  "SecureMessage", "--purpose", "TREAT", "--basis", "consent"};
  const auto with = [&](std::vector<std::string> more) {
    std::vector<std::string> words = asked;
    words.insert(words.end(), more.begin(), more.end());
    return policy(home, words);
  };
  const Ran yes = with({"--consent", "valid"});
  CHECK(yes.code == 0);
  CHECK(holds(yes.out, "allowed by version 14"));
  CHECK(holds(yes.out, "rule L2 allows"));
  CHECK(holds(yes.out, "notice_2_32"));
  const Ran no = with({"--consent", "none"});
  CHECK(no.code == 1);
  CHECK(holds(no.out, "DENIED by version 14"));
  CHECK(holds(no.out, "rule L2 denies"));
  CHECK(holds(no.out, "mend: "));
  const Json j = with({"--labels", "hiv,part2", "--json"}).json();
  CHECK(j["allowed"] == false);
  CHECK(j["code"] == "no_consent");
  CHECK(with({"--labels", "part3"}).code == 2);
  CHECK(policy(home, {"explain", kPolicy}).code == 2);
  CHECK(policy(home, {"explain", kPolicy, "--from", "nobody", "--to", "stb", "--basis", "consent"}).code == 2);
}

TEST_CASE("explain of a message asks the agent that keeps it") {
  Desk desk(Json{{"ok", true},
                 {"version", 14},
                 {"allowed", true},
                 {"rules", {{{"rule", "F2"}, {"words", "the police hear what they need"}, {"cite", "D24"}}}},
                 {"obligations", {"notice_2_32"}},
                 {"view", "police_status"},
                 {"withheld", {"status_update.text", "status_update.actor_name"}},
                 {"explanation", "because"}});
  const Ran r = desk.handoff({"policy", "explain", kMessage});
  CHECK(r.code == 0);
  CHECK(desk.agent.requests().at(0) == Json{{"op", "policy.explain"}, {"message", kMessage}});
  CHECK(holds(r.out, "rule F2: the police hear what they need (D24)"));
  CHECK(holds(r.out, "withheld: status_update.text, status_update.actor_name"));
  CHECK(holds(r.out, "the reader sees: view police_status"));
  CHECK(desk.handoff({"policy", "explain", "no-id"}).code == 2);
}

TEST_CASE("without a file the agent's policy is asked") {
  Desk desk(shown(kit::read_file(kPolicy)));
  CHECK(desk.handoff({"policy", "lint", "--at", "2026-11-02"}).code == 0);
  CHECK(desk.agent.requests().at(0) == Json{{"op", "policy.show"}});
  CHECK(desk.handoff({"policy", "test", kCases}).code == 0);
  CHECK(desk.handoff({"policy", "diff", kPolicy}).code == 0);
  CHECK(holds(desk.handoff({"policy", "manual"}).out, "# Handbook"));
  CHECK(desk.handoff({"policy", "explain", "--from", "apd", "--to", "harbor", "--basis", "emergency"}).code == 0);
  Desk none(Json{{"ok", true}});
  CHECK(none.handoff({"policy", "lint"}).code == 2);
}

TEST_CASE("whatif replays what the agent keeps") {
  const Json change{{"message", kMessage},
                    {"at", "2026-10-05T14:00:00.000Z"},
                    {"kind", "SecureMessage"},
                    {"from", "stb"},
                    {"to", "ace"},
                    {"before", "deny"},
                    {"after", "allow"},
                    {"rules", {"F7"}}};
  Desk desk(Json{{"ok", true}, {"decisions", 412}, {"changed", {change}}});
  const Ran r = desk.handoff({"policy", "whatif", kPolicy, "--replay", "--since", "2026-10-01"});
  CHECK(r.code == 1);
  CHECK(holds(r.out, "412 decisions replayed under version 14, 1 would change"));
  CHECK(holds(r.out, "stb -> ace: deny -> allow"));
  const Json q = desk.agent.requests().at(0);
  CHECK(q["op"] == "policy.whatif");
  CHECK(q["since"] == "2026-10-01T00:00:00.000Z");
  CHECK_FALSE(q.contains("until"));
  CHECK(q["toml"] == kit::read_file(kPolicy));
  CHECK(desk.handoff({"policy", "whatif", kPolicy}).code == 2);  // compared with what?
  Desk calm(Json{{"ok", true}, {"decisions", 3}, {"changed", Json::array()}});
  CHECK(calm.handoff({"policy", "whatif", kPolicy, "--replay"}).code == 0);
}

TEST_CASE("a control profile says of each control how far it goes and which test shows it") {
  const Folder home;
  const auto listed = run({"profile", "list", "--json"}, home.path);
  REQUIRE(listed.code == 0);
  const Json profiles = Json::parse(listed.out)["profiles"];
  for (const Json& p : profiles) {
    const auto shown = run({"profile", "show", "--framework", p["framework"], "--json"}, home.path);
    REQUIRE(shown.code == 0);
    const Json profile = Json::parse(shown.out);
    CHECK(profile["verify"] != "");
    CHECK(profile["controls"].size() == p["controls"]);
    CHECK(profile["controls"].size() > 20);
    for (const Json& c : profile["controls"]) CHECK_MESSAGE((c["here"] != "shown" || !c["shown_by"].empty()), c["id"].dump());
  }
  const auto page = run({"profile", "show", "--framework", "cjis-6.1"}, home.path);
  CHECK(page.out.find("AC-11 Session lock (after at most 30 minutes)\n    shown: ") != std::string::npos);
  const auto unknown = run({"profile", "show", "--framework", "cjis-7"}, home.path);
  CHECK(unknown.code == 2);
  CHECK(unknown.err.find("use one of cjis-5.9.5, cjis-6.1") != std::string::npos);
}
