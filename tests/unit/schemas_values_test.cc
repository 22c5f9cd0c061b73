// The value sets as they ship: whole, coded once, in both languages, and equal to what other rooms say of the same words.
#include "schemas/values.h"

#include "schemas/registry.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

using namespace schemas;

namespace {

std::set<std::string> codes(std::string_view id) {
  std::set<std::string> out;
  const ValueSet* set = value_set(id);
  REQUIRE_MESSAGE(set != nullptr, id);
  for (const auto& v : set->values) out.insert(v.code);
  return out;
}

}  // namespace

TEST_CASE("every set of the domain ships, sorted by id, each code once, with words in English and Spanish") {
  std::vector<std::string> ids;
  for (const auto& set : value_sets()) {
    ids.push_back(set.id);
    CHECK(set.version == "2026.1");
    CHECK_MESSAGE(codes(set.id).size() == set.values.size(), set.id);
    for (const auto& v : set.values) {
      CHECK_MESSAGE((!v.code.empty() && !v.code.starts_with("x-")), set.id);
      CHECK_MESSAGE((!v.en.empty() && !v.es.empty()), v.code);
    }
  }
  CHECK(std::ranges::is_sorted(ids));
  CHECK(ids == std::vector<std::string>{"actor_role",       "agency_kind",
                                        "authority_basis",  "break_glass_reason",
                                        "cancel_reason",    "capacity_state",
                                        "clearance_status", "consent_method",
                                        "decline_reason",   "encounter_event",
                                        "ethnicity",        "follow_up_mark",
                                        "follow_up_result", "handoff_phase",
                                        "hold_outcome",     "label",
                                        "outcome",          "race",
                                        "reason",           "service",
                                        "urgency"});
}

TEST_CASE("agency kinds are those of the registry") {
  const auto registry = agency_kinds();
  CHECK(codes("agency_kind") == std::set<std::string>(registry.begin(), registry.end()));
}

TEST_CASE("decline reasons have the classes that the coordinator learns") {
  std::set<std::string> classes;
  for (const auto& v : value_set("decline_reason")->values) classes.insert(v.group);
  CHECK(classes == std::set<std::string>{"capacity", "eligibility", "clinical", "client", "contact", "legal"});
  CHECK(value_set("decline_reason")->find("CAP_NO_BED")->group == "capacity");
  CHECK(value_set("decline_reason")->find("OTH")->group == "legal");
}

TEST_CASE("bases name the parts of the law that rules look for") {
  const auto bases = codes("authority_basis");
  for (const char* basis : {"consent", "emergency", "hold", "treatment", "state_law", "medical_emergency_2_51", "court_order_2_65",
                            "audit_2_53", "threat_512j", "chri", "public_health"})
    CHECK_MESSAGE(bases.contains(basis), basis);
}

TEST_CASE("how race and ethnicity were learned is a value too") {
  for (const char* id : {"race", "ethnicity"})
    for (const char* code : {"declined", "not_asked", "observed_by_officer"}) CHECK_MESSAGE(codes(id).contains(code), id);
}

TEST_CASE("a code of the set or one of the consortium's own is allowed, nothing else") {
  const ValueSet& outcomes = *value_set("outcome");
  CHECK(allowed(outcomes, "ENGAGED"));
  CHECK(allowed(outcomes, "x-went-home"));
  CHECK_FALSE(allowed(outcomes, "engaged"));
  CHECK_FALSE(allowed(outcomes, "x-"));
  CHECK_FALSE(allowed(outcomes, ""));
  CHECK(value_set("Outcome") == nullptr);
  CHECK(outcomes.find("ENGAGED")->es == "Recibe atención");
}
