// The table of operations, and reading their fields.
#include "adapters/agent/api/ops.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "adapters/agent/api/directory_json.h"
#include "adapters/agent/api/guard.h"
#include "adapters/agent/mail/threads.h"
#include "schemas/paper.h"
#include "schemas/values.h"

namespace adapters::agent::api {
namespace {

using ledger::Access;

// A new operation says what it needs: rules.h.
constexpr OpRow kOps[] = {
    {"status", op_status, Rule::anybody()},
    {"directory", op_directory, Rule::anybody()},
    {"directory.offer", op_directory_offer, Rule::operators().records(Access::kAct)},
    {"can_send", op_can_send, Rule::anybody()},
    {"send", op_send, Rule::person(action::of_send).about(about::thread).records(Access::kAct).opens_thread()},
    {"inbox.list", op_inbox_list, Rule::person("view_timeline").records(Access::kList)},
    {"inbox.show", op_inbox_show, Rule::person("view_timeline").about(about::thread).records(Access::kOpen)},
    {"inbox.act", op_inbox_act, Rule::person(action::of_act).about(about::thread).records(Access::kAct)},
    {"message", op_message, Rule::person("view_timeline").about(about::message)},
    {"attachment.save", op_attachment_save, Rule::person("view_timeline").about(about::message).records(Access::kFile)},

    {"audit.trail", op_audit_trail, Rule::person("audit").headers_only()},
    {"audit.search", op_audit_search, Rule::person("audit").headers_only()},
    {"audit.verify", op_audit_verify, Rule::anybody()},
    {"audit.prove", op_audit_prove, Rule::person("audit").about(about::disclosed).records(Access::kExport)},
    {"ledger.list", op_ledger_list, Rule::person("audit").headers_only()},
    {"ledger.verify", op_ledger_verify, Rule::person("audit").headers_only()},
    {"ledger.printed", op_ledger_printed, Rule::person("view_timeline").about(about::thread).records(Access::kPrint)},
    {"denials", op_denials, Rule::person("audit").headers_only()},
    {"accounting", op_accounting, Rule::person("audit").headers_only().records(Access::kExport)},
    {"accounting.copy", op_accounting_copy, Rule::person("audit").records(Access::kExport)},
    {"accounting.suspend", op_accounting_suspend, Rule::person("audit").headers_only().records(Access::kReview)},
    {"accounting.lift", op_accounting_lift, Rule::person("audit").headers_only().records(Access::kReview)},
    {"accounting.suspensions", op_accounting_suspensions, Rule::person("audit").headers_only()},
    {"flows", op_flows, Rule::person("audit").headers_only()},
    {"incident.scope", op_incident_scope, Rule::person("audit").headers_only()},
    {"retention.status", op_retention_status, Rule::person("audit").headers_only()},
    {"retention.run", op_retention_run, Rule::person("audit").headers_only().records(Access::kReview)},
    {"retention.hold", op_retention_hold, Rule::person("audit").headers_only().records(Access::kReview)},
    {"retention.release", op_retention_release, Rule::person("audit").headers_only().records(Access::kReview)},
    {"review.show", op_review_show, Rule::person("audit").headers_only()},
    {"review.sign", op_review_sign, Rule::person("audit").headers_only().records(Access::kReview)},
    {"evidence.list", op_evidence_list, Rule::person("audit").headers_only()},
    {"evidence.show", op_evidence_show, Rule::person("audit").headers_only().records(Access::kExport)},
    {"evidence.settle", op_evidence_settle, Rule::person("audit").headers_only().records(Access::kReview)},
    {"access_review", op_access_review, Rule::person("audit keys").headers_only()},

    {"loops", op_loops, Rule::person("view_timeline audit policy").headers_only()},
    {"timers", op_timers, Rule::person("view_timeline").about(about::thread)},
    {"notices", op_notices, Rule::anybody().headers_only()},
    {"notices.seen", op_notices_seen, Rule::person("").about(about::notice).headers_only().records(Access::kAct)},
    {"report.list", op_report_list, Rule::anybody()},
    {"report.run", op_report_run, Rule::person("audit policy").headers_only().records(Access::kExport)},
    {"board.show", op_board, Rule::person("audit policy view_timeline").headers_only()},
    {"reroute.list", op_reroute_list, Rule::person("view_timeline").about(about::thread)},
    {"reroute", op_reroute, Rule::person("create reassign").about(about::thread).records(Access::kAct).opens_thread()},

    {"policy.show", op_policy_show, Rule::anybody()},
    {"policy.explain", op_policy_explain, Rule::person("view_timeline audit").about(about::message).headers_only()},
    {"policy.whatif", op_policy_whatif, Rule::person("policy").headers_only()},
    {"consent.list", op_consent_list, Rule::person("view_timeline audit").records(Access::kList)},
    {"consent.show", op_consent_show, Rule::person("view_timeline audit").records(Access::kOpen)},
    {"consent.add", op_consent_add, Rule::person("create accept").records(Access::kAct)},
    {"consent.revoke", op_consent_revoke, Rule::person("create accept").records(Access::kAct)},
    {"btg.open", op_btg_open, Rule::person("break_glass").about(about::message).records(Access::kBreakGlass)},
    {"btg.list", op_btg_list, Rule::person("review audit").headers_only().records(Access::kList)},
    {"btg.review", op_btg_review, Rule::person("review").about(about::glass).headers_only().records(Access::kReview)},

    {"capacity.list", op_capacity_list, Rule::anybody()},
    {"capacity.set", op_capacity_set, Rule::person("accept").records(Access::kAct).opens_thread()},
    {"capacity.ask", op_capacity_ask, Rule::person("create accept").records(Access::kAct).opens_thread()},
    {"handoff", op_handoff, Rule::person(action::of_handoff).about(about::thread).records(Access::kAct).opens_thread()},
    {"forward", op_forward, Rule::person("create accept handoff").about(about::message).records(Access::kForward).opens_thread()},
    {"follow_up", op_follow_up, Rule::person("create accept handoff").about(about::thread).records(Access::kAct)},
    {"retract", op_retract, Rule::person("create accept decline handoff").about(about::message).records(Access::kAct)},

    {"match.list", op_match_list, Rule::person("view_timeline").records(Access::kList)},
    {"match.show", op_match_show, Rule::person("view_timeline").about(about::match).records(Access::kOpen)},
    {"match.confirm", op_match_confirm, Rule::person("create accept").about(about::match).records(Access::kAct)},
    {"match.dismiss", op_match_dismiss, Rule::person("create accept").about(about::match).records(Access::kAct)},
    {"match.undo", op_match_undo, Rule::person("create accept").about(about::match).records(Access::kAct)},

    {"quarantine.list", op_quarantine_list, Rule::operators()},
    {"quarantine.show", op_quarantine_show, Rule::operators().records(Access::kOpen)},
    {"quarantine.preview", op_quarantine_preview, Rule::operators()},
    {"quarantine.replay", op_quarantine_replay, Rule::operators().records(Access::kAct)},
    {"quarantine.replays", op_quarantine_replays, Rule::operators()},
    {"quarantine.stop", op_quarantine_stop, Rule::operators()},
    {"quarantine.discard", op_quarantine_discard, Rule::operators().records(Access::kAct)},
    {"feed.mode", op_feed_mode, Rule::operators()},
    {"feed.report", op_feed_report, Rule::operators()},
    {"feed.try", op_feed_try, Rule::operators()},
    {"backup", op_backup, Rule::operators().records(Access::kExport)},
    {"selftest", op_selftest, Rule::operators()},
    {"doctor", op_doctor, Rule::operators()},

    // People records these itself: who signed in, whose account was changed.
    {"login", op_login, Rule::operators()},
    {"logout", op_logout, Rule::person("")},
    {"people.list", op_people_list, Rule::person("keys")},
    {"people.add", op_people_add, Rule::person("keys")},
    {"people.set", op_people_set, Rule::person("keys")},
    {"people.disable", op_people_disable, Rule::person("keys")},
    {"people.reset", op_people_reset, Rule::person("keys")},
    {"people.recover", op_people_recover, Rule::operators()},
    {"people.sessions", op_people_sessions, Rule::person("keys")},
    {"people.sign_out", op_people_sign_out, Rule::person("keys")},
    {"people.remove_factor", op_people_remove_factor, Rule::person("keys")},
    {"people.remove", op_people_remove, Rule::person("keys")},
    {"catch_up", op_catch_up, Rule::person("view_timeline").records(Access::kList)},
    {"oncall.show", op_oncall_show, Rule::person("")},
    {"oncall.set", op_oncall_set, Rule::person("reassign keys").records(Access::kAccount)},
    {"oncall.take", op_oncall_take, Rule::person("accept reassign review keys audit policy").records(Access::kAccount)},
    {"oncall.hand_over", op_oncall_hand_over, Rule::person("accept reassign review keys audit policy").records(Access::kAccount)},
    {"channels.list", op_channels_list, Rule::person("")},
    {"channels.add", op_channels_add, Rule::person("").records(Access::kAccount)},
    {"channels.remove", op_channels_remove, Rule::person("").records(Access::kAccount)},
    {"channels.test", op_channels_test, Rule::person("")},
    {"phone_tree", op_phone_tree, Rule::anybody()},
};

base::Error missing(const char* key, const char* what) { return {base::Kind::kUsage, what, key}; }

base::Status run(Agent& agent, const std::string& line, const Peer& peer, const Reply& reply, Json& out) {
  TRY_ASSIGN(const std::shared_ptr<Json> in, schemas::parse_json(line, kMaxLine));
  if (!in->is_object()) return base::malformed("a request is one JSON object", "line");
  TRY_ASSIGN(const std::string name, text_of(*in, "op"));
  TRY_ASSIGN(const people::Actor actor, asker(agent, *in, peer));
  return perform(agent, name, *in, actor, false, reply, out);
}

}  // namespace

std::span<const OpRow> ops() { return kOps; }

const OpRow* find_op(std::string_view name) {
  const auto* const row = std::ranges::find(kOps, name, &OpRow::name);
  return row == std::end(kOps) ? nullptr : row;
}

Json error_json(const base::Error& e) {
  return {{"ok", false}, {"error", {{"kind", base::name(e.kind)}, {"what", e.what}, {"where", e.where}, {"mend", e.mend}}}};
}

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

base::Status take_paper(const Json& in, schemas::Body& body) {
  if (!in.contains("paper_at") || in.at("paper_at").is_null()) return {};
  TRY_ASSIGN(const base::Instant at, time_of(in, "paper_at", {}));
  return schemas::set_paper(body, at);
}

std::string dedupe_of(const Call& call) {
  const std::string key = text_or(call.in, "dedupe_key");
  return key.empty() ? key : "person:" + call.actor.login + ":" + key;
}

std::optional<Submitted> answered_before(const Call& call) {
  std::optional<Submitted> out;
  const std::string key = dedupe_of(call);
  if (key.empty()) return out;
  (void)call.agent.office().store.read([&](keep::Tx& tx) {  // a store that cannot be read fails the operation too
    const auto row = keep::find<keep::DedupeRow>(tx, keep::Table::kDedupe, tx.key("dedupe", base::view(key)));
    if (row) out = Submitted{row->msg_id, row->thread_id, true};
    return base::Status{};
  });
  return out;
}

base::Result<Submission> into_thread(const Call& call, const base::Id& id) {
  Submission s;
  s.thread = id;
  s.person = call.actor.login;
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
