// The same incident in every format that the police adapter reads: what happens to it does not depend on how it is written.
#include <algorithm>
#include <filesystem>
#include <functional>

#include <unistd.h>

#include "adapters/folder/sheet.h"
#include "adapters/formats/csv/csv.h"
#include "schemas/body.h"
#include "tests/unit/adapters_fake_host.h"
#include "tests/unit/police/kit.h"

#include <doctest/doctest.h>

using namespace adapters;
using police_kit::replaced;

namespace {

const std::string kCanary = "CANARY7Q";

struct Call {
  std::string id = "26-1", last = "Doe", received = "2026-10-05T13:31:00-06:00", note = "calm", ncic = "III HIT 1";
};
using Calls = std::vector<Call>;

struct Format {
  std::string name, file, head;                // head: the mapping's, with its reader's table
  std::string id, last, received, note, ncic;  // paths
  std::function<std::string(const Calls&)> write;
  std::string extra;  // how a file with something unknown differs: "from|to"
};

std::string table(const Calls& calls, char delimiter) {
  const auto line = [&](std::vector<std::string> cells) {
    std::string out;
    for (auto& c : cells) out += (out.empty() ? "\"" : std::string(1, delimiter) + "\"") + c + "\"";
    return out + "\n";
  };
  std::string out = line({"id", "last", "received", "note", "ncic"});
  for (const Call& c : calls) out += line({c.id, c.last, c.received, c.note, c.ncic});
  return out;
}

std::string escaped(std::string text) {
  for (auto at = text.find('\n'); at != text.npos; at = text.find('\n')) text.replace(at, 1, "\\n");
  return text;
}
std::string object(const Call& c) {  // nested as emergency incident data objects are
  return R"({"incidentTrackingIdentifier":")" + c.id + R"(","agentComponent":[{"personNameStructure":{"personSurName":")" + c.last +
         R"("}}],"receivedDateTime":")" + c.received + R"(","notesComponent":[{"noteText":")" + escaped(c.note) +
         R"("}],"queryReturn":{"ncic":")" + c.ncic + "\"}}";
}
std::string list(const Calls& calls) {
  std::string out;
  for (const Call& c : calls) out += (out.empty() ? "" : ",") + object(c);
  return R"({"incidents":[)" + out + "]}";
}
std::string lines(const Calls& calls) {
  std::string out;
  for (const Call& c : calls) out += object(c) + "\n";
  return out + (calls.size() == 1 ? object({.id = "26-other", .last = "Roe"}) : "");  // a file of one line is a plain object
}
std::string xml(const Calls& calls) {
  std::string out = "<?xml version=\"1.0\"?>\n<Export>";
  for (const Call& c : calls)
    out += "<Call id=\"" + c.id + "\"><Person><Last>" + c.last + "</Last></Person><Received>" + c.received + "</Received><Note>" + c.note +
           "</Note><Ncic>" + c.ncic + "</Ncic></Call>";
  return out + "</Export>";
}
std::string niem(const Calls& calls) {
  std::string out = R"(<x:Incidents xmlns:x="urn:alder" xmlns:nc="http://release.niem.gov/niem/niem-core/4.0/"
    xmlns:j="http://release.niem.gov/niem/domains/jxdm/6.1/" xmlns:s="http://release.niem.gov/niem/structures/4.0/">)";
  for (const Call& c : calls)
    out += "<nc:Incident><nc:ActivityIdentification><nc:IdentificationID>" + c.id +
           "</nc:IdentificationID></nc:ActivityIdentification><nc:ActivityDate><nc:DateTime>" + c.received +
           "</nc:DateTime></nc:ActivityDate><j:Subject><nc:RoleOfPerson s:ref=\"P" + c.id + "\"/></j:Subject><x:Note>" + c.note +
           "</x:Note><j:Arrest><nc:ActivityDescriptionText>" + c.ncic + "</nc:ActivityDescriptionText></j:Arrest></nc:Incident>";
  for (const Call& c : calls)
    out +=
        "<nc:Person s:id=\"P" + c.id + "\"><nc:PersonName><nc:PersonSurName>" + c.last + "</nc:PersonSurName></nc:PersonName></nc:Person>";
  return out + "</x:Incidents>";
}

