// Two agents that write to each other while the keys of one are exchanged: its folder, what the authority does, and the steps between which a
// machine may lose its power.
#pragma once

#include "adapters/agent/files.h"
#include "adapters/agent/rotation.h"
#include "tests/kit/files.h"
#include "tests/unit/agent_two.h"

namespace rig {

struct Rotating : TwoAgents {
  Rotating() { start(); }

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

}  // namespace rig
