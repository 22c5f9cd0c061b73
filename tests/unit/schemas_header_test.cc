// The hub's part of a policy: the matrix answers by kinds and purposes, whatever else the policy says.
#include "schemas/header_rules.h"

#include <doctest/doctest.h>

using schemas::MsgKind;
using schemas::Purpose;

namespace {

crypto::PolicyNote county() {
  crypto::PolicyNote note;
  note.version = 14;
  note.matrix = {{"police", "crisis_center", "Referral", "CRISIS"}, {"crisis_center", "police", "StatusUpdate", "CRISIS"}, {"hospital_ed", "sud_program", "*", "COORD"}};
  return note;
}

}  // namespace

TEST_CASE("the matrix allows what a row names, and nothing else") {
  const auto note = county();
  CHECK(schemas::header_allows(note, "police", "crisis_center", MsgKind::kReferral, Purpose::kCrisis));
  CHECK_FALSE(schemas::header_allows(note, "police", "crisis_center", MsgKind::kReferral, Purpose::kAdmin));
  CHECK_FALSE(schemas::header_allows(note, "police", "sud_program", MsgKind::kReferral, Purpose::kCrisis));
  CHECK(schemas::header_allows(note, "crisis_center", "police", MsgKind::kStatus, Purpose::kCrisis));
  CHECK_FALSE(schemas::header_allows(note, "crisis_center", "police", MsgKind::kReferral, Purpose::kCrisis));
  CHECK(schemas::header_allows(note, "hospital_ed", "sud_program", MsgKind::kConsent, Purpose::kCoord));
  CHECK_FALSE(schemas::header_allows(note, "police", "police", static_cast<MsgKind>(99), Purpose::kCrisis));
}

TEST_CASE("receipts and control messages pass between any members") {
  CHECK(schemas::header_allows(county(), "police", "school", MsgKind::kReceipt, Purpose::kAdmin));
  CHECK(schemas::header_allows(county(), "school", "coordinator", MsgKind::kControl, Purpose::kAdmin));
}

TEST_CASE("a coordinator gets messages, capacity, control and loop facts and nothing else, whatever the matrix says") {
  auto note = county();
  note.matrix = {{"*", "*", "*", "*"}};
  for (const auto& kind : schemas::msg_kinds()) {
    const bool ok = kind.code == 3 || kind.code == 6 || kind.code == 17 || kind.code == 19;
    CHECK(schemas::header_allows(note, "police", "coordinator", static_cast<MsgKind>(kind.code), Purpose::kCoord) == ok);
  }
  CHECK_FALSE(schemas::header_allows(note, "police", "ems", MsgKind::kLoopFacts, Purpose::kCoord));
}

TEST_CASE("expiry is the policy's where it says one, else the protocol's") {
  auto note = county();
  note.expiry = {{"Referral", 48 * base::kHour}, {"CapacityUpdate", 30 * base::kMinute}};
  CHECK(schemas::expiry_ms(note, MsgKind::kReferral) == 48 * base::kHour);
  CHECK(schemas::expiry_ms(note, MsgKind::kCapacity) == 30 * base::kMinute);
  CHECK(schemas::expiry_ms(note, MsgKind::kStatus) == 24 * base::kHour);
  CHECK(schemas::expiry_ms(crypto::PolicyNote{}, MsgKind::kCapacity) == base::kHour);
}
