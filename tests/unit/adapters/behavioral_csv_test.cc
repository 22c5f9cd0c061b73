// A center that speaks in plain rows: the examples of docs/guide/csv.md through the adapter, what is refused, and what is written out.
#include <unistd.h>

#include <filesystem>
#include <sstream>

#include "adapters/behavioral/behavioral.h"
#include "adapters/behavioral/csv_out.h"
#include "adapters/formats/csv/csv.h"
#include "adapters/formats/layouts/layouts.h"
#include "adapters/transport/files.h"
#include "tests/kit/watch.h"
#include "tests/unit/adapters_fake_host.h"

#include <doctest/doctest.h>

using namespace adapters;
namespace fs = std::filesystem;
namespace layouts = formats::layouts;

namespace {

std::string read(const std::string& path) { return transport::read_file(path, 1 << 20).value(); }

// The blocks of the manual that are files of a layout, by its name.
std::string example(const std::string& layout) {
  std::istringstream lines(read(std::string(HANDOFF_SOURCE_DIR) + "/docs/guide/csv.md"));
  std::string line, block;
  while (std::getline(lines, line)) {
    if (line.starts_with("    ")) {
      block += line.substr(4) + "\n";
      continue;
    }
    const auto table = formats::csv::read(block);
    const auto* found = table.ok() ? layouts::like(table->header) : nullptr;
    if (found != nullptr && found->name == layout) return block;
    block.clear();
  }
  FAIL("no example of " << layout);
  return "";
}
std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != text.npos);
  return text.replace(at, from.size(), to);
}

struct Center {
  std::string root;
  fake::Host host;
  std::unique_ptr<agent::Adapter> adapter;

