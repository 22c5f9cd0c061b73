// inbox.list, inbox.act: the referral story for people. What one thread shows is in api_show.cc.
#include <nlohmann/json.hpp>

#include "adapters/agent/api/loops.h"
#include "adapters/agent/api/ops.h"
#include "adapters/agent/mail/threads.h"
#include "schemas/body.h"

namespace adapters::agent::api {
namespace {

using keep::Table;

Json id_json(const base::Id& id) { return base::uuid(id); }

std::string subject_of(const schemas::Subject& s) {
  const std::string name = s.name.given.empty() ? s.name.family : s.name.family + ", " + s.name.given;
  return name.empty() ? s.descriptor : name;
}

std::optional<schemas::Body> body_of(const keep::Message& m) {
  auto body = schemas::decode_body(m.body);
  if (!body.ok()) return std::nullopt;
  return std::move(body).value();
}

// One row of the list.
Json row_json(keep::Tx& tx, const mail::Office& office, const crypto::Directory& directory, const keep::ThreadRow& row) {
  Json j = {{"thread", id_json(row.thread_id)}, {"requester", row.requester},
            {"phase", schemas::name(static_cast<schemas::Phase>(row.phase))},
            {"loop", row.loop}, {"received", base::rfc3339(row.created)}, {"updated", base::rfc3339(row.updated)},
            {"unread", row.unread}, {"test", row.test}, {"expired", false}, {"urgency", ""}, {"subject", ""}, {"reason", ""}};
  const std::string other = slug_of(directory, row.other);
  const auto first = mail::message(tx, row.opening != 0 ? row.opening : row.first);
  const bool ours = first && first->outgoing;
  j["from"] = ours ? office.slug : other;
  j["to"] = ours ? other : office.slug;
  j["kind"] = first ? kind_name(first->kind) : "?";
  if (!first) return j;
  j["expired"] = first->expired;
  const auto body = body_of(*first);
  const auto* r = body ? std::get_if<schemas::Referral>(&body->payload) : nullptr;
  if (r == nullptr) return j;
  j["urgency"] = r->urgency;
  j["subject"] = subject_of(r->subject);
  if (!r->reasons.empty()) j["reason"] = r->reasons[0].text.empty() ? r->reasons[0].code : r->reasons[0].text;
  return j;
}

base::Result<std::string> status_of(const Json& in, const schemas::Loop& loop, bool requester) {
  using schemas::Phase;
  TRY_ASSIGN(const std::string action, text_of(in, "action"));
  const std::pair<std::string_view, Phase> actions[] = {{"accept", Phase::kAccepted},     {"decline", Phase::kRejected},   {"start", Phase::kInProgress},
                                                        {"complete", Phase::kCompleted},  {"schedule", Phase::kScheduled}, {"hold", Phase::kOnHold},
                                                        {"info", Phase::kInfoRequested}};
  if (action == "status") return text_of(in, "status");
  if (action == "cancel") {  // after an acceptance the requester can only ask (domain brief 1.1)
    const bool asks = requester && !schemas::may_move(loop.phase, Phase::kCancelled, schemas::Party::kRequester).ok();
    return std::string(schemas::name(asks ? Phase::kCancelRequested : Phase::kCancelled));
  }
  for (const auto& [name, phase] : actions) {
    if (name == action) return std::string(schemas::name(phase));
  }
  return base::Error{base::Kind::kUsage, "there is no such action", "action", "accept, decline, start, complete, cancel, schedule, hold, info or status"};
}

}  // namespace

base::Status op_inbox_list(const Call& call, Json& out) {
  mail::Office& o = call.agent.office();
  const crypto::Directory directory = o.replica.directory();
  const bool only_open = flag_or(call.in, "open", false);
  const std::uint64_t limit = std::min<std::uint64_t>(number_or(call.in, "limit", 50), 1000);
  const std::uint64_t after = number_or(call.in, "after", 0);
  out["threads"] = Json::array();
  out["next"] = nullptr;
  return o.store.read([&](keep::Tx& tx) {
    tx.scan_back(Table::kRecent, after == 0 ? base::Bytes{} : keep::key_of(after - 1), [&](base::View k, base::View v) {
      const auto row = v.size() == 16 ? mail::thread(tx, base::fixed<16>(v)) : std::nullopt;
      if (!row || (only_open && !open(*row))) return true;
      if (out["threads"].size() == limit) return false;
      out["threads"].push_back(row_json(tx, o, directory, *row));
      out["next"] = keep::number_in(k);
      return true;
    });
    if (out["threads"].size() < limit) out["next"] = nullptr;
    return base::Status{};
  });
}

base::Status op_inbox_act(const Call& call, Json& out) {
  mail::Office& o = call.agent.office();
  TRY_ASSIGN(const base::Id id, id_of(call.in, "thread"));
  const auto info = call.agent.host().thread(id);
  if (!info) return base::Error{base::Kind::kNotFound, "there is no such thread here", "thread", "see: handoff inbox list"};
  schemas::StatusUpdate u;
  TRY_ASSIGN(u.status, status_of(call.in, info->loop, info->requester));
  u.at = o.clock();
  u.actor_name = text_or(call.in, "name", call.peer.name);
  u.actor_role = text_or(call.in, "role");
  const std::pair<const char*, std::string*> fields[] = {
      {"reason_class", &u.reason_class}, {"reason", &u.reason}, {"text", &u.text}, {"callback", &u.callback}, {"expected_at", &u.expected_at}, {"place", &u.place},
      {"appointment_at", &u.appointment_at}, {"outcome", &u.outcome}, {"hold_until", &u.hold_until}, {"next_action", &u.next_action},
      {"last_attempt_at", &u.last_attempt_at}, {"safety_alert", &u.safety_alert}};
  for (const auto& [key, value] : fields) *value = text_or(call.in, key);
  TRY_ASSIGN(const std::uint64_t attempts, number_of(call.in, "attempts", 0, 1000));
  if (call.in.contains("attempts")) u.attempts = static_cast<std::int32_t>(attempts);
  TRY_ASSIGN(const std::uint64_t days, number_of(call.in, "est_days", 0, 3650));
  if (call.in.contains("est_days")) u.est_days = static_cast<std::int32_t>(days);
  TRY_ASSIGN(Submission s, into_thread(call, id));
  TRY(o.store.read([&](keep::Tx& tx) {
    if (const auto r = mail::opening_of(tx, id)) u.in_reply_to_ref = r->source_ref.empty() ? r->incident_ref : r->source_ref;
    return base::Status{};
  }));
  s.body.payload = std::move(u);
  TRY_ASSIGN(const Submitted done, call.agent.host().submit(std::move(s)));
  const auto now = call.agent.host().thread(id);
  out["thread"] = id_json(id);
  out["message"] = id_json(done.msg_id);
  out["phase"] = schemas::name(now ? now->loop.phase : schemas::Phase::kNone);
  return {};
}

}  // namespace adapters::agent::api
