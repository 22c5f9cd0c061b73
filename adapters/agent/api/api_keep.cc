// backup: what operators take care of.
#include <nlohmann/json.hpp>

#include "adapters/agent/api/ops.h"
#include "adapters/agent/backup.h"

namespace adapters::agent::api {

// A hot, consistent copy, read back (backup.h); `handoff-agent backup` makes the same from outside.
base::Status op_backup(const Call& call, Json& out) {
  TRY_ASSIGN(const std::string dir, text_of(call.in, "dir"));
  if (dir.empty() || dir[0] != '/') return base::Error{base::Kind::kUsage, "name an absolute folder", "dir"};
  mail::Office& office = call.agent.office();
  const auto copy = [&](const std::string& to) { return office.store.copy_to(to); };
  TRY_ASSIGN(const BackupReport made, backup_agent(call.agent.settings(), office.vault, dir, office.random, office.clock(), copy));
  out["dir"] = dir;
  out["made"] = base::rfc3339(made.made);
  out["log_size"] = made.log_size;
  return {};
}

}  // namespace adapters::agent::api
