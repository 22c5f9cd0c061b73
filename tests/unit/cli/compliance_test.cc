// handoff accounting, suspension, retention, incident, review: what is asked, what is printed and into which files, and the exit codes.
#include <sys/stat.h>

#include "tests/unit/cli/kit.h"

#include <doctest/doctest.h>  // last

#include "tests/kit/files.h"

using namespace cli_kit;

namespace {

const Json kAccount = {{"ok", true},
                       {"threads", 1},
                       {"since", "2020-10-05T00:00:00.000Z"},
                       {"disclosures",
                        {{{"at", "2026-10-05T14:00:00.000Z"}, {"to", "harbor"}, {"to_name", "Harborlight <b>"}, {"what", {"referral.reasons", "referral.subject"}}, {"kind", "Referral"}, {"purpose", "TREAT"},
                          {"basis", "treatment"}, {"consent", ""}, {"part2", true}, {"passed_on", false}, {"exempt", ""}, {"thread", kThread}, {"message", kMessage}}}}};

}  // namespace

TEST_CASE("an account is a list, a spreadsheet, or a page for the person that is its owner's alone and holds no markup of others") {
  Desk desk(FakeAgent::Answer([](const Json& in) { return std::vector<std::string>{(in["op"] == "status" ? Json{{"ok", true}, {"agency", "stb"}} : kAccount).dump()}; }));
  const Ran list = desk.handoff({"accounting", "--patient", "MRN-1", "--years", "3"});
  CHECK(list.code == 0);
  CHECK(holds(list.out, "to harbor  Referral"));
  CHECK(holds(list.out, "what: referral.reasons referral.subject"));
  CHECK(holds(list.out, "42 CFR Part 2"));
  CHECK(widest_line(list.out) <= 100);
  CHECK(desk.agent.requests()[0] == Json{{"op", "accounting"}, {"patient", "MRN-1"}, {"years", 3}});
  CHECK(holds(desk.handoff({"accounting", "--patient", "MRN-1", "--csv"}).out, "harbor,referral.reasons referral.subject,Referral,TREAT,treatment,,yes,no,,no,"));

  const std::string page = desk.home.path + "/account.html";
  CHECK(desk.handoff({"accounting", "--patient", "MRN-1", "--page", page}).code == 0);
  CHECK(holds(kit::read_file(page), "Harborlight &lt;b&gt;"));
  CHECK_FALSE(holds(kit::read_file(page), "<script"));
  struct stat s {};
  REQUIRE(::stat(page.c_str(), &s) == 0);
  CHECK((s.st_mode & 0777) == 0600);
  const Ran again = desk.handoff({"accounting", "--patient", "MRN-1", "--page", page});
  CHECK(again.code == 2);  // it writes over nothing
  CHECK(holds(again.err, "is there already"));
  const Ran copy = desk.handoff({"accounting", "--patient", "MRN-1", "--copy", desk.home.path + "/copy.json"});
  CHECK(copy.code == 0);
  CHECK_FALSE(holds(copy.out, "MRN-1"));
  CHECK(desk.agent.requests().back()["op"] == "accounting.copy");
  CHECK(desk.handoff({"accounting", "--patient", "MRN-1", "--with-suspended", "--page", page + "2"}).code == 2);
}

TEST_CASE("what a key exposes is a finding, and says what comes next") {
  Desk desk(Json{{"ok", true}, {"key", "epoch key 7 of stb"}, {"from", "2026-10-05T00:00:00.000Z"}, {"until", "2026-10-06T00:00:00.000Z"}, {"destroyed", "2026-10-13T00:00:00.000Z"}, {"opens", true}, {"signs", false},
                 {"opened", 2}, {"doubtful", 0},
                 {"threads", {{{"thread", kThread}, {"agency", "harbor"}, {"opened", 2}, {"doubtful", 0}, {"first", "2026-10-05T14:00:00.000Z"}, {"last", "2026-10-05T15:00:00.000Z"}}}}});
  const Ran r = desk.handoff({"incident", "scope", "--key", "0011223344556677", "--from", "2026-10-01"});
  CHECK(r.code == 1);
  CHECK(holds(r.out, "it signs no message"));
  CHECK(holds(r.out, "2 message(s) can be read with it"));
  CHECK(holds(r.out, "handoff-authority suspend"));
  CHECK(widest_line(r.out) <= 100);
  CHECK(desk.agent.requests()[0] == Json{{"op", "incident.scope"}, {"key", "0011223344556677"}, {"from", "2026-10-01T00:00:00.000Z"}});
}

TEST_CASE("a purge goes on until nothing is left; a hold has its reason") {
  int left = 2;
  Desk desk(FakeAgent::Answer([&](const Json& in) {
    if (in["op"] == "retention.run") return std::vector<std::string>{Json{{"ok", true}, {"purged", 100}, {"left", --left}}.dump()};
    return std::vector<std::string>{Json{{"ok", true}, {"id", 4}}.dump()};
  }));
  CHECK(desk.handoff({"retention", "run"}).out == "200 thread(s) purged; a signed tombstone stays of each\n");
  CHECK(desk.handoff({"retention", "hold"}).code == 2);
  CHECK(holds(desk.handoff({"retention", "hold", "--reason", "26-CV-0101", "--thread", kThread}).out, "hold 4 stands"));
  CHECK(desk.agent.requests().back() == Json{{"op", "retention.hold"}, {"reason", "26-CV-0101"}, {"thread", kThread}});
}

TEST_CASE("a week that is not signed and an account that nobody uses are findings") {
  Desk desk(FakeAgent::Answer([](const Json& in) {
    if (in["op"] == "review.show")
      return std::vector<std::string>{Json{{"ok", true}, {"first_unsigned", "2026-10-05"}, {"week", {{"from", "2026-10-05T00:00:00.000Z"}, {"until", "2026-10-12T00:00:00.000Z"}, {"access", {{"open", 3}}}, {"denials", Json::object()}, {"break_glass_unreviewed", Json::array()}, {"ledger", {{"size", 4}, {"holds", true}}}, {"signed", nullptr}}}}.dump()};
    if (in["op"] == "review.sign") return std::vector<std::string>{Json{{"ok", true}, {"by", "p.lane"}, {"note", "x"}}.dump()};
    return std::vector<std::string>{Json{{"ok", true}, {"inactive", 1}, {"people", {{{"login", "m.okafor"}, {"roles", {"clinician"}}, {"last_seen", "2026-06-01T00:00:00.000Z"}, {"inactive", true}, {"disabled", false}, {"second_factor", true}}}}, {"keys", {{{"agency", "stb"}, {"kind", "hospital_ed"}, {"serial", 1}, {"until", "2027-10-05T00:00:00.000Z"}, {"standing", "active"}, {"roles", Json::array()}}}}}.dump()};
  }));
  const Ran week = desk.handoff({"audit", "review"});
  CHECK(week.code == 1);
  CHECK(holds(week.out, "access: open 3"));
  CHECK(holds(week.out, "NOT SIGNED"));
  CHECK(desk.handoff({"audit", "review", "--sign", "--finding", "nothing"}).code == 0);
  const Ran access = desk.handoff({"access", "review"});
  CHECK(access.code == 1);
  CHECK(holds(access.out, "INACTIVE"));
  CHECK(holds(desk.handoff({"access", "review", "--csv"}).out, "person,m.okafor,clinician,"));
}
