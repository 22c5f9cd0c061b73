// The compliance officer's shelf, asked of whole agents: accounts of disclosures, holds and purges, reviews, what a key exposes, and a ledger
// that its own keeper cannot rewrite.
#include "adapters/agent/account/retention.h"
#include "adapters/agent/ledger/ledger.h"
#include "tests/unit/ops/kit.h"

using namespace rig;
namespace ledger = adapters::agent::ledger;

namespace {

constexpr const char* kCanary = "allergic to penicillin";

Json person(const char* mrn) {
  return {{"subject", {{"name", {{"family", "Canaryworth"}, {"given", "Ada"}}}, {"dob", "1992-02-14"}, {"ids", {{{"system", "urn:stb"}, {"value", mrn}}}}}}, {"authority_basis", "treatment"}};
}
bool holds(const Json& j, const std::string& text) { return j.dump().find(text) != std::string::npos; }

// A loop from the hospital to the crisis center, to its end.
std::string closed(Counter& c, const char* mrn) {
  const std::string thread = Counter::refer(c.stb, "harbor", person(mrn));
  REQUIRE(c.reaches(c.harbor, thread, "received"));
  Counter::act(c.harbor, thread, "accept", {{"actor_name", "M. Okafor"}, {"callback", "+1-555-0142"}});
  REQUIRE(c.reaches(c.stb, thread, "accepted"));
  Counter::act(c.harbor, thread, "start");
  Counter::act(c.harbor, thread, "complete", {{"outcome", "ADMITTED"}});
  REQUIRE(c.reaches(c.stb, thread, "completed"));
  Counter::act(c.stb, thread, "status", {{"status", "completed"}});  // the requester takes note: closed
  REQUIRE(eventually([&] { return Counter::ask(c.harbor, {{"op", "inbox.show"}, {"thread", thread}})["loop"] == "closed"; }));
  return thread;
}

// The recipient may have it before the sender has read the hub's acknowledgement; from that on it is a disclosure.
Json account_of(Counter& c, const char* mrn, std::size_t disclosures) {
  Json out;
  REQUIRE(eventually([&] {
    out = Counter::ok(c.stb, {{"op", "accounting"}, {"patient", mrn}});
    return out["disclosures"].size() == disclosures;
  }));
  return out;
}

bool signed_by(AgentBox& at, const std::string& whole, const std::string& first_line) {
  const auto note = crypto::parse_note(whole);
  if (!note.ok() || !note->text.starts_with(first_line + "\n")) return false;
  const crypto::Directory d = at->office().replica.directory();
  return note->signed_by({crypto::agent_name(d.anchor().consortium, at.id()), crypto::NoteAlg::kEd25519, d.member(at.id())->cert.sign});
}

}  // namespace

TEST_CASE("the account of one person says to whom, what, why and when; nothing of what stood there, and nobody else's") {
  Counter c;
  const std::string thread = Counter::refer(c.stb, "harbor", person("MRN-1")), other = Counter::refer(c.stb, "harbor", person("MRN-2"));
  REQUIRE(c.reaches(c.harbor, thread, "received"));
  REQUIRE(c.reaches(c.harbor, other, "received"));
  Counter::act(c.harbor, thread, "accept", {{"actor_name", "M. Okafor"}, {"callback", "+1-555-0142"}});
  REQUIRE(c.reaches(c.stb, thread, "accepted"));

  const Json account = account_of(c, "MRN-1", 1);
  account_of(c, "MRN-2", 1);
  const Json& d = account["disclosures"][0];
  CHECK(d["to"] == "harbor");
  CHECK(d["to_kind"] == "crisis_center");
  CHECK(d["basis"] == "treatment");
  CHECK(d["thread"] == thread);
  CHECK(holds(d["what"], "referral.subject"));
  CHECK_FALSE(holds(d["what"], "referral.notes"));  // the view left them out: nobody was told
  CHECK_FALSE(holds(account, "Canaryworth"));
  CHECK_FALSE(holds(account, kCanary));
  CHECK(Counter::ok(c.stb, {{"op", "accounting"}, {"family", "canaryworth"}, {"given", "ADA"}, {"dob", "1992-02-14"}})["disclosures"].size() == 2);
  CHECK(Counter::ok(c.stb, {{"op", "accounting"}, {"patient", "MRN-3"}})["disclosures"].empty());
  CHECK(Counter::refused(c.stb, {{"op", "accounting"}, {"family", "Canaryworth"}}, "patient") == "usage");
  const Json theirs = Counter::ok(c.harbor, {{"op", "accounting"}, {"patient", "MRN-1"}});
  CHECK(holds(theirs["disclosures"], "status_update"));

  const Json copy = Counter::ok(c.stb, {{"op", "accounting.copy"}, {"patient", "MRN-1"}});
  CHECK(holds(copy, kCanary));
  CHECK(holds(copy, "MRN-1"));
  CHECK_FALSE(holds(copy, "MRN-2"));
  // What a proceeding or a therapist's own notes are about is not the person's to have (164.524(a)(1)).
  Json notes = person("MRN-4");
  notes["labels"] = {"psych_notes"};
  (void)Counter::ask(c.stb, {{"op", "send"}, {"to", "harbor"}, {"kind", "Referral"}, {"body", {{"kind", "Referral"}, {"referral", notes}}}});
  CHECK_FALSE(holds(Counter::ok(c.stb, {{"op", "accounting.copy"}, {"patient", "MRN-4"}}), "1992-02-14"));
}

