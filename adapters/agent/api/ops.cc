// The table of operations, and reading their fields.
#include "adapters/agent/api/ops.h"

#include <nlohmann/json.hpp>

#include "adapters/agent/mail/threads.h"
#include "schemas/values.h"

namespace adapters::agent::api {
namespace {

constexpr std::pair<std::string_view, Op> kOps[] = {
    {"status", op_status},           {"directory", op_directory},       {"can_send", op_can_send},         {"send", op_send},
    {"inbox.list", op_inbox_list},   {"inbox.show", op_inbox_show},     {"inbox.act", op_inbox_act},       {"message", op_message},
    {"audit.trail", op_audit_trail}, {"audit.search", op_audit_search}, {"audit.verify", op_audit_verify}, {"audit.prove", op_audit_prove},
    {"quarantine.list", op_quarantine_list}, {"quarantine.show", op_quarantine_show}, {"backup", op_backup},
    {"loops", op_loops},             {"timers", op_timers},             {"notices", op_notices},           {"notices.seen", op_notices_seen},
    {"reroute.list", op_reroute_list}, {"reroute", op_reroute},         {"denials", op_denials},           {"policy.show", op_policy_show},
    {"policy.explain", op_policy_explain}, {"policy.whatif", op_policy_whatif}, {"consent.list", op_consent_list}, {"consent.show", op_consent_show},
    {"consent.add", op_consent_add}, {"consent.revoke", op_consent_revoke}, {"btg.open", op_btg_open},     {"btg.list", op_btg_list},
    {"btg.review", op_btg_review},   {"capacity.list", op_capacity_list}, {"capacity.set", op_capacity_set}, {"capacity.ask", op_capacity_ask},
    {"handoff", op_handoff},         {"forward", op_forward},           {"follow_up", op_follow_up},       {"retract", op_retract},
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

base::Result<std::uint64_t> number_of(const Json& in, const char* key, std::uint64_t fallback, std::uint64_t most) {
  const auto it = in.find(key);
  if (it == in.end() || it->is_null()) return fallback;
  if (!it->is_number_unsigned()) return missing(key, "is a number");
  const auto n = it->get<std::uint64_t>();
  if (n > most) return base::Error{base::Kind::kUsage, "is too large", key, "at most " + std::to_string(most)};
  return n;
}

base::Result<base::Instant> time_of(const Json& in, const char* key, base::Instant fallback) {
  if (!in.contains(key)) return fallback;
  TRY_ASSIGN(const std::string text, text_of(in, key));
  const auto t = base::parse_rfc3339(text);
  if (!t) return base::Error{base::Kind::kUsage, "is a time as in RFC 3339", key, "2026-10-05T14:00:00Z"};
  return *t;
}

base::Result<std::string> code_of(const Json& in, const char* key, const char* set) {
  TRY_ASSIGN(const std::string code, text_of(in, key));
  const schemas::ValueSet* values = schemas::value_set(set);
  if (values == nullptr || schemas::allowed(*values, code)) return code;
  std::string known;
  for (const schemas::Value& v : values->values) known += (known.empty() ? "" : ", ") + v.code;
  return base::Error{base::Kind::kUsage, "there is no such code", key, known};
}

base::Result<Page> page_of(const Json& in, std::uint64_t limit) {
  Page page;
  TRY_ASSIGN(page.limit, number_of(in, "limit", limit, 1000));
  TRY_ASSIGN(page.after, number_of(in, "after", 0, ~0ULL));
  if (page.limit == 0) return missing("limit", "is at least 1");
  return page;
}

Json time_json(base::Instant t) { return t.ms == 0 ? Json() : Json(base::rfc3339(t)); }

std::string slug_or_none(const crypto::Directory& directory, const base::Id& agent) {
  return base::all_zero(agent) ? std::string() : slug_of(directory, agent);
}

base::Result<Submission> into_thread(const Call& call, const base::Id& id) {
  Submission s;
  s.thread = id;
  s.person = call.peer.name;
  TRY(call.agent.office().store.read([&](keep::Tx& tx) -> base::Status {
    const auto row = mail::thread(tx, id);
    if (!row) return base::Error{base::Kind::kNotFound, "there is no such thread here", "thread", "see: handoff inbox list"};
    if (const auto first = mail::message(tx, row->opening != 0 ? row->opening : row->first)) s.purpose = static_cast<schemas::Purpose>(first->purpose);
    s.test = row->test;
    return {};
  }));
  return s;
}

Json submitted_json(const Submitted& s) { return {{"thread", base::uuid(s.thread_id)}, {"message", base::uuid(s.msg_id)}}; }

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
