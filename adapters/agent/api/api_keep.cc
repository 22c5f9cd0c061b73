// backup: what operators take care of.
#include <nlohmann/json.hpp>

#include "adapters/agent/api/ops.h"
#include "adapters/agent/files.h"

namespace adapters::agent::api {

// A hot, consistent copy: the store as it is, and the sealed key files. The passphrase is not in it.
base::Status op_backup(const Call& call, Json& out) {
  TRY_ASSIGN(const std::string dir, text_of(call.in, "dir"));
  if (dir.empty() || dir[0] != '/') return base::Error{base::Kind::kUsage, "name an absolute folder", "dir"};
  TRY(make_folder(dir));
  TRY(make_folder(dir + "/store"));
  const std::string& from = call.agent.settings().dir;
  for (const char* name : {"keys.sealed", "epochs.sealed", "cert.note", "anchor.note", "agent.toml"}) {
    auto bytes = read_file(from + "/" + name);
    if (!bytes.ok() && bytes.error().kind == base::Kind::kNotFound) continue;
    if (!bytes.ok()) return bytes.error();
    TRY(write_atomic(dir + "/" + name, *bytes));
  }
  TRY(call.agent.office().store.copy_to(dir + "/store"));
  out["dir"] = dir;
  return {};
}

}  // namespace adapters::agent::api
