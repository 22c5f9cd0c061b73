// Rows of a dispatch export as submissions: the sample of Alder County, and the canaries.
#include "adapters/folder/sheet.h"

#include <algorithm>

#include "adapters/formats/csv/csv.h"
#include "schemas/body.h"
#include "schemas/policy/decide.h"
#include "schemas/policy/policy.h"
#include "schemas/policy/view.h"
#include "tests/unit/adapters_fake_host.h"
#include "tests/unit/police/kit.h"

#include <doctest/doctest.h>

using namespace adapters;
using police_kit::replaced;

namespace {

struct Desk {
  fake::Host host;
  police::Settings settings;
  std::string export_file = police_kit::read(police_kit::sample("alder_cad.csv"));

  Desk() {
    host.own = "apd", host.kind = "police";
    auto s = police::read_settings(schemas::Config::parse(police_kit::config("/nowhere")).value(), "cad");
    REQUIRE_MESSAGE(s.ok(), s.error().message());
    settings = std::move(s).value();
  }
  folder::Taken take(const std::string& bytes) {
    auto out = folder::take(host, settings.sheet, "cad.csv", bytes);
    REQUIRE_MESSAGE(out.ok(), out.error().message());
    return std::move(out).value();
  }
  folder::Outcome first(const std::string& bytes) {
    const auto taken = take(bytes);
    REQUIRE_FALSE(taken.refused);
    REQUIRE_FALSE(taken.rows.empty());
    return taken.rows[0];
  }
  [[nodiscard]] const schemas::Referral& referral(std::size_t i = 0) const {
    return std::get<schemas::Referral>(host.submitted.at(i).body.payload);
  }
};

}  // namespace

TEST_CASE("the sample's crisis call becomes the referral of the story") {
  Desk d;
  const auto taken = d.take(d.export_file);
  REQUIRE_FALSE(taken.refused);
  REQUIRE(taken.rows.size() == 2);
  const std::string why = taken.rows[0].why ? taken.rows[0].why->message() : "";
  CHECK_MESSAGE(taken.rows[0].verdict == "sent", why);
  CHECK(taken.rows[1].verdict == "skipped");
  REQUIRE(d.host.count() == 1);
  CHECK(d.host.submitted[0].to == "harbor");
  CHECK(d.host.submitted[0].dedupe_key == "csv:cad:26-104417");
  const auto& r = d.referral();
  CHECK(r.subject.name.family == "Doe");
  CHECK(r.subject.dob == "1992-03-14");
  CHECK(r.reasons.at(0).code == "SI");
  CHECK(r.service.code == "CSU_BED");
  CHECK(r.urgency == "emergent");
  CHECK(r.authority_basis == "hold");
  CHECK(r.hold.form == "M-1");
  CHECK(r.hold.start == "2026-10-05T19:52:00.000Z");
  CHECK(r.incident_ref == "26-104417");
  CHECK(r.requester.phone == "+1-555-0101");
  CHECK(r.requester.role == "cit_officer");
  CHECK(r.requester_agency == "apd");
  CHECK(r.risk.weapons == "no");
  CHECK(r.co_response == "cit");
  CHECK(r.timeline.size() == 3);
  CHECK(r.notes.at(0).find("\"end it tonight\"") != std::string::npos);
}

TEST_CASE("it says what the county's policy requires of the police") {
  Desk d;
  d.take(d.export_file);
  const auto policy = schemas::policy::parse_policy(police_kit::read(std::string(HANDOFF_SOURCE_DIR) + "/docs/policy/alder-county.toml"));
  REQUIRE(policy.ok());
  schemas::policy::Ask ask;
  ask.from = "apd", ask.from_kind = "police", ask.to = "harbor", ask.to_kind = "crisis_center", ask.kind = schemas::MsgKind::kReferral;
  for (const auto& e : schemas::policy::missing(*policy, ask, d.host.submitted.at(0).body)) FAIL_CHECK(e.message());
}

TEST_CASE("no cell of a criminal-justice or ignored column is in any message, its source bytes or the quarantine") {
  Desk d;
  const std::string canary = "CANARY7Q";
  auto table = formats::csv::read(d.export_file).value();
  unsigned filled = 0;
  for (auto& row : table.rows)
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const auto p = d.settings.sheet.mapping.known.find(table.header[i]);
      REQUIRE(p != d.settings.sheet.mapping.known.end());
      const bool leaves = std::ranges::count(formats::mapping::read_paths(d.settings.sheet.mapping), table.header[i]) != 0;
      if (table.header[i] == "mh_referral") row.cells[i] = "Y";
      if (leaves || table.header[i] == "mh_referral") continue;
      row.cells[i] = canary + std::to_string(i);
      ++filled;
    }
  CHECK(filled == 2 * 6);
  std::string bytes = formats::csv::write_row(table.header);
  for (const auto& row : table.rows) bytes += formats::csv::write_row(row.cells);
  const auto taken = d.take(bytes);
  CHECK(taken.rows[0].verdict == "sent");
  CHECK(taken.rows[1].verdict == "refused");  // larceny: no reason, no subject
  REQUIRE(d.host.count() == 1);
  CHECK(base::text(schemas::encode_body(d.host.submitted[0].body)).find(canary) == std::string_view::npos);
  CHECK(base::text(d.host.submitted[0].body.source.bytes).find("26-104417") != std::string_view::npos);
  for (const auto& o : taken.rows) CHECK(o.kept.find(canary) == std::string::npos);
  CHECK(folder::result_file(taken).find(canary) == std::string::npos);
}

