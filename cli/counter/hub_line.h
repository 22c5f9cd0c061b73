// An auditor's own line to the hub, with a credential of his own. It believes nothing that it cannot check against the anchor: notes,
// entries, proofs and checkpoints. Answers audit.trail, audit.search and audit.verify in the forms of docs/spec/agent-socket.md.
#pragma once

#include <memory>

#include "cli/counter/agent.h"
#include "cli/counter/profile.h"

namespace cli::counter {

class HubLine {
 public:
  static base::Result<std::unique_ptr<HubLine>> connect(const Profile& profile);
  virtual ~HubLine() = default;
  // kUsage: only an agent could answer this.
  virtual base::Result<std::shared_ptr<Json>> ask(const Json& request, const Progress& progress) = 0;
};

}  // namespace cli::counter