const std::vector<Format>& all() {
  static const std::vector<Format> formats = {
      {"csv", "a.csv", "", "id", "last", "received", "note", "ncic", [](const Calls& c) { return table(c, ','); }, "\"ncic\"|\"NEW\""},
      {"tsv", "a.tsv", "", "id", "last", "received", "note", "ncic", [](const Calls& c) { return table(c, '\t'); }, "\"ncic\"|\"NEW\""},
      {"json", "a.json", "[json]\nrecords = \"incidents\"\n", "incidentTrackingIdentifier",
       "agentComponent[0].personNameStructure.personSurName", "receivedDateTime", "notesComponent[].noteText", "queryReturn", list,
       "queryReturn|query"},
      {"json", "a.jsonl", "", "incidentTrackingIdentifier", "agentComponent[0].personNameStructure.personSurName", "receivedDateTime",
       "notesComponent[].noteText", "queryReturn", lines, "queryReturn|query"},
      {"xml", "a.xml", "[xml]\nrecord = \"Call\"\n", "@id", "Person/Last", "Received", "Note", "Ncic", xml, "<Note>|<New>1</New><Note>"},
      {"niem", "a.xml", "", "", "", "", "Note", "Arrest", niem, "<x:Note>|<x:New>1</x:New><x:Note>"},
  };
  return formats;
}

std::string field(const std::string& from, const std::string& to, const std::string& more = "") {
  return "[[field]]\nfrom = \"" + from + "\"\nto = \"" + to + "\"\nprovenance = \"local\"\n" + more + "\n";
}
std::string mapping_of(const Format& f) {
  std::string out = "[mapping]\nformat = \"" + f.name + "\"\nkind = \"Referral\"\nzone = \"America/Denver\"\n";
  out += f.name == "niem" ? "base = \"standard\"\n" : "row_id = \"" + f.id + "\"\n";
  out += f.head + field(f.note, "referral.notes");
  if (f.name != "niem")
    out += field(f.id, "referral.incident_ref") + field(f.last, "referral.subject.name.family") +
           field(f.received, "referral.timeline[r].at", "time = {}");
  return out + "[[ignore]]\nfrom = \"" + f.ncic + "\"\nprovenance = \"cji\"\n";
}

struct Desk {
  fake::Host host;
  police::Settings settings;
  const Format& f;
  std::string root;

  explicit Desk(const Format& format, const std::string& more = "") : f(format) {
    std::string pattern = (std::filesystem::temp_directory_path() / "handoff-formats-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    root = pattern;
    host.own = "apd", host.kind = "police";
    REQUIRE(transport::write_file(root, "m.toml", mapping_of(f) + more).ok());
    auto s = police::read_settings(
        schemas::Config::parse("in = \"a\"\nout = \"b\"\nto = \"harbor\"\nmapping = \"" + root + "/m.toml\"\n").value(), "cad");
    REQUIRE_MESSAGE(s.ok(), s.error().message());
    settings = std::move(s).value();
  }
  ~Desk() { std::filesystem::remove_all(root); }
  folder::Taken take(const std::string& bytes) {
    auto out = folder::take(host, settings.sheet, f.file, bytes);
    REQUIRE_MESSAGE(out.ok(), out.error().message());
    return std::move(out).value();
  }
  folder::Outcome first(const Calls& calls) {
    const auto taken = take(f.write(calls));
    REQUIRE_MESSAGE(!taken.refused, f.name << ": " << taken.refused->message());
    REQUIRE_FALSE(taken.rows.empty());
    return taken.rows[0];
  }
  [[nodiscard]] const schemas::Referral& referral() const { return std::get<schemas::Referral>(host.submitted.at(0).body.payload); }
};

}  // namespace

TEST_CASE("an incident is sent, and said again it is a repeat or a change, in every format") {
  for (const Format& f : all()) {
    CAPTURE(f.file);
    Desk d(f);
    const auto sent = d.first({{}});
    CHECK_MESSAGE(sent.verdict == "sent", (sent.why ? sent.why->message() : ""));
    CHECK(d.referral().incident_ref == "26-1");
    CHECK(d.referral().subject.name.family == "Doe");
    CHECK(d.referral().timeline.at(0).at == "2026-10-05T19:31:00.000Z");
    CHECK(d.referral().notes == std::vector<std::string>{"calm"});
    CHECK(d.referral().requester_agency == "apd");
    CHECK(d.first({{.ncic = "III HIT 2"}}).verdict == "repeat");
    CHECK(d.first({{.last = "Roe"}}).verdict == "changed");
    CHECK(d.first({{}, {.id = "26-2"}}).verdict == "repeat");  // an export that has grown
  }
}

