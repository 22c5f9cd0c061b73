// Records without a reference: how threads are scored, what a person is asked, and how a wrong answer is taken back at both agencies.
#include "adapters/agent/match/names.h"
#include "adapters/agent/match/score.h"
#include "tests/unit/ops/kit.h"

using namespace rig;
namespace match = adapters::agent::match;

namespace {

schemas::Subject person(const std::string& family, const std::string& given, const std::string& dob, const std::string& sex = {}, const std::string& phone = {}) {
  schemas::Subject s;
  s.name = {family, given, {}, {}};
  s.dob = dob, s.sex = sex, s.phone = phone;
  return s;
}
unsigned score(const schemas::Subject& a, const schemas::Subject& b, std::uint64_t apart = base::kDay) { return match::likeness(a, b, apart).score; }

// The crisis center's referrals to the hospital, and the hospital's records.
struct Town : County {
  Town() : County(ops_policy(2, R"("follow_up",)", R"("follow_up","encounter",)")) { start({&stb, &harbor, &county}); }
  std::string refer(const std::string& given, const std::string& dob) {
    const std::string thread = Counter::refer(harbor, "stb", {{"subject", {{"name", {{"family", "Canaryworth"}, {"given", given}}}, {"dob", dob}, {"sex", "female"}}}});
    REQUIRE(reaches(stb, thread, "received"));
    return thread;
  }
  static bool reaches(AgentBox& at, const std::string& thread, const std::string& phase) {
    return eventually([&] { return schemas::name(at.phase(*base::parse_uuid(thread))) == phase; });
  }
  static agent::Submission visit(const std::string& event, const std::string& key, const std::string& number = "V-1") {
    schemas::EncounterNotification e;
    e.event = event, e.facility = "STB", e.at = "2026-10-05T14:00:00Z", e.visit = number;
    e.subject = person("Canaryworth", "Ana", "1992-03-14");
    e.subject.ids = {{"STB", "MRN-1"}};
    agent::Submission s;
    s.body.payload = e;
    s.dedupe_key = key;
    return s;
  }
  static schemas::Subject ana() {
    schemas::Subject s = person("CANARYWÓRTH", "ana", "1992-03-14", "female");
    s.ids = {{"STB", "MRN-1"}};
    return s;
  }
  std::optional<std::uint64_t> propose(agent::Submission s) {
    const auto id = stb->host().propose_match("st-brigid", ana(), std::move(s));
    REQUIRE_MESSAGE(id.ok(), id.error().message());
    return *id;
  }
  // Ids of what `at` holds of that kind in the thread.
  static std::vector<std::string> held(AgentBox& at, const std::string& thread, const std::string& kind) {
    std::vector<std::string> out;
    const Json shown = Counter::ask(at, {{"op", "inbox.show"}, {"thread", thread}});
    for (const Json& e : shown.value("events", Json::array())) {
      if (e["kind"] == kind) out.push_back(e["message"]);
    }
    return out;
  }
  static bool arrives(AgentBox& at, const std::string& thread, const std::string& kind, std::size_t n) {
    return eventually([&] { return held(at, thread, kind).size() == n; });
  }
};

}  // namespace

TEST_CASE("names are compared without marks, case and punctuation") {
  CHECK(match::folded("D'Ángelo-NÚÑEZ") == "dangelonunez");
  CHECK(match::words("Mc Kay, Łukasz") == std::vector<std::string>{"mc", "kay", "lukasz"});
  CHECK(match::folded("Straße Æther") == "strasseaether");
  CHECK(match::folded("e\xCC\x81toile") == "etoile");
  CHECK(match::folded("Ольга") == "Ольга");
  CHECK(match::nearly("canaryworth", "canaryworht"));
  CHECK(match::nearly("canaryworth", "canarywort"));
  CHECK_FALSE(match::nearly("doe", "roe"));
  CHECK_FALSE(match::nearly("canaryworth", "cannarywort"));
  for (int n = 0; n < 256; ++n) (void)match::folded(std::string(3, static_cast<char>(n)));
}

TEST_CASE("who is who: points for what agrees, none for what could be anybody") {
  const auto ana = person("Núñez", "Ana María", "1992-03-14", "female", "+1 (555) 010-4477");
  CHECK(score(ana, person("NUNEZ", "ANA MARIA", "1992-03-14", "female", "5550104477")) == 100);
  CHECK(match::likeness(ana, person("NUNEZ", "ANA MARIA", "1992-03-14"), 0).why == "name, dob, time");
  CHECK(score(ana, person("Ana Maria", "Nunez", "1992-03-14")) >= 70);                        // swapped
  CHECK(score(ana, person("Nunes", "Ana", "1992")) >= match::kThreshold - 15);
  CHECK(score(ana, person("Nunez", "Ana", "1992", "female")) >= match::kThreshold);           // the year alone
  CHECK(score(ana, person("Nunez", "Ana", "1992-05-27")) < match::kThreshold);
  CHECK(score(ana, person("Nunez", "Ana Maria", "")) < match::kThreshold);                    // a name alone
  CHECK(score(ana, person("Nunez", "Ana Maria", "1961-07-02", "female")) < match::kThreshold);
  CHECK(score(ana, person("Smith", "John", "1992-03-14", "female")) < match::kThreshold);     // a birthday alone
  CHECK(score(person("", "", "1992-03-14", "female", "5550104477"), ana) >= match::kThreshold);  // nameless, with telephone
  CHECK(score({}, ana) < match::kThreshold);
  CHECK(score(person("Nunez-Ortiz", "A", "1992-03-14"), ana) >= match::kThreshold);
}

