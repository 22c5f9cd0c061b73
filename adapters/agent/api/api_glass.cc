// btg.open, btg.list, btg.review: break-glass, from its opening to its review.
#include <nlohmann/json.hpp>

#include "adapters/agent/api/ops.h"
#include "adapters/agent/mail/glass.h"
#include "adapters/agent/mail/threads.h"
#include "schemas/model.h"

namespace adapters::agent::api {
namespace {

// Without names, nothing of what the person wrote: it may speak of the patient.
Json row_json(const crypto::Directory& directory, const keep::GlassRow& g, base::Instant now, bool names) {
  const bool reviewed = g.reviewed.ms != 0;
  Json j = {{"id", base::uuid(g.msg_id)},
            {"thread", base::uuid(g.thread_id)},
            {"message", base::uuid(g.opened)},
            {"by", slug_or_none(directory, g.by)},
            {"reason", g.reason},
            {"person", g.person},
            {"role", g.role},
            {"at", base::rfc3339(g.at)},
            {"until", base::rfc3339(g.until)},
            {"review_due", time_json(g.review_due)},
            {"overdue", !reviewed && g.review_due.ms != 0 && now > g.review_due},
            {"reviewed", time_json(g.reviewed)},
            {"reviewed_by", g.reviewed_by},
            {"finding", g.finding}};
  if (names) j["text"] = g.text;
  return j;
}

}  // namespace

base::Status op_btg_open(const Call& call, Json& out) {
  mail::GlassRequest request;
  TRY_ASSIGN(request.message, id_of(call.in, "message"));
  TRY_ASSIGN(request.reason, code_of(call.in, "reason", "break_glass_reason"));
  TRY_ASSIGN(request.text, text_of(call.in, "text"));
  request.person = call.actor.login;
  request.role = text_or(call.in, "role");
  Submission about;
  about.person = call.actor.login;
  about.body.payload = schemas::BreakGlass{};
  TRY(call.agent.office().store.read([&](keep::Tx& tx) {
    for (const keep::Message& m : mail::messages_by_id(tx, request.message)) {
      about.thread = m.thread_id;
      about.purpose = static_cast<schemas::Purpose>(m.purpose);
    }
    return base::Status{};
  }));
  TRY_ASSIGN(const Submitted done, call.agent.host().compose(about, [&](keep::Tx& tx, const mail::Desk& desk, crypto::Random& random) {
    return mail::break_glass(tx, desk, random, request);
  }));
  out["id"] = base::uuid(done.msg_id);
  out["thread"] = base::uuid(done.thread_id);
  return call.agent.office().store.read([&](keep::Tx& tx) {
    for (const keep::GlassRow& g : mail::uses_of_glass(tx, true)) {
      if (g.msg_id != done.msg_id) continue;
      out["until"] = base::rfc3339(g.until);
      out["review_due"] = time_json(g.review_due);
    }
    return base::Status{};
  });
}

base::Status op_btg_list(const Call& call, Json& out) {
  mail::Office& o = call.agent.office();
  const base::Instant now = o.clock();
  const bool unreviewed = flag_or(call.in, "unreviewed", false), names = flag_or(call.in, "names", false);
  const crypto::Directory directory = o.replica.directory();
  return o.store.read([&](keep::Tx& tx) {
    out["uses"] = Json::array();
    for (const keep::GlassRow& g : mail::uses_of_glass(tx, unreviewed)) out["uses"].push_back(row_json(directory, g, now, names));
    return base::Status{};
  });
}

base::Status op_btg_review(const Call& call, Json& out) {
  TRY_ASSIGN(const base::Id id, id_of(call.in, "id"));
  TRY_ASSIGN(const std::string finding, text_of(call.in, "finding"));
  mail::Office& o = call.agent.office();
  const base::Instant now = o.clock();
  TRY(o.store.write([&](keep::Tx& tx) { return mail::review_glass(tx, o.self, id, finding, call.actor.login, now); }));
  out["id"] = base::uuid(id);
  out["finding"] = finding;
  out["reviewed_by"] = call.actor.login;
  return {};
}

}  // namespace adapters::agent::api
