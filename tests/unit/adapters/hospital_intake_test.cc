// What a hospital's system says of referrals beside making them: changes, cancellations, questions, answers, results, documents.
#include "adapters/hospital/answer.h"
#include "adapters/hospital/words_in.h"
#include "tests/unit/adapters/hospital_kit.h"

using namespace hospital_kit;
using schemas::Phase;

namespace {

const std::string kPid = "PID|1||MRN-77001^^^STBRIGID^MR||Testcase^Minimal||19920314|F\r";

agent::Delivery opening_of(std::size_t n, const std::string& bytes) {
  agent::Delivery d;
  d.msg_id = fake::Host::id(n), d.thread_id = fake::Host::id(n), d.outgoing = true;
  d.body.payload = adapters::hospital::referral_from(parsed(bytes), {}).referral;
  return d;
}
std::string uuid(std::size_t n) { return base::uuid(fake::Host::id(n)); }

}  // namespace

TEST_CASE("REF^I13 becomes a message that says what is otherwise; the same again says nothing") {
  Hospital h;
  h.host.known = {thread(3, "hcc", true, Phase::kReceived)};
  h.host.refs["REQ-1001"] = {0};
  h.host.history[fake::Host::id(3)] = {opening_of(3, sample("ref_i12_minimal.hl7"))};
  const std::string changed = replaced(replaced(sample("ref_i12_minimal.hl7"), "REF^I12^REF_I12|STB-0001", "REF^I13^REF_I12|STB-0002"), "S^STAT", "R^Routine");
  CHECK(h.send(changed + "NTE|1||walks with a stick\r").value("MSA-1") == "AA");
  REQUIRE(h.host.count() == 1);
  CHECK(h.host.submitted[0].thread == fake::Host::id(3));
  CHECK(h.sent<schemas::SecureMessage>(0).text == "The referral was changed at the hospital.\nUrgency: routine\nwalks with a stick");
  CHECK(h.host.submitted[0].body.labels == std::vector<std::string>{"general", "mh"});
  const std::string same = replaced(sample("ref_i12_minimal.hl7"), "REF^I12^REF_I12|STB-0001", "REF^I13^REF_I12|STB-0003");
  CHECK(h.send(same).value("MSA-1") == "AA");
  CHECK(h.host.count() == 1);
  CHECK(h.adapter->health().words.ends_with("1 that said nothing new"));
}

TEST_CASE("REF^I14 takes a referral back: at once before the decision, as a question after it, with the reason") {
  for (const auto& [phase, status] : {std::pair{Phase::kReceived, "cancelled"}, {Phase::kAccepted, "cancel_requested"}}) {
    Hospital h;
    h.host.known = {thread(3, "hcc", true, phase)};
    h.host.refs["REQ-1001"] = {0};
    CHECK(h.send(message("REF^I14", "RF1||||||REQ-1001||||PLACED_ELSEWHERE^found a bed\r" + kPid)).value("MSA-1") == "AA");
    REQUIRE(h.host.count() == 1);
    const auto& u = h.sent<schemas::StatusUpdate>(0);
    CHECK(u.status == status);
    CHECK(u.reason == "PLACED_ELSEWHERE");
    CHECK(base::rfc3339(u.at) == "2026-10-05T14:02:00.000Z");
  }
  SUBCASE("a reason of the hospital's own becomes words") {
    Hospital h;
    h.host.known = {thread(3, "hcc", true, Phase::kReceived)};
    h.host.refs["REQ-1001"] = {0};
    h.send(message("REF^I14", "RF1||||||REQ-1001||||77^moved away\r" + kPid));
    CHECK(h.sent<schemas::StatusUpdate>(0).reason == "OTH");
    CHECK(h.sent<schemas::StatusUpdate>(0).text == "77 moved away");
  }
  SUBCASE("a referral that nobody knows is AE with the place, and kept") {
    Hospital h;
    const auto ack = h.send(message("REF^I14", "RF1||||||REQ-9999\r" + kPid));
    CHECK(ack.value("MSA-1") == "AE");
    CHECK(ack.value("ERR-3.1") == "204");
    CHECK(ack.value("ERR-2") == "RF1^1^6^1");
    CHECK(h.host.quarantined.size() == 1);
  }
}

