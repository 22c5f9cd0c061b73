// The EMS adapter over HTTP, with a schema, as inspect sees it, and what it writes back as NEMSIS.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "adapters/ems/ems.h"
#include "adapters/ems/inspect.h"
#include "adapters/ems/outcome.h"
#include "adapters/formats/xml/xml.h"
#include "tests/kit/files.h"
#include "tests/unit/adapters_fake_host.h"

#include <doctest/doctest.h>

using namespace adapters;
namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

std::string sample() { return kit::sample("nemsis/doe_to_st_brigid.xml"); }
std::string changed(std::string_view from, std::string_view to) { return kit::replaced(sample(), from, to); }

// A schema of one's own: anything, but eRecord.01 has at most 20 characters.
const char* const kSchema = R"(<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.nemsis.org" xmlns="http://www.nemsis.org" elementFormDefault="qualified">
 <xs:element name="eRecord.01"><xs:simpleType><xs:restriction base="xs:string"><xs:maxLength value="20"/></xs:restriction></xs:simpleType></xs:element>
 <xs:element name="EMSDataSet"><xs:complexType><xs:sequence><xs:any processContents="lax" maxOccurs="unbounded"/></xs:sequence><xs:anyAttribute processContents="skip"/></xs:complexType></xs:element>
</xs:schema>)";

struct Service {
  std::string root;
  fake::Host host;
  std::unique_ptr<agent::Adapter> adapter;

