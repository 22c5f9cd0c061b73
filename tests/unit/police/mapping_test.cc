// The mapping language: from any source to the model, and what is refused before the first record.
#include "adapters/formats/mapping/mapping.h"

#include <fstream>
#include <set>
#include <sstream>

#include "schemas/policy/view.h"

#include <doctest/doctest.h>

using namespace adapters::formats;
using mapping::Mapping;
using schemas::Referral;

namespace {

base::Result<Mapping> load(const std::string& fields, const std::string& head = "") {
  return mapping::load(schemas::Config::parse("[mapping]\nformat = \"csv\"\nkind = \"Referral\"\n" + head + fields, "m.toml").value(),
                       "m.toml");
}
Mapping good(const std::string& fields, const std::string& head = "") {
  auto m = load(fields, head);
  REQUIRE_MESSAGE(m.ok(), m.error().message());
  return std::move(m).value();
}
std::string field(const std::string& from, const std::string& to, const std::string& more = "") {
  return "[[field]]\nfrom = \"" + from + "\"\nto = \"" + to + "\"\nprovenance = \"local\"\n" + more + "\n";
}
mapping::Mapped apply(const Mapping& m, std::map<std::string, std::string> record) {
  return mapping::apply(m, [record = std::move(record)](std::string_view path) -> std::optional<std::string> {
    const auto it = record.find(std::string(path));
    return it == record.end() ? std::nullopt : std::optional(it->second);
  });
}
Referral referral(const Mapping& m, std::map<std::string, std::string> record) {
  const auto out = apply(m, std::move(record));
  for (const auto& f : out.faults) FAIL_CHECK(f.message());
  return std::get<Referral>(out.body.payload);
}

}  // namespace

TEST_CASE("fields of every type are set by their path") {
  const auto m = good(field("l", "referral.subject.name.family") + field("t", "referral.transport_needed") +
                      field("n", "referral.prior_contacts") + field("c", "custom.x-veteran") + field("b", "authority_basis"));
  const auto out = apply(m, {{"l", " Doe "}, {"t", "Y"}, {"n", "3"}, {"c", "yes"}, {"b", "hold"}});
  REQUIRE(out.faults.empty());
  const auto& r = std::get<Referral>(out.body.payload);
  CHECK(r.subject.name.family == "Doe");
  CHECK(r.transport_needed);
  CHECK(r.prior_contacts == 3);
  CHECK(out.body.custom.at("x-veteran") == "yes");
  CHECK(out.body.authority_basis == "hold");
}

TEST_CASE("another kind of message, whose fields are times and numbers") {
  auto m = mapping::load(
      schemas::Config::parse("[mapping]\nformat = \"csv\"\nkind = \"CapacityUpdate\"\n" + field("s", "capacity.service") +
                             field("n", "capacity.count") +
                             field("at", "capacity.as_of", "time = { format = \"%Y-%m-%d %H:%M\", zone = \"America/Denver\" }"))
          .value(),
      "m.toml");
  REQUIRE_MESSAGE(m.ok(), m.error().message());
  const auto out = apply(*m, {{"s", "CSU_BED"}, {"n", "2"}, {"at", "2026-10-05 13:40"}});
  REQUIRE(out.faults.empty());
  const auto& c = std::get<schemas::Capacity>(out.body.payload);
  CHECK(c.count == 2);
  CHECK(base::rfc3339(c.as_of) == "2026-10-05T19:40:00.000Z");
}

TEST_CASE("a list takes a new element for each value; a word in brackets fills one element") {
  const auto m = good(
      field("why", "referral.reasons.code", "split = \";\"") + field("alone", "referral.reasons.code") +
      field("disp", "referral.timeline[d].at", "time = {}") + "[[field]]\nvalue = \"dispatched\"\nto = \"referral.timeline[d].name\"\n" +
      field("arrv", "referral.timeline[a].at", "time = {}") + "[[field]]\nvalue = \"arrived\"\nto = \"referral.timeline[a].name\"\n" +
      "[[field]]\nvalue = \"mh\"\nto = \"referral.labels\"\n");
  const auto r = referral(m, {{"why", "SI; x-night ;"}, {"alone", "WELFARE"}, {"arrv", "2026-10-05T13:39:00-06:00"}});
  REQUIRE(r.reasons.size() == 3);
  CHECK(r.reasons[1].code == "x-night");
  CHECK(r.reasons[2].code == "WELFARE");
  REQUIRE(r.timeline.size() == 1);  // nobody was dispatched: the constant alone begins no element
  CHECK(r.timeline[0].name == "arrived");
  CHECK(r.timeline[0].at == "2026-10-05T19:39:00.000Z");
  CHECK(r.labels == std::vector<std::string>{"mh"});
}