TEST_CASE("REF^I15 is answered with RRI^I15 from the thread's loop, on the same connection") {
  Hospital h;
  auto t = thread(3, "hcc", true, Phase::kScheduled);
  t.loop.appointment = *base::parse_rfc3339("2026-10-06T10:00:00Z");
  t.loop.esc_level = 1;
  h.host.known = {t};
  h.host.refs["REQ-1001"] = {0};
  const std::string question = message("REF^I15", "RF1||||||REQ-1001\rPRD|RP|Ames^Rowan\r" + kPid, "Q-1");
  const auto answer = h.send(question);
  CHECK(answer.value("MSH-9") == "RRI^I15^RRI_I12");
  CHECK(answer.value("MSA-1") == "AA");
  CHECK(answer.value("MSA-2") == "Q-1");
  CHECK(answer.value("RF1-1.1") == "A");
  CHECK(answer.value("RF1-6") == "REQ-1001");
  CHECK(answer.value("PID-5.1") == "Testcase");
  CHECK(answer.value("ZCR-1") == "scheduled");
  CHECK(answer.value("ZCR-2") == uuid(3));
  CHECK(answer.value("ZCR-4") == "1");
  CHECK(answer.value("NTE-3") == "Appointment: 2026-10-06T10:00:00.000Z");
  CHECK(h.host.count() == 0);
  SUBCASE("a sender in enhanced mode gets its commit acknowledgement first") {
    const auto commit = h.send(message("REF^I15", "RF1||||||REQ-1001\r" + kPid, "Q-2", "|||AL|AL"));
    CHECK(commit.value("MSA-1") == "CA");
    CHECK(commit.value("MSA-2") == "Q-2");
  }
}

TEST_CASE("RRI answers a referral that we brought: RF1-1, or the whole status in ZCR") {
  const auto told = [](const std::string& type, const std::string& segments, Phase phase) {
    Hospital h("callback = \"555-0100\"\n");
    h.host.known = {thread(3, "apd", false, phase)};
    CHECK(h.send(message(type, "MSA|AA|X\r" + segments)).value("MSA-1") == "AA");
    REQUIRE(h.host.count() == 1);
    CHECK(h.host.submitted[0].thread == fake::Host::id(3));
    return h.sent<schemas::StatusUpdate>(0);
  };
  const std::string rf1 = "|||||" + uuid(3) + "\r";
  const auto yes = told("RRI^I12", "RF1|A" + rf1 + "PRD|RT|Lee^Kim|||^WPN^PH^^^^^^^^^555-0177\r", Phase::kReceived);
  CHECK(yes.status == "accepted");
  CHECK(yes.callback == "555-0177");
  CHECK(yes.actor_name == "Kim Lee");
  CHECK(told("RRI^I12", "RF1|A" + rf1, Phase::kReceived).callback == "555-0100");
  const auto no = told("RRI^I12", "RF1|R|||||" + uuid(3) + "||||CAP_NO_BED\r", Phase::kReceived);
  CHECK(no.status == "rejected");
  CHECK(no.reason == "CAP_NO_BED");
  const auto gone = told("RRI^I12", "RF1|E" + rf1, Phase::kReceived);
  CHECK(gone.status == "rejected");
  CHECK(gone.reason == "OTH");
  CHECK(gone.text == "the referral expired in the hospital's system");
  const auto asks = told("RRI^I12", "RF1|P" + rf1 + "NTE|1||which medication?\r", Phase::kReceived);
  CHECK(asks.status == "info_requested");
  CHECK(asks.text == "which medication?");
  CHECK(told("RRI^I13", "RF1|A" + rf1, Phase::kAccepted).status == "in-progress");
  CHECK(told("RRI^I14", "RF1|R" + rf1, Phase::kCancelRequested).status == "cancelled");
  const auto whole = told("RRI^I12", "RF1|A\rZCR|completed|" + uuid(3) + "\rNTE|1||Outcome: ENGAGED\r", Phase::kInProgress);
  CHECK(whole.status == "completed");
  CHECK(whole.outcome == "ENGAGED");
}

