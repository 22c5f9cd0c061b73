// What the hospital's system is sent: referrals that ask the hospital, what follows of them, messages and documents; all of it is read back
// by our own readers to the same values.
#include <future>

#include "adapters/hospital/answer.h"
#include "adapters/hospital/lines.h"
#include "adapters/hospital/status_in.h"
#include "adapters/hospital/words_in.h"
#include "adapters/hospital/words_out.h"
#include "schemas/body.h"
#include "tests/unit/adapters/hospital_kit.h"

using namespace hospital_kit;
using namespace adapters::hospital;
using schemas::Phase;

namespace {

schemas::Referral full() {
  schemas::Referral r;
  r.subject.name = {"O'Brien|^~\\&", "Zoë", "M", "Jr"};
  r.subject.dob = "1992-03-14", r.subject.sex = "female", r.subject.race = "2106-3", r.subject.ethnicity = "2186-5";
  r.subject.language = "es", r.subject.marital = "S", r.subject.deceased = "no", r.subject.phone = "+1 555-0100";
  r.subject.address = {"12 Elm & Oak", "Alder", "WA", "98001", "US"};
  r.subject.ids = {{"STBRIGID", "MRN-1"}, {"APD", "P-2"}};
  r.subject.contacts = {{{"O'Brien", "Pat", "", ""}, "mother", "555-0111", ""}};
  r.reasons = {{"I10", "R45.851", "Suicidal ideations"}, {"", "SI", "thinks of ^ending^ it"}};
  r.service = {"", "CRISIS_EVAL", "Crisis evaluation"};
  r.urgency = "emergent";
  r.requester = {{"Ames", "Rowan", "", ""}, "cit_officer", "555-0101", "ames@apd.example"};
  r.authority_basis = "treatment";
  r.target_service_person = "Kim Lee";
  r.location_now = "Main St & 3rd, north side", r.incident_ref = "APD-26-1", r.source_ref = "REQ-9";
  r.requested_at = "2026-10-05T14:02:04-05:00", r.effective_from = "2026-10-05", r.effective_until = "2026-10-12T00:00:00+00:00";
  r.setting = "emergency";
  r.diagnoses = {{"I10", "F32.9", "Depression"}};
  r.allergies = {{"RXN", "7980", "penicillin"}};
  r.medications = {{"RXN", "36567", "sertraline"}};
  r.observations = {{{"LN", "8867-4", "Heart rate"}, "88~90|x", "/min", "2026-10-05T14:00:00+00:00", "N", "F"}};
  r.payer = "Medicaid", r.member_id = "M-5";
  r.labels = {"general", "mh"};
  r.notes = {"first line\nsecond | line", "naïve"};
  r.attachments = {{"application/pdf", "Hold form", "", base::to_bytes("%PDF-1 \x01\x02")}};
  return r;
}
agent::Delivery delivery(schemas::Payload payload, const std::string& from = "apd") {
  agent::Delivery d;
  d.msg_id = fake::Host::id(7), d.thread_id = fake::Host::id(0);
  d.from = from, d.to = "stb", d.opening_from = "apd", d.opening_to = "stb";
  auto opening = std::make_shared<schemas::Body>();
  opening->payload = full();
  d.opening = opening;
  d.body.payload = std::move(payload);
  d.loop.phase = Phase::kReceived;
  return d;
}
std::string bytes_of(const schemas::Payload& p) {
  schemas::Body b;
  b.payload = p;
  return base::to_string(schemas::encode_body(b));
}
std::string one(Listener& l) {
  const std::lock_guard held(l.lock);
  REQUIRE_FALSE(l.got.empty());
  return l.got.back();
}

}  // namespace

TEST_CASE("a referral that asks the hospital goes out as REF^I12 and reads back to the same values") {
  Listener listener;
  Hospital h("answer_to = \"" + listener.server.address() + "\"\n");
  REQUIRE(h.adapter->deliver(delivery(full())).ok());
  const auto m = parsed(one(listener));
  CHECK(m.value("MSH-9") == "REF^I12^REF_I12");
  CHECK(m.value("MSH-4") == "apd");
  CHECK(m.value("RF1-11.1") == base::uuid(fake::Host::id(0)));
  CHECK(m.value("ZCR-1") == "requested");
  CHECK(m.value("ZCR-2") == base::uuid(fake::Host::id(0)));
  CHECK_FALSE(refuse_header(m));
  Mapped back = referral_from(m, {});
  CHECK(back.faults.empty());
  CHECK(bytes_of(back.referral) == bytes_of(full()));
  CHECK(back.target_names.front() == "stb");
  REQUIRE(h.adapter->deliver(delivery(full())).ok());
  CHECK(listener.got[0] == listener.got[1]);  // a retry repeats its bytes
}