TEST_CASE("a column that the mapping does not name refuses the file, and one that is missing too") {
  Desk d;
  const auto extra = d.take(replaced(d.export_file, "bwc_id\r\n", "bwc_id,NCIC_OCA\r\n"));
  REQUIRE(extra.refused);
  CHECK(extra.refused->message() == "cad.csv:1: unmapped column NCIC_OCA; map it or list it under ignore");
  CHECK(extra.rows.empty());
  const auto renamed = d.take(replaced(d.export_file, "weapons_seen", "weapons"));
  REQUIRE(renamed.refused);
  CHECK(d.take(replaced(d.export_file, ",warrants", "")).rows[0].verdict ==
        "refused");  // a header of one less: each row has a cell too many
  CHECK(d.host.count() == 0);
}

TEST_CASE("the same row again is a repeat, also if only what does not leave has changed") {
  Desk d;
  CHECK(d.first(d.export_file).verdict == "sent");
  const auto again = d.first(replaced(d.export_file, "III HIT 1", "III HIT 2"));
  CHECK(again.verdict == "repeat");
  CHECK(again.thread == fake::Host::id(0));
  CHECK(d.host.count() == 1);
}

TEST_CASE("a row that has changed since it was sent is refused, with the thread on which to say so") {
  Desk d;
  d.first(d.export_file);
  d.host.by_ref["26-104417"] = {{fake::Host::id(0), "harbor", true, {}}};
  const auto o = d.first(replaced(d.export_file, "Civic Square, 200 block, north bench", "Elm St"));
  CHECK(o.verdict == "changed");
  CHECK(o.thread == fake::Host::id(0));
  CHECK(d.host.count() == 1);
}

TEST_CASE("a row that was refused is taken once it is mended") {
  Desk d;
  const auto bad = d.first(replaced(d.export_file, "10/05/2026 13:52", "10/05/26 13:52"));
  CHECK(bad.verdict == "refused");
  REQUIRE(bad.why);
  CHECK(bad.why->where == "cad.csv:2:hold_start");
  CHECK_FALSE(bad.why->mend.empty());
  CHECK(d.first(d.export_file).verdict == "sent");
}

TEST_CASE("rows that are no rows are refused, and the others go on") {
  Desk d;
  const std::string header = d.export_file.substr(0, d.export_file.find("\r\n") + 2), row = d.export_file.substr(header.size());
  const auto taken = d.take(header + "26-1,short\r\n" + row + replaced(row, "26-104418", ""));
  REQUIRE(taken.rows.size() == 5);
  CHECK(taken.rows[0].verdict == "refused");
  CHECK(taken.rows[0].kept.empty());  // whose cells they are is not certain
  CHECK(taken.rows[1].verdict == "sent");
  CHECK(taken.rows[3].verdict == "refused");  // the id came before
  CHECK(taken.rows[3].why->where == "cad.csv:5:incident_no");
  CHECK(d.host.count() == 1);
}

TEST_CASE("a refusal of the policy belongs to its row, and a full outbox to the file") {
  Desk d;
  d.host.refuse = base::Error{base::Kind::kDenied, "rule L3 says no", "labels"};
  const auto o = d.first(d.export_file);
  CHECK(o.verdict == "refused");
  CHECK(o.why->message() == "cad.csv:2: labels: rule L3 says no");
  d.host.refuse = base::Error{base::Kind::kBusy, "the outbox is full"};
  CHECK(folder::take(d.host, d.settings.sheet, "cad.csv", d.export_file).error().kind == base::Kind::kBusy);
}

TEST_CASE("a route by service comes before the adapter's own target") {
  Desk d;
  d.settings.sheet.routes = {{"CSU_BED", "stb"}};
  d.first(d.export_file);
  CHECK(d.host.submitted[0].to == "stb");
}

TEST_CASE("rows may be statuses of earlier referrals") {
  Desk d;
  const auto config = schemas::Config::parse(R"(
[mapping]
format = "csv"
kind = "FollowUp"
row_id = "id"
thread_by = "source_ref"
[[field]]
from = "mark"
to = "follow_up.mark"
provenance = "local"
[[ignore]]
from = ["id", "source_ref"]
provenance = "local"
)");
  auto m = formats::mapping::load(config.value(), "m.toml");
  REQUIRE_MESSAGE(m.ok(), m.error().message());
  d.settings.sheet.mapping = *m;
  d.host.by_ref["26-1"] = {{fake::Host::id(4), "stb", false, {}}};
  const auto taken = d.take("id,source_ref,mark\n1,26-1,FU72\n2,26-9,FU72\n3,26-1,FU99\n");
  CHECK(taken.rows[0].verdict == "sent");
  CHECK(d.host.submitted[0].thread == fake::Host::id(4));
  CHECK(taken.rows[1].why->where == "cad.csv:3:source_ref");
  CHECK(taken.rows[2].why->where == "cad.csv:4:mark");
}
