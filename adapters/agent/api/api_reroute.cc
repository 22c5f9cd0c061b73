// reroute.list, reroute: the same referral to another agency (decisions D20: by its requester alone).
#include <nlohmann/json.hpp>

#include "adapters/agent/api/ops.h"
#include "adapters/agent/loop/routing.h"
#include "adapters/agent/mail/threads.h"

namespace adapters::agent::api {
namespace {

base::Status ours(keep::Tx& tx, const base::Id& id) {
  const auto row = mail::thread(tx, id);
  if (!row) return base::Error{base::Kind::kNotFound, "there is no such thread here", "thread", "see: handoff loops"};
  if (!row->requester || row->opening == 0)
    return base::Error{base::Kind::kDenied, "only the agency that asked refers it on", "thread", "decline it, so that they can"};
  return {};
}

}  // namespace

base::Status op_reroute_list(const Call& call, Json& out) {
  TRY_ASSIGN(const base::Id thread, id_of(call.in, "thread"));
  const mail::Desk desk = call.agent.office().desk();
  if (desk.policy == nullptr) return base::Error{base::Kind::kBusy, desk.stale, "policy"};
  return call.agent.office().store.read([&](keep::Tx& tx) -> base::Status {
    TRY(ours(tx, thread));
    out["thread"] = base::uuid(thread);
    out["candidates"] = Json::array();
    for (const loop::Candidate& c : loop::candidates(tx, desk, thread)) {
      out["candidates"].push_back({{"agency", c.slug}, {"name", call.agent.host().display_of(c.slug)}, {"capacity", c.capacity}, {"allowed", c.allowed}, {"why", c.why}});
    }
    return {};
  });
}

base::Status op_reroute(const Call& call, Json& out) {
  TRY_ASSIGN(const base::Id thread, id_of(call.in, "thread"));
  TRY_ASSIGN(const std::string to, text_of(call.in, "to"));
  Submission about;
  about.to = call.agent.host().slug_for(to).value_or(to);
  about.person = call.actor.login;
  TRY(call.agent.office().store.read([&](keep::Tx& tx) -> base::Status {
    if (auto referral = mail::opening_of(tx, thread)) about.body.payload = std::move(*referral);
    return ours(tx, thread);
  }));
  TRY_ASSIGN(const Submitted done, call.agent.host().compose(about, [&](keep::Tx& tx, const mail::Desk& desk, crypto::Random& random) {
    return loop::reroute(tx, desk, random, thread, about.to, about.person);
  }));
  out = submitted_json(done);
  out["parent"] = base::uuid(thread);
  return {};
}

}  // namespace adapters::agent::api