TEST_CASE("what left for whom is counted by kind of reader, message and view, in its time, and nobody is in it") {
  Counter c;
  Json spoken = person("MRN-1");
  spoken["authority_basis"] = "emergency";
  const std::string thread = Counter::refer(c.apd, "stb", spoken);
  REQUIRE(c.reaches(c.stb, thread, "received"));
  Counter::act(c.stb, thread, "accept", {{"actor_name", "M. Okafor"}, {"callback", "+1-555-0142"}});
  REQUIRE(c.reaches(c.apd, thread, "accepted"));
  const Json police = Counter::ok(c.stb, {{"op", "flows"}, {"to_kind", "police"}});
  REQUIRE(police["flows"].size() == 1);
  CHECK(police["flows"][0]["kind"] == "StatusUpdate");
  CHECK(police["flows"][0]["view"] == "police_status");
  CHECK(police["messages"] == police["flows"][0]["messages"]);
  CHECK(police["part2"] == 0);
  CHECK_FALSE(holds(police, "Canaryworth"));
  CHECK(Counter::ok(c.stb, {{"op", "flows"}, {"to_kind", "ems"}})["flows"].empty());
  CHECK(Counter::ok(c.stb, {{"op", "flows"}, {"until", "2026-10-01T00:00:00Z"}})["flows"].empty());
}

TEST_CASE("what an official had suspended is left out for the person until its time is over, and shown to the officer") {
  Counter c;
  const std::string thread = Counter::refer(c.stb, "harbor", person("MRN-1"));
  REQUIRE(c.reaches(c.harbor, thread, "received"));
  account_of(c, "MRN-1", 1);
  CHECK(Counter::refused(c.stb, {{"op", "accounting.suspend"}, {"agency", "harbor"}, {"official", "Det. Ruiz"}, {"until", "2026-12-05T00:00:00Z"}}, "until") == "usage");  // aloud: 30 days
  CHECK(Counter::refused(c.stb, {{"op", "accounting.suspend"}, {"agency", "nobody"}, {"official", "Det. Ruiz"}, {"until", "2026-10-07T00:00:00Z"}}, "agency") == "usage");
  Counter::ok(c.stb, {{"op", "accounting.suspend"}, {"agency", "harbor"}, {"official", "Det. Ruiz"}, {"until", "2026-10-07T00:00:00Z"}});
  const Json told = Counter::ok(c.stb, {{"op", "accounting"}, {"patient", "MRN-1"}});
  CHECK(told["disclosures"].empty());
  CHECK_FALSE(told.contains("suspended"));  // that something is left out is not told either
  CHECK_FALSE(holds(Counter::ok(c.stb, {{"op", "accounting.copy"}, {"patient", "MRN-1"}})["disclosures"], "harbor"));
  const Json officer = Counter::ok(c.stb, {{"op", "accounting"}, {"patient", "MRN-1"}, {"with_suspended", true}});
  CHECK(officer["disclosures"][0]["suspended"] == true);
  c.hub.clock.ahead(2 * base::kDay);
  CHECK(Counter::ok(c.stb, {{"op", "accounting"}, {"patient", "MRN-1"}})["disclosures"].size() == 1);
}