TEST_CASE("several columns make one note, with one kind of line end") {
  const auto m = good("[[field]]\nfrom = [\"a\", \"b\", \"c\"]\njoin = \" / \"\nto = \"referral.notes\"\nprovenance = \"local\"\n");
  CHECK(referral(m, {{"a", "one\r\ntwo"}, {"c", "three"}}).notes == std::vector<std::string>{"one\ntwo / three"});
  CHECK(referral(m, {}).notes.empty());
}

TEST_CASE("map translates, other takes the rest, default fills what is empty") {
  const auto m = good(field("w", "referral.risk.weapons", "map = { Y = \"yes\", N = \"no\", \"N/A\" = \"\" }\ndefault = \"unknown\"") +
                      field("u", "referral.urgency", "map = { P1 = \"emergent\" }\nother = \"routine\""));
  CHECK(referral(m, {{"w", "Y"}, {"u", "P1"}}).risk.weapons == "yes");
  CHECK(referral(m, {{"w", "N/A"}}).risk.weapons == "unknown");
  CHECK(referral(m, {{"u", "P9"}}).urgency == "routine");
  CHECK(referral(m, {}).urgency.empty());
  const auto bad = apply(m, {{"w", "MAYBE SECRET"}});
  REQUIRE(bad.faults.size() == 1);
  CHECK(bad.faults[0].where == "w");
  CHECK(bad.faults[0].message() ==
        "w: a value that map does not list (referral.risk.weapons); add it to map, or say with other what the rest becomes");
}

TEST_CASE("every fault of a record is told, with its column, and no value is quoted") {
  const auto m = good(field("why", "referral.reasons.code") + field("dob", "referral.subject.dob") + field("n", "referral.prior_contacts") +
                      field("loc", "referral.location_now", "required = true") + field("hs", "referral.hold.start"));
  const auto out = apply(m, {{"why", "SECRET"}, {"dob", "03/14/1992"}, {"n", "many"}, {"loc", " "}, {"hs", "noon"}});
  REQUIRE(out.faults.size() == 5);
  for (const auto& f : out.faults) {
    CHECK_FALSE(f.where.empty());
    CHECK_FALSE(f.mend.empty());
    CHECK(f.message().find("SECRET") == std::string::npos);
  }
  CHECK(out.faults[0].where == "why");
  CHECK(out.faults[3].where == "loc");
}

TEST_CASE("codes of another system are not checked against ours") {
  const auto m = good(field("dx", "referral.reasons[dx].code") +
                      "[[field]]\nvalue = \"http://hl7.org/fhir/sid/icd-10-cm\"\nto = \"referral.reasons[dx].system\"\n");
  CHECK(referral(m, {{"dx", "R45.851"}}).reasons[0].code == "R45.851");
}

TEST_CASE("criminal-justice columns go nowhere but to the criminal history, under its label") {
  const std::string to_note = "[[field]]\nfrom = \"ncic\"\nto = \"referral.notes\"\nprovenance = \"";
  for (const char* p : {"cji", "chri"}) {
    const auto m = load(to_note + p + "\"\n");
    REQUIRE_FALSE(m.ok());
    CHECK(m.error().where == "m.toml: field 1: ncic");
    CHECK(m.error().what == "a column of provenance cji or chri does not leave");
  }
  const std::string history = "[[field]]\nfrom = \"ncic\"\nto = \"referral.criminal_history\"\nprovenance = \"chri\"\n";
  CHECK_FALSE(load(history).ok());
  CHECK_FALSE(load(history + "label = \"general\"\n").ok());
  const auto r = referral(good(history + "label = \"chri\"\n"), {{"ncic", "x"}});
  CHECK(r.criminal_history == "x");
  CHECK(r.labels == std::vector<std::string>{"chri"});
}

TEST_CASE("one column has one provenance, and is mapped or ignored") {
  const std::string ignored = "[[ignore]]\nfrom = [\"ncic\", \"bwc\"]\nprovenance = \"cji\"\n";
  CHECK_FALSE(load(field("ncic", "referral.notes") + ignored).ok());
  CHECK_FALSE(load(field("a", "referral.notes") +
                   "[[field]]\nfrom = [\"a\", \"b\"]\nto = \"referral.criminal_history\"\nprovenance = \"chri\"\nlabel = \"chri\"\n")
                  .ok());
  CHECK_FALSE(load(field("a", "referral.notes") + ignored, "row_id = \"ncic\"\n").ok());
  CHECK_FALSE(load(field("a", "referral.notes") + ignored + "[[only]]\nfrom = \"ncic\"\nis = [\"HIT\"]\n").ok());
}

