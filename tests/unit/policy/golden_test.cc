// What each kind of reader gets of one message in which every field is said (H11, minimum necessary; D24): compared with files that
// somebody has read. A field more, or one less, fails. To write them anew after a deliberate change, delete them and run this binary once
// with HANDOFF_WRITE_GOLDEN=1.
#include "schemas/json.h"
#include "schemas/policy/decide.h"
#include "schemas/policy/view.h"
#include "tests/unit/schemas_samples.h"

#include <doctest/doctest.h>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/unit/policy/files.h"

using namespace schemas;
using policy_files::alder;

namespace {

const std::string kGolden = "tests/unit/golden/";

std::string golden(const std::string& name, const std::string& now) {
  const std::string path = HANDOFF_SOURCE_DIR "/" + kGolden + name;
  if (std::getenv("HANDOFF_WRITE_GOLDEN") != nullptr && !std::filesystem::exists(path)) std::ofstream(path, std::ios::binary) << now;
  REQUIRE_MESSAGE(std::filesystem::exists(path), name << " is missing");
  return policy_files::read(kGolden + name);
}

std::string slug_of(const std::string& kind) {
  for (const auto& a : alder().agencies)
    if (a.kind == kind) return a.slug;
  return "";
}

// The view that the county's policy gives a reader of this kind of message from a clinician, in an emergency.
std::string view_for(const std::string& kind, MsgKind message) {
  policy::Ask ask;
  ask.from_kind = kind == "hospital_ed" ? "crisis_center" : "hospital_ed";
  ask.from = slug_of(ask.from_kind);
  ask.to_kind = kind;
  ask.to = slug_of(kind);
  ask.kind = message;
  ask.purpose = Purpose::kCrisis;
  ask.basis = "emergency";
  ask.now = alder().effective;
  return decide(alder(), ask).view;
}

// Without what the sealing agent writes: it says that itself, and no view cuts it.
Body with_own_fields(Body body) {
  body.consent_copy = {};
  body.seen = {};
  body.notice.clear();
  body.custom = {{"x-veteran", "custom veteran"}, {"x-sober-housing", "custom sober housing"}, {"x-le-ncic-hit", "custom ncic hit"}};
  return body;
}

std::string shown(const Body& body, const std::string& view) {
  return dump(*to_json(policy::apply(alder(), view, with_own_fields(body)).body), 1) + "\n";
}

}  // namespace

TEST_CASE("each kind of reader gets of a whole referral what its view names, and nothing else") {
  for (const auto& agency : alder().agencies) {
    CAPTURE(agency.kind);
    std::string view = view_for(agency.kind, MsgKind::kReferral);
    if (agency.kind == "coordinator") {
      CHECK(view.empty());  // the coordinator gets no referral; were one to come its way, nothing would be left of it
      view = "coordinator";
    }
    REQUIRE_FALSE(view.empty());
    const std::string now = shown(samples::referral(), view);
    CHECK(now == golden("view_referral_" + agency.kind + ".json", now));
  }
}

TEST_CASE("the police get of an acceptance when, where and whom to call (D24); no name, no reason, no word of text") {
  const std::string now = shown(samples::status_update(), view_for("police", MsgKind::kStatus));
  CHECK(now == golden("view_status_update_police.json", now));
  const Json j = Json::parse(now)["status_update"];
  for (const char* kept : {"status", "at", "reason_class", "expected_at", "place", "callback", "safety_alert"})
    CHECK_MESSAGE(j.contains(kept), kept);
  for (const char* cut : {"actor_name", "actor_role", "reason", "text", "outcome", "next_action", "appointment_at"})
    CHECK_MESSAGE(!j.contains(cut), cut);
  CHECK(j["hold"].size() == 1);
  CHECK(j["hold"].contains("outcome"));
}

TEST_CASE("of the other kinds the police get no more than their views name") {
  const std::tuple<const char*, MsgKind, Body> others[] = {{"handoff_report", MsgKind::kHandoff, samples::handoff()},
                                                           {"secure_message", MsgKind::kMessage, samples::message()}};
  for (const auto& [name, kind, body] : others) {
    const std::string now = shown(body, view_for("police", kind));
    CHECK(now == golden(std::string("view_") + name + "_police.json", now));
  }
}

TEST_CASE("law enforcement data leaves no trace in what a clinician sees") {
  const std::string now = shown(samples::referral(), view_for("crisis_center", MsgKind::kReferral));
  CHECK(now.find("criminal_history") == std::string::npos);
  CHECK(now.find("ncic") == std::string::npos);
  CHECK(now.find("custom veteran") != std::string::npos);
}
