// Consents in the store.
#include "adapters/agent/disclose/consents.h"

#include "schemas/body.h"

namespace adapters::agent::disclose {
namespace {

using keep::Table;

base::Hash key(keep::Tx& tx, std::string_view id) { return tx.key("consent", base::view(id)); }

base::Error lacks(const char* field, const char* mend) { return {base::Kind::kMalformed, "a consent must name this", std::string("consent.") + field, mend}; }

std::optional<schemas::Consent> consent_in(base::View v) {
  auto body = schemas::decode_body(v);
  auto* c = body.ok() ? std::get_if<schemas::Consent>(&body->payload) : nullptr;
  return c == nullptr ? std::nullopt : std::optional(std::move(*c));
}

void save(keep::Tx& tx, const schemas::Consent& consent) {
  schemas::Body body;
  body.payload = consent;
  tx.put(Table::kConsent, key(tx, consent.id), schemas::encode_body(body));
}

}  // namespace

base::Status check(const schemas::Consent& c) {
  if (c.id.empty()) return lacks("id", "your own reference of the signed form");
  if (c.recipients.empty()) return lacks("recipients", "slugs, \"kind:hospital_ed\", or \"treating\"");
  if (c.scope.empty()) return lacks("scope", "labels such as part2, or \"*\"");
  if (c.purposes.empty()) return lacks("purposes", "TREAT, COORD, CRISIS ...");
  if (c.expires.ms == 0 && c.expires_event.empty()) return lacks("expires", "a date, or an event in expires_event");
  return {};
}

base::Status put(keep::Tx& tx, const schemas::Consent& consent) {
  TRY(check(consent));
  const auto before = find(tx, consent.id);
  if (before && (before->discloser != consent.discloser || before->recipients != consent.recipients || before->scope != consent.scope)) {
    return base::Error{base::Kind::kConflict, "another consent has this id", "consent.id", "revoke it and record the new one under a new id"};
  }
  schemas::Consent kept = consent;
  if (before && before->revoked_at.ms != 0) kept.revoked_at = before->revoked_at;  // a copy that comes late revives nothing
  save(tx, kept);
  return {};
}

std::optional<schemas::Consent> find(keep::Tx& tx, std::string_view id) {
  const auto v = tx.get(Table::kConsent, key(tx, id));
  return v ? consent_in(*v) : std::nullopt;
}

std::vector<schemas::Consent> all(keep::Tx& tx) {
  std::vector<schemas::Consent> out;
  tx.scan(Table::kConsent, {}, [&](base::View, base::View v) {
    if (auto c = consent_in(v)) out.push_back(std::move(*c));
    return true;
  });
  return out;
}

base::Status revoke(keep::Tx& tx, std::string_view id, base::Instant now) {
  auto consent = find(tx, id);
  if (!consent) return base::Error{base::Kind::kNotFound, "there is no such consent here", "consent.id", "see: handoff consent list"};
  if (consent->revoked_at.ms == 0) consent->revoked_at = now;
  save(tx, *consent);
  return {};
}

FindConsent finder(keep::Tx& tx) {
  return [&tx](std::string_view id) { return find(tx, id); };
}

}  // namespace adapters::agent::disclose
