// The hospital adapter as a hospital's system meets it: over MLLP, in front of a host that can say no.
#include <poll.h>
#include <sys/socket.h>

#include <future>

#include "tests/unit/adapters/hospital_kit.h"

using namespace adapters;
using namespace hospital_kit;

namespace {

agent::Delivery acceptance() {
  agent::Delivery d;
  d.msg_id = fake::Host::id(7), d.thread_id = fake::Host::id(0);
  d.kind = schemas::MsgKind::kStatus;
  d.from = "hcc", d.to = "stb", d.opening_from = "stb", d.opening_to = "hcc";
  schemas::StatusUpdate u;
  u.status = "accepted", u.callback = "555-0199";
  d.body.payload = u;
  auto opening = std::make_shared<schemas::Body>();
  opening->payload = schemas::Referral{};
  opening->source = {"hl7v2", base::to_bytes(sample("ref_i12_minimal.hl7"))};
  d.opening = opening;
  return d;
}

}  // namespace

TEST_CASE("a referral is acknowledged after the host has it") {
  Hospital h;
  const auto ack = h.send(sample("ref_i12_minimal.hl7"));
  CHECK(ack.value("MSA-1") == "AA");
  CHECK(ack.value("MSA-2") == "STB-0001");
  REQUIRE(h.host.submitted.size() == 1);
  const auto& s = h.host.submitted[0];
  CHECK(s.to == "hcc");
  CHECK_FALSE(s.test);
  CHECK(s.dedupe_key == "mllp:STBRIGID:STB-0001");
  CHECK(base::text(s.body.source.bytes) == sample("ref_i12_minimal.hl7"));
  CHECK(std::get<schemas::Referral>(s.body.payload).requester_agency == "stb");
  CHECK(h.adapter->health().accepted == 1);
}

TEST_CASE("a repeat is acknowledged again and nothing new happens; other bytes under the same id are an error") {
  Hospital h;
  const std::string bytes = sample("ref_i12_minimal.hl7");
  h.send(bytes);
  CHECK(h.send(bytes).value("MSA-1") == "AA");
  CHECK(h.host.submitted.size() == 1);
  CHECK(h.adapter->health().accepted == 1);
  const auto ack = h.send(replaced(bytes, "Minimal", "Changed"));
  CHECK(ack.value("MSA-1") == "AE");
  CHECK(ack.value("ERR-3.1") == "205");
  CHECK(h.host.quarantined.size() == 1);
}

TEST_CASE("a mapping fault is AE with the field, kept for the operator, and the connection lives on") {
  Hospital h;
  const auto ack = h.send(replaced(sample("ref_i12_minimal.hl7"), "Testcase^Minimal", ""));
  CHECK(ack.value("MSA-1") == "AE");
  CHECK(ack.value("ERR-2") == "PID^1^5^1");
  CHECK(ack.value("ERR-3.1") == "101");
  CHECK(ack.value("ERR-4") == "E");
  REQUIRE(h.host.quarantined.size() == 1);
  CHECK(h.host.quarantined[0].why.where == "PID[1]-5");
  CHECK(h.send(sample("ref_i12_minimal.hl7")).value("MSA-1") == "AA");
}

TEST_CASE("what the policy denies is AR with the rule, and what the house's rules find missing is AE at its field") {
  Hospital h;
  h.host.refuse = base::Error{base::Kind::kDenied, "rule F1 does not let hospital send Referral to crisis_center"};
  auto ack = h.send(sample("ref_i12_minimal.hl7"));
  CHECK(ack.value("MSA-1") == "AR");
  CHECK(ack.value("ERR-8").find("rule F1") != std::string::npos);
  h.host.refuse = base::Error{base::Kind::kMalformed, "missing", "referral.subject.dob"};
  ack = h.send(sample("ref_i12_minimal.hl7"));
  CHECK(ack.value("MSA-1") == "AE");
  CHECK(ack.value("ERR-2") == "PID^1^7^1");
  CHECK(h.host.quarantined.size() == 2);
}

TEST_CASE("a host that is busy makes the sender come again, and nothing is quarantined") {
  Hospital h;
  h.host.refuse = base::Error{base::Kind::kBusy, "the outbox is full"};
  CHECK(h.send(sample("ref_i12_minimal.hl7")).value("MSA-1") == "AR");
  h.host.refuse.reset();
  CHECK(h.send(sample("ref_i12_minimal.hl7")).value("MSA-1") == "AA");
  CHECK(h.host.quarantined.empty());
}

TEST_CASE("other types, unreadable messages and batches are refused and kept") {
  Hospital h;
  CHECK(h.send(replaced(sample("adt_a01.hl7"), "ADT^A01^ADT_A01", "VXU^V04^VXU_V04")).value("ERR-3.1") == "200");
  CHECK(h.send("nonsense").value("MSA-1") == "AR");
  const auto ack = h.send("MSH|^~\\&|A|B|C|D|2026||REF^I12^REF_I12|X-1|P|2.5.1\r!!!\r");
  CHECK(ack.value("MSA-1") == "AE");
  CHECK(ack.value("MSA-2") == "X-1");
  CHECK(h.send(sample("batch_of_two.hl7")).value("MSA-1") == "AR");
  CHECK(h.host.quarantined.size() == 4);
  CHECK(h.host.submitted.empty());
}