  explicit Center(const std::string& more = "") {
    std::string pattern = (fs::temp_directory_path() / "handoff-center-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    root = pattern;
    host.own = "harbor", host.kind = "crisis_center";
    host.by_ref["26-104417"] = {{fake::Host::id(7), "apd", false, {}}};
    host.by_ref["26-104418"] = {{fake::Host::id(8), "apd", false, {}}};
    const std::string config = "in = \"" + root + "/in\"\nout = \"" + root + "/out\"\ncallback = \"+1-555-0102\"\nto = \"stb\"\n" +
                               "route = [{ service = \"DETOX\", to = \"river\" }]\n" + more;
    auto made = behavioral::behavioral_csv().make(schemas::Config::parse(config).value(), "intake");
    REQUIRE_MESSAGE(made.ok(), made.error().message());
    adapter = std::move(made).value();
    REQUIRE(adapter->start(host).ok());
  }
  ~Center() {
    adapter->stop();
    fs::remove_all(root);
  }
  // The result of a file that was dropped in.
  std::string take(const std::string& name, const std::string& bytes) const {
    REQUIRE(transport::write_file(root + "/in", name, bytes).ok());
    REQUIRE(kit::after_changes(root + "/in", [&] { return !fs::exists(root + "/in/" + name); }));
    const std::string result = root + "/out/" + name.substr(0, name.rfind('.')) + ".result.csv";
    return fs::exists(result) ? read(result) : "";
  }
  [[nodiscard]] std::string out(const std::string& name) const { return read(root + "/out/" + name); }
  template <class T>
  [[nodiscard]] const T& sent(std::size_t i) const {
    return std::get<T>(host.submitted.at(i).body.payload);
  }
};

std::vector<std::string> verdicts(const std::string& result) {
  std::vector<std::string> out;
  const auto table = formats::csv::read(result);
  REQUIRE_MESSAGE(table.ok(), result);
  for (const auto& row : table->rows) out.push_back(row.cells.at(1));
  return out;
}
using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("the manual's referrals go where their service goes") {
  const Center c;
  CHECK(verdicts(c.take("referral_in.csv", example("referral_in"))) == Words{"sent", "sent"});
  CHECK(c.host.submitted[0].to == "stb");
  CHECK(c.host.submitted[1].to == "river");
  const auto& r = c.sent<schemas::Referral>(0);
  CHECK(r.subject.name.family == "Doe");
  CHECK(r.reasons.size() == 2);
  CHECK(r.requester.role == "intake");
  CHECK(r.requester_agency == "harbor");
  CHECK(r.subject.phone == "+1-555-0119");
  CHECK(c.sent<schemas::Referral>(1).hold.start == "2026-10-05T19:52:00.000Z");
  CHECK(verdicts(c.take("referral_in-again.layout=1.csv", example("referral_in"))) == Words{"repeat", "repeat"});
  CHECK(verdicts(c.take("referral_in.csv", replaced(example("referral_in"), "1992-03-14", "1992-03-15"))) == Words{"changed", "repeat"});
}

TEST_CASE("the manual's answers find their threads") {
  const Center c;
  CHECK(verdicts(c.take("status_in.csv", example("status_in"))) == Words{"sent", "sent"});
  CHECK(c.host.submitted[0].thread == fake::Host::id(7));
  CHECK(c.host.submitted[0].to == "apd");
  const auto& yes = c.sent<schemas::StatusUpdate>(0);
  CHECK(yes.status == "accepted");
  CHECK(yes.callback == "+1-555-0102");
  CHECK(yes.place == "1 Harbor Road, east door");
  CHECK(base::rfc3339(yes.at) == "2026-10-05T20:10:00.000Z");
  const auto& no = c.sent<schemas::StatusUpdate>(1);
  CHECK(no.status == "rejected");
  CHECK(no.reason_class == "capacity");
  CHECK(no.actor_role == "intake");
  const auto lost = c.take("status_in-2.csv", replaced(replaced(example("status_in"), "\n1,", "\n3,"), "26-104417", "26-9"));
  CHECK(lost.find("2,refused,,status_in-2.csv:2:source_ref: no referral here has this thread or reference") != std::string::npos);
}

TEST_CASE("the manual's capacity goes to everybody, and what a service takes is said in words") {
  const Center c;
  CHECK(verdicts(c.take("capacity_in.csv", example("capacity_in"))) == Words{"sent", "sent"});
  CHECK(c.host.submitted[0].to == "*");
  CHECK(c.host.submitted[0].purpose == schemas::Purpose::kCapacity);
  CHECK(c.sent<schemas::Capacity>(0).accepts == "ages 18 and over, involuntary: yes, medical clearance needed: no");
  CHECK(c.sent<schemas::Capacity>(1).accepts == "ages 18-64, involuntary: no, medical clearance needed: yes");
  CHECK(c.sent<schemas::Capacity>(0).count == 3);
  CHECK(verdicts(c.take("capacity_in.csv", replaced(example("capacity_in"), "60,18,,", "60,21,,"))) == Words{"changed", "repeat"});
}

TEST_CASE("the manual's outcomes are sent cell by cell, each once, as they are filled in") {
  const Center c;
  CHECK(verdicts(c.take("outcome_in.csv", example("outcome_in"))) == Words{"sent", "sent"});
  REQUIRE(c.host.submitted.size() == 3);
  CHECK(c.sent<schemas::StatusUpdate>(0).status == "completed");
  CHECK(c.sent<schemas::StatusUpdate>(0).outcome == "SAFETY_PLAN_ONLY");
  CHECK(c.sent<schemas::FollowUp>(1).mark == "FU24");
  CHECK(c.sent<schemas::FollowUp>(2).mark == "FU72");
  CHECK(c.sent<schemas::FollowUp>(2).result == "not_reached");
  CHECK(verdicts(c.take("outcome_in.csv", replaced(example("outcome_in"), "reached,,", "reached,declined,"))) == Words{"sent", "repeat"});
  CHECK(c.host.submitted.size() == 4);
  const auto bad = c.take("outcome_in.csv", replaced(example("outcome_in"), "reached,,", "yes,yes,"));
  CHECK(verdicts(bad) == Words{"refused", "repeat"});
  CHECK(c.host.submitted.size() == 4);
}

TEST_CASE("what the layouts refuse, with row, column and reason") {
  const Center c;
  const std::string good = example("referral_in");
  const auto row = [&](const std::string& from, const std::string& to) {
    const auto result = c.take("referral_in.csv", replaced(good, from, to));
    return result.substr(0, result.find("\r\n", result.find("\r\n") + 2));
  };
  CHECK(row("1992-03-14", "3/14/92").find("2,refused,,referral_in.csv:2:dob: not a date like 2026-10-05") != std::string::npos);
  CHECK(row("SI;ANX", "SI;SAD").find("referral_in.csv:2:reason: not a code of the value set reason") != std::string::npos);
  CHECK(row("\n1,", "\n,").find("referral_in.csv:2:row_id: the row has no id") != std::string::npos);
  CHECK(c.take("referral_in.csv", replaced(good, "\n2,", "\n1,"))
            .find("3,refused,,referral_in.csv:3:row_id: the id stands in an earlier row") != std::string::npos);
  CHECK(c.take("referral_in.csv", replaced(good, "T13:52:00-06:00", "T13:52:00")).find("referral_in.csv:3:hold_start: ") !=
        std::string::npos);
  CHECK(row("J.", std::string("J\0", 2)).find(",refused,,referral_in.csv:2:first: a NUL byte") != std::string::npos);
  CHECK(row("J.", "J\xE8").find(",refused,,referral_in.csv:2:first: the bytes are not UTF-8") != std::string::npos);
  CHECK(row("sex,", "gender,").find("unmapped column gender; column sex is missing") != std::string::npos);
  CHECK(row("Doe", "=1+1").find("sent") != std::string::npos);  // data, not a formula
  CHECK(c.host.submitted.back().body.source.format == "csv");
}

TEST_CASE("a file of no layout is refused whole") {
  const Center c;
  for (const char* name : {"beds.csv", "referral_in.layout=2.csv", "referral_innings.csv"}) {
    c.take(name, example("referral_in"));
    while (!fs::exists(c.root + "/in/quarantine/" + name + ".reason.txt")) ::usleep(2000);  // written after the file has moved
    CHECK(read(c.root + "/in/quarantine/" + name + ".reason.txt").find("layout") != std::string::npos);
  }
  CHECK(c.host.submitted.empty());
  CHECK(layouts::like({"source_ref", "outcome", "fu24", "fu72", "fu30"})->name == "outcome_in");
  CHECK(layouts::like({"source_ref", "outcome"}) == nullptr);
}

TEST_CASE("referrals, answers and what agencies say of themselves are written as rows") {
  const Center c;
  agent::Delivery d;
  d.thread_id = fake::Host::id(2), d.from = "apd", d.from_kind = "police";
  schemas::Referral r;
  r.incident_ref = "26-104417", r.subject.name.family = "=Doe", r.subject.name.given = "J.", r.reasons = {{"", "SI", ""}};
  r.notes = {"one", "two"};
  d.body.payload = r, d.body.notice = "42 CFR part 2 prohibits";
  CHECK(c.adapter->deliver(d).ok());
  const auto referrals = formats::csv::read(c.out("referral_out.layout=1.csv")).value();
  CHECK(c.out("referral_out.layout=1.csv").find(",'=Doe,") != std::string::npos);
  REQUIRE(referrals.rows.size() == 1);
  const auto at = [&](const char* column) { return referrals.rows[0].cells.at(*referrals.column(column)); };
  CHECK(at("thread") == base::uuid(fake::Host::id(2)));
  CHECK(at("source_ref") == "26-104417");
  CHECK(at("last") == "=Doe");
  CHECK(at("note") == "one\ntwo");
  CHECK(at("notice") == "42 CFR part 2 prohibits");

  agent::Delivery answer;
  answer.thread_id = fake::Host::id(3), answer.from = "stb", answer.opening_from = "harbor";
  schemas::StatusUpdate u;
  u.status = "accepted", u.at = {1791208924000}, u.place = "east door";
  answer.body.payload = u;
  CHECK(c.adapter->deliver(answer).ok());
  CHECK(c.out("status_out.layout=2.csv").find(",accepted,,2026-10-05T14:02:04.000Z,,,,east door,,\r\n") != std::string::npos);

  const auto says = [&](const char* from, const char* service, const char* phone) {
    agent::Delivery capacity;
    capacity.from = from, capacity.from_kind = "hospital_ed";
    schemas::Capacity beds;
    beds.service = service, beds.phone = phone;
    capacity.body.payload = beds;
    CHECK(c.adapter->deliver(capacity).ok());
  };
  says("stb", "ED_MED", "+1-555-0103");
  says("river", "DETOX", "");
  says("stb", "CRISIS_EVAL", "");
  says("stb", "ED_MED", "+1-555-0104");
  CHECK(c.out("directory.csv") ==
        "agency,kind,inbox,oncall_phone,services,hours,catchment\r\nriver,hospital_ed,river,,DETOX,,\r\n"
        "stb,hospital_ed,stb,'+1-555-0104,ED_MED;CRISIS_EVAL,,\r\n");
  d.outgoing = true;
  CHECK(c.adapter->deliver(d).error().kind == base::Kind::kUnsupported);
}
