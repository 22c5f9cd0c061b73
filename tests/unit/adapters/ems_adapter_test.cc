// The EMS adapter between a host and its two folders.
#include "adapters/ems/ems.h"

#include <unistd.h>

#include <filesystem>

#include "adapters/transport/files.h"
#include "schemas/body.h"
#include "tests/kit/files.h"
#include "tests/unit/adapters_fake_host.h"

#include <doctest/doctest.h>

using namespace adapters;
namespace fs = std::filesystem;

namespace {

std::string sample() { return kit::sample("nemsis/doe_to_st_brigid.xml"); }
std::string changed(std::string_view from, std::string_view to) { return kit::replaced(sample(), from, to); }

struct Service {
  std::string root;
  fake::Host host;
  std::unique_ptr<agent::Adapter> adapter;

  explicit Service(const std::string& more = "destination = [{ name = \"STB\", to = \"stb\" }]\n") {
    std::string pattern = (fs::temp_directory_path() / "handoff-ems-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    root = pattern;
    host.own = "ace", host.kind = "ems";
    const auto config = schemas::Config::parse("out = \"" + root + "/out\"\nin = \"" + root + "/in\"\ncallback = \"555-0177\"\n" + more);
    REQUIRE(config.ok());
    auto made = ems::ems_folder().make(*config, "ace");
    REQUIRE_MESSAGE(made.ok(), made.error().message());
    adapter = std::move(made).value();
    REQUIRE(adapter->start(host).ok());
  }
  ~Service() {
    adapter->stop();
    fs::remove_all(root);
  }
  bool handed_in(const std::string& name, const std::string& bytes, const std::string& to = "done/") const {
    REQUIRE(transport::write_file(root + "/in", name, bytes).ok());
    const std::string file = root + "/in/" + to + name;
    for (int i = 0; i < 24000 && !fs::exists(file); ++i) ::usleep(5000);
    return fs::exists(file);
  }
  [[nodiscard]] std::string reason(const std::string& name) const {
    const std::string file = root + "/in/quarantine/" + name + ".reason.txt";
    for (int i = 0; i < 24000 && !fs::exists(file); ++i) ::usleep(5000);
    return transport::read_file(file, 1 << 20).value();
  }
  template <class T>
  const T& sent(std::size_t i) const {
    return std::get<T>(host.submitted.at(i).body.payload);
  }
};

agent::Delivery answer(schemas::Payload payload) {
  agent::Delivery d;
  d.msg_id = fake::Host::id(7), d.thread_id = fake::Host::id(0);
  d.from = "stb", d.to = "ace";
  d.body.payload = std::move(payload);
  return d;
}

}  // namespace

TEST_CASE("a report of a transfer of care is an arrival, an offer and a note to the hospital") {
  Service s;
  REQUIRE(s.handed_in("pcr.xml", sample()));
  REQUIRE(s.host.count() == 3);
  CHECK(s.sent<schemas::EncounterNotification>(0).subject.name.family == "Doe");
  CHECK(s.host.submitted[0].to == "stb");
  CHECK_FALSE(s.host.submitted[0].thread.has_value());
  const auto& offer = s.sent<schemas::HandoffReport>(1);
  CHECK(offer.phase == "offer");
  CHECK(offer.person.phone == "555-0177");
  CHECK(s.host.submitted[1].thread == fake::Host::id(0));
  CHECK(s.host.submitted[1].body.authority_basis == "treatment");
  CHECK(s.host.submitted[1].body.custom.at("nemsis.aceSafetyPlan.01") == "yes");
  CHECK(s.sent<schemas::SecureMessage>(2).text.starts_with("Found sitting"));
  CHECK(s.host.submitted[2].body.labels == std::vector<std::string>{"general", "mh"});
  CHECK(s.host.submitted[2].body.custom.empty());
}

TEST_CASE("social security and driver's licence numbers are in no submission, source bytes included") {
  Service s("to = \"stb\"\nrefer_to = \"hcc\"\nrefer_service = \"CRISIS_EVAL\"\n");
  REQUIRE(s.handed_in("pcr.xml", sample()));
  REQUIRE(s.host.count() == 4);
  for (const auto& one : s.host.submitted) {
    const base::Bytes bytes = schemas::encode_body(one.body);
    for (const char* canary : {"000123456", "CO-000-DOE"}) {
      CHECK(base::text(bytes).find(canary) == std::string_view::npos);
      CHECK(one.dedupe_key.find(canary) == std::string::npos);
    }
  }
}

TEST_CASE("the same report again changes nothing; other content under its UUID is quarantined with the mend") {
  Service s;
  REQUIRE(s.handed_in("one.xml", sample()));
  REQUIRE(s.handed_in("two.xml", sample()));
  CHECK(s.host.count() == 3);
  CHECK(s.adapter->health().accepted == 3);
  s.host.refuse = base::Error{base::Kind::kConflict, "the same key came before with other content", "dedupe_key"};
  REQUIRE(s.handed_in("three.xml", changed("<eVitals.06>128", "<eVitals.06>182"), "quarantine/"));
  CHECK(s.reason("three.xml") ==
        "three.xml:11: PatientCareReport: this report was sent before with other content; tell the receiver by message, or take the first "
        "one "
        "back with a correction\n");
  CHECK(s.host.count() == 3);
}

TEST_CASE(
    "a referral goes where the settings say, with what the policy's minimum asks, the handoff joins it, and who is in no crisis is passed "
    "by") {
  Service s("refer_to = \"stb\"\nrefer_service = \"CRISIS_EVAL\"\nto = \"stb\"\n");
  REQUIRE(s.handed_in("pcr.xml", sample()));
  REQUIRE(s.host.count() == 3);
  const auto& r = s.sent<schemas::Referral>(0);
  CHECK(r.service.code == "CRISIS_EVAL");
  CHECK(r.requester.phone == "555-0177");
  CHECK(r.requester_agency == "ace");
  CHECK(r.authority_basis == "treatment");
  CHECK(r.subject.age_band == "34");
  CHECK_FALSE(r.reasons.empty());
  CHECK(r.notes.size() == 1);
  CHECK(s.host.submitted[1].thread == fake::Host::id(0));
  CHECK(s.host.submitted[2].thread == fake::Host::id(0));
  std::string calm = changed("<eDispatch.01>2301059", "<eDispatch.01>2301041");
  for (const char* sign : {"2808001", "R45.851", "F32.9"})
    calm.replace(calm.find(sign), std::string_view(sign).size(), sign[0] == '2' ? "2808003" : "I50.9");
  calm.replace(calm.find("3b1e7a52"), 8, "4b1e7a52");
  REQUIRE(s.handed_in("calm.xml", calm));
  CHECK(s.host.count() == 3);
  CHECK(s.adapter->health().words.ends_with("1 reports passed by"));
}

TEST_CASE("a handoff joins the open thread with the receiver that has the police's incident number") {
  Service s;
  s.host.known = {{fake::Host::id(40), "apd", false, {}}, {fake::Host::id(41), "stb", true, {}}};
  s.host.refs["APD-26-118802"] = {0, 1};
  REQUIRE(s.handed_in("pcr.xml", sample()));
  REQUIRE(s.host.count() == 3);
  CHECK(s.host.submitted[0].thread == fake::Host::id(41));
}

TEST_CASE("an unknown destination, a bad file and a policy that says no are quarantined with their place; nothing of them is sent") {
  Service s("");
  REQUIRE(s.handed_in("where.xml", sample(), "quarantine/"));
  CHECK(s.reason("where.xml") ==
        "where.xml:11: PatientCareReport: no agency of the destination's name or code; add a destination row or `to`\n");
  REQUIRE(s.handed_in("bad.xml", "<EMSDataSet", "quarantine/"));
  CHECK(s.reason("bad.xml").starts_with("bad.xml:1: not well-formed XML"));
  s.host.names["St. Brigid Hospital"] = "stb";
  s.host.refuse = base::Error{base::Kind::kDenied, "no rule lets ems send EncounterNotification to hospital_ed", "policy"};
  REQUIRE(s.handed_in("no.xml", sample(), "quarantine/"));
  CHECK(s.reason("no.xml").find("no rule lets ems") != std::string::npos);
  CHECK(s.host.count() == 0);
}

TEST_CASE("of a file with two reports either both go or none") {
  Service s;
  std::string text = sample();
  const std::size_t from = text.find("    <PatientCareReport"), end = text.find("</PatientCareReport>") + 21;
  std::string second = text.substr(from, end - from);
  second.replace(second.find("3b1e7a52"), 8, "5b1e7a52");
  second.replace(second.find(">STB<"), 5, ">ELSE<");
  text.insert(end, second);
  REQUIRE(s.handed_in("two.xml", text, "quarantine/"));
  CHECK(s.host.count() == 0);
}

TEST_CASE("a discharge comes back as a row of the report, with the code of eOutcome.01") {
  Service s;
  REQUIRE(s.handed_in("pcr.xml", sample()));
  schemas::EncounterNotification e;
  e.event = "discharged", e.at = "2026-10-06T09:00:00-06:00", e.facility = "St. Brigid", e.disposition = "65 psychiatric hospital";
  CHECK(s.adapter->deliver(answer(e)).ok());
  const std::string file = s.root + "/out/" + base::uuid(fake::Host::id(0)) + "." + base::uuid(fake::Host::id(7)) + ".outcome.csv";
  CHECK(transport::read_file(file, 1 << 20).value() ==
        "report_uuid,report_number,incident_no,cad_no,event,at,eOutcome.01,disposition,facility,by\r\n"
        "\"3b1e7a52-0c5d-4f1e-9a77-2f60c1d4e801\",\"ACE-2026-10417\",\"ACE-26-004417\",\"APD-26-118802\",\"discharged\",\"2026-10-06T09:00:"
        "00-06:00\","
        "\"65\",\"65 psychiatric hospital\",\"St. Brigid\",\"\"\r\n");
  schemas::StatusUpdate u;
  u.status = "completed", u.outcome = "ADMITTED", u.actor_name = "=cmd()";
  CHECK(s.adapter->deliver(answer(u)).ok());
  CHECK(transport::read_file(file, 1 << 20).value().find("\"09\",\"ADMITTED\",\"\",\"'=cmd()\"") != std::string::npos);
}

TEST_CASE("a machine's receipt, our own messages and other threads are not for the folder") {
  Service s;
  REQUIRE(s.handed_in("pcr.xml", sample()));
  schemas::StatusUpdate u;
  u.status = "received";
  CHECK(s.adapter->deliver(answer(u)).error().kind == base::Kind::kUnsupported);
  u.status = "accepted";
  auto elsewhere = answer(u);
  elsewhere.thread_id = fake::Host::id(9);
  CHECK(s.adapter->deliver(elsewhere).error().kind == base::Kind::kUnsupported);
  auto own = answer(u);
  own.outgoing = true;
  CHECK(s.adapter->deliver(own).error().kind == base::Kind::kUnsupported);
}

TEST_CASE("a site's own fields go over the standard mapping, and a value that they do not know refuses the report") {
  const std::string folder = std::string(HANDOFF_SOURCE_DIR) + "/tests/corpus/samples/mapping/site_nemsis/";
  const std::string site = "to = \"stb\"\nreports = \"all\"\nrefer_to = \"stb\"\nrefer_service = \"CRISIS_EVAL\"\nmapping = \"" + folder + "mapping.toml\"\n";
  std::string report;
  for (const auto& f : fs::directory_iterator(folder))
    if (f.path().extension() == ".xml") report = transport::read_file(f.path().string(), 1 << 20).value();
  REQUIRE(!report.empty());
  const Service s(site);
  REQUIRE(s.handed_in("pcr.xml", report));
  REQUIRE(!s.host.submitted.empty());
  CHECK(s.host.submitted[0].body.custom.at("x-safety-plan") == "yes");
  const auto at = report.find(">yes<");
  REQUIRE(at != report.npos);
  REQUIRE(s.handed_in("other.xml", report.replace(at, 5, ">maybe<"), "quarantine/"));
  CHECK(s.reason("other.xml").find("aceSafetyPlan.01") != std::string::npos);
}

TEST_CASE("settings that cannot work are refused with the mend") {
  const auto refusal = [](const std::string& more) {
    const auto config = schemas::Config::parse("in = \"a\"\nout = \"b\"\n" + more);
    const auto made = ems::ems_folder().make(*config, "ace");
    return made.ok() ? std::string() : made.error().message();
  };
  CHECK(refusal("").empty());
  CHECK(refusal("refer_to = \"hcc\"\n") ==
        "ace.refer_to: a referral needs a service and a number to call back; set refer_service and callback");
  CHECK(refusal("reports = \"some\"\n").find("use behavioral or all") != std::string::npos);
  CHECK(refusal("colour = 1\n") == "ace.colour: unknown key");
  CHECK(refusal("destination = [{ name = \"A\", to = \"b\", x = 1 }]\n") == "ace.destination.x: unknown key");
}