TEST_CASE("an answer without a number of ours is found by the control id that it answers; what is known already is AA and nothing more") {
  Hospital h;
  auto t = thread(3, "apd", false, Phase::kReceived);
  schemas::Event e;
  e.msg_id = fake::Host::id(40);
  t.loop.applied = {e};
  h.host.known = {t};
  const auto rri = [](const std::string& of, const std::string& code, const std::string& id) {
    return message("RRI^I12", "MSA|AA|" + of + "\rRF1|" + code + "\rNTE|1||Callback: 555-0177\r", id);
  };
  const std::string ours = adapters::hospital::control_id_for(fake::Host::id(40));
  CHECK(h.send(rri("SOMETHING-ELSE", "A", "M-1")).value("ERR-3.1") == "204");
  CHECK(h.send(rri(ours, "A", "M-2")).value("MSA-1") == "AA");
  REQUIRE(h.host.count() == 1);
  CHECK(h.host.submitted[0].thread == fake::Host::id(3));
  CHECK(h.sent<schemas::StatusUpdate>(0).callback == "555-0177");
  CHECK(h.send(rri(ours, "P", "M-3")).value("MSA-1") == "AA");
  CHECK(h.host.count() == 1);
}

TEST_CASE("what a status needs and the answer lacks is AE with the place and the mend") {
  Hospital h;
  h.host.known = {thread(3, "apd", false, Phase::kReceived), thread(4, "apd", false, Phase::kInProgress)};
  const auto no_number = h.send(message("RRI^I12", "RF1|A|||||" + uuid(3) + "\r"));
  CHECK(no_number.value("MSA-1") == "AE");
  CHECK(no_number.value("ERR-2") == "PRD^1^5^1");
  CHECK(no_number.value("ERR-8").find("set `callback`") != std::string::npos);
  const auto no_outcome = h.send(message("OSU^O51", kPid + "ORC|SC|" + uuid(4) + "|||CM\r", "M-2"));
  CHECK(no_outcome.value("ERR-2") == "ORC^1^25^1");
  CHECK(h.host.count() == 0);
  CHECK(h.host.quarantined.size() == 2);
}

TEST_CASE("OMG^O19 of 360X makes a referral, changes it and takes it back") {
  Hospital h("callback = \"555-0100\"\nservice = \"CRISIS_EVAL\"\n");
  const std::string order = message("OMG^O19", kPid + "ORC|NW|889342^STB||||||||||34225^Allen^Anthony^M||5550101\rTQ1|1||||||20261006|20261018235959+0000|S\r" +
                                                   "OBR|1|889342^STB||57133-1^^LN|||||||||since Monday|||34225^Allen^Anthony|||||||||||||||R45.851^Suicidal ideations^I10\r");
  CHECK(h.send(order).value("MSA-1") == "AA");
  REQUIRE(h.host.count() == 1);
  const auto& r = h.sent<schemas::Referral>(0);
  CHECK(h.host.submitted[0].to == "hcc");
  CHECK(r.source_ref == "889342");
  CHECK(r.service.code == "CRISIS_EVAL");
  CHECK(r.urgency == "emergent");
  CHECK(r.requester.name.family == "Allen");
  CHECK(r.requester.phone == "5550101");
  CHECK(r.effective_until == "2026-10-18T23:59:59+00:00");
  REQUIRE(r.reasons.size() == 1);
  CHECK(r.reasons[0].code == "R45.851");
  CHECK(r.notes == std::vector<std::string>{"since Monday"});
  h.host.known = {thread(3, "hcc", true, Phase::kReceived)};
  h.host.refs["889342"] = {0};
  CHECK(h.send(message("OMG^O19", kPid + "ORC|CA|889342^STB\r", "M-2")).value("MSA-1") == "AA");
  CHECK(h.sent<schemas::StatusUpdate>(1).status == "cancelled");
  const auto bad = h.send(message("OMG^O19", kPid + "ORC|ZZ|889342^STB\r", "M-3"));
  CHECK(bad.value("MSA-1") == "AE");
  CHECK(bad.value("ERR-2") == "ORC^1^1^1");
  const auto nobody = h.send(message("OMG^O19", kPid + "ORC|NW|889343\rOBR|1|889343||57133-1^^LN\r", "M-4"));
  CHECK(nobody.value("MSA-1") == "AE");
  CHECK(nobody.value("ERR-2") == "ORC^1^12^1");
}