TEST_CASE("the same as OMG^O19, but for what an order has no field for") {
  Listener listener;
  Hospital h("answer_to = \"" + listener.server.address() + "\"\nreferral_out = \"OMG_O19\"\n");
  REQUIRE(h.adapter->deliver(delivery(full())).ok());
  const auto m = parsed(one(listener));
  CHECK(m.value("MSH-9") == "OMG^O19^OMG_O19");
  CHECK(m.value("ORC-1") == "NW");
  Mapped back = referral_from(m, {});
  CHECK(back.faults.empty());
  schemas::Referral expected = full();
  expected.requester.role = "clinician", expected.target_service_person.clear(), expected.setting.clear();
  CHECK(bytes_of(back.referral) == bytes_of(expected));
}

TEST_CASE("what HL7 has no field for is told in notes; an unknown person stays unknown") {
  schemas::Referral r = full();
  r.subject.name = {}, r.subject.unknown = true, r.subject.descriptor = "man, grey coat";
  r.risk.weapons = "yes", r.hold.form = "CA-5150", r.transport_needed = true;
  auto d = delivery(r);
  std::const_pointer_cast<schemas::Body>(d.opening)->payload = r;
  const auto m = parsed(referral_out({.delivery = d, .referral = r, .own = "stb"}, Language::kRef, Act::kNew, {}));
  const auto back = referral_from(m, {});
  CHECK(back.referral.subject.unknown);
  CHECK(back.referral.subject.descriptor == "man, grey coat");
  const auto& notes = back.referral.notes;
  for (const char* line : {"Weapons: yes", "Hold: CA-5150", "Transport is needed"})
    CHECK_MESSAGE(std::find(notes.begin(), notes.end(), line) != notes.end(), line);
}

TEST_CASE("a cancellation, an answer to a question and a retraction follow in the same language") {
  for (const std::string language : {"REF_I12", "OMG_O19"}) {
    CAPTURE(language);
    Listener listener;
    Hospital h("answer_to = \"" + listener.server.address() + "\"\nreferral_out = \"" + language + "\"\n");
    schemas::StatusUpdate u;
    u.status = "cancelled", u.reason = "OTH", u.text = "found elsewhere";
    REQUIRE(h.adapter->deliver(delivery(u)).ok());
    auto m = parsed(one(listener));
    CHECK(m.value("MSH-9.2") == (language == "REF_I12" ? "I14" : "O19"));
    CHECK(topic_of(m) == Topic::kCancel);
    const Told told = status_from(m, Phase::kReceived, true, {"+00:00", "", "", {}});
    REQUIRE(told.update);
    CHECK(told.update->status == "cancelled");
    CHECK(told.update->reason == "OTH");
    CHECK(told.update->text == "found elsewhere");
    u.status = "received", u.reason.clear(), u.text = "takes lithium";
    REQUIRE(h.adapter->deliver(delivery(u)).ok());
    m = parsed(one(listener));
    CHECK(topic_of(m) == Topic::kChange);
    CHECK(change_from(full(), referral_from(m, {})).message.text == "The referral was changed at the hospital.\ntakes lithium");
    schemas::Correction c;
    c.target = fake::Host::id(1), c.action = "retract", c.reason = "ERROR", c.text = "wrong person";
    REQUIRE(h.adapter->deliver(delivery(c)).ok());
    m = parsed(one(listener));
    CHECK(m.value("ZCR-1") == "entered-in-error");
    CHECK(topic_of(m) == Topic::kCancel);
    schemas::StatusUpdate machine;
    machine.status = "received";
    CHECK(h.adapter->deliver(delivery(machine)).error().kind == base::Kind::kUnsupported);
  }
}

