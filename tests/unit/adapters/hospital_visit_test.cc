// ADT and SIU in front of a host that knows some threads: which one they are about, what they become, what is answered.
#include "adapters/hospital/appointment_in.h"
#include "adapters/hospital/correlate.h"
#include "adapters/hospital/visit_in.h"
#include "schemas/body.h"
#include "tests/unit/adapters/hospital_kit.h"

using namespace adapters;
using hospital_kit::parsed;
using hospital_kit::replaced;
using hospital_kit::thread;
namespace hl7 = formats::hl7v2;

namespace {

std::string sample(const std::string& name) { return kit::sample("hl7v2/" + name); }

// A hospital that names no other agency: what it sends belongs to a thread that there is.
struct Hospital : hospital_kit::Hospital {
  Hospital() : hospital_kit::Hospital("", "") {}
};

}  // namespace

TEST_CASE("an arrival goes into the thread whose reference the visit carries") {
  Hospital h;
  h.host.known = {thread(20, "apd", false, schemas::Phase::kAccepted)};
  h.host.refs["APD-26-118802"] = {0};
  CHECK(h.send(sample("doe_adt_a01.hl7")).value("MSA-1") == "AA");
  REQUIRE(h.host.count() == 1);
  CHECK(h.host.submitted[0].thread == fake::Host::id(20));
  CHECK(h.host.submitted[0].dedupe_key == "mllp:STBRIGID:STB-2001");
  CHECK(h.host.submitted[0].body.authority_basis.empty());  // the referral's own counts
  const auto& e = h.sent<schemas::EncounterNotification>(0);
  CHECK(e.event == "arrived");
  CHECK(e.at == "2026-10-05T14:58:00-06:00");
  CHECK(e.facility == "STBRIGID");
  CHECK(e.visit == "V-55107");
  REQUIRE(e.subject.ids.size() == 1);
  CHECK(e.subject.ids[0].system == "STBRIGID");
  CHECK(e.subject.ids[0].value == "MRN-90417");
}

TEST_CASE("a discharge is told and completes nothing") {
  Hospital h;
  h.host.known = {thread(20, "apd", false, schemas::Phase::kInProgress)};
  h.host.refs["STBRIGID|MRN-90417"] = {0};
  CHECK(h.send(sample("doe_adt_a03.hl7")).value("MSA-1") == "AA");
  REQUIRE(h.host.count() == 1);
  const auto& e = h.sent<schemas::EncounterNotification>(0);
  CHECK(e.event == "discharged");
  CHECK(e.at == "2026-10-06T08:55:00-06:00");
  CHECK(e.disposition == "65 Psychiatric hospital or unit");
}

TEST_CASE("social security numbers and the message's own bytes are in no submission") {
  Hospital h;
  h.host.known = {thread(20, "apd", false, schemas::Phase::kInProgress)};
  h.host.refs["STBRIGID|MRN-90417"] = {0};
  h.send(sample("doe_adt_a01.hl7"));
  h.send(sample("doe_adt_a03.hl7"));
  REQUIRE(h.host.count() == 2);
  for (const auto& s : h.host.submitted) {
    const base::Bytes bytes = schemas::encode_body(s.body);
    CHECK(base::text(bytes).find("000-12-3456") == std::string_view::npos);
    CHECK(s.body.source.bytes.empty());
  }
}

TEST_CASE("about a patient nobody referred it is AA, nothing is sent or kept, and the health words say so") {
  Hospital h;
  CHECK(h.send(sample("doe_adt_a01.hl7")).value("MSA-1") == "AA");
  CHECK(h.send(sample("doe_siu_s12.hl7")).value("MSA-1") == "AA");
  CHECK(h.host.count() == 0);
  CHECK(h.host.quarantined.empty());
  CHECK(h.adapter->health().words.ends_with("2 about patients without a referral here"));
}

TEST_CASE("each ADT event has its word") {
  const auto event = [](const std::string& trigger, const std::string& from = "|E|", const std::string& to = "|E|") {
    return hospital::visit_from(parsed(replaced(replaced(sample("doe_adt_a01.hl7"), "ADT^A01^ADT_A01", "ADT^" + trigger), from, to)),
                                "+00:00")
        .encounter;
  };
  CHECK(event("A04").event == "arrived");
  CHECK(event("A01", "|E|", "|I|").event == "admitted");
  CHECK(event("A02").event == "transferred");
  CHECK(event("A03").event == "discharged");
  CHECK(event("A08").event == "arrived");
  CHECK(event("A11").event == "left");
  CHECK(event("A11").disposition == "the arrival was cancelled");
  CHECK(event("A13").event == "admitted");
  const auto against = hospital::visit_from(parsed(replaced(sample("doe_adt_a03.hl7"), "65^Psychiatric hospital or unit", "07")), "+00:00");
  CHECK(against.encounter.event == "left");
}

TEST_CASE("an event without a readable time is AE at its field") {
  Hospital h;
  h.host.known = {thread(20, "apd", false, schemas::Phase::kInProgress)};
  h.host.refs["STBRIGID|MRN-90417"] = {0};
  const auto ack = h.send(replaced(sample("doe_adt_a03.hl7"), "20261006085500", "this morning"));
  CHECK(ack.value("MSA-1") == "AE");
  CHECK(ack.value("ERR-2") == "PV1^1^45^1");
  CHECK(h.host.quarantined.size() == 1);
}

