// The operations of the agent's socket, one group a file. Each reads `call.in` and fills `out`; errors become error objects.
#pragma once

#include "adapters/agent/agent.h"
#include "adapters/agent/api/server.h"
#include "schemas/json.h"

namespace adapters::agent::api {

using schemas::Json;

struct Call {
  Agent& agent;
  const Json& in;
  const Peer& peer;
  const Reply& reply;  // for progress lines before the answer
};
using Op = base::Status (*)(const Call& call, Json& out);

base::Status op_status(const Call& call, Json& out);
base::Status op_directory(const Call& call, Json& out);
base::Status op_can_send(const Call& call, Json& out);
base::Status op_send(const Call& call, Json& out);
base::Status op_inbox_list(const Call& call, Json& out);
base::Status op_inbox_show(const Call& call, Json& out);
base::Status op_inbox_act(const Call& call, Json& out);
base::Status op_message(const Call& call, Json& out);
base::Status op_audit_trail(const Call& call, Json& out);
base::Status op_audit_search(const Call& call, Json& out);
base::Status op_audit_verify(const Call& call, Json& out);
base::Status op_audit_prove(const Call& call, Json& out);
base::Status op_quarantine_list(const Call& call, Json& out);
base::Status op_quarantine_show(const Call& call, Json& out);
base::Status op_backup(const Call& call, Json& out);

// One line in, its answer out.
void answer(Agent& agent, const std::string& line, const Peer& peer, const Reply& reply);

// Fields of a request. A missing or wrong one is kUsage, with its name.
base::Result<std::string> text_of(const Json& in, const char* key);
std::string text_or(const Json& in, const char* key, std::string_view fallback = {});
bool flag_or(const Json& in, const char* key, bool fallback);
std::uint64_t number_or(const Json& in, const char* key, std::uint64_t fallback);
base::Result<base::Id> id_of(const Json& in, const char* key);     // UUID or 32 hex digits
base::Result<schemas::Purpose> purpose_or(const Json& in, schemas::Purpose fallback);
std::string progress_name(keep::Progress p);                        // "sending", "sent", ...
std::string kind_name(std::uint16_t kind);

}  // namespace adapters::agent::api