TEST_CASE("OSU^O51 of 360X is read by ORC-1 and ORC-5") {
  const auto status = [](const std::string& orc, Phase phase, const std::string& more = "") {
    Hospital h("callback = \"555-0100\"\n");
    h.host.known = {thread(3, "apd", false, phase)};
    CHECK(h.send(message("OSU^O51", kPid + orc + "\r" + more)).value("MSA-1") == "AA");
    return h.host.count() == 0 ? std::string("nothing") : h.sent<schemas::StatusUpdate>(0).status;
  };
  const auto orc = [](const std::string& control, const std::string& state) { return "ORC|" + control + "|" + uuid(3) + "|||" + state; };
  CHECK(status(orc("OK", "IP"), Phase::kReceived) == "accepted");
  CHECK(status(orc("OK", "IP"), Phase::kAccepted) == "nothing");
  CHECK(status(orc("UA", "CA"), Phase::kReceived) == "rejected");
  CHECK(status(orc("SC", "SC"), Phase::kAccepted, "TQ1|1||||||20261006100000\r") == "scheduled");
  CHECK(status(orc("SC", "A"), Phase::kAccepted) == "in-progress");
  CHECK(status(orc("SC", "HD"), Phase::kInProgress) == "on-hold");
  CHECK(status(orc("SC", "CM"), Phase::kInProgress, "NTE|1||Outcome: ENGAGED\r") == "completed");
  CHECK(status(orc("CR", "CA"), Phase::kCancelRequested) == "cancelled");
  CHECK(status(orc("UC", "IP"), Phase::kCancelRequested) == "in-progress");
  SUBCASE("the hospital takes back one of its own") {
    Hospital h;
    h.host.known = {thread(3, "hcc", true, Phase::kAccepted)};
    h.host.refs["889342"] = {0};
    CHECK(h.send(message("OSU^O51", kPid + "ORC|CA|889342|||CA|||||||||||IMPROVED\r")).value("MSA-1") == "AA");
    CHECK(h.sent<schemas::StatusUpdate>(0).status == "cancel_requested");
    CHECK(h.sent<schemas::StatusUpdate>(0).reason == "IMPROVED");
  }
}