TEST_CASE("a column that the mapping does not name is told by name") {
  const auto m = good(field("a", "referral.notes") + "[[ignore]]\nfrom = \"b\"\nprovenance = \"local\"\n");
  CHECK(mapping::unmapped(m, {"a", "b"}).empty());
  const auto errors = mapping::unmapped(m, {"a", "NCIC_HIT"});
  REQUIRE(errors.size() == 1);
  CHECK(errors[0].message() == "unmapped column NCIC_HIT; map it or list it under ignore");
  CHECK(mapping::read_paths(m) == std::vector<std::string>{"a"});
}

TEST_CASE("records are chosen by local columns") {
  const auto m = good(field("a", "referral.notes") +
                      "[[ignore]]\nfrom = \"mh\"\nprovenance = \"local\"\n[[only]]\nfrom = \"mh\"\nis = [\"Y\", \"y\"]\n");
  const auto wanted = [&](const char* mh) { return mapping::wanted(m, [&](std::string_view) { return std::optional<std::string>(mh); }); };
  CHECK(wanted(" Y "));
  CHECK_FALSE(wanted("N"));
  CHECK_FALSE(wanted(""));
  CHECK(mapping::needed_paths(m) == std::vector<std::string>{"a", "mh"});
}

TEST_CASE("a mapping that cannot work is refused when it is loaded, with the field's place") {
  const std::string ok = field("a", "referral.notes");
  for (const auto& bad : {field("a", "referral.subject"),
                          field("a", "referral.subject.nmae.family"),
                          field("a", "status_update.status"),
                          field("a", "referral.subject[x].dob"),
                          field("a", "referral.timeline[].at"),
                          field("a", "view"),
                          field("a", "source.bytes"),
                          field("a", "referral.attachments.data"),
                          field("a", ""),
                          field("a", "referral.urgency", "default = \"soon\""),
                          field("a", "referral.urgency", "map = { A = \"soon\" }"),
                          field("a", "referral.urgency", "split = \",\""),
                          field("a", "referral.urgency", "other = \"urgent\""),
                          field("a", "referral.urgency", "required = true\ndefault = \"urgent\""),
                          field("a", "referral.notes", "label = \"secret\""),
                          field("a", "referral.notes", "typo = 1"),
                          field("a", "referral.hold.start", "time = { format = \"%m/%d/%y\" }"),
                          field("", "referral.notes"),
                          std::string("[[field]]\nfrom = \"a\"\nto = \"referral.notes\"\n"),
                          std::string("[[field]]\nto = \"referral.notes\"\n"),
                          std::string("[[field]]\nfrom = \"a\"\nvalue = \"b\"\nto = \"referral.notes\"\nprovenance = \"local\"\n"),
                          std::string("[[field]]\nfrom = \"a\"\nto = \"referral.notes\"\nprovenance = \"ours\"\n"),
                          std::string("[[ignore]]\nprovenance = \"local\"\n"),
                          std::string("[[only]]\nfrom = \"z\"\nis = [\"1\"]\n"),
                          std::string("[other]\nkey = 1\n")}) {
    CAPTURE(bad);
    const auto m = load(ok + bad);
    REQUIRE_FALSE(m.ok());
    CHECK(m.error().where.starts_with("m.toml"));
  }
  CHECK_FALSE(load("").ok());
  CHECK_FALSE(load(ok, "thread_by = \"a\"\n").ok());
  CHECK(load(ok + "[csv]\ndelimiter = \",\"\n").ok());
  CHECK_FALSE(mapping::load(schemas::Config::parse("[mapping]\nformat = \"csv\"\nkind = \"Letter\"\n").value(), "m.toml").ok());
}

TEST_CASE("the manual lists every field of a referral that a mapping can fill, and no other") {
  std::ifstream in(std::string(HANDOFF_SOURCE_DIR) + "/docs/guide/mapping.md");
  std::set<std::string> listed, real;
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("    referral") || line.find(": ") == line.npos) continue;
    std::erase(line, '*');
    std::istringstream words(line.substr(line.find(": ") + 2));
    for (std::string word; words >> word;) listed.insert(line.substr(4, line.find(": ") - 4) + "." + word);
  }
  for (const auto& path : schemas::policy::all_paths())
    if (path.starts_with("referral.") && mapping::target_of("Referral", path).ok()) real.insert(path);
  CHECK(listed == real);
  for (const auto& path : real) CHECK_MESSAGE(listed.contains(path), path);
  for (const auto& path : listed) CHECK_MESSAGE(real.contains(path), path);
}
