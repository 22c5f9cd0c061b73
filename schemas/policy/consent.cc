// 42 CFR 2.31 and 45 CFR 164.508: who discloses what to whom, what for, from when until when.
#include "schemas/policy/internal/consent.h"
#include "schemas/policy/internal/words.h"

namespace schemas::policy {
namespace internal {
namespace {

bool names_discloser(const Consent& c, const Policy& policy, const Ask& ask) {
  if (c.discloser != "*") return !c.discloser.empty() && c.discloser == ask.from;
  return policy.agencies.empty() || policy.agency(ask.from) != nullptr;
}

bool names_recipient(const Consent& c, const Ask& ask) {
  for (const auto& r : c.recipients) {
    if (!ask.to.empty() && r == ask.to) return true;
    if (r.starts_with("kind:") && r.substr(5) == ask.to_kind) return true;
    if (r == "treating" && in(kCare, ask.to_kind)) return true;
  }
  return false;
}

bool names_purpose(const Consent& c, Purpose purpose) {
  const bool care = purpose == Purpose::kCrisis || purpose == Purpose::kTreat || purpose == Purpose::kCoord;
  return star_or_in(c.purposes, name_of(purposes(), static_cast<std::uint16_t>(purpose))) || (care && in(c.purposes, "TPO"));
}

// "*" is all but psychotherapy notes, which have to be named.
bool names_label(const Consent& c, const std::string& label) {
  return in(c.scope, label) || (in(c.scope, "*") && label != "psych_notes") || (label == "general" && !c.scope.empty());
}

}  // namespace

std::string why_not(const Consent& c, const Policy& policy, const Ask& ask, const std::vector<std::string>& labels) {
  if (c.granted_at.ms == 0) return "the consent does not say when it was given";
  if (ask.now < c.granted_at) return "the consent was not given yet";
  if (c.revoked_at.ms != 0 && c.revoked_at <= ask.now) return "the consent was revoked";
  if (c.expires.ms != 0 && c.expires <= ask.now) return "the consent has expired";
  if (!names_discloser(c, policy, ask)) return "the consent does not name the sender as the one who may disclose";
  if (!names_recipient(c, ask)) return "the consent does not name this recipient";
  if (!names_purpose(c, ask.purpose)) return "the consent does not name this purpose";
  // The consent for proceedings stands alone, and no other consent serves for them (42 CFR 2.31(d)).
  if (c.legal != in(kJustice, ask.to_kind) && (c.legal || in(labels, "part2")))
    return c.legal ? "the consent is for legal proceedings only" : "disclosures for legal proceedings need a consent of their own";
  if (in(labels, "part2") && !c.part2) return "the consent is not one under 42 CFR Part 2";
  if (in(labels, "part2") && c.method == "verbal") return "a consent under 42 CFR Part 2 has to be in writing";
  for (const auto& label : labels)
    if (!names_label(c, label)) return "the consent does not cover information labelled " + label;
  return "";
}

}  // namespace internal

std::string not_covered(const Consent& consent, const Policy& policy, const Ask& ask) {
  return internal::why_not(consent, policy, ask, ask.labels);
}

}  // namespace schemas::policy