TEST_CASE("the thread in which we are asked goes before the one in which we ask, a reference before a number") {
  fake::Host host;
  host.known = {thread(20, "hcc", true, schemas::Phase::kAccepted), thread(21, "apd", false, schemas::Phase::kInProgress),
                thread(22, "ace", false, schemas::Phase::kNone)};
  host.refs["STBRIGID|MRN-90417"] = {0, 2, 1};
  const auto keys = hospital::keys_of(parsed(sample("doe_adt_a03.hl7")));
  CHECK(hospital::correlate(host, keys, false)->other == "apd");
  host.refs["V-55107"] = {2};
  CHECK(hospital::correlate(host, keys, false)->other == "ace");
  CHECK(hospital::correlate(host, keys, true)->other == "apd");
  host.known[1].requester = true;
  CHECK_FALSE(hospital::correlate(host, keys, true).has_value());
  auto named = parsed(sample("doe_adt_a03.hl7") + "ZCR|accepted|" + base::uuid(fake::Host::id(20)) + "\r");
  CHECK(hospital::correlate(host, hospital::keys_of(named), false)->other == "hcc");
}

TEST_CASE("a later visit of somebody whose referral has ended is nobody's business; the visit's number still leads to a completed one") {
  fake::Host host;
  const auto keys = hospital::keys_of(parsed(sample("doe_adt_a03.hl7")));
  using enum schemas::Phase;
  for (const auto ended : {kCompleted, kRejected, kCancelled, kExpired, kEnteredInError, kNone}) {
    host.known = {thread(20, "apd", false, ended)};
    host.refs = {{"STBRIGID|MRN-90417", {0}}};
    CHECK_FALSE(hospital::correlate(host, keys, false).has_value());
    host.refs["V-55107"] = {0};
    CHECK(hospital::correlate(host, keys, false).has_value() == (ended == kCompleted || ended == kNone));
    CHECK_FALSE(hospital::correlate(host, keys, true).has_value());
  }
}

TEST_CASE("a booking schedules, a move reschedules, a repeat changes nothing") {
  Hospital h;
  h.host.known = {thread(20, "stb", false, schemas::Phase::kAccepted)};
  h.host.refs["REQ-1002"] = {0};
  CHECK(h.send(sample("doe_siu_s12.hl7")).value("MSA-1") == "AA");
  CHECK(h.send(sample("doe_siu_s12.hl7")).value("MSA-1") == "AA");
  REQUIRE(h.host.count() == 1);
  const auto& u = h.sent<schemas::StatusUpdate>(0);
  CHECK(u.status == "scheduled");
  CHECK(u.appointment_at == "2026-10-07T10:00:00-06:00");
  CHECK(u.place == "INTAKE 2 HARBORLIGHT");
  CHECK(u.actor_name == "Mara Reyes");
  CHECK(base::rfc3339(u.at) == "2026-10-06T16:15:00.000Z");
  const auto moved = replaced(replaced(replaced(sample("doe_siu_s12.hl7"), "SIU^S12", "SIU^S13"), "HCC-3001", "HCC-3003"), "20261007100000",
                              "20261007150000");
  CHECK(h.send(moved).value("MSA-1") == "AA");
  CHECK(h.sent<schemas::StatusUpdate>(1).appointment_at == "2026-10-07T15:00:00-06:00");
}

TEST_CASE("a no-show says what happens next") {
  const hospital::AppointmentOptions options{"+00:00", "call the person and offer a new time", {}};
  const auto told = hospital::appointment_from(parsed(sample("doe_siu_s26.hl7")), schemas::Phase::kScheduled, options);
  const auto& u = std::get<schemas::StatusUpdate>(told.payload);
  CHECK(u.status == "no-show");
  CHECK(u.next_action == "A peer calls twice today, new time this afternoon");
  CHECK(u.attempts == 1);
  CHECK(u.last_attempt_at == "2026-10-07T10:00:00-06:00");
  const auto silent =
      hospital::appointment_from(parsed(replaced(sample("doe_siu_s26.hl7"), "NTE|1||", "ZZZ|1||")), schemas::Phase::kScheduled, options);
  CHECK(std::get<schemas::StatusUpdate>(silent.payload).next_action == options.next_action);
}

TEST_CASE("a cancelled appointment ends a referral only where the lifecycle lets us; elsewhere it is a message") {
  const auto m = parsed(replaced(sample("doe_siu_s12.hl7"), "SIU^S12", "SIU^S15"));
  for (const auto phase : {schemas::Phase::kNoShow, schemas::Phase::kCancelRequested}) {
    const auto a = hospital::appointment_from(m, phase, {});
    CHECK(std::get<schemas::StatusUpdate>(a.payload).status == "cancelled");
    CHECK(std::get<schemas::StatusUpdate>(a.payload).reason == "OTH");
  }
  const auto a = hospital::appointment_from(m, schemas::Phase::kScheduled, {});
  CHECK(std::get<schemas::SecureMessage>(a.payload).text ==
        "The appointment of 2026-10-07T10:00:00-06:00 was cancelled. The referral stands; a new time will follow.");
}

TEST_CASE("an appointment without a time is AE at its field, and a move that the lifecycle denies is AR") {
  Hospital h;
  h.host.known = {thread(20, "stb", false, schemas::Phase::kReceived)};
  h.host.refs["REQ-1002"] = {0};
  auto ack = h.send(replaced(sample("doe_siu_s12.hl7"), "^^^20261007100000-0600", ""));
  CHECK(ack.value("MSA-1") == "AE");
  CHECK(ack.value("ERR-2") == "SCH^1^11^1^4");
  CHECK(ack.value("ERR-3.1") == "101");
  h.host.refuse = base::Error{base::Kind::kDenied, "from received to scheduled is not a move of the target", "status"};
  ack = h.send(sample("doe_siu_s12.hl7"));
  CHECK(ack.value("MSA-1") == "AR");
  CHECK(ack.value("ERR-8").find("not a move of the target") != std::string::npos);
  CHECK(h.host.quarantined.size() == 2);
}