  explicit Service(const std::string& more = "") {
    std::string pattern = (fs::temp_directory_path() / "handoff-ems-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    root = pattern;
    fs::create_directory(root + "/xsd");
    std::ofstream(root + "/xsd/EMSDataSet_v3.xsd") << kSchema;
    host.own = "ace", host.kind = "ems";
    std::string text = "out = \"" + root + "/out\"\nin = \"" + root + "/in\"\ncallback = \"555-0177\"\n";
    text += more.find("schemas") == more.npos ? more : "schema_dir = \"" + root + "/xsd\"\n";
    text += "destination = [{ name = \"STB\", to = \"stb\" }]\n";
    const auto config = schemas::Config::parse(text);
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
  transport::HttpResponse post(const std::string& body, std::vector<std::string> scopes = {"nemsis.write"}) const {
    transport::HttpRequest r;
    r.method = "POST";
    r.path = "/nemsis/ace";
    r.body = body;
    r.client = "charting";
    r.scopes = std::move(scopes);
    return adapter->http(r);
  }
};

}  // namespace

TEST_CASE("a posted report goes the way of a file, and its sender is told what became of it") {
  Service s;
  const auto mounts = s.adapter->http_mounts();
  REQUIRE(mounts.size() == 1);
  CHECK(mounts[0].prefix == "/nemsis/ace");
  CHECK(mounts[0].auth == agent::HttpAuth::kBearer);
  const auto first = s.post(sample());
  CHECK(first.status == 202);
  const Json told = Json::parse(first.body);
  REQUIRE(told["reports"].size() == 1);
  CHECK(told["reports"][0]["verdict"] == "sent");
  CHECK(told["reports"][0]["pcr"].get<std::string>().size() == 36);
  CHECK(told["reports"][0]["thread"].get<std::string>().size() == 36);
  CHECK(s.host.count() == 3);
  const auto again = s.post(sample());
  CHECK(again.status == 200);
  CHECK(Json::parse(again.body)["reports"][0]["verdict"] == "known");
  CHECK(s.host.count() == 3);
}

TEST_CASE("what is refused over HTTP says where, and with which status") {
  Service s;
  CHECK(s.post("<EMSDataSet").status == 422);
  const auto lacks = s.post(changed("<eRecord.01>", "<eRecord.99>"));  // not well-formed any more
  CHECK(lacks.status == 422);
  CHECK(Json::parse(lacks.body)["errors"][0]["line"].is_number());
  CHECK(s.post("<!DOCTYPE x><EMSDataSet xmlns=\"http://www.nemsis.org\"/>").status == 422);
  CHECK(s.post(sample(), {}).status == 403);
  CHECK(s.post(std::string((16u << 20) + 1, ' ')).status == 413);
  transport::HttpRequest get;
  get.method = "GET";
  get.path = "/nemsis/ace";
  CHECK(s.adapter->http(get).status == 405);
  get.path = "/nemsis/ace/more";
  CHECK(s.adapter->http(get).status == 404);
  for (const auto& [kind, status] : {std::pair{base::Kind::kDenied, 403}, {base::Kind::kBusy, 503}, {base::Kind::kIo, 500}}) {
    s.host.refuse = base::Error{kind, "no"};
    CHECK(s.post(sample()).status == status);
  }
  s.host.refuse = base::Error{base::Kind::kConflict, "other", "dedupe_key"};
  CHECK(s.post(sample()).status == 409);
  CHECK(s.host.count() == 0);
}

TEST_CASE("with a schema, what does not agree with it is refused, with lines and without contents") {
  Service s("schemas");
  CHECK(s.post(sample()).status == 202);
  const auto no = s.post(changed("<eRecord.01>", "<eRecord.01>Canaryworth-much-too-long"));
  CHECK(no.status == 422);
  const Json told = Json::parse(no.body);
  CHECK(told["errors"][0]["where"] == "eRecord.01");
  CHECK(told["errors"][0]["line"].get<int>() > 1);
  CHECK(no.body.find("Canary") == std::string::npos);
  const auto missing = schemas::Config::parse("in = \"" + s.root + "/i\"\nout = \"" + s.root + "/o\"\nschema_dir = \"" + s.root + "/in\"\n");
  REQUIRE(missing.ok());
  auto made = ems::ems_folder().make(*missing, "ace");
  REQUIRE(made.ok());
  CHECK((*made)->start(s.host).error().kind == base::Kind::kNotFound);
}

TEST_CASE("inspect sees kinds, fields and what nothing reads, and no contents") {
  const Service s;
  const auto seen = ems::look(changed("</eRecord>", "</eRecord><eState><eState.01>Canaryworth</eState.01></eState>"), "");
  CHECK_FALSE(seen.error);
  REQUIRE(seen.reports.size() == 1);
  const auto& r = seen.reports[0];
  CHECK(r.line > 1);
  CHECK(r.kinds == std::vector<std::string>{"EncounterNotification", "HandoffReport", "SecureMessage", "Referral"});
  const auto has = [](const std::vector<std::string>& list, const char* word) { return std::find(list.begin(), list.end(), word) != list.end(); };
  CHECK(has(r.fields, "referral.subject.name.family"));
  CHECK(has(r.fields, "encounter.event"));
  CHECK(has(r.fields, "handoff_report.at"));
  CHECK_FALSE(has(r.fields, "referral.subject"));
  CHECK(has(r.unmapped, "eState.01"));
  CHECK_FALSE(has(r.unmapped, "ePatient.02"));
  CHECK_FALSE(r.error);
  std::string all;
  for (const auto& list : {r.kinds, r.fields, r.unmapped}) {
    for (const auto& word : list) all += word + "\n";
  }
  CHECK(all.find("Canary") == std::string::npos);
  CHECK(ems::look("<x/>", "").error);
  const auto invalid = ems::look(changed("<eRecord.01>", "<eRecord.01>much-too-long-for-that"), s.root + "/xsd");
  REQUIRE(invalid.error);
  CHECK(invalid.warnings.size() == 1);
  CHECK(invalid.reports.size() == 1);
  CHECK(ems::look(sample(), s.root + "/in").error->kind == base::Kind::kNotFound);
}

TEST_CASE("an outcome comes back as elements of eOutcome, of the ward after an admission") {
  agent::Delivery d;
  const ems::Known k{"0199a1b2-0000-7000-8000-00000000000a", "R&D-1", "26-1", ""};
  const auto said = [&](const char* event, const char* disposition, bool admitted) {
    d.body.payload = schemas::EncounterNotification{.event = event, .facility = "STB", .at = "2026-10-05T16:00:00Z", .subject = {}, .visit = {}, .disposition = disposition, .follow_up_at = {}, .in_reply_to_ref = {}};
    return ems::outcome_xml(d, k, admitted);
  };
  const auto arrived = said("arrived", "", false);
  REQUIRE(arrived);
  CHECK(arrived->find("<eOutcome.18>2026-10-05T16:00:00Z</eOutcome.18>") != std::string::npos);
  CHECK(arrived->find("<eRecord.01>R&amp;D-1</eRecord.01>") != std::string::npos);
  CHECK(arrived->find("UUID=\"0199a1b2-0000-7000-8000-00000000000a\"") != std::string::npos);
  const auto in = said("admitted", "", false), home = said("discharged", "01 home", false), ward = said("discharged", "65 psychiatric", true);
  REQUIRE((in && home && ward));
  CHECK(in->find("<eOutcome.01>09</eOutcome.01>") < in->find("<eOutcome.11>"));
  CHECK(home->find("<eOutcome.01>01</eOutcome.01>") != std::string::npos);
  CHECK(home->find("eOutcome.16") == std::string::npos);
  CHECK(ward->find("<eOutcome.02>65</eOutcome.02>") < ward->find("<eOutcome.16>"));
  CHECK(ward->find("eOutcome.01>") == std::string::npos);
  for (const auto& text : {arrived, in, home, ward}) CHECK(formats::xml::parse(*text).ok());
  CHECK_FALSE(said("discharged", "to a friend", false));
  d.body.payload = schemas::SecureMessage{"hello", "", "", {}};
  CHECK_FALSE(ems::outcome_xml(d, k, false));
}

TEST_CASE("the folder gets a row, a fragment, or both") {
  for (const std::string format : {"csv", "nemsis", "both"}) {
    Service s("outcome_format = \"" + format + "\"\n");
    REQUIRE(s.post(sample()).status == 202);
    agent::Delivery d;
    d.kind = schemas::MsgKind::kEncounter;
    d.thread_id = fake::Host::id(0);
    d.msg_id = fake::Host::id(9);
    d.from = "stb";
    for (const char* event : {"admitted", "discharged"}) {
      d.msg_id[0] ^= 1;
      d.body.payload = schemas::EncounterNotification{.event = event, .facility = "STB", .at = "2026-10-05T16:00:00Z", .subject = {}, .visit = {}, .disposition = "01", .follow_up_at = {}, .in_reply_to_ref = {}};
      REQUIRE(s.adapter->deliver(d).ok());
    }
    std::size_t rows = 0, fragments = 0, ward = 0;
    for (const auto& f : fs::directory_iterator(s.root + "/out")) {
      rows += f.path().extension() == ".csv" ? 1 : 0;
      if (f.path().extension() != ".xml") continue;
      ++fragments;
      std::ifstream in(f.path());
      const std::string text(std::istreambuf_iterator<char>(in), {});
      ward += text.find("<eOutcome.02>") != std::string::npos ? 1 : 0;
    }
    CHECK(rows == (format == "nemsis" ? 0 : 2));
    CHECK(fragments == (format == "csv" ? 0 : 2));
    CHECK(ward == (format == "csv" ? 0 : 1));
  }
}
