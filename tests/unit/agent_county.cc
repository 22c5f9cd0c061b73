// The county's policy and its questions.
#include "tests/unit/agent_county.h"

namespace rig {

std::string county_policy(unsigned version, const std::string& more) {
  return R"(
agency = [
 {id="stb", kind="hospital_ed", name="St. Brigid", on_call="+1-555-0110", agreement="BAA-1", agreement_until=2028-01-31},
 {id="apd", kind="police", name="Alder Police", agreement="MOU-1", agreement_until=2028-01-31},
 {id="harbor", kind="crisis_center", name="Harborlight", on_call="+1-555-0142", services=["CSU_BED"]},
 {id="river", kind="sud_program", name="Rivermark", part2=true},
 {id="county", kind="coordinator", name="Alder County program"},
]
flow = [
 {id="F1", from=["police","hospital_ed"], to=["crisis_center","hospital_ed"], kinds=["Referral","StatusUpdate","HandoffReport","SecureMessage","FollowUp","Acknowledgement","Correction","BreakGlass"], purpose=["CRISIS","TREAT"], decision="allow", view="clinical_full"},
 {id="F2", from=["crisis_center","hospital_ed"], to=["police"], kinds=["StatusUpdate","HandoffReport","Acknowledgement","SecureMessage","BreakGlass","Referral","Correction"], purpose=["CRISIS","TREAT"], decision="allow", view="police_status"},
 {id="F3", from=["crisis_center","sud_program"], to=["hospital_ed","crisis_center","sud_program"], kinds=["*"], purpose=["CRISIS","TREAT"], decision="allow", view="clinical_full"},
 {id="F4", from=["hospital_ed"], to=["sud_program"], kinds=["Referral","StatusUpdate","SecureMessage","Acknowledgement","Consent"], purpose=["TREAT"], decision="allow", view="clinical_full"},
 {id="F5", from=["coordinator"], to=["*"], kinds=["StatusUpdate","SecureMessage"], purpose=["COORD"], decision="allow"},
 {id="F6", from=["*"], to=["*"], kinds=["CapacityUpdate","CapacityInquiry","CapacityReply"], purpose=["CAPACITY","CRISIS","TREAT"], decision="allow"},
 {id="F8", from=["hospital_ed"], to=["police"], kinds=["FollowUp"], purpose=["COORD"], basis=["consent"], decision="consent", view="follow_up"},
 {id="F7", from=["sud_program"], to=["police"], kinds=["SecureMessage"], purpose=["CRISIS","TREAT"], decision="allow", view="police_status"},
]
)" + more + R"(
[policy]
id = "county-test"
version = )" + std::to_string(version) + R"(
effective = 2026-10-01T00:00:00-06:00
tz = "America/Denver"
state_pack = "CO-2026.1"
[view.police_status]
fields = ["status","status_at","decline_class","expected_at","place","callback","handoff.phase","handoff.at","hold.outcome","safety_alert","secure_message.text"]
[view.follow_up]
fields = ["follow_up.mark", "follow_up.result"]
[view.clinical_full]
fields = ["*"]
except = ["custom.x-le-*"]
[routing.CSU_BED]
rule = {order=["harbor","stb"], require_fresh_capacity="60m", mode="sequential"}
[break_glass]
reasons = ["LIFE_THREAT"]
)";
}

County::County(const std::string& policy) { hub.policy(policy); }

void County::start(std::vector<AgentBox*> boxes) {
  for (AgentBox* box : boxes) box->start();
  const auto knows = [&](AgentBox& box, const base::Id& other) {
    (void)box->office().replica.sync(box->hub());
    return box->office().replica.directory().usable_epoch(other, hub.clock.now()) != nullptr;
  };
  for (AgentBox* a : boxes) {
    REQUIRE(eventually([&] { return (*a)->office().desk().stale.empty(); }));
    for (AgentBox* b : boxes) REQUIRE(eventually([&] { return a == b || knows(*a, b->id()); }));
  }
}

base::Result<agent::Submitted> County::refer(AgentBox& from, const std::string& to, const std::string& urgency, const std::string& service) {
  agent::Submission s;
  s.body = referral("R-1");
  auto& r = std::get<schemas::Referral>(s.body.payload);
  r.urgency = urgency;
  r.service.code = service;
  s.to = to;
  s.purpose = schemas::Purpose::kTreat;
  return from->host().submit(std::move(s));
}

base::Result<agent::Submitted> County::send(AgentBox& from, schemas::Payload payload, const base::Id& thread, const std::string& basis) {
  agent::Submission s;
  s.body.payload = std::move(payload);
  s.body.authority_basis = basis;
  s.thread = thread;
  s.purpose = schemas::Purpose::kTreat;
  return from->host().submit(std::move(s));
}

schemas::Loop County::loop(AgentBox& box, const base::Id& thread) {
  schemas::Loop out;
  REQUIRE(box->office().store.read([&](keep::Tx& tx) {
    if (const auto row = mail::thread(tx, thread)) out = mail::loop_of(tx, box.id(), *row);
    return base::Status{};
  }).ok());
  return out;
}

keep::LoopRow County::row(AgentBox& box, const base::Id& thread) {
  keep::LoopRow out;
  REQUIRE(box->office().store.read([&](keep::Tx& tx) {
    out = mail::loop_row(tx, thread).value_or(keep::LoopRow{});
    return base::Status{};
  }).ok());
  return out;
}

template <class T>
static std::vector<T> all(AgentBox& box, keep::Table table) {
  std::vector<T> out;
  REQUIRE(box->office().store.read([&](keep::Tx& tx) {
    tx.scan(table, {}, [&](base::View, base::View v) {
      out.push_back(keep::unpack<T>(v).value());
      return true;
    });
    return base::Status{};
  }).ok());
  return out;
}

std::vector<keep::TimerRow> County::timers(AgentBox& box) { return all<keep::TimerRow>(box, keep::Table::kTimer); }
std::vector<keep::RefusalRow> County::refusals(AgentBox& box) { return all<keep::RefusalRow>(box, keep::Table::kRefusal); }

std::vector<keep::NoticeRow> County::notices(AgentBox& box, const std::string& what) {
  auto out = all<keep::NoticeRow>(box, keep::Table::kNotice);
  std::erase_if(out, [&](const keep::NoticeRow& n) { return n.what != what; });
  return out;
}

static std::optional<keep::Message> message_of(AgentBox& box, const base::Id& msg_id) {
  std::optional<keep::Message> out;
  REQUIRE(box->office().store.read([&](keep::Tx& tx) {
    for (keep::Message& m : mail::messages_by_id(tx, msg_id)) {
      if (!out && m.kind != static_cast<std::uint16_t>(schemas::MsgKind::kLoopFacts)) out = std::move(m);
    }
    return base::Status{};
  }).ok());
  return out;
}

std::optional<keep::DecisionRow> County::decision(AgentBox& box, const base::Id& msg_id) {
  const auto m = message_of(box, msg_id);
  std::optional<keep::DecisionRow> out;
  REQUIRE(box->office().store.read([&](keep::Tx& tx) {
    if (m) out = keep::find<keep::DecisionRow>(tx, keep::Table::kDecision, keep::key_of(m->seq));
    return base::Status{};
  }).ok());
  return out;
}

std::optional<schemas::Body> County::held(AgentBox& box, const base::Id& msg_id) {
  const auto m = message_of(box, msg_id);
  if (!m) return std::nullopt;
  auto body = schemas::decode_body(m->body);
  return body.ok() ? std::optional(std::move(*body)) : std::nullopt;
}

}  // namespace rig
