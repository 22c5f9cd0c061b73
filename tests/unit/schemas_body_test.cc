// Bodies: every field of the model survives its bytes and its JSON form; what this build does not know is kept, not lost.
#include "schemas/body.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "crypto/transcript.h"
#include "schemas/json.h"
#include "tests/unit/schemas_samples.h"

using base::Bytes;
using base::Kind;
using schemas::Body;

namespace {

// Two bodies are the same if their JSON forms are: that form leaves nothing out but defaults.
std::string shown(const Body& b) { return schemas::dump(*schemas::to_json(b)); }

std::vector<Body> all_samples() {
  return {samples::referral(),
          samples::status_update(),
          samples::message(),
          samples::acknowledgement(),
          samples::capacity(),
          samples::handoff(),
          samples::encounter(),
          samples::inquiry(),
          samples::reply(),
          samples::consent(),
          samples::follow_up(),
          samples::correction(),
          samples::break_glass(),
          samples::loop_facts(),
          samples::blob_part(),
          samples::opaque(),
          Body{}};
}

base::Result<Body> from_text(std::string_view text) {
  const auto j = schemas::parse_json(text);
  REQUIRE(j.ok());
  return schemas::body_from_json(**j);
}
std::string refusal(std::string_view text) {
  const auto b = from_text(text);
  REQUIRE_FALSE(b.ok());
  CHECK(b.error().kind == Kind::kMalformed);
  return b.error().message();
}

}  // namespace

TEST_CASE("every kind of body survives its bytes") {
  for (const auto& body : all_samples()) {
    const auto out = schemas::decode_body(schemas::encode_body(body));
    REQUIRE(out.ok());
    CHECK(out->payload.index() == body.payload.index());
    CHECK(shown(*out) == shown(body));
  }
}

TEST_CASE("every kind of body survives its JSON form") {
  for (const auto& body : all_samples()) {
    const auto out = from_text(shown(body));
    REQUIRE_MESSAGE(out.ok(), (out.ok() ? "" : out.error().message()));
    CHECK(shown(*out) == shown(body));
    CHECK(schemas::encode_body(*out) == schemas::encode_body(body));
  }
}

TEST_CASE("fields keep their own values and do not change places") {
  const auto out = schemas::decode_body(schemas::encode_body(samples::referral()));
  REQUIRE(out.ok());
  const auto in = samples::referral();
  const auto& a = std::get<schemas::Referral>(in.payload);
  const auto& b = std::get<schemas::Referral>(out->payload);
  CHECK(b.subject.name.family == a.subject.name.family);
  CHECK(b.subject.dob == a.subject.dob);
  CHECK(b.subject.contacts[1].name.given == a.subject.contacts[1].name.given);
  CHECK(b.observations[1].code.system == a.observations[1].code.system);
  CHECK(b.attachments[0].data == a.attachments[0].data);
  CHECK(b.transport_needed);
  CHECK(out->custom == in.custom);
  CHECK(out->seen.log_sig == in.seen.log_sig);
  CHECK(out->accompanies == in.accompanies);
}

TEST_CASE("a payload of a kind that this build does not know is kept byte for byte") {
  const auto out = schemas::decode_body(schemas::encode_body(samples::opaque()));
  REQUIRE(out.ok());
  const auto& p = std::get<schemas::Opaque>(out->payload);
  CHECK(p.type == "Control");
  CHECK(p.bytes == Bytes{0xde, 0xad, 0xbe, 0xef});
  CHECK(schemas::kind_of(out->payload) == schemas::MsgKind::kControl);
  CHECK(schemas::kind_of(schemas::Opaque{"Weather", {}}) == schemas::MsgKind{});
}

TEST_CASE("the kind of a message follows from its payload") {
  CHECK(schemas::kind_of(schemas::Referral{}) == schemas::MsgKind::kReferral);
  CHECK(schemas::kind_of(schemas::StatusUpdate{}) == schemas::MsgKind::kStatus);
  CHECK(schemas::kind_of(schemas::SecureMessage{}) == schemas::MsgKind::kMessage);
  CHECK(schemas::kind_of(schemas::Acknowledgement{}) == schemas::MsgKind::kAcknowledgement);
  CHECK(schemas::kind_of(schemas::Capacity{}) == schemas::MsgKind::kCapacity);
}

