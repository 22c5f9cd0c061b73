// The police adapter between a host and its folders.
#include "adapters/police/police.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/unit/adapters_fake_host.h"
#include "tests/unit/police/kit.h"

#include <doctest/doctest.h>

using namespace adapters;
namespace fs = std::filesystem;
using police_kit::replaced;

namespace {

struct Station {
  std::string root;
  fake::Host host;
  std::unique_ptr<agent::Adapter> adapter;
  std::string export_file = police_kit::read(police_kit::sample("alder_cad.csv"));

  Station() {
    std::string pattern = (fs::temp_directory_path() / "handoff-station-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    root = pattern;
    host.own = "apd", host.kind = "police";
    auto made = police::police_folder().make(*schemas::Config::parse(police_kit::config(root)), "cad");
    REQUIRE_MESSAGE(made.ok(), made.error().message());
    adapter = std::move(made).value();
    REQUIRE(adapter->start(host).ok());
  }
  ~Station() {
    adapter->stop();
    fs::remove_all(root);
  }
  void drop(const std::string& name, const std::string& bytes) const { REQUIRE(transport::write_file(root + "/in", name, bytes).ok()); }
  [[nodiscard]] std::string read(const std::string& name) const { return police_kit::read(root + "/" + name); }
  [[nodiscard]] bool eventually(const std::string& name) const {
    for (int i = 0; i < 2000 && !fs::exists(root + "/" + name); ++i) ::usleep(5000);
    return fs::exists(root + "/" + name);
  }
};

agent::Delivery accepted() {
  agent::Delivery d;
  d.kind = schemas::MsgKind::kStatus;
  d.msg_id = fake::Host::id(3), d.thread_id = fake::Host::id(0), d.opening_from = "apd", d.opening_to = "harbor", d.from = "harbor";
  schemas::StatusUpdate u;
  u.status = "accepted", u.at = {1791208924000}, u.actor_role = "intake";
  u.place = "1 Harbor Rd", u.expected_at = "2026-10-05T15:00:00Z", u.callback = "+1-555-0102";
  d.body.payload = u;
  auto opening = std::make_shared<schemas::Body>();
  schemas::Referral r;
  r.incident_ref = "26-104417";
  opening->payload = r;
  d.opening = opening;
  return d;
}
const std::string kHeader = "thread,source_ref,status,reason,at,by_role,appt_at,outcome,place,expected_at,callback\r\n";

}  // namespace

TEST_CASE("an export that is dropped in is sent row by row, and its result lies in the other folder") {
  Station s;
  s.drop("cad-1402.csv", s.export_file);
  REQUIRE(s.eventually("in/done/cad-1402.csv"));
  CHECK(s.host.count() == 1);
  CHECK(s.read("out/cad-1402.result.csv") ==
        "row,verdict,thread,what,mend\r\n2,sent," + base::uuid(fake::Host::id(0)) + ",,\r\n3,skipped,,,\r\n");
  CHECK(s.adapter->health().accepted == 1);
  s.drop("cad-1403.csv", s.export_file);
  REQUIRE(s.eventually("in/done/cad-1403.csv"));
  CHECK(s.read("out/cad-1403.result.csv").find("2,repeat," + base::uuid(fake::Host::id(0))) != std::string::npos);
  CHECK(s.host.count() == 1);
}

TEST_CASE("a bad row is in quarantine with its reason, a bad file in the folder's") {
  Station s;
  s.drop("row.csv", replaced(s.export_file, ",SUIC,", ",SUICIDE,"));
  REQUIRE(s.eventually("in/done/row.csv"));
  REQUIRE(s.host.quarantined.size() == 1);
  CHECK(s.host.quarantined[0].format == "csv");
  CHECK(s.host.quarantined[0].why.where == "row.csv:2:call_type");
  CHECK(s.host.quarantined[0].bytes.find("Civic Square") != std::string::npos);
  CHECK(s.host.quarantined[0].bytes.find("III HIT") == std::string::npos);
  s.drop("file.csv", replaced(s.export_file, "bwc_id", "NCIC_OCA"));
  REQUIRE(s.eventually("in/quarantine/file.csv.reason.txt"));
  CHECK(s.read("in/quarantine/file.csv.reason.txt") == "file.csv:1: unmapped column NCIC_OCA; map it or list it under ignore\n");
  CHECK(s.read("out/file.result.csv").find(",refused,,file.csv:1: unmapped column NCIC_OCA,map it or list it under ignore") !=
        std::string::npos);
  CHECK(s.host.count() == 0);
  CHECK(s.adapter->health().refused == 2);
}

TEST_CASE("a status of an own referral is a row at the end of the status file") {
  Station s;
  CHECK(s.adapter->deliver(accepted()).ok());
  const std::string thread = base::uuid(fake::Host::id(0));
  const std::string row =
      thread + ",26-104417,accepted,," + base::rfc3339({1791208924000}) + ",intake,,,1 Harbor Rd,2026-10-05T15:00:00Z,'+1-555-0102\r\n";
  CHECK(s.read("out/status_out.layout=2.csv") == kHeader + row);
  CHECK(s.adapter->deliver(accepted()).ok());  // the host is not certain that it was taken, and asks again
  CHECK(s.read("out/status_out.layout=2.csv") == kHeader + row);
  auto declined = accepted();
  std::get<schemas::StatusUpdate>(declined.body.payload).status = "rejected";
  std::get<schemas::StatusUpdate>(declined.body.payload).reason_class = "capacity";
  CHECK(s.adapter->deliver(declined).ok());
  CHECK(s.read("out/status_out.layout=2.csv").find(",rejected,capacity,") != std::string::npos);
  CHECK(s.adapter->health().delivered == 3);
}

TEST_CASE("the status file may be taken away, and half a row that a power loss left is replaced") {
  Station s;
  CHECK(s.adapter->deliver(accepted()).ok());
  const std::string whole = s.read("out/status_out.layout=2.csv");
  fs::rename(s.root + "/out/status_out.layout=2.csv", s.root + "/taken.csv");
  CHECK(s.adapter->deliver(accepted()).ok());
  CHECK(s.read("out/status_out.layout=2.csv") == whole);
  for (const std::size_t cut : {whole.size() - 1, kHeader.size() + 5, kHeader.size(), kHeader.size() - 4, std::size_t{0}}) {
    std::ofstream(s.root + "/out/status_out.layout=2.csv", std::ios::binary | std::ios::trunc) << whole.substr(0, cut);
    CHECK(s.adapter->deliver(accepted()).ok());
    CHECK(s.read("out/status_out.layout=2.csv") == whole);
  }
}

TEST_CASE("what is no answer to an own referral is not for the file; a refused event is not written") {
  Station s;
  auto theirs = accepted();
  theirs.opening_from = "stb";
  auto own = accepted();
  own.outgoing = true;
  auto raised = accepted();
  std::get<schemas::StatusUpdate>(raised.body.payload).status.clear();
  for (const auto& d : {theirs, own, raised}) CHECK(s.adapter->deliver(d).error().kind == base::Kind::kUnsupported);
  auto refused = accepted();
  refused.loop.refused.push_back({refused.msg_id, "late"});
  CHECK(s.adapter->deliver(refused).error().kind == base::Kind::kStale);
  CHECK_FALSE(fs::exists(s.root + "/out/status_out.layout=2.csv"));
}

TEST_CASE("a status file that cannot be written makes the host try again") {
  Station s;
  fs::remove_all(s.root + "/out");
  CHECK(s.adapter->deliver(accepted()).error().kind == base::Kind::kBusy);
  CHECK_FALSE(s.adapter->health().ok);
  fs::create_directory(s.root + "/out");
  CHECK(s.adapter->deliver(accepted()).ok());
  CHECK(s.adapter->health().ok);
}

TEST_CASE("an export whose result cannot be written stays, and is offered again") {
  Station s;
  fs::remove_all(s.root + "/out");
  s.drop("cad.csv", s.export_file);
  while (s.adapter->health().ok) ::usleep(5000);
  CHECK(s.host.count() == 1);
  fs::create_directory(s.root + "/out");
  while (!fs::exists(s.root + "/in/done/cad.csv")) {
    s.host.time += base::kMinute;  // until it has settled once more
    ::usleep(5000);
  }
  CHECK(s.read("out/cad.result.csv").find("2,repeat,") != std::string::npos);
  CHECK(s.host.count() == 1);
}

TEST_CASE("a configuration error names its key") {
  const std::string good = police_kit::config("/nowhere");
  const auto make = [](const std::string& text) { return police::police_folder().make(schemas::Config::parse(text).value(), "cad"); };
  CHECK(make(good).ok());
  CHECK(make(replaced(good, "to = ", "too = ")).error().where == "cad.to");
  CHECK(make(replaced(good, "alder_cad.toml", "none.toml")).error().kind == base::Kind::kNotFound);
  CHECK(make(good + "purpose = \"FUN\"\n").error().where == "cad.purpose");
  CHECK(make(good + "rescan_ms = 0\n").error().where == "cad.settle_ms, rescan_ms");
  CHECK(make(good + "where = 1\n").error().where == "cad.where");
  CHECK_FALSE(make(replaced(good, "/nowhere/out", "/nowhere/in")).ok());
}