TEST_CASE("every status that the hospital is told in RRI or OSU reads back to the same update") {
  const std::string order = message("OMG^O19", "PID|1||7||Roe^Rey\rORC|NW|889342^STB\rOBR|1|889342\r");
  for (const char* source : {"rri", "osu"}) {
    for (const auto& [status, before] : {std::pair{"accepted", Phase::kReceived}, {"rejected", Phase::kReceived}, {"scheduled", Phase::kAccepted},
                                         {"in-progress", Phase::kAccepted}, {"on-hold", Phase::kInProgress}, {"no-show", Phase::kScheduled},
                                         {"completed", Phase::kInProgress}, {"cancelled", Phase::kCancelRequested}, {"info_requested", Phase::kReceived}}) {
      CAPTURE(source);
      CAPTURE(status);
      schemas::StatusUpdate u;
      u.status = status, u.text = "a line | with ^ marks\nand another", u.actor_name = "Kim Lee", u.place = "Bay 2 & 3";
      if (u.status == "accepted") u.callback = "555-0177", u.expected_at = "2026-10-05T16:00:00Z", u.hold_until = "2026-10-05T18:00:00Z";
      if (u.status == "rejected" || u.status == "on-hold" || u.status == "cancelled") u.reason = "CAP_WAITLIST", u.est_days = 3;
      if (u.status == "scheduled") u.appointment_at = "2026-10-06T10:00:00Z";
      if (u.status == "completed") u.outcome = "ENGAGED";
      if (u.status == "no-show") u.next_action = "call", u.attempts = 2, u.last_attempt_at = "2026-10-06T10:00:00Z";
      const bool rri = std::string(source) == "rri";
      const auto in = parsed(rri ? sample("ref_i12_minimal.hl7") : order);
      const auto m = parsed(rri ? rri_from(u, in, fake::Host::id(7), fake::Host::id(0)) : osu_from(u, in, fake::Host::id(7), fake::Host::id(0)));
      CHECK_FALSE(refuse_header(m));
      Told told = status_from(m, before, false, {"+00:00", "", "", {}});
      CHECK(told.faults.empty());
      REQUIRE(told.update);
      u.at = told.update->at, u.actor_role = "clinician";
      CHECK(bytes_of(*told.update) == bytes_of(u));
      CHECK(m.value("ORC-2.1") == (rri ? "" : "889342"));
    }
  }
}

TEST_CASE("a message goes out as MDM^T02 with its documents, and its retraction as MDM^T11") {
  Listener listener;
  Hospital h("answer_to = \"" + listener.server.address() + "\"\n");
  schemas::SecureMessage s{.text = "on our way | soon\nwith two", .author_role = "machine", .author_name = "Rowan Ames", .attachments = {}};
  s.attachments = {{"image/png", "Scan ~ 1", "", base::to_bytes("\x89PNG\r\n\x1a\x0b\x1c")}};
  auto d = delivery(s);
  REQUIRE(h.adapter->deliver(d).ok());
  const auto m = parsed(one(listener));
  CHECK(m.value("MSH-9") == "MDM^T02^MDM_T02");
  CHECK(m.value("PID-3.1") == "MRN-1");
  CHECK(m.value("ZCR-1") == "received");
  const Words back = document_from(m);
  CHECK(back.faults.empty());
  CHECK(bytes_of(back.message) == bytes_of(s));
  h.host.history[d.thread_id] = {d};
  schemas::Correction c;
  c.target = d.msg_id, c.action = "retract";
  auto off = delivery(c);
  off.msg_id = fake::Host::id(8);
  REQUIRE(h.adapter->deliver(off).ok());
  const auto t11 = parsed(one(listener));
  CHECK(t11.value("MSH-9.2") == "T11");
  CHECK(document_number(t11) == document_number(m));
}

TEST_CASE("a message waits for parts of its attachment that are still on their way; what is lost for good is told") {
  Listener listener;
  Hospital h("answer_to = \"" + listener.server.address() + "\"\n");
  schemas::SecureMessage s{.text = "see the scan", .author_role = "machine", .author_name = {}, .attachments = {}};
  s.attachments = {{"image/png", "Scan", "aa", {}}};
  REQUIRE(h.adapter->deliver(delivery(s)).ok());
  CHECK(document_from(parsed(one(listener))).message.text == "see the scan\nAttachment Scan: no such attachment");
  h.host.blobs["aa"] = base::to_bytes("png");
  REQUIRE(h.adapter->deliver(delivery(s)).ok());
  CHECK(base::text(document_from(parsed(one(listener))).message.attachments.at(0).data) == "png");
}

