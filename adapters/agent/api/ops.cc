// The table of operations, and reading their fields.
#include "adapters/agent/api/ops.h"

#include <nlohmann/json.hpp>

namespace adapters::agent::api {
namespace {

constexpr std::pair<std::string_view, Op> kOps[] = {
    {"status", op_status},           {"directory", op_directory},       {"can_send", op_can_send},         {"send", op_send},
    {"inbox.list", op_inbox_list},   {"inbox.show", op_inbox_show},     {"inbox.act", op_inbox_act},       {"message", op_message},
    {"audit.trail", op_audit_trail}, {"audit.search", op_audit_search}, {"audit.verify", op_audit_verify}, {"audit.prove", op_audit_prove},
    {"quarantine.list", op_quarantine_list}, {"quarantine.show", op_quarantine_show}, {"backup", op_backup},
};

base::Error missing(const char* key, const char* what) { return {base::Kind::kUsage, what, key}; }

Json error_json(const base::Error& e) {
  return {{"ok", false}, {"error", {{"kind", base::name(e.kind)}, {"what", e.what}, {"where", e.where}, {"mend", e.mend}}}};
}

base::Status run(Agent& agent, const std::string& line, const Peer& peer, const Reply& reply, Json& out) {
  TRY_ASSIGN(const std::shared_ptr<Json> in, schemas::parse_json(line, kMaxLine));
  if (!in->is_object()) return base::malformed("a request is one JSON object", "line");
  TRY_ASSIGN(const std::string name, text_of(*in, "op"));
  for (const auto& [op, call] : kOps) {
    if (op == name) return call(Call{agent, *in, peer, reply}, out);
  }
  return base::Error{base::Kind::kUnsupported, "there is no such operation", "op", "see docs/spec/agent-socket.md"};
}

}  // namespace

void answer(Agent& agent, const std::string& line, const Peer& peer, const Reply& reply) {
  Json out = Json::object();
  base::Status s;
  try {  // the JSON library's own exceptions: an answer that cannot be built
    s = run(agent, line, peer, reply, out);
  } catch (const Json::exception&) {
    s = base::malformed("a field has the wrong type", "request");
  }
  if (s.ok()) out["ok"] = true;
  reply(schemas::dump(s.ok() ? out : error_json(s.error())));
}

base::Result<std::string> text_of(const Json& in, const char* key) {
  const auto it = in.find(key);
  if (it == in.end()) return missing(key, "is missing");
  if (!it->is_string()) return missing(key, "is a text");
  return it->get<std::string>();
}

std::string text_or(const Json& in, const char* key, std::string_view fallback) {
  const auto it = in.find(key);
  return it != in.end() && it->is_string() ? it->get<std::string>() : std::string(fallback);
}

bool flag_or(const Json& in, const char* key, bool fallback) {
  const auto it = in.find(key);
  return it != in.end() && it->is_boolean() ? it->get<bool>() : fallback;
}

std::uint64_t number_or(const Json& in, const char* key, std::uint64_t fallback) {
  const auto it = in.find(key);
  return it != in.end() && it->is_number_unsigned() ? it->get<std::uint64_t>() : fallback;
}

base::Result<base::Id> id_of(const Json& in, const char* key) {
  TRY_ASSIGN(const std::string text, text_of(in, key));
  const auto id = base::parse_uuid(text);
  if (!id) return missing(key, "is an id: a UUID or 32 hex digits");
  return *id;
}

base::Result<schemas::Purpose> purpose_or(const Json& in, schemas::Purpose fallback) {
  if (!in.contains("purpose")) return fallback;
  TRY_ASSIGN(const std::string text, text_of(in, "purpose"));
  const auto code = schemas::code_of(schemas::purposes(), text);
  if (!code) return base::Error{base::Kind::kUsage, "there is no such purpose", "purpose", "CRISIS, TREAT, COORD, CAPACITY, ADMIN or TEST"};
  return static_cast<schemas::Purpose>(*code);
}

std::string progress_name(keep::Progress p) {
  switch (p) {
    case keep::Progress::kWaiting:
    case keep::Progress::kSealed: return "sending";
    case keep::Progress::kSent: return "sent";
    case keep::Progress::kDelivered: return "delivered";
    case keep::Progress::kRead: return "read";
    case keep::Progress::kFailed: return "failed";
    case keep::Progress::kReceived: return "received";
  }
  return "?";
}

std::string kind_name(std::uint16_t kind) { return std::string(schemas::name_of(schemas::msg_kinds(), kind)); }

}  // namespace adapters::agent::api