TEST_CASE("enhanced mode gets a commit acknowledgement; a sender that wants none gets none") {
  Hospital h;
  CHECK(h.send(sample("ref_i12_full.hl7")).value("MSA-1") == "CA");
  CHECK(h.send(replaced(sample("ref_i12_full.hl7"), "Testcase^Fulton^Q^Jr", "")).value("MSA-1") == "CE");
  const std::string silent = replaced(replaced(sample("ref_i12_full.hl7"), "|||AL|NE|", "|||NE|NE|"), "STB-0002", "STB-0902");
  const auto both = h.client->send(silent + "\x1C\r\x0B" + sample("ref_i12_minimal.hl7"), [](std::string_view) { return true; });
  REQUIRE(both.ok());
  CHECK(hl7::read_ack(*both)->control_id == "STB-0001");
  CHECK(h.host.submitted.size() == 3);
}

TEST_CASE("the addressee comes from the facility table, then the directory, then the default") {
  Hospital h("[[facility]]\nname = \"HARBORLIGHT\"\nto = \"crisis\"\n");
  h.send(sample("ref_i12_minimal.hl7"));
  CHECK(h.host.submitted[0].to == "crisis");
  h.host.names["OTHERHOUSE"] = "other";
  h.send(replaced(replaced(sample("ref_i12_minimal.hl7"), "HARBORLIGHT", "OTHERHOUSE"), "STB-0001", "STB-2"));
  CHECK(h.host.submitted[1].to == "other");
  h.send(replaced(replaced(sample("ref_i12_minimal.hl7"), "HARBORLIGHT", "NOBODY"), "STB-0001", "STB-3"));
  CHECK(h.host.submitted[2].to == "hcc");
}

TEST_CASE("a frame over the limit is AR and the adapter stays up") {
  Hospital h("max_message = 2048\n");
  const auto ack = h.send(sample("ref_i12_minimal.hl7") + std::string(5000, 'x'));
  CHECK(ack.value("MSA-1") == "AR");
  CHECK(ack.value("MSA-2") == "STB-0001");
  CHECK(h.send(sample("ref_i12_minimal.hl7")).value("MSA-1") == "AA");
}

TEST_CASE("an acceptance is delivered to the hospital's listener, and a retry repeats its bytes") {
  Listener listener;
  Hospital h("answer_to = \"" + listener.server.address() + "\"\n");
  CHECK(h.adapter->deliver(acceptance()).ok());
  CHECK(h.adapter->deliver(acceptance()).ok());
  REQUIRE(listener.got.size() == 2);
  CHECK(listener.got[0] == listener.got[1]);
  CHECK(hl7::parse(listener.got[0])->value("RF1-1.1") == "A");
  CHECK(h.adapter->health().delivered == 2);
}

TEST_CASE("a refusal by the hospital's system is a failure; silence is tried again later") {
  Listener listener;
  Hospital h("answer_to = \"" + listener.server.address() + "\"\nattempts = 1\nanswer_seconds = 1\n");
  listener.code = "AE";
  CHECK(h.adapter->deliver(acceptance()).error().kind == base::Kind::kDenied);
  listener.code = "";
  auto waiting = std::async(std::launch::async, [&] { return h.adapter->deliver(acceptance()); });
  while (waiting.wait_for(std::chrono::milliseconds(10)) == std::future_status::timeout) h.host.time += 2000;
  CHECK(waiting.get().error().kind == base::Kind::kBusy);
}

TEST_CASE("only answers to the hospital's own HL7 referrals go out") {
  Listener listener;
  Hospital h("answer_to = \"" + listener.server.address() + "\"\n");
  auto outgoing = acceptance();
  outgoing.outgoing = true;
  CHECK(h.adapter->deliver(outgoing).error().kind == base::Kind::kUnsupported);
  auto other = acceptance();
  other.opening_from = "hcc";
  CHECK(h.adapter->deliver(other).error().kind == base::Kind::kUnsupported);
  auto late = acceptance();
  late.loop.refused.push_back({late.msg_id, "late accept: already expired"});
  CHECK(h.adapter->deliver(late).error().kind == base::Kind::kStale);
  CHECK(listener.got.empty());
}

TEST_CASE("stop ends a delivery that waits") {
  Listener listener;
  listener.code = "";
  Hospital h("answer_to = \"" + listener.server.address() + "\"\n");
  auto waiting = std::async(std::launch::async, [&] { return h.adapter->deliver(acceptance()); });
  h.adapter->stop();
  CHECK_FALSE(waiting.get().ok());
}

TEST_CASE("a configuration error names its key") {
  for (const char* bad : {"listen = \"nowhere\"", "purpose = \"FUN\"", "attempts = 0", "listen = 7", "liste = \"2575\""}) {
    CHECK_FALSE(hospital::hospital_mllp().make(schemas::Config::parse(bad).value(), "x").ok());
  }
}
