// Two agents that write to each other while the keys of one are exchanged: its folder, what the authority does, and the steps between which a
// machine may lose its power.
#pragma once

#include "adapters/agent/files.h"
#include "adapters/agent/rotation.h"
#include "tests/unit/agent_rig.h"

namespace rig {

struct Rotating {
  FakeHub hub;
  AgentBox mercy{hub, "mercy", "hospital_ed"}, harbor{hub, "harbor", "crisis_center"};
  Rotating();
  bool ready();                                              // both may write, and each knows a key of the other's
  bool knows(AgentBox& box, const base::Id& other);
  base::Id refer(const std::string& ref);                    // mercy to harbor
  bool delivered(const base::Id& thread);
  std::string alarms(AgentBox& box);

  agent::Rotation rotate(const std::optional<agent::KeySet>& keys = {});
  // What the authority answers to mercy's rotate.note; `days` from now to its end.
  std::string issue(std::uint64_t days = 365, unsigned authorities = 2);
  // As handoff-agent enroll does it, and beside the running agent: cert.next of mercy's folder.
  base::Result<agent::Countersigned> countersign(const std::string& cert);
  base::Status log(const std::string& note);                 // by the operator, past all agents
  void begin_anew();                                         // as a process that goes on as another does
  std::uint64_t serial(AgentBox& seen_by);                   // of mercy's certificate
  std::unique_ptr<agent::Vault> vault();
  void nothing_twice();                                      // by number, by message, and no chain broken at either side
};

base::View pass();
std::string read(const std::string& path);

}  // namespace rig
