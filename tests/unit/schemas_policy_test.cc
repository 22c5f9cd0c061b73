// Policy: the county's TOML becomes a header matrix, and the matrix answers. Bad policies are refused with their line.
#include "schemas/policy.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

using schemas::Decision;
using schemas::MsgKind;
using schemas::Purpose;

namespace {

std::string alder() {
  std::ifstream in(HANDOFF_SOURCE_DIR "/tests/unit/schemas_data/alder.toml");
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

crypto::PolicyNote note_of(std::string_view toml) {
  const auto compiled = schemas::compile_policy(toml);
  REQUIRE_MESSAGE(compiled.ok(), (compiled.ok() ? "" : compiled.error().message()));
  crypto::PolicyNote note;
  note.version = compiled->version;
  note.matrix = compiled->matrix;
  note.expiry = compiled->expiry;
  note.from = compiled->effective;
  return note;
}

// A policy with one flow, whose keys start on line 7; `more` goes first.
std::string with_flow(const std::string& flow, const std::string& more = "") {
  return more + "[policy]\nid = \"t\"\nversion = 1\neffective = 2026-10-01T00:00:00Z\n\n[[flow]]\n" + flow + "\n";
}
const std::string kFlow =
    "from = [\"police\"]\nto = [\"crisis_center\"]\nkinds = [\"Referral\"]\npurpose = [\"CRISIS\"]\ndecision = \"allow\"\n";

std::string refusal(const std::string& toml) {
  const auto out = schemas::compile_policy(toml);
  REQUIRE_FALSE(out.ok());
  CHECK(out.error().kind == base::Kind::kMalformed);
  return out.error().message();
}

}  // namespace

TEST_CASE("the county's policy compiles as it stands") {
  const auto p = schemas::compile_policy(alder());
  REQUIRE(p.ok());
  CHECK(p->id == "alder-county");
  CHECK(p->version == 14);
  CHECK(base::rfc3339(p->effective) == "2026-10-01T06:00:00.000Z");
  CHECK(p->matrix.size() == 2 * 3 * 3 * 2 + 3 * 2 + 4 * 4 * 3);
  REQUIRE(p->agencies.size() == 5);
  CHECK(p->agencies[3].slug == "harbor");
  CHECK(p->agencies[3].kind == "crisis_center");
  CHECK(p->agencies[3].on_call == "+1-555-0142");
  CHECK(p->agencies[3].services == std::vector<std::string>{"CSU_BED", "CRISIS_EVAL"});
  CHECK(p->expiry.size() == schemas::msg_kinds().size());
}

TEST_CASE("the matrix allows what a flow allows, and nothing else") {
  const auto note = note_of(alder());
  CHECK(schemas::header_allows(note, "police", "crisis_center", MsgKind::kReferral, Purpose::kCrisis));
  CHECK_FALSE(schemas::header_allows(note, "police", "crisis_center", MsgKind::kReferral, Purpose::kAdmin));
  CHECK_FALSE(schemas::header_allows(note, "police", "sud_program", MsgKind::kReferral, Purpose::kCrisis));
  CHECK(schemas::header_allows(note, "crisis_center", "police", MsgKind::kStatus, Purpose::kCrisis));
  CHECK_FALSE(schemas::header_allows(note, "crisis_center", "police", MsgKind::kReferral, Purpose::kCrisis));
  CHECK(schemas::header_allows(note, "hospital_ed", "sud_program", MsgKind::kConsent, Purpose::kCoord));
  CHECK_FALSE(schemas::header_allows(note, "police", "police", static_cast<MsgKind>(99), Purpose::kCrisis));
}

TEST_CASE("receipts and control messages pass between any members") {
  const auto note = note_of(alder());
  CHECK(schemas::header_allows(note, "police", "school", MsgKind::kReceipt, Purpose::kAdmin));
  CHECK(schemas::header_allows(note, "school", "coordinator", MsgKind::kControl, Purpose::kAdmin));
}

TEST_CASE("a coordinator gets messages, capacity, control and loop facts and nothing else, whatever the matrix says") {
  const auto note = note_of(with_flow("from = [\"*\"]\nto = [\"*\"]\nkinds = [\"*\"]\npurpose = [\"*\"]\ndecision = \"allow\"\n"));
  for (const auto& kind : schemas::msg_kinds()) {
    const bool ok = kind.code == 3 || kind.code == 6 || kind.code == 17 || kind.code == 19;
    CHECK(schemas::header_allows(note, "police", "coordinator", static_cast<MsgKind>(kind.code), Purpose::kCoord) == ok);
  }
  CHECK_FALSE(schemas::header_allows(note, "police", "ems", MsgKind::kLoopFacts, Purpose::kCoord));
}

TEST_CASE("naming a coordinator allows loop facts to it without a flow") {
  const auto note = note_of(with_flow(kFlow, "agency = [{id=\"county\", kind=\"coordinator\"}]\n"));
  CHECK(schemas::header_allows(note, "police", "coordinator", MsgKind::kLoopFacts, Purpose::kCrisis));
  CHECK_FALSE(schemas::header_allows(note_of(with_flow(kFlow)), "police", "coordinator", MsgKind::kLoopFacts, Purpose::kCrisis));
}

TEST_CASE("a decision names its row, or says in words that none allows it") {
  const auto note = note_of(alder());
  schemas::PolicyRequest ask{"ems", "hospital_ed", MsgKind::kReferral, Purpose::kTreat, "treatment", {"mh"}, {}};
  const auto yes = schemas::decide(note, ask);
  CHECK(yes.decision == Decision::kAllow);
  CHECK(yes.version == 14);
  CHECK(yes.view == "*");
  REQUIRE(yes.rules.size() == 1);
  CHECK(yes.rules[0].starts_with("matrix:"));
  ask.to_kind = "police";
  const auto no = schemas::decide(note, ask);
  CHECK(no.decision == Decision::kDeny);
  CHECK(no.view.empty());
  CHECK(no.explanation == "No rule of policy version 14 allows Referral from ems to police for the purpose TREAT.");
}

TEST_CASE("expiry is the policy's where it says one, else the protocol's") {
  const auto note = note_of("[expiry]\nReferral = \"48h\"\nCapacityUpdate = \"30m\"\n" + with_flow(kFlow));
  CHECK(schemas::expiry_ms(note, MsgKind::kReferral) == 48 * base::kHour);
  CHECK(schemas::expiry_ms(note, MsgKind::kCapacity) == 30 * base::kMinute);
  CHECK(schemas::expiry_ms(note, MsgKind::kStatus) == 24 * base::kHour);
  CHECK(schemas::expiry_ms(crypto::PolicyNote{}, MsgKind::kCapacity) == base::kHour);
  CHECK(refusal("[expiry]\nReferral = \"8d\"\n" + with_flow(kFlow)).starts_with("policy:2: expiry"));
  CHECK(refusal("[expiry]\nreferral = \"1d\"\n" + with_flow(kFlow)).starts_with("policy:2: expiry: not a kind"));
  CHECK(refusal("[expiry]\nReferral = 24\n" + with_flow(kFlow)).starts_with("policy:2: expiry"));
}

TEST_CASE("a wrong word in a flow is refused with its line") {
  CHECK(refusal(with_flow("from = [\"polise\"]\nto = [\"ems\"]\nkinds = [\"*\"]\npurpose = [\"*\"]\ndecision = \"allow\""))
            .starts_with("policy:7: from"));
  CHECK(refusal(with_flow("from = [\"*\"]\nto = [\"ems\"]\nkinds = [\"Gossip\"]\npurpose = [\"*\"]\ndecision = \"allow\""))
            .starts_with("policy:9: kinds"));
  CHECK(refusal(with_flow("from = [\"*\"]\nto = [\"ems\"]\nkinds = [\"*\"]\npurpose = []\ndecision = \"allow\""))
            .starts_with("policy:10: purpose"));
  CHECK(refusal(with_flow("from = [\"*\"]\nto = [\"ems\"]\nkinds = [\"*\"]\npurpose = [\"*\"]\ndecision = \"maybe\"")).find("decision") !=
        std::string::npos);
  CHECK(refusal("[policy]\nversion = 1\n").find("id is missing") != std::string::npos);
  CHECK(refusal("flow = [").starts_with("policy:1: not valid TOML"));
  CHECK(refusal(with_flow(kFlow, "agency = [{id=\"a\", kind=\"ems\"}, {id=\"a\", kind=\"ems\"}]\n")).find("two agencies") !=
        std::string::npos);
}

TEST_CASE("a denial takes away the rows that it covers, and is refused where it cuts a star in part") {
  const std::string deny =
      "\n[[flow]]\nfrom = [\"*\"]\nto = [\"crisis_center\"]\nkinds = [\"Referral\"]\npurpose = [\"*\"]\ndecision = \"deny\"\n";
  CHECK(note_of(with_flow(kFlow) + deny).matrix.empty());
  const std::string star = "from = [\"police\"]\nto = [\"crisis_center\"]\nkinds = [\"*\"]\npurpose = [\"CRISIS\"]\ndecision = \"allow\"\n";
  CHECK(refusal(with_flow(star) + deny).find("this denial cuts") != std::string::npos);
}

TEST_CASE("what compiles fits its signed note") {
  std::string every = "from = [";
  for (const auto kind : schemas::agency_kinds()) every += "\"" + std::string(kind) + "\",";
  std::string to = "to" + every.substr(4);
  const auto big = schemas::compile_policy(
      with_flow(every + "]\n" + to + "]\nkinds = [\"Referral\",\"StatusUpdate\"]\npurpose = [\"CRISIS\",\"TREAT\"]\ndecision = \"allow\""));
  CHECK(big.error().kind == base::Kind::kTooLarge);
}