TEST_CASE("results become a message that a person reads, documents in them attachments") {
  Hospital h;
  h.host.known = {thread(3, "hcc", true, Phase::kAccepted)};
  h.host.refs["STBRIGID|MRN-77001"] = {0};
  const std::string oru = kPid + "ORC|RE\rOBR|1|A1|F1|TOX^Toxicology^L||||||||||||||||||||||||||||9^Lee^Kim\r" +
                          "OBX|1|NM|ETOH^Blood alcohol^L||80|mg/dL||H|||F|||20261005130000+0000\rNTE|1||drawn in the ED\r" +
                          "OBX|2|CE|THC^Cannabinoids^L||POS^positive^L||||||F\rOBX|3|ED|PDF^Report^L||^application^pdf^Base64^JVBERi0x\r";
  CHECK(h.send(message("ORU^R01", oru)).value("MSA-1") == "AA");
  REQUIRE(h.host.count() == 1);
  const auto& s = h.sent<schemas::SecureMessage>(0);
  CHECK(s.text == "Results of Toxicology\nBlood alcohol: 80 mg/dL (H, final) at 2026-10-05T13:00:00+00:00\ndrawn in the ED\n"
                  "Cannabinoids: positive (final)\nReport: attached");
  CHECK(s.author_name == "Kim Lee");
  REQUIRE(s.attachments.size() == 1);
  CHECK(s.attachments[0].media_type == "application/pdf");
  CHECK(base::text(s.attachments[0].data) == "%PDF-1");
  const auto bad = h.send(message("ORU^R01", kPid + "OBX|1|ED|PDF^Report^L||^application^pdf^Base64^J*V\r", "M-2"));
  CHECK(bad.value("MSA-1") == "AE");
  CHECK(bad.value("ERR-2") == "OBX^1^5^1^5");
  CHECK(h.host.quarantined.size() == 1);
}

TEST_CASE("a document is passed on with its attachment and taken back by its number") {
  Hospital h;
  h.host.known = {thread(3, "hcc", true, Phase::kCompleted)};
  h.host.refs["V-1"] = {0};
  const std::string pv1 = "PV1|1|E|||||||||||||||||V-1\r";
  const std::string mdm = "EVN|T02|20261005\r" + kPid + pv1 + "TXA|1|DS^Discharge summary|TX||||||9^Lee^Kim|||DOC-7\r" +
                          "OBX|1|TX|T^Text^L||went home~with a friend\rOBX|2|ED|P^Plan^L||^text^plain^Base64^aGVs\\.br\\bG8=\r";
  CHECK(h.send(message("MDM^T02", mdm)).value("MSA-1") == "AA");
  REQUIRE(h.host.count() == 1);
  const auto& s = h.sent<schemas::SecureMessage>(0);
  CHECK(s.text == "went home\nwith a friend");
  CHECK(s.author_name == "Kim Lee");
  REQUIRE(s.attachments.size() == 1);
  CHECK(s.attachments[0].title == "Plan");
  CHECK(base::text(s.attachments[0].data) == "hello");
  const std::string off = "EVN|T11|20261005\r" + kPid + pv1 + "TXA|1|DS|TX|||||||||DOC-7\r";
  CHECK(h.send(message("MDM^T11", off, "M-2")).value("ERR-3.1") == "204");  // nothing of that number went out
  agent::Delivery d;
  d.msg_id = fake::Host::id(50), d.outgoing = true, d.body = h.host.submitted[0].body;
  h.host.history[fake::Host::id(3)] = {d};
  CHECK(h.send(message("MDM^T11", off, "M-3")).value("MSA-1") == "AA");
  REQUIRE(h.host.count() == 2);
  CHECK(h.sent<schemas::Correction>(1).target == fake::Host::id(50));
  CHECK(h.sent<schemas::Correction>(1).action == "retract");
}

