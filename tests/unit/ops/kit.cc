// See kit.h.
#include "tests/unit/ops/kit.h"

namespace rig {

namespace {

constexpr const char* kPolicy = R"(
agency = [
 {id="apd",    kind="police",        name="Alder Police"},
 {id="stb",    kind="hospital_ed",   name="St. Brigid"},
 {id="harbor", kind="crisis_center", name="Harborlight", on_call="+1-555-0142"},
 {id="county", kind="coordinator",   name="Alder County"},
]
flow = [
 {id="F1", from=["police"], to=["crisis_center","hospital_ed"], kinds=["*"], purpose=["CRISIS","TREAT"], basis=["emergency","treatment"], decision="allow", view="all"},
 {id="F2", from=["hospital_ed","crisis_center"], to=["police"], kinds=["StatusUpdate","HandoffReport","FollowUp"], purpose=["CRISIS"], basis=["emergency","treatment"], decision="allow", view="police_status"},
 {id="F3", from=["hospital_ed","crisis_center"], to=["hospital_ed","crisis_center"], kinds=["*"], purpose=["CRISIS","TREAT"], basis=["emergency","treatment"], decision="allow", view="brief"},
 {id="F4", from=["*"], to=["*"], kinds=["CapacityUpdate","CapacityInquiry","CapacityReply"], purpose=["CAPACITY"], decision="allow"},
 {id="F5", from=["coordinator"], to=["*"], kinds=["StatusUpdate"], purpose=["COORD"], decision="allow"},
]
label_rule = [ {id="L1", label=["hiv"], to=["crisis_center"], decision="deny", cite="state law", words="HIV status stays with the hospital."} ]
[policy]
id = "ops"
version = @
effective = 2026-10-05T13:30:00Z
[view.all]
fields = ["*"]
[view.brief]
fields = ["referral.subject","referral.reasons","referral.service","referral.urgency","referral.requester","status_update","secure_message","handoff_report","follow_up","correction","break_glass","acknowledgement"]
[view.police_status]
fields = ["status","status_at","decline_class","handoff.phase","handoff.at"]
[sla.urgent]
timers = {received="5m", view="1h", decide="4h", contact="24h", outcome="72h", followup=["24h"]}
escalate = [ {at="100%", to="target.supervisor"}, {at="+2h", to="role:coordinator", offer_next=true} ]
[routing.CRISIS_EVAL]
rule = {order=["harbor","stb"], mode="sequential"}
[break_glass]
reasons = ["LIFE_THREAT","MEDICAL_EMERGENCY"]
time_box = "30m"
review = "1h"
)";

}  // namespace

std::string ops_policy(int version, const std::string& old, const std::string& now) {
  std::string text = kPolicy;
  text.replace(text.find('@'), 1, std::to_string(version));
  if (old.empty()) return text;
  const auto at = text.find(old);
  REQUIRE(at != std::string::npos);
  return text.replace(at, old.size(), now);
}

Counter::Counter() : County(ops_policy(2)) { start({&apd, &stb, &harbor, &county}); }

Json Counter::ask(AgentBox& at, const Json& request, const std::string& who) {
  Json out;
  agent::api::answer(*at, request.dump(), {1000, who}, [&](const std::string& line) {
    out = Json::parse(line);
    return true;
  });
  return out;
}

Json Counter::ok(AgentBox& at, const Json& request, const std::string& who) {
  Json out = ask(at, request, who);
  REQUIRE_MESSAGE(out.at("ok") == true, out.dump());
  return out;
}

std::string Counter::refused(AgentBox& at, const Json& request, const std::string& where) {
  const Json out = ask(at, request);
  REQUIRE_MESSAGE(out.at("ok") == false, out.dump());
  CHECK_MESSAGE(out["error"]["where"] == where, out.dump());
  CHECK_FALSE(out["error"]["what"].get<std::string>().empty());
  return out["error"]["kind"].get<std::string>();
}

std::string Counter::refer(AgentBox& from, const std::string& to, Json more) {
  Json referral = {{"subject", {{"name", {{"family", "Canaryworth"}}}, {"dob", "1992"}}},
                   {"urgency", "urgent"},
                   {"reasons", {{{"code", "SI"}}}},
                   {"service", {{"code", "CRISIS_EVAL"}}},
                   {"requester", {{"phone", "+1-555-0110"}}},
                   {"authority_basis", "emergency"},
                   {"notes", {"allergic to penicillin"}}};
  referral.update(more);
  return ok(from, {{"op", "send"}, {"to", to}, {"kind", "Referral"}, {"body", {{"kind", "Referral"}, {"referral", referral}}}})["thread"];
}

Json Counter::act(AgentBox& at, const std::string& thread, const std::string& action, Json more) {
  more.update({{"op", "inbox.act"}, {"thread", thread}, {"action", action}});
  return ok(at, more);
}

bool Counter::reaches(AgentBox& at, const std::string& thread, const std::string& phase) {
  const auto id = *base::parse_uuid(thread);
  return eventually([&] { return schemas::name(at.phase(id)) == phase; });
}

Json Counter::events(AgentBox& at, const std::string& thread) { return ok(at, {{"op", "inbox.show"}, {"thread", thread}})["events"]; }

Json Counter::event(AgentBox& at, const std::string& thread, const std::string& kind) {
  const Json answer = ask(at, {{"op", "inbox.show"}, {"thread", thread}});
  Json out;
  for (const Json& e : answer.value("events", Json::array())) {
    if (e["kind"] == kind) out = e;
  }
  return out;
}

Json Counter::row(AgentBox& at, const Json& request, const std::string& key, const std::string& field, const Json& value) {
  Json out;
  (void)eventually([&] {
    const Json answer = ok(at, request);
    for (const Json& r : answer.at(key)) {
      if (r.at(field) == value) out = r;
    }
    return !out.is_null();
  });
  return out;
}

}  // namespace rig