TEST_CASE("a person is asked which referral a record belongs to; nothing goes out before the answer, everything after it follows") {
  Town t;
  const std::string right = t.refer("Ana", "1992-03-14"), other = t.refer("Anna", "1992-03-14"), far = t.refer("Bertha", "1950-01-01");
  const auto id = t.propose(Town::visit("arrived", "mllp:STB:1"));
  REQUIRE(id);
  CHECK(t.propose(Town::visit("arrived", "mllp:STB:1")) == id);
  const auto conflict = t.stb->host().propose_match("st-brigid", Town::ana(), Town::visit("left", "mllp:STB:1"));
  CHECK(conflict.error().kind == base::Kind::kConflict);
  const Json list = Counter::ok(t.stb, {{"op", "match.list"}, {"waiting", true}});
  REQUIRE(list["matches"].size() == 1);
  const Json& row = list["matches"][0];
  CHECK(row["state"] == "waiting");
  CHECK(row["kind"] == "EncounterNotification");
  REQUIRE(row["candidates"].size() == 2);
  CHECK(row["candidates"][0]["thread"] == right);
  CHECK(row["candidates"][0]["other"] == "harbor");
  CHECK(row["candidates"][0]["score"] > row["candidates"][1]["score"]);
  CHECK(list.dump().find("anary") == std::string::npos);
  const Json shown = Counter::ok(t.stb, {{"op", "match.show"}, {"id", *id}});
  CHECK(shown["who"]["name"]["given"] == "ana");
  CHECK(shown["body"]["encounter"]["visit"] == "V-1");
  CHECK(shown["candidates"][1]["subject"]["name"]["given"] == "Anna");
  CHECK(County::notices(t.stb, "match").size() == 1);
  REQUIRE(t.propose(Town::visit("discharged", "mllp:STB:2")));
  CHECK(County::notices(t.stb, "match").size() == 1);  // of the same visit: people know
  CHECK(Town::held(t.stb, right, "EncounterNotification").empty());

  const Json done = Counter::ok(t.stb, {{"op", "match.confirm"}, {"id", *id}, {"thread", right}}, "reyes");
  CHECK(done["thread"] == right);
  REQUIRE(done["with"].size() == 1);
  CHECK(done["with"][0]["ok"] == true);
  CHECK(Town::arrives(t.harbor, right, "EncounterNotification", 2));
  CHECK(Counter::ok(t.stb, {{"op", "match.list"}, {"waiting", true}})["matches"].empty());
  CHECK(t.stb->host().threads_by_ref("V-1").size() == 2);  // an entry a message
  CHECK(base::uuid(t.stb->host().threads_by_ref("V-1")[0].thread_id) == right);
  CHECK(base::uuid(t.stb->host().threads_by_subject_id({"STB", "MRN-1"})[0].thread_id) == right);
  auto again = Town::visit("arrived", "mllp:STB:1");  // the hospital's system repeats it: the adapter finds the thread by itself now
  again.thread = *base::parse_uuid(right), again.to = "harbor";
  CHECK(t.stb->host().submit(again)->repeat);
  CHECK(Counter::refused(t.stb, {{"op", "match.confirm"}, {"id", *id}, {"thread", other}}, "id") == "conflict");
  CHECK(Counter::refused(t.stb, {{"op", "match.dismiss"}, {"id", *id}}, "id") == "conflict");
  CHECK(Counter::refused(t.stb, {{"op", "match.show"}, {"id", 99}}, "id") == "not_found");
  CHECK(Counter::refused(t.stb, {{"op", "match.undo"}, {"id", *id}}, "reason") == "usage");
  (void)far;
}