TEST_CASE("a system that answers a referral with RRI in place of an acknowledgement is taken at its word") {
  transport::MllpServer server({.listen = "127.0.0.1:0", .clock = [] { return base::Instant{1}; }},
                               {[&](std::string_view bytes) -> std::optional<std::string> {
                                  const auto m = hl7::parse(bytes);
                                  return message("RRI^I12", "MSA|AA|" + m->value("MSH-10") + "\rRF1|A\rNTE|1||Callback: 555-0177\rZCR|accepted|" + m->value("ZCR-2") + "\r", "E-1");
                                },
                                nullptr});
  REQUIRE(server.start().ok());
  Hospital h("answer_to = \"" + server.address() + "\"\n");
  h.host.known = {thread(0, "apd", false, Phase::kReceived)};
  REQUIRE(h.adapter->deliver(delivery(full())).ok());
  REQUIRE(h.host.count() == 1);
  CHECK(h.sent<schemas::StatusUpdate>(0).status == "accepted");
  CHECK(h.sent<schemas::StatusUpdate>(0).callback == "555-0177");
}

TEST_CASE("an acknowledgement of another message is credited to nobody, and a late one is never the next message's") {
  std::atomic<int> n{0};
  std::string first;
  transport::MllpServer server({.listen = "127.0.0.1:0", .clock = [] { return base::Instant{1}; }},
                               {[&](std::string_view bytes) -> std::optional<std::string> {
                                  const auto m = hl7::parse(bytes);
                                  if (++n == 1) {
                                    first = hl7::build_ack(&*m, "AA", {}, "L1", {});
                                    return std::nullopt;  // its answer comes when the next message is in
                                  }
                                  return n == 2 ? first : transport::followed_by(first, hl7::build_ack(&*m, "AE", {}, "L2", {}));
                                },
                                nullptr});
  REQUIRE(server.start().ok());
  Hospital h("answer_to = \"" + server.address() + "\"\nattempts = 1\nanswer_seconds = 1\n");
  const auto deliver = [&](std::size_t id) {
    auto d = delivery(full());
    d.msg_id = fake::Host::id(id);
    auto waiting = std::async(std::launch::async, [&h, d] { return h.adapter->deliver(d); });
    while (waiting.wait_for(std::chrono::milliseconds(5)) == std::future_status::timeout) h.host.time += 200;
    return waiting.get();
  };
  CHECK(deliver(7).error().kind == base::Kind::kBusy);
  CHECK(deliver(8).error().kind == base::Kind::kBusy);  // only the first one's answer came
  CHECK(deliver(9).error().kind == base::Kind::kDenied);
  CHECK(h.adapter->health().delivered == 0);
}

TEST_CASE("with referral_out none, or without an address, referrals stay in the inbox") {
  Listener listener;
  Hospital none("answer_to = \"" + listener.server.address() + "\"\nreferral_out = \"none\"\n"), nowhere;
  CHECK(none.adapter->deliver(delivery(full())).error().kind == base::Kind::kUnsupported);
  CHECK(nowhere.adapter->deliver(delivery(full())).error().kind == base::Kind::kUnsupported);
  for (const char* bad : {"referral_out = \"ADT\"\nanswer_to = \"127.0.0.1:1\"", "referral_out = \"REF_I12\""})
    CHECK(hospital_mllp().make(schemas::Config::parse(bad).value(), "x").error().where == "x.referral_out");
}

TEST_CASE("nothing crosses a network in plain text unless somebody says that it may") {
  const auto made = [](const std::string& text) { return hospital_mllp().make(schemas::Config::parse(text).value(), "x"); };
  const std::string far = "answer_to = \"interface.stbrigid.example:2576\"\n";
  CHECK(made(far).error().where == "x.answer_to");
  CHECK(made(far + "plain_on_network = true\n").ok());
  CHECK(made(far + "answer_tls_ca = \"system\"\n").ok());
  fake::Host host;
  auto open = made("listen = \"0.0.0.0:0\"\n");
  CHECK((*open)->start(host).error().kind == base::Kind::kUsage);
  auto missing = made("listen = \"127.0.0.1:0\"\nanswer_to = \"127.0.0.1:9\"\nanswer_tls_ca = \"/nowhere/ca.pem\"\n");
  CHECK((*missing)->start(host).error().where == "/nowhere/ca.pem");
  auto half = made("listen = \"127.0.0.1:0\"\ntls_cert = \"/nowhere/cert.pem\"\n");
  CHECK((*half)->start(host).error().where == "/nowhere/cert.pem");
}