TEST_CASE("what came out of criminal-justice systems is nowhere but in the export itself, in every format") {
  for (const Format& f : all()) {
    CAPTURE(f.file);
    Desk d(f);
    const auto taken = d.take(f.write({{.ncic = kCanary}, {.id = "", .ncic = kCanary}, {.ncic = kCanary}}));
    REQUIRE_FALSE(taken.refused);
    CHECK(taken.rows.at(0).verdict == "sent");
    CHECK(taken.rows.at(1).verdict == "refused");
    CHECK(taken.rows.at(2).verdict == "refused");  // the id once more
    for (const auto& s : d.host.submitted) CHECK(base::text(schemas::encode_body(s.body)).find(kCanary) == std::string_view::npos);
    for (const auto& o : taken.rows) CHECK((o.kept + (o.why ? o.why->message() : "")).find(kCanary) == std::string::npos);
    CHECK(folder::result_file(taken).find(kCanary) == std::string::npos);
  }
}

TEST_CASE("what the mapping does not name refuses the file, in every format") {
  for (const Format& f : all()) {
    CAPTURE(f.file);
    Desk d(f);
    const auto bar = f.extra.find('|');
    const auto taken = d.take(replaced(f.write({{}}), f.extra.substr(0, bar), f.extra.substr(bar + 1)));
    REQUIRE(taken.refused);
    CHECK(taken.refused->what.starts_with("unmapped "));
    CHECK(taken.refused->where.starts_with(f.file + ":"));
    CHECK(d.host.count() == 0);
  }
}

TEST_CASE("an hour that daylight saving has twice or not at all is taken by rule, and said, in every format") {
  for (const Format& f : all()) {
    CAPTURE(f.file);
    for (const auto& [local, utc, words] : {std::tuple("2026-11-01T01:30:00", "2026-11-01T07:30:00.000Z", "twice"),
                                            std::tuple("2026-03-08T02:30:00", "2026-03-08T09:00:00.000Z", "leaves this hour out"),
                                            std::tuple("2026-11-01T02:30:00", "2026-11-01T09:30:00.000Z", "")}) {
      Desk d(f);
      const auto o = d.first({{.received = local}});
      CHECK(o.verdict == "sent");
      CHECK(d.referral().timeline.at(0).at == utc);
      CHECK(o.doubts.find(words) != std::string::npos);
      CHECK(o.doubts.empty() == std::string(words).empty());
    }
  }
}

TEST_CASE("a line end inside a value stays one, in every format") {
  for (const Format& f : all()) {
    CAPTURE(f.file);
    Desk d(f);
    CHECK(d.first({{.note = "calm\nagreed"}}).verdict == "sent");
    CHECK(d.referral().notes.at(0) == "calm\nagreed");
  }
}

TEST_CASE("byte order marks and UTF-16 are read in every format") {
  for (const Format& f : all()) {
    CAPTURE(f.file);
    const std::string text = f.write({{.last = "Dupont"}});
    std::string wide = "\xFF\xFE";
    for (const char c : text) wide += std::string(1, c) + '\0';
    for (const std::string& bytes : {"\xEF\xBB\xBF" + text, wide}) {
      Desk d(f);
      const auto taken = d.take(bytes);
      REQUIRE_MESSAGE(!taken.refused, taken.refused->message());
      CHECK(d.referral().subject.name.family == "Dupont");
    }
  }
}

TEST_CASE("other charsets are read where the format can name them") {
  for (const Format& f : all()) {
    CAPTURE(f.file);
    const bool is_table = f.name == "csv" || f.name == "tsv", is_xml = f.name == "xml" || f.name == "niem";
    std::string bytes = f.write({{.last = "In\xE8s"}});
    if (is_xml) bytes = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" + bytes.substr(f.name == "xml" ? bytes.find('\n') : 0);
    Desk d(f, is_table ? "[csv]\ncharset = \"WINDOWS-1252\"\n" : "");
    const auto taken = d.take(bytes);
    if (is_table || is_xml) {
      REQUIRE_MESSAGE(!taken.refused, taken.refused->message());
      CHECK(d.referral().subject.name.family == "In\xC3\xA8s");
    } else {
      CHECK(taken.refused);  // JSON is UTF-8
      CHECK(d.host.count() == 0);
    }
    Desk plain(f);
    if (is_table) CHECK(plain.take(bytes).refused);
  }
}