TEST_CASE("a wrong match is taken back at both agencies, with what followed it, and goes where it belongs") {
  Town t;
  const std::string right = t.refer("Ana", "1992-03-14"), wrong = t.refer("Anna", "1992-03-14");
  Counter::act(t.stb, wrong, "accept", {{"callback", "555-0199"}});
  REQUIRE(Town::reaches(t.harbor, wrong, "accepted"));
  const auto id = t.propose(Town::visit("arrived", "mllp:STB:1"));
  REQUIRE(id);
  Counter::ok(t.stb, {{"op", "match.confirm"}, {"id", *id}, {"thread", wrong}});
  // What the adapter finds by the visit and the person's number from then on.
  const auto follow = [&](schemas::Payload p, const std::string& key) {
    agent::Submission s;
    s.thread = *base::parse_uuid(wrong), s.to = "harbor", s.dedupe_key = key, s.body.payload = std::move(p);
    const auto done = t.stb->host().submit(s);
    REQUIRE_MESSAGE(done.ok(), done.error().message());
  };
  follow(Town::visit("admitted", "").body.payload, "mllp:STB:2");
  schemas::StatusUpdate scheduled;
  scheduled.status = "scheduled", scheduled.actor_role = "machine", scheduled.appointment_at = "2026-10-06T10:00:00Z", scheduled.at = t.hub.clock.now();
  follow(scheduled, "mllp:STB:3");
  follow(schemas::SecureMessage{.text = "results", .author_role = "machine", .author_name = {}, .attachments = {}}, "mllp:STB:4");
  follow(schemas::SecureMessage{.text = "typed by a person", .author_role = "clinician", .author_name = {}, .attachments = {}}, "web:5");
  REQUIRE(Town::reaches(t.harbor, wrong, "scheduled"));
  REQUIRE(Town::arrives(t.harbor, wrong, "SecureMessage", 2));

  const Json undone = Counter::ok(t.stb, {{"op", "match.undo"}, {"id", *id}, {"reason", "another Anna"}}, "reyes");
  CHECK(undone["retracted"].size() == 4);
  CHECK(Town::arrives(t.harbor, wrong, "Correction", 4));
  for (AgentBox* box : {&t.stb, &t.harbor}) {
    CHECK(Town::reaches(*box, wrong, "accepted"));  // the appointment was not this person's
    std::set<std::string> targets;
    for (const Json& e : Counter::events(*box, wrong)) {
      if (e["kind"] == "EncounterNotification") CHECK(e["retracted"] == true);
      if (e["kind"] == "Referral") CHECK(e["retracted"] == false);
      if (e["kind"] == "Correction") targets.insert(base::uuid(*base::parse_uuid(e["body"]["correction"]["target"].get<std::string>())));
    }
    for (const std::string& message : Town::held(*box, wrong, "EncounterNotification")) CHECK(targets.contains(message));
    CHECK(targets.size() == 4);
  }
  CHECK(t.stb->host().threads_by_ref("V-1").empty());
  CHECK(t.stb->host().threads_by_subject_id({"STB", "MRN-1"}).empty());
  const Json row = Counter::ok(t.stb, {{"op", "match.show"}, {"id", *id}});
  CHECK(row["state"] == "undone");
  CHECK(row["person"] == "reyes");

  const auto next = t.propose(Town::visit("discharged", "mllp:STB:6"));  // nothing more goes there, and nobody is asked about it again
  REQUIRE(next);
  const Json asked = Counter::ok(t.stb, {{"op", "match.show"}, {"id", *next}});
  REQUIRE(asked["candidates"].size() == 1);
  CHECK(asked["candidates"][0]["thread"] == right);
  Counter::ok(t.stb, {{"op", "match.confirm"}, {"id", *id}, {"thread", right}});
  CHECK(Town::arrives(t.harbor, right, "EncounterNotification", 2));  // the waiting one of the same visit went along
  CHECK(Town::held(t.harbor, wrong, "EncounterNotification").size() == 2);
}

TEST_CASE("a dismissed record leaves nothing behind, and nobody is asked of its visit again") {
  Town t;
  const std::string thread = t.refer("Ana", "1992-03-14");
  const auto id = t.propose(Town::visit("arrived", "mllp:STB:1"));
  REQUIRE(id);
  Counter::ok(t.stb, {{"op", "match.dismiss"}, {"id", *id}, {"reason", "another person"}});
  const Json row = Counter::ok(t.stb, {{"op", "match.show"}, {"id", *id}});
  CHECK(row["state"] == "dismissed");
  CHECK_FALSE(row.contains("body"));
  CHECK_FALSE(row.contains("who"));
  CHECK(Counter::refused(t.stb, {{"op", "match.confirm"}, {"id", *id}, {"thread", thread}}, "id") == "conflict");
  CHECK_FALSE(t.propose(Town::visit("discharged", "mllp:STB:2")));
  CHECK(t.propose(Town::visit("arrived", "mllp:STB:3", "V-2")));  // another visit is another question
}

TEST_CASE("a record about nobody who was referred is not kept; an ended referral is no candidate") {
  Town t;
  const std::string thread = t.refer("Ana", "1992-03-14");
  const auto stranger = t.stb->host().propose_match("st-brigid", person("Stranger", "Sam", "1980-01-01"), Town::visit("arrived", "k"));
  REQUIRE(stranger.ok());
  CHECK_FALSE(*stranger);
  Counter::act(t.stb, thread, "decline", {{"reason", "CAP_NO_BED"}});
  REQUIRE(Town::reaches(t.stb, thread, "rejected"));
  CHECK_FALSE(t.propose(Town::visit("arrived", "mllp:STB:1")));
  CHECK(Counter::ok(t.stb, {{"op", "match.list"}})["matches"].empty());
}
