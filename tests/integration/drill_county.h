// The county of the drills, with real processes: a hub, a hospital that refers to a crisis center, and a hub that does not wait before it starts.
#pragma once

#include "tests/integration/agent_kit.h"

namespace agent_kit {

inline const char* const kDrillHub = "[hub]\nstartup_quiet_ms = 0\n";

struct DrillCounty {
  hub_kit::World world{{"police"}, {}, kDrillHub};
  AgentProcess mercy{world, "mercy", "hospital_ed"}, harbor{world, "harbor", "crisis_center"};
  DrillCounty() { REQUIRE(hub_kit::eventually([&] { return can(mercy, "harbor") && can(harbor, "mercy"); })); }

  static bool can(const AgentProcess& from, const std::string& to) {
    return from.ask({{"op", "can_send"}, {"to", to}, {"kind", "Referral"}}).value("allowed", false);
  }
  std::string refer(const std::string& ref) {
    Json r = {{"subject", {{"name", {{"family", "Canaryworth"}}}, {"dob", "1992"}}}, {"urgency", "urgent"}, {"source_ref", ref}, {"authority_basis", "treatment"}};
    r["reasons"] = Json::array({{{"code", "SI"}}});
    r["service"] = {{"code", "CRISIS_EVAL"}};
    r["requester"] = {{"phone", "+1-555-0110"}};
    return mercy.must({{"op", "send"}, {"to", "harbor"}, {"dedupe_key", ref}, {"body", {{"kind", "Referral"}, {"referral", r}}}}).at("thread").get<std::string>();
  }
  std::string received(const std::string& ref) {
    std::string thread = refer(ref);
    REQUIRE(hub_kit::eventually([&] { return mercy.phase(thread) == "received"; }));
    return thread;
  }
};

}  // namespace agent_kit
