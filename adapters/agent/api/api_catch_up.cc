// catch_up, phone_tree: what changed while the hub or the person was away; and whom to call when nothing else works.
#include <nlohmann/json.hpp>

#include "adapters/agent/api/guard.h"
#include "adapters/agent/api/inbox.h"
#include "adapters/agent/mail/threads.h"
#include "adapters/agent/people/phones.h"
#include "schemas/body.h"

namespace adapters::agent::api {
namespace {

using keep::Table;
using schemas::Phase;

constexpr std::size_t kMostThreads = 200;

std::string status_words(const schemas::StatusUpdate& s) {
  const auto to = schemas::phase_of(s.status);
  if (s.esc_level > 0 && !to) return "raised to level " + std::to_string(s.esc_level);
  if (to == Phase::kReceived) return "arrived";
  if (to == Phase::kInfoRequested) return "question asked";
  if (to == Phase::kRejected) return "declined";
  if (to == Phase::kCancelRequested) return "cancellation asked for";
  return s.status.empty() ? "status" : s.status;
}

// What happened, without what was said.
std::string words_of(const schemas::Body& body) {
  if (const auto* s = std::get_if<schemas::StatusUpdate>(&body.payload)) return status_words(*s);
  if (const auto* h = std::get_if<schemas::HandoffReport>(&body.payload)) return h->phase == "offer" ? "handoff offered" : h->phase == "take" ? "handoff taken" : "handoff not taken";
  if (const auto* f = std::get_if<schemas::FollowUp>(&body.payload)) return "follow-up: " + f->result;
  if (std::holds_alternative<schemas::Referral>(body.payload)) return "new request";
  if (std::holds_alternative<schemas::SecureMessage>(body.payload)) return "message";
  if (std::holds_alternative<schemas::Correction>(body.payload)) return "taken back";
  if (std::holds_alternative<schemas::BreakGlass>(body.payload)) return "break-glass";
  if (std::holds_alternative<schemas::EncounterNotification>(body.payload)) return "visit";
  if (std::holds_alternative<schemas::Acknowledgement>(body.payload)) return "not accepted";
  return "";
}

// Its events since then, oldest first.
Json events_json(keep::Tx& tx, const mail::Desk& desk, const AgentHost& host, const keep::ThreadRow& row, base::Instant since) {
  Json out = Json::array();
  for (const std::uint64_t seq : mail::thread_messages(tx, row.thread_id)) {
    const auto m = mail::message(tx, seq);
    if (!m || m->received <= since) continue;
    const auto body = schemas::decode_body(m->body);
    const std::string from = slug_of(desk.directory, m->sender), words = body.ok() ? words_of(*body) : "";
    Json e = {{"message", base::uuid(m->msg_id)}, {"at", base::rfc3339(m->received)}, {"kind", kind_name(m->kind)}, {"from", from}, {"from_name", host.display_of(from)},
              {"outgoing", m->outgoing}, {"words", words.empty() ? kind_name(m->kind) : words}};
    e["entered_at"] = body.ok() ? time_json(body->entered_at) : Json();
    out.push_back(std::move(e));
  }
  return out;
}

}  // namespace

base::Status op_catch_up(const Call& call, Json& out) {
  mail::Office& o = call.agent.office();
  const mail::Desk desk = o.desk();
  TRY_ASSIGN(const base::Instant since, time_of(call.in, "since", desk.now.minus(12 * base::kHour)));
  const bool tests = flag_or(call.in, "tests", desk.directory.anchor().test);
  Sight sight(call.actor);
  out["since"] = base::rfc3339(since);
  out["now"] = base::rfc3339(desk.now);
  out["threads"] = Json::array();
  out["more"] = false;
  return o.store.read([&](keep::Tx& tx) {
    tx.scan_back(Table::kRecent, {}, [&](base::View, base::View v) {  // newest first
      const auto row = v.size() == 16 ? mail::thread(tx, base::fixed<16>(v)) : std::nullopt;
      if (row && row->updated <= since) return false;
      if (!row || (row->test && !tests) || !sight(tx, row->thread_id)) return true;
      if (out["threads"].size() == kMostThreads) {
        out["more"] = true;
        return false;
      }
      Json events = events_json(tx, desk, call.agent.host(), *row, since);
      out["threads"].push_back({{"thread", base::uuid(row->thread_id)}, {"row", row_json(tx, desk, call.agent.host(), entry_of(tx, desk, *row))}, {"events", std::move(events)}});
      return true;
    });
    return base::Status{};
  });
}

base::Status op_phone_tree(const Call& call, Json& out) {
  const auto policy = call.agent.office().desk().policy;
  out["phones"] = policy == nullptr ? Json::array() : people::phone_tree(*policy);
  return {};
}

}  // namespace adapters::agent::api