TEST_CASE("content goes when its time is over and no hold stands; a signed tombstone stays, and nothing brings the content back") {
  Counter c;
  c.hub.policy(ops_policy(3, "[break_glass]", "[retention]\naudit = \"6y\"\ncontent = \"5d\"\n[break_glass]"));
  const auto holds_it = [](AgentBox& at) {
    const auto policy = at->office().desk().policy;
    return policy != nullptr && policy->version == 3;
  };
  REQUIRE(eventually([&] { return holds_it(c.stb) && holds_it(c.harbor); }));
  const std::string thread = closed(c, "MRN-1"), open = Counter::refer(c.stb, "harbor", person("MRN-2"));
  REQUIRE(c.reaches(c.harbor, open, "received"));
  const std::string message = Counter::event(c.harbor, thread, "Referral")["message"];
  CHECK(Counter::ok(c.harbor, {{"op", "retention.status"}})["due"] == 0);
  c.hub.clock.ahead(6 * base::kDay);
  const Json hold = Counter::ok(c.harbor, {{"op", "retention.hold"}, {"thread", thread}, {"reason", "26-CV-0101"}});
  CHECK(Counter::ok(c.harbor, {{"op", "retention.status"}})["held"] == 1);
  CHECK(Counter::ok(c.harbor, {{"op", "retention.run"}})["purged"] == 0);
  CHECK(holds(Counter::event(c.harbor, thread, "Referral"), "Canaryworth"));
  Counter::ok(c.harbor, {{"op", "retention.release"}, {"id", hold["id"]}});
  CHECK(Counter::ok(c.harbor, {{"op", "retention.run"}})["purged"] == 1);

  const Json shown = Counter::ok(c.harbor, {{"op", "inbox.show"}, {"thread", thread}});
  CHECK_FALSE(holds(shown, "Canaryworth"));
  CHECK(shown["phase"] == "completed");
  CHECK(Counter::ask(c.harbor, {{"op", "audit.prove"}, {"message", message}, {"disclose", true}})["ok"] == false);
  CHECK(Counter::ok(c.harbor, {{"op", "accounting.copy"}, {"patient", "MRN-1"}})["records"].empty());
  const Json status = Counter::ok(c.harbor, {{"op", "retention.status"}});
  CHECK(status["purged"] == 1);
  CHECK(status["kept"] == 1);  // an open loop is not purged, however old
  REQUIRE(status["tombstones"].size() == 1);
  const std::string stone = status["tombstones"][0]["note"];
  CHECK(signed_by(c.harbor, stone, "sfh-tombstone/v1"));
  std::string forged = stone;
  forged[forged.find("messages ") + 9] = '9';
  CHECK_FALSE(signed_by(c.harbor, forged, "sfh-tombstone/v1"));
  c.harbor.stop();
  c.harbor.start();
  CHECK_FALSE(holds(Counter::ok(c.harbor, {{"op", "inbox.show"}, {"thread", thread}}), "Canaryworth"));
}

TEST_CASE("a week is signed off once, when it is over, by a person and with the agency's key; until then doctor asks for it") {
  Counter c;
  const std::string thread = Counter::refer(c.stb, "harbor", person("MRN-1"));
  (void)Counter::events(c.stb, thread);
  const auto asked_for = [&] { return holds(Counter::ok(c.stb, {{"op", "doctor"}})["findings"], "has not been reviewed"); };
  CHECK_FALSE(asked_for());
  CHECK(Counter::refused(c.stb, {{"op", "review.sign"}, {"week", "2026-10-05T00:00:00Z"}, {"finding", "nothing"}}, "week") == "conflict");
  c.hub.clock.ahead(8 * base::kDay);
  CHECK(asked_for());
  const Json week = Counter::ok(c.stb, {{"op", "review.show"}});
  CHECK(week["week"]["from"] == "2026-10-05T00:00:00.000Z");
  CHECK(week["week"]["access"]["open"] == 1);
  CHECK(week["first_unsigned"] == "2026-10-05");
  CHECK(Counter::refused(c.stb, {{"op", "review.sign"}, {"finding", "followed_up"}}, "words") == "usage");
  const Json done = Counter::ok(c.stb, {{"op", "review.sign"}, {"finding", "nothing"}}, "p.lane");
  CHECK(done["by"] == "p.lane");
  CHECK(signed_by(c.stb, done["note"], "sfh-review/v1"));
  CHECK_FALSE(asked_for());
  CHECK(Counter::refused(c.stb, {{"op", "review.sign"}, {"finding", "nothing"}}, "week") == "conflict");
}

