// handoff audit export: every row, in each form, and nothing but the columns that are named; the stream goes on from now.
#include <algorithm>
#include <atomic>

#include "tests/unit/cli/kit.h"

#include <doctest/doctest.h>  // last

using namespace cli_kit;

namespace {

Json row(unsigned seq, const std::string& access = "open") {
  return {{"seq", seq},       {"at", "2026-10-05T14:00:00.000Z"}, {"access", access},   {"person", "m.okafor"}, {"role", "clinician"}, {"device", "Chrome \"on\" a ] desk\\"},
          {"thread", kThread}, {"message", nullptr},               {"fields", {"referral.subject"}}, {"basis", "treatment"}, {"words", "inbox.show"}, {"subject", "Canaryworth"}, {"note", "Canaryworth"}};
}
std::vector<std::string> one(const Json& j) { return {j.dump()}; }

// Two pages of a ledger, newest first.
std::vector<std::string> ledger(const Json& in) {
  if (in["op"] == "status") return one({{"ok", true}, {"agency", "stb"}});
  if (!in.contains("after")) return one({{"ok", true}, {"size", 3}, {"rows", {row(3, "denied"), row(2)}}, {"next", 2}});
  return one({{"ok", true}, {"size", 3}, {"rows", {row(1)}}, {"next", nullptr}});
}

std::size_t lines(const std::string& s) { return static_cast<std::size_t>(std::count(s.begin(), s.end(), '\n')); }

}  // namespace

TEST_CASE("every row comes once, in each form, without what no column names") {
  Desk desk{FakeAgent::Answer(ledger)};
  for (const std::string format : {"jsonl", "csv", "fhir", "syslog"}) {
    const Ran r = desk.handoff({"audit", "export", "--format", format});
    CAPTURE(format);
    CHECK(r.code == 0);
    CHECK(lines(r.out) == (format == "csv" ? 4 : 3));
    CHECK(holds(r.out, "m.okafor"));
    CHECK_FALSE(holds(r.out, "Canaryworth"));
  }
  CHECK(desk.handoff({"audit", "export", "--format", "xml"}).code == 2);
  CHECK(desk.handoff({"audit", "export", "--format", "csv", "--shelf", "elsewhere"}).code == 2);
  CHECK(lines(desk.handoff({"audit", "export", "--format", "jsonl", "--rows", "2"}).out) == 2);
}

TEST_CASE("a syslog line is RFC 5424's, and no value of a row ends its field") {
  Desk desk{FakeAgent::Answer(ledger)};
  const Ran r = desk.handoff({"audit", "export", "--format", "syslog", "--rows", "2"});
  const std::string first = r.out.substr(0, r.out.find('\n'));
  CHECK(first.starts_with("<108>1 2026-10-05T14:00:00.000Z stb handoff - denied [handoff@32473 shelf=\"ledger\" seq=\"3\""));
  CHECK(holds(first, R"(device="Chrome \"on\" a \] desk\\")"));
  CHECK(first.ends_with("fields=\"referral.subject\"]"));
  CHECK(holds(r.out, "\n<109>1 "));
}

TEST_CASE("an AuditEvent has what R4 asks for") {
  Desk desk{FakeAgent::Answer(ledger)};
  const Ran r = desk.handoff({"audit", "export", "--format", "fhir", "--rows", "1"});
  const Json e = r.json();
  CHECK(e["resourceType"] == "AuditEvent");
  CHECK(e["type"]["code"] == "rest");
  CHECK(e["recorded"] == "2026-10-05T14:00:00.000Z");
  CHECK(e["outcome"] == "8");
  CHECK(e["agent"][0]["requestor"] == true);
  CHECK(e["source"]["observer"]["display"] == "stb");
  CHECK(e["entity"][0]["what"]["identifier"]["value"] == std::string("urn:uuid:") + kThread);
}

TEST_CASE("the hub's log has its own columns: when, from whom, to whom, what kind") {
  Desk desk{FakeAgent::Answer([](const Json& in) {
    if (in["op"] == "status") return one({{"ok", true}, {"agency", "stb"}});
    return one({{"ok", true}, {"rows", {{{"index", 9}, {"time", "2026-10-05T14:00:00.000Z"}, {"kind", "Referral"}, {"from", "stb"}, {"to", {"harbor"}}, {"purpose", "TREAT"}, {"thread", kThread}, {"message", kMessage}, {"proof", "ok"}}}}, {"next", nullptr}});
  })};
  const Ran r = desk.handoff({"audit", "export", "--format", "jsonl", "--shelf", "log"});
  CHECK(r.json() == Json{{"shelf", "log"}, {"seq", "9"}, {"at", "2026-10-05T14:00:00.000Z"}, {"who", "stb"}, {"to", "harbor"}, {"action", "Referral"}, {"words", "TREAT"}, {"thread", kThread}, {"message", kMessage}, {"denied", false}});
  CHECK(desk.agent.requests().back()["op"] == "audit.search");
}

TEST_CASE("the stream begins now, in the order of writing, and says nothing twice") {
  std::atomic<int> looks = 0;
  Desk desk{FakeAgent::Answer([&](const Json& in) {
    if (in["op"] == "status") return one({{"ok", true}, {"agency", "stb"}});
    const int n = looks++;
    Json rows = Json::array({row(2), row(1)});
    if (n > 0) rows.insert(rows.begin(), {row(4), row(3)});
    if (n > 1) rows.insert(rows.begin(), row(5));
    return one({{"ok", true}, {"size", 5}, {"rows", rows}, {"next", nullptr}});
  })};
  const Ran r = desk.handoff({"audit", "export", "--format", "jsonl", "--follow", "--every", "1", "--rows", "3"});
  CHECK(r.code == 0);
  CHECK(lines(r.out) == 3);
  CHECK(r.out.find("\"seq\":\"3\"") < r.out.find("\"seq\":\"4\""));
  CHECK(r.out.find("\"seq\":\"4\"") < r.out.find("\"seq\":\"5\""));
}