TEST_CASE("a file that is not its format is refused with its place, in every format") {
  for (const Format& f : all()) {
    CAPTURE(f.file);
    Desk d(f);
    for (const std::string& bytes : {std::string(), std::string("\0\x01\x02", 3), f.write({{}}).substr(0, 40)}) {
      const auto taken = d.take(bytes);
      CHECK(d.host.count() == 0);
      if (taken.refused) CHECK(taken.refused->where.starts_with(f.file));
    }
  }
}

TEST_CASE("arrests are not local, whatever the mapping says") {
  const Format& f = all().back();
  const auto made = [&](const std::string& from) {
    std::string text = mapping_of(f);
    text = replaced(text, "[[ignore]]\nfrom = \"Arrest\"\nprovenance = \"cji\"\n", field(from, "referral.injury"));
    const std::string path = (std::filesystem::temp_directory_path() / ("handoff-arrest-" + std::to_string(::getpid()))).string();
    REQUIRE(
        transport::write_file(std::filesystem::temp_directory_path().string(), std::filesystem::path(path).filename().string(), text).ok());
    auto out = police::read_settings(
        schemas::Config::parse("in = \"a\"\nout = \"b\"\nto = \"harbor\"\nmapping = \"" + path + "\"\n").value(), "cad");
    std::filesystem::remove(path);
    return out;
  };
  CHECK(made("Extra/Note").ok());
  for (const char* bad : {"Arrest/ActivityDescriptionText", "Person/PersonFBIIdentification/IdentificationID",
                          "ArrestSubject[2]/RoleOfPerson/PersonName/PersonSurName"})
    CHECK(made(bad).error().kind == base::Kind::kUsage);
}

TEST_CASE("the sample incident report goes out with what its mapping adds, and is told apart by its number") {
  fake::Host host;
  host.own = "apd", host.kind = "police";
  const std::string samples = std::string(HANDOFF_SOURCE_DIR) + "/tests/corpus/samples/niem/";
  auto s = police::read_settings(
      schemas::Config::parse("in = \"a\"\nout = \"b\"\nto = \"harbor\"\nmapping = \"" + samples + "alder_incident.toml\"\n").value(),
      "rms");
  REQUIRE_MESSAGE(s.ok(), s.error().message());
  const std::string bytes = police_kit::read(samples + "alder_incident.xml");
  const auto taken = folder::take(host, s->sheet, "a.xml", bytes);
  REQUIRE(taken.ok());
  REQUIRE_MESSAGE(!taken->refused, taken->refused->message());
  CHECK(taken->rows.at(0).verdict == "sent");
  const auto& r = std::get<schemas::Referral>(host.submitted.at(0).body.payload);
  CHECK(host.submitted[0].dedupe_key == "csv:rms:26-104417");
  CHECK(r.co_response == "cit");
  CHECK(r.notes.at(0).find("\nCalm with CIT officer") != std::string::npos);
  CHECK(r.service.code == "CRISIS_EVAL");
  CHECK(r.authority_basis == "emergency");
  CHECK(r.subject.dob == "1992-03-14");
  const std::string source = base::to_string(host.submitted[0].body.source.bytes);
  CHECK(source.find("1992-03-14") != std::string::npos);
  CHECK(source.find("trespass") == std::string::npos);
  CHECK(folder::take(host, s->sheet, "a.xml", replaced(bytes, "trespass", "theft"))->rows.at(0).verdict == "repeat");
  CHECK(folder::take(host, s->sheet, "a.xml", replaced(bytes, "1992-03-14", "1992-03-15"))->rows.at(0).verdict == "changed");
}

TEST_CASE("a record that was refused is taken again from what the quarantine holds, in every format") {
  for (const Format& f : all()) {
    CAPTURE(f.file);
    Desk d(f, f.name == "tsv" ? "[csv]\ndelimiter = \"tab\"\n" : "");
    d.host.refuse = base::Error{base::Kind::kDenied, "rule L3 says no", "labels"};
    const auto refused = d.first({{.ncic = kCanary}});
    CHECK(refused.verdict == "refused");
    CHECK(refused.kept.find(kCanary) == std::string::npos);
    d.host.refuse.reset();
    const auto again = folder::take_again(d.host, d.settings.sheet, refused.kept);
    if (f.name == "niem") {
      CHECK(again.error().kind == base::Kind::kUnsupported);
      continue;
    }
    REQUIRE_MESSAGE(again.ok(), again.error().message());
    CHECK(again->rows.at(0).verdict == "sent");
    CHECK(d.referral().subject.name.family == "Doe");
    CHECK(d.referral().notes.at(0) == "calm");
    CHECK(d.first({{}}).verdict == "repeat");  // the same source bytes as the export's
  }
}
