// match.list, match.show, match.confirm, match.dismiss, match.undo: records that a person has to say the thread of.
#include <nlohmann/json.hpp>

#include "adapters/agent/api/ops.h"
#include "adapters/agent/mail/threads.h"
#include "adapters/agent/match/book.h"
#include "schemas/body.h"

namespace adapters::agent::api {
namespace {

const char* state_name(keep::MatchState s) {
  switch (s) {
    case keep::MatchState::kWaiting: return "waiting";
    case keep::MatchState::kConfirmed: return "confirmed";
    case keep::MatchState::kDismissed: return "dismissed";
    case keep::MatchState::kUndone: return "undone";
  }
  return "?";
}

Json ids_json(const std::vector<base::Id>& ids) {
  Json out = Json::array();
  for (const base::Id& id : ids) out.push_back(base::uuid(id));
  return out;
}

Json candidate_json(keep::Tx& tx, const mail::Desk& desk, const keep::MatchCandidate& c) {
  const auto t = mail::thread(tx, c.thread_id);
  return {{"thread", base::uuid(c.thread_id)},
          {"score", c.score},
          {"why", c.why},
          {"other", t ? slug_or_none(desk.directory, t->other) : ""},
          {"requester", t && t->requester},
          {"phase", t ? schemas::name(static_cast<schemas::Phase>(t->phase)) : ""}};
}

Json row_json(keep::Tx& tx, const mail::Desk& desk, const keep::MatchRow& r) {
  Json out = {{"id", r.id},
              {"at", time_json(r.at)},
              {"adapter", r.adapter},
              {"kind", kind_name(r.kind)},
              {"state", state_name(r.state)},
              {"thread", base::all_zero(r.thread_id) ? Json() : Json(base::uuid(r.thread_id))},
              {"sent", ids_json(r.sent)},
              {"retracted", ids_json(r.retracted)},
              {"person", r.person},
              {"reason", r.reason},
              {"decided", time_json(r.decided)},
              {"candidates", Json::array()}};
  for (const auto& c : r.candidates) out["candidates"].push_back(candidate_json(tx, desk, c));
  return out;
}

base::Result<std::uint64_t> match_id(const Call& call) {
  TRY_ASSIGN(const std::uint64_t id, number_of(call.in, "id", 0, ~0ULL));
  if (id == 0) return base::Error{base::Kind::kUsage, "is missing", "id", "see: handoff matches list"};
  return id;
}

base::Result<Submitted> confirm_one(const Call& call, std::uint64_t id, const base::Id& thread) {
  const mail::Desk desk = call.agent.office().desk();
  Submission s;
  TRY(call.agent.office().store.read([&](keep::Tx& tx) -> base::Status {
    TRY_ASSIGN(const keep::MatchRow r, match::row(tx, id));
    TRY_ASSIGN(s, match::submission(tx, desk, r, thread, call.actor.login));
    return {};
  }));
  return call.agent.host().compose(s, [&](keep::Tx& tx, const mail::Desk& now, crypto::Random& random) { return match::confirm(tx, now, random, id, s); });
}

}  // namespace

base::Status op_match_list(const Call& call, Json& out) {
  TRY_ASSIGN(const Page page, page_of(call.in, 100));
  const bool waiting = flag_or(call.in, "waiting", false);
  const mail::Desk desk = call.agent.office().desk();
  out["matches"] = Json::array();
  return call.agent.office().store.read([&](keep::Tx& tx) {
    for (const keep::MatchRow& r : match::rows(tx, waiting, page.after, page.limit)) out["matches"].push_back(row_json(tx, desk, r));
    out["next"] = out["matches"].size() == page.limit ? out["matches"].back()["id"] : Json();
    return base::Status{};
  });
}

base::Status op_match_show(const Call& call, Json& out) {
  TRY_ASSIGN(const std::uint64_t id, match_id(call));
  const mail::Desk desk = call.agent.office().desk();
  return call.agent.office().store.read([&](keep::Tx& tx) -> base::Status {
    TRY_ASSIGN(const keep::MatchRow r, match::row(tx, id));
    out = row_json(tx, desk, r);
    const auto who = schemas::decode_body(r.who), body = schemas::decode_body(r.body);
    if (!r.who.empty() && who.ok()) out["who"] = schemas::to_json(*who)->at("encounter")["subject"];
    if (!r.body.empty() && body.ok()) out["body"] = *schemas::to_json(*body);
    for (Json& c : out["candidates"]) {
      const auto thread = base::parse_uuid(c["thread"].get<std::string>());
      const auto opening = thread ? mail::opening_of(tx, *thread) : std::nullopt;
      if (!opening) continue;
      schemas::Body referral;
      referral.payload = *opening;
      c["subject"] = schemas::to_json(referral)->at("referral")["subject"];
    }
    return {};
  });
}

base::Status op_match_confirm(const Call& call, Json& out) {
  TRY_ASSIGN(const std::uint64_t id, match_id(call));
  TRY_ASSIGN(const base::Id thread, id_of(call.in, "thread"));
  TRY_ASSIGN(const Submitted done, confirm_one(call, id, thread));
  out = submitted_json(done);
  std::vector<std::uint64_t> others;
  TRY(call.agent.office().store.read([&](keep::Tx& tx) -> base::Status {
    TRY_ASSIGN(const keep::MatchRow r, match::row(tx, id));
    others = match::of_same_visit(tx, r);
    return {};
  }));
  out["with"] = Json::array();
  for (const std::uint64_t other : others) {  // what may not be sent keeps waiting, and says why
    const auto also = confirm_one(call, other, thread);
    out["with"].push_back({{"id", other}, {"ok", also.ok()}, {"why", also.ok() ? Json() : Json(also.error().message())}});
  }
  return {};
}

base::Status op_match_dismiss(const Call& call, Json& out) {
  TRY_ASSIGN(const std::uint64_t id, match_id(call));
  const mail::Desk desk = call.agent.office().desk();
  out["id"] = id;
  return call.agent.office().store.write([&](keep::Tx& tx) { return match::dismiss(tx, desk, id, call.actor.login, text_or(call.in, "reason")); });
}

base::Status op_match_undo(const Call& call, Json& out) {
  TRY_ASSIGN(const std::uint64_t id, match_id(call));
  TRY_ASSIGN(const std::string reason, text_of(call.in, "reason"));
  if (reason.empty()) return base::Error{base::Kind::kUsage, "says why it is taken back", "reason"};
  std::vector<base::Id> gone;
  mail::Office& office = call.agent.office();
  const mail::Desk desk = office.desk();
  TRY(office.store.write([&](keep::Tx& tx) -> base::Status {
    TRY_ASSIGN(gone, match::undo(tx, desk, office.random, id, call.actor.login, reason));
    return {};
  }));
  if (office.wake_courier) office.wake_courier();
  if (office.wake_clock) office.wake_clock();
  out["id"] = id;
  out["retracted"] = ids_json(gone);
  return {};
}

}  // namespace adapters::agent::api
