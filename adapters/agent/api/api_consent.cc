// consent.list, consent.show, consent.add, consent.revoke: the agency's register of consents.
#include <nlohmann/json.hpp>

#include "adapters/agent/api/ops.h"
#include "adapters/agent/disclose/consents.h"

namespace adapters::agent::api {
namespace {

constexpr std::uint64_t kSoonMs = 30 * base::kDay;

const char* state_of(const schemas::Consent& c, base::Instant now) {
  if (c.revoked_at.ms != 0) return "revoked";
  if (c.expires.ms == 0) return "active";  // until its event
  if (c.expires <= now) return "expired";
  return c.expires <= now.plus(kSoonMs) ? "expires_soon" : "active";
}

Json whole(const schemas::Consent& c) {
  schemas::Body body;
  body.payload = c;
  return schemas::to_json(body)->at("consent");
}

// What a list shows: the terms, not the person.
Json row_json(const schemas::Consent& c, base::Instant now, bool names) {
  Json j = {{"id", c.id},
            {"state", state_of(c, now)},
            {"discloser", c.discloser},
            {"recipients", c.recipients},
            {"scope", c.scope},
            {"purposes", c.purposes},
            {"granted_at", time_json(c.granted_at)},
            {"expires", time_json(c.expires)},
            {"expires_event", c.expires_event},
            {"revoked_at", time_json(c.revoked_at)},
            {"method", c.method},
            {"part2", c.part2},
            {"legal", c.legal}};
  if (names) j["subject"] = whole(c).value("subject", Json::object());
  return j;
}

base::Result<schemas::Consent> consent_of(const Json& in, const std::string& self, base::Instant now) {
  const auto it = in.find("consent");
  if (it == in.end() || !it->is_object())
    return base::Error{base::Kind::kUsage, "is missing: the consent as an object", "consent",
                       "see docs/guide/compliance.md for its fields"};
  TRY_ASSIGN(schemas::Body body, schemas::body_from_json({{"kind", "Consent"}, {"consent", *it}}));
  schemas::Consent c = std::get<schemas::Consent>(std::move(body.payload));
  if (c.discloser.empty()) c.discloser = self;
  if (c.granted_at.ms == 0) c.granted_at = now;
  if (!c.method.empty()) {
    if (auto known = code_of(*it, "method", "consent_method"); !known.ok()) {
      base::Error e = known.error();
      e.where = "consent.method";
      return e;
    }
  }
  return c;
}

base::Error unknown() { return {base::Kind::kNotFound, "there is no such consent here", "id", "see: handoff consent list"}; }

}  // namespace

base::Status op_consent_list(const Call& call, Json& out) {
  mail::Office& o = call.agent.office();
  const base::Instant now = o.clock();
  const bool names = flag_or(call.in, "names", false);
  return o.store.read([&](keep::Tx& tx) {
    std::vector<schemas::Consent> all = disclose::all(tx);
    std::ranges::sort(all, {}, &schemas::Consent::id);
    out["consents"] = Json::array();
    for (const schemas::Consent& c : all) out["consents"].push_back(row_json(c, now, names));
    return base::Status{};
  });
}

base::Status op_consent_show(const Call& call, Json& out) {
  TRY_ASSIGN(const std::string id, text_of(call.in, "id"));
  mail::Office& o = call.agent.office();
  const base::Instant now = o.clock();
  return o.store.read([&](keep::Tx& tx) -> base::Status {
    const auto c = disclose::find(tx, id);
    if (!c) return unknown();
    out["consent"] = whole(*c);
    out["state"] = state_of(*c, now);
    return {};
  });
}

base::Status op_consent_add(const Call& call, Json& out) {
  mail::Office& o = call.agent.office();
  const base::Instant now = o.clock();
  TRY_ASSIGN(const schemas::Consent consent, consent_of(call.in, o.slug, now));
  TRY(disclose::check(consent));
  return o.store.write([&](keep::Tx& tx) -> base::Status {
    const auto before = disclose::find(tx, consent.id);
    if (before && before->revoked_at.ms != 0) {
      return base::Error{base::Kind::kConflict, "this consent was revoked", "consent.id", "record the new one under a new id"};
    }
    TRY(disclose::put(tx, consent));
    out["id"] = consent.id;
    out["state"] = state_of(consent, now);
    return {};
  });
}

base::Status op_consent_revoke(const Call& call, Json& out) {
  TRY_ASSIGN(const std::string id, text_of(call.in, "id"));
  mail::Office& o = call.agent.office();
  const base::Instant now = o.clock();
  return o.store.write([&](keep::Tx& tx) -> base::Status {
    if (!disclose::find(tx, id)) return unknown();
    TRY(disclose::revoke(tx, id, now));
    out = row_json(*disclose::find(tx, id), now, false);
    return {};
  });
}

}  // namespace adapters::agent::api