TEST_CASE("no trigger of ADT and SIU is met with silence") {
  const std::string adt = sample("hl7v2/doe_adt_a01.hl7"), siu = sample("hl7v2/doe_siu_s12.hl7");
  for (int n = 1; n <= 13; ++n) {
    Hospital h;
    h.host.known = {thread(3, "apd", false, Phase::kAccepted)};
    h.host.refs["APD-26-118802"] = {0};
    const std::string event = (n < 10 ? "A0" : "A") + std::to_string(n);
    CAPTURE(event);
    CHECK(h.send(replaced(adt, "ADT^A01^ADT_A01", "ADT^" + event)).value("MSA-1") == "AA");
    CHECK(h.host.count() == (event == "A05" ? 0 : 1));
  }
  for (int n = 12; n <= 26; ++n) {
    Hospital h;
    h.host.known = {thread(3, "apd", false, Phase::kScheduled)};
    for (const char* ref : {"APT-7781", "REQ-26-0417", "APD-26-118802", "STBRIGID|MRN-90417"}) h.host.refs[ref] = {0};
    const std::string event = "S" + std::to_string(n);
    CAPTURE(event);
    const auto ack = h.send(replaced(siu, "SIU^S12", "SIU^" + event));
    const bool refused = n >= 23 && n <= 25;
    CHECK(ack.value("MSA-1") == (refused ? "AE" : "AA"));
    CHECK(ack.value("ERR-3.1") == (refused ? "201" : ""));
    if (refused) CHECK(ack.value("ERR-8").starts_with("SIU^" + event + " is not taken here"));
    CHECK(h.host.count() + h.host.quarantined.size() == 1);
  }
}

TEST_CASE("a type that nobody takes is AR and named; what is no type is not repeated") {
  Hospital h;
  const auto ack = h.send(message("VXU^V04", kPid));
  CHECK(ack.value("MSA-1") == "AR");
  CHECK(ack.value("ERR-3.1") == "200");
  CHECK(ack.value("ERR-8").starts_with("VXU^V04 is not taken here"));
  const auto odd = h.send(message("John Doe", kPid, "M-2"));
  CHECK(odd.value("ERR-8").starts_with("this type is not taken here"));
  CHECK(h.host.quarantined.size() == 2);
}

TEST_CASE("without a number, a record is proposed for a person to match if the host knows whom it may be about") {
  Hospital h;
  h.host.match = 5;
  const std::string mdm = kPid + "TXA|1|DS|TX|||||||||DOC-7\rOBX|1|TX|T^Text^L||went home\r";
  CHECK(h.send(message("MDM^T02", mdm)).value("MSA-1") == "AA");
  CHECK(h.send(sample("hl7v2/doe_adt_a01.hl7")).value("MSA-1") == "AA");
  CHECK(h.send(sample("hl7v2/doe_siu_s12.hl7")).value("MSA-1") == "AA");
  CHECK(h.host.count() == 0);
  REQUIRE(h.host.proposed.size() == 3);
  CHECK(h.host.proposed[0].dedupe_key == "mllp:STBRIGID:M-1");
  CHECK_FALSE(h.host.proposed[0].thread);
  CHECK(h.host.proposed[0].body.custom.at("x-document") == "DOC-7");
  CHECK(h.adapter->health().words.ends_with("3 kept for a person to match"));
  SUBCASE("unless the setting says no") {
    Hospital quiet("match = false\n");
    quiet.host.match = 5;
    quiet.send(message("MDM^T02", mdm));
    CHECK(quiet.host.proposed.empty());
  }
}

TEST_CASE("what was refused is taken in again once the cause is gone, and quarantined no second time") {
  Hospital h;
  const std::string cancel = message("REF^I14", "RF1||||||REQ-1001||||DUP\r" + kPid);
  CHECK(h.send(cancel).value("MSA-1") == "AE");
  REQUIRE(h.host.quarantined.size() == 1);
  const base::Bytes bytes = base::to_bytes(h.host.quarantined[0].bytes);
  const auto still = h.adapter->take_again("hl7v2", bytes);
  CHECK(still.error().kind == base::Kind::kNotFound);
  CHECK(still.error().where == "RF1[1]-6");
  h.host.known = {thread(3, "hcc", true, Phase::kReceived)};
  h.host.refs["REQ-1001"] = {0};
  CHECK(h.adapter->take_again("hl7v2", bytes).ok());
  CHECK(h.sent<schemas::StatusUpdate>(0).reason == "DUP");
  CHECK(h.host.quarantined.size() == 1);
  CHECK(h.adapter->take_again("csv", bytes).error().kind == base::Kind::kUnsupported);
}