TEST_CASE("what a leaked key exposes: an epoch key what it opens, a sign key what may be forged, a transport key nothing") {
  Counter c;
  const std::string thread = Counter::refer(c.stb, "harbor", person("MRN-1"));
  REQUIRE(c.reaches(c.harbor, thread, "received"));
  Counter::act(c.harbor, thread, "accept", {{"actor_name", "M. Okafor"}, {"callback", "+1-555-0142"}});
  REQUIRE(c.reaches(c.stb, thread, "accepted"));
  const crypto::Directory d = c.stb->office().replica.directory();
  const auto scope = [&](const std::string& key, const Json& more = Json::object()) {
    Json in = {{"op", "incident.scope"}, {"key", key}};
    in.update(more);
    return Counter::ok(c.stb, in);
  };
  const crypto::EpochKey* epoch = d.usable_epoch(c.stb.id(), c.hub.clock.now());
  REQUIRE(epoch != nullptr);
  const Json opened = scope(base::hex(crypto::epoch_kid(epoch->key)));
  CHECK(opened["opens"] == true);
  CHECK(opened["opened"] >= 1);  // the acceptance, and receipts
  CHECK(opened["doubtful"] == 0);
  CHECK(opened["threads"][0]["thread"] == thread);
  CHECK(opened["threads"][0]["agency"] == "harbor");
  CHECK_FALSE(opened["destroyed"].is_null());
  const crypto::Cert& harbor = d.by_slug("harbor")->cert;
  CHECK(scope(base::hex(harbor.sign))["doubtful"] == opened["opened"]);
  CHECK(scope(base::hex(harbor.sign))["opened"] == 0);
  CHECK(scope(base::hex(harbor.transport))["threads"].empty());
  CHECK(scope("harbor")["opened"] == 1);
  CHECK(scope("harbor", {{"to", "2026-10-05T00:00:00Z"}})["threads"].empty());
  CHECK(Counter::refused(c.stb, {{"op", "incident.scope"}, {"key", "00"}}, "key") == "not_found");
}

TEST_CASE("the ledger's head is in the hub's log, so that not even who holds the store's key rewrites a row unseen") {
  Counter c;
  const std::string thread = Counter::refer(c.stb, "harbor", person("MRN-1"));
  (void)Counter::events(c.stb, thread);
  const auto verify = [&] { return Counter::ok(c.stb, {{"op", "ledger.verify"}}); };
  REQUIRE(eventually([&] { return verify()["logged"].size() == 1; }));
  CHECK(verify()["holds"] == true);
  const std::uint64_t logged = verify()["logged"][0]["size"];
  c.hub.clock.ahead(base::kDay);
  (void)Counter::events(c.stb, thread);
  REQUIRE(eventually([&] { return verify()["logged"].size() == 2; }));

  // The keeper of the store writes the whole ledger anew, without the row that speaks of them.
  REQUIRE(c.stb->office().store.write([&](keep::Tx& tx) {
    const std::uint64_t size = ledger::head(tx).size;
    for (std::uint64_t i = 1; i <= size; ++i) tx.erase(keep::Table::kLedger, keep::key_of(i));
    tx.erase(keep::Table::kMeta, base::view("ledger_head"));
    for (std::uint64_t i = 1; i <= size + 3; ++i) ledger::record(tx, adapters::agent::people::unix_user("nobody"), {1'000}, {});
    return base::Status{};
  }).ok());
  const Json found = verify();
  CHECK(found["holds"] == false);
  CHECK(found["first_bad"]["seq"].get<std::uint64_t>() <= logged);
  CHECK(holds(found["first_bad"]["why"], "the hub's log"));
  // And changes what is kept here of the logged head.
  REQUIRE(c.stb->office().store.write([&](keep::Tx& tx) {
    tx.erase(keep::Table::kHead, keep::key_of(c.hub.clock.now().ms / base::kDay));
    return base::Status{};
  }).ok());
  CHECK(verify()["holds"] == false);
}