TEST_CASE("an ordinary answer fits the smallest padded size, so that all answers look alike") {
  Body b;
  schemas::StatusUpdate s;
  s.status = "accepted";
  s.at = {1'790'000'000'000};
  s.actor_role = "intake";
  s.actor_name = "A. Example";
  s.callback = "+1-555-0142";
  s.expected_at = "2026-10-05T15:00:00Z";
  s.in_reply_to_ref = "REF-2026-0001";
  b.payload = s;
  b.seen = {48'211, samples::filled<32>(1), samples::filled<64>(2)};
  CHECK(schemas::encode_body(b).size() + 4 <= 512);
}

TEST_CASE("bytes that are no body are refused, and a newer major format as unsupported") {
  CHECK(schemas::decode_body({}).error().kind == Kind::kMalformed);
  CHECK(schemas::decode_body(Bytes(64, 0xff)).error().kind == Kind::kMalformed);
  CHECK(schemas::decode_body(Bytes(crypto::kMaxBody + 1)).error().kind == Kind::kTooLarge);
  Body lying;
  lying.payload = schemas::Opaque{"Referral", {1, 2, 3}};
  CHECK(schemas::decode_body(schemas::encode_body(lying)).error().kind == Kind::kMalformed);
  lying.payload = schemas::Opaque{};
  CHECK(schemas::decode_body(schemas::encode_body(lying)).error().kind == Kind::kMalformed);
}

TEST_CASE("JSON that does not fit the model is refused with the path of the fault, never with its content") {
  CHECK(refusal("[]") == "body: expected an object");
  CHECK(refusal("{}") == "kind: missing");
  CHECK(refusal(R"({"kind":"Referral"})") == "referral: missing");
  CHECK(refusal(R"({"kind":"Referral","referral":{"subject":{"dob":19900101}}})") == "referral.subject.dob: expected a text");
  CHECK(refusal(R"({"kind":"Referral","referral":{"subject":{"Jane":1}}})") == "referral.subject: an unknown field");
  CHECK(refusal(R"({"kind":"Referral","referral":{"reasons":[{},{"code":1}]}})") == "referral.reasons[1].code: expected a text");
  CHECK(refusal(R"({"kind":"Referral","referral":{},"status_update":{}})") == "body: an unknown field");
  CHECK(refusal(R"({"kind":"StatusUpdate","status_update":{"at":"yesterday"}})") ==
        "status_update.at: expected a date and time with its offset");
  CHECK(refusal(R"({"kind":"CapacityUpdate","capacity":{"count":99999999999}})") == "capacity.count: expected a whole number in range");
  CHECK(refusal(R"({"kind":"CapacityUpdate","capacity":{"ttl_minutes":-1}})") == "capacity.ttl_minutes: expected a whole number in range");
  CHECK(refusal(R"({"kind":"CapacityUpdate","capacity":{},"custom":{"x":1}})") == "custom (a custom field): expected a text");
  CHECK(refusal(R"({"kind":"BlobPart","opaque":"@"})") == "opaque: expected base64");
  CHECK(refusal(R"({"kind":"Acknowledgement","acknowledgement":{"ack_of":"12"}})") == "acknowledgement.ack_of: expected 32 hex digits");
}

TEST_CASE("what is not said in JSON has the model's default") {
  const auto b = from_text(R"({"kind":"CapacityUpdate","capacity":{"service":"CSU_BED","state":"none"}})");
  REQUIRE(b.ok());
  const auto& c = std::get<schemas::Capacity>(b->payload);
  CHECK(c.count == -1);
  CHECK(c.ttl_minutes == 60);
  CHECK(shown(*b) == R"({"capacity":{"service":"CSU_BED","state":"none"},"kind":"CapacityUpdate"})");
}

TEST_CASE("JSON text is strict, bounded in size and depth, and its faults are named by byte") {
  CHECK(schemas::parse_json(R"({"a":[1,2,{"b":null}]})").ok());
  CHECK(schemas::parse_json("{\"a\":1,}").error().message() == "byte 8: not valid JSON");
  CHECK_FALSE(schemas::parse_json("{} x").ok());
  CHECK_FALSE(schemas::parse_json("\"\xff\"").ok());
  CHECK_FALSE(schemas::parse_json("1e999").ok());
  CHECK(schemas::parse_json("[]", 1).error().kind == Kind::kTooLarge);
  CHECK(schemas::parse_json(std::string(64, '[') + std::string(64, ']')).ok());
  CHECK(schemas::parse_json(std::string(65, '[') + std::string(65, ']')).error().message() == "byte 64: JSON nested deeper than 64");
  CHECK(schemas::parse_json("\"" + std::string(100, '[') + "\\\"[\"").ok());
  CHECK(schemas::dump(schemas::Json("\xff")) == "\"\xef\xbf\xbd\"");
}
