// A county of agents under a policy of its own: hospital, police, crisis center, a Part 2 program and the program's coordinator.
#pragma once

#include "adapters/agent/mail/loops.h"
#include "tests/unit/agent_rig.h"

namespace rig {

// `version` 2 or later: the rig's own policy is version 1. `more` is put in front of the tables (further arrays).
std::string county_policy(unsigned version = 2, const std::string& more = {});

struct County {
  FakeHub hub;
  AgentBox stb{hub, "stb", "hospital_ed"}, apd{hub, "apd", "police"}, harbor{hub, "harbor", "crisis_center"}, river{hub, "river", "sud_program"},
      county{hub, "county", "coordinator"};
  explicit County(const std::string& policy = county_policy());
  void start(std::vector<AgentBox*> boxes);  // and waits until each can write to each other of them
  static base::Result<agent::Submitted> refer(AgentBox& from, const std::string& to, const std::string& urgency = "emergent", const std::string& service = "CSU_BED");
  static base::Result<agent::Submitted> send(AgentBox& from, schemas::Payload payload, const base::Id& thread, const std::string& basis = {});
  static schemas::Loop loop(AgentBox& box, const base::Id& thread);
  static keep::LoopRow row(AgentBox& box, const base::Id& thread);
  static std::vector<keep::TimerRow> timers(AgentBox& box);
  static std::vector<keep::NoticeRow> notices(AgentBox& box, const std::string& what);
  static std::vector<keep::RefusalRow> refusals(AgentBox& box);
  static std::optional<keep::DecisionRow> decision(AgentBox& box, const base::Id& msg_id);
  // The message as `box` holds it; the first of that id that is no loop facts.
  static std::optional<schemas::Body> held(AgentBox& box, const base::Id& msg_id);
  // One write of the agent's own, as its operations do.
  template <class T>
  static base::Result<T> act(AgentBox& box, const std::function<base::Result<T>(keep::Tx&, const mail::Desk&, crypto::Random&)>& what) {
    std::optional<base::Result<T>> out;
    const mail::Desk desk = box->office().desk();
    const base::Status s = box->office().store.write([&](keep::Tx& tx) -> base::Status {
      out = what(tx, desk, box->office().random);
      return out->ok() ? base::Status{} : base::Status(out->error());
    });
    box->office().wake_courier();
    box->office().wake_clock();
    if (!s.ok()) return s.error();
    return std::move(*out);
  }
};

}  // namespace rig
