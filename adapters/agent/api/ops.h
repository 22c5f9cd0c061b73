// The operations of the agent's socket, one group a file. Each reads `call.in` and fills `out`; errors become error objects.
#pragma once

#include "adapters/agent/agent.h"
#include "adapters/agent/api/rules.h"
#include "adapters/agent/api/server.h"
#include "adapters/agent/people/actor.h"
#include "schemas/json.h"

namespace adapters::agent::api {

using schemas::Json;

struct Call {
  Agent& agent;
  const Json& in;
  const people::Actor& actor;
  const Reply& reply;  // for progress lines before the answer
};
using Op = base::Status (*)(const Call& call, Json& out);
struct OpRow {
  std::string_view name;
  Op call;
  Rule rule;
};
std::span<const OpRow> ops();
const OpRow* find_op(std::string_view name);  // nullptr: there is none

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
base::Status op_accounting(const Call& call, Json& out);
base::Status op_accounting_copy(const Call& call, Json& out);
base::Status op_accounting_suspend(const Call& call, Json& out);
base::Status op_accounting_lift(const Call& call, Json& out);
base::Status op_accounting_suspensions(const Call& call, Json& out);
base::Status op_flows(const Call& call, Json& out);
base::Status op_incident_scope(const Call& call, Json& out);
base::Status op_retention_status(const Call& call, Json& out);
base::Status op_retention_run(const Call& call, Json& out);
base::Status op_retention_hold(const Call& call, Json& out);
base::Status op_retention_release(const Call& call, Json& out);
base::Status op_review_show(const Call& call, Json& out);
base::Status op_review_sign(const Call& call, Json& out);
base::Status op_evidence_list(const Call& call, Json& out);
base::Status op_evidence_show(const Call& call, Json& out);
base::Status op_evidence_settle(const Call& call, Json& out);
base::Status op_access_review(const Call& call, Json& out);
base::Status op_quarantine_list(const Call& call, Json& out);
base::Status op_quarantine_show(const Call& call, Json& out);
base::Status op_backup(const Call& call, Json& out);
base::Status op_loops(const Call& call, Json& out);
base::Status op_timers(const Call& call, Json& out);
base::Status op_notices(const Call& call, Json& out);
base::Status op_notices_seen(const Call& call, Json& out);
base::Status op_reroute_list(const Call& call, Json& out);
base::Status op_reroute(const Call& call, Json& out);
base::Status op_denials(const Call& call, Json& out);
base::Status op_policy_show(const Call& call, Json& out);
base::Status op_policy_explain(const Call& call, Json& out);
base::Status op_policy_whatif(const Call& call, Json& out);
base::Status op_consent_list(const Call& call, Json& out);
base::Status op_consent_show(const Call& call, Json& out);
base::Status op_consent_add(const Call& call, Json& out);
base::Status op_consent_revoke(const Call& call, Json& out);
base::Status op_btg_open(const Call& call, Json& out);
base::Status op_btg_list(const Call& call, Json& out);
base::Status op_btg_review(const Call& call, Json& out);
base::Status op_capacity_list(const Call& call, Json& out);
base::Status op_capacity_set(const Call& call, Json& out);
base::Status op_capacity_ask(const Call& call, Json& out);
base::Status op_handoff(const Call& call, Json& out);
base::Status op_forward(const Call& call, Json& out);
base::Status op_follow_up(const Call& call, Json& out);
base::Status op_retract(const Call& call, Json& out);
base::Status op_attachment_save(const Call& call, Json& out);
base::Status op_match_list(const Call& call, Json& out);
base::Status op_match_show(const Call& call, Json& out);
base::Status op_match_confirm(const Call& call, Json& out);
base::Status op_match_dismiss(const Call& call, Json& out);
base::Status op_match_undo(const Call& call, Json& out);
base::Status op_feed_mode(const Call& call, Json& out);
base::Status op_feed_report(const Call& call, Json& out);
base::Status op_feed_try(const Call& call, Json& out);
base::Status op_quarantine_preview(const Call& call, Json& out);
base::Status op_quarantine_replay(const Call& call, Json& out);
base::Status op_quarantine_replays(const Call& call, Json& out);
base::Status op_quarantine_stop(const Call& call, Json& out);
base::Status op_quarantine_discard(const Call& call, Json& out);
base::Status op_selftest(const Call& call, Json& out);
base::Status op_doctor(const Call& call, Json& out);
base::Status op_report_list(const Call& call, Json& out);
base::Status op_report_run(const Call& call, Json& out);
base::Status op_board(const Call& call, Json& out);
base::Status op_login(const Call& call, Json& out);
base::Status op_logout(const Call& call, Json& out);
base::Status op_people_list(const Call& call, Json& out);
base::Status op_people_add(const Call& call, Json& out);
base::Status op_people_set(const Call& call, Json& out);
base::Status op_people_disable(const Call& call, Json& out);
base::Status op_people_reset(const Call& call, Json& out);
base::Status op_people_recover(const Call& call, Json& out);
base::Status op_people_sessions(const Call& call, Json& out);
base::Status op_people_sign_out(const Call& call, Json& out);
base::Status op_people_remove_factor(const Call& call, Json& out);
base::Status op_people_remove(const Call& call, Json& out);
base::Status op_catch_up(const Call& call, Json& out);
base::Status op_phone_tree(const Call& call, Json& out);
base::Status op_oncall_show(const Call& call, Json& out);
base::Status op_oncall_set(const Call& call, Json& out);
base::Status op_oncall_take(const Call& call, Json& out);
base::Status op_oncall_hand_over(const Call& call, Json& out);
base::Status op_channels_list(const Call& call, Json& out);
base::Status op_channels_add(const Call& call, Json& out);
base::Status op_channels_remove(const Call& call, Json& out);
base::Status op_channels_test(const Call& call, Json& out);
base::Status op_ledger_list(const Call& call, Json& out);
base::Status op_ledger_verify(const Call& call, Json& out);
base::Status op_ledger_printed(const Call& call, Json& out);

// One line in, its answer out.
void answer(Agent& agent, const std::string& line, const Peer& peer, const Reply& reply);

Json error_json(const base::Error& e);

// Fields of a request. A missing or wrong one is kUsage, with its name.
base::Result<std::string> text_of(const Json& in, const char* key);
std::string text_or(const Json& in, const char* key, std::string_view fallback = {});
bool flag_or(const Json& in, const char* key, bool fallback);
std::uint64_t number_or(const Json& in, const char* key, std::uint64_t fallback);
base::Result<std::uint64_t> number_of(const Json& in, const char* key, std::uint64_t fallback, std::uint64_t most);
base::Result<base::Id> id_of(const Json& in, const char* key);     // UUID or 32 hex digits
base::Result<base::Instant> time_of(const Json& in, const char* key, base::Instant fallback);
// A code of that value set (schemas/values.h), or a local x- one; the mend lists what there is.
base::Result<std::string> code_of(const Json& in, const char* key, const char* set);
base::Result<schemas::Purpose> purpose_or(const Json& in, schemas::Purpose fallback);
// Pages of lists, newest first: at most `limit` (1 to 1000), older than `after`.
struct Page {
  std::uint64_t limit = 100, after = 0;
  [[nodiscard]] base::Bytes from() const { return after == 0 ? base::Bytes{} : keep::key_of(after - 1); }
};
base::Result<Page> page_of(const Json& in, std::uint64_t limit);
Json time_json(base::Instant t);                                    // null: not so
std::string slug_or_none(const crypto::Directory& directory, const base::Id& agent);  // "": nobody
// `paper_at`: it was written on paper at that time (schemas/paper.h).
base::Status take_paper(const Json& in, schemas::Body& body);
// `dedupe_key`: a request whose answer was lost may be made again by the same person. "": none was given.
std::string dedupe_of(const Call& call);
std::optional<Submitted> answered_before(const Call& call);
// A submission that goes on with a thread: its purpose and test mark, and who acts. kNotFound.
base::Result<Submission> into_thread(const Call& call, const base::Id& thread);
Json submitted_json(const Submitted& s);
std::string progress_name(keep::Progress p);                        // "sending", "sent", ...
std::string kind_name(std::uint16_t kind);

}  // namespace adapters::agent::api
