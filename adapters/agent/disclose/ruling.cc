// Questions and copies.
#include "adapters/agent/disclose/ruling.h"

#include <algorithm>

#include "schemas/lifecycle.h"

namespace adapters::agent::disclose {
namespace {

bool has(const std::vector<std::string>& list, std::string_view what) { return std::ranges::find(list, what) != list.end(); }

// What machines say of a loop and not of a person: "it is here", "nobody has answered in time".
bool of_the_loop_alone(const schemas::Body& body) {
  const auto* s = std::get_if<schemas::StatusUpdate>(&body.payload);
  if (s == nullptr || s->actor_role != "machine") return false;
  return s->status == schemas::name(schemas::Phase::kReceived) || (s->status.empty() && s->esc_level > 0);
}

std::string cited(const schemas::Body& body, const Context& context) {
  if (!body.consent_ref.empty()) return body.consent_ref;
  const auto* r = std::get_if<schemas::Referral>(&body.payload);
  return r != nullptr && !r->consent_ref.empty() ? r->consent_ref : context.consent_ref;
}

// The consent that the message brings along, or the one it cites.
std::optional<schemas::Consent> consent_for(const schemas::Body& body, const Context& context, const FindConsent& consents) {
  if (!body.consent_copy.id.empty()) return body.consent_copy;
  const std::string id = cited(body, context);
  return id.empty() || !consents ? std::nullopt : consents(id);
}

std::string lower(std::string s) {
  std::ranges::transform(s, s.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return s;
}

// Only a contradiction counts: what one of the two does not say proves nothing.
bool another_person(const schemas::Subject& a, const schemas::Subject& b) {
  const auto differ = [](const std::string& x, const std::string& y) { return !x.empty() && !y.empty() && lower(x) != lower(y); };
  const std::size_t n = std::min(a.dob.size(), b.dob.size());  // as precise as both are
  return differ(a.name.family, b.name.family) || differ(a.dob.substr(0, n), b.dob.substr(0, n));
}

policy::Answer wrong_person() {
  policy::Answer out;
  out.because = {{"S-CONSENT", policy::Verdict::kDeny, "The consent that is cited is another person's.", "42 CFR 2.31(a)(1)"}};
  out.code = "no_consent";
  out.mend = "Cite this person's own consent.";
  return out;
}

}  // namespace

Context context_of(const schemas::Referral* opening) {
  if (opening == nullptr) return {};
  return {opening->authority_basis, opening->consent_ref, opening->urgency, opening->subject, false};
}

Ruling rule(const policy::Policy& policy, const End& from, const End& to, schemas::MsgKind kind, schemas::Purpose purpose, const schemas::Body& body,
            const Context& context, const FindConsent& consents, base::Instant now) {
  policy::Ask q;
  q.from = from.slug;
  q.to = to.slug;
  q.from_kind = from.kind;
  q.to_kind = to.kind;
  q.kind = kind;
  q.purpose = purpose;
  q.basis = policy::basis_of(body);
  if (q.basis.empty()) q.basis = context.basis;
  q.labels = policy::labels_of(policy, from.slug, body);
  const auto* r = std::get_if<schemas::Referral>(&body.payload);
  q.urgency = r != nullptr ? r->urgency : context.urgency;
  q.court_order = body.court_order;
  q.good_faith = body.good_faith;
  q.machine = of_the_loop_alone(body);
  q.break_glass = context.break_glass;
  q.now = now;
  const auto consent = consent_for(body, context, consents);
  if (consent) q.consent = &*consent;
  if (!body.emergency.nature.empty() || !body.emergency.recipient.empty()) q.emergency = &body.emergency;
  Ruling out{policy::decide(policy, q), {}};
  if (consent && out.answer.allowed && another_person(consent->subject, r != nullptr ? r->subject : context.subject)) out.answer = wrong_person();
  q.consent = nullptr;
  q.emergency = nullptr;
  out.ask = std::move(q);
  return out;
}

Copy copy_for(const policy::Policy& policy, const Ruling& ruling, const std::string& sender, const schemas::Body& body, const Context& context,
              const FindConsent& consents) {
  policy::Cut cut = policy::apply(policy, ruling.answer.view, body);
  Copy out{std::move(cut.body), std::move(cut.withheld)};
  out.body.view = ruling.answer.view;
  out.body.rules = ruling.answer.rules();
  out.body.policy_hash = policy.hash;
  out.body.labels = policy::labels_of(policy, sender, body);
  out.body.authority_basis = ruling.ask.basis;
  out.body.notice = has(ruling.answer.obligations, "notice_2_32") ? std::string(notice_2_32()) : std::string();  // never a submitter's own
  const bool whole = has(ruling.answer.obligations, "attach_consent");
  const bool rests_on_one = std::ranges::any_of(ruling.answer.because, [](const policy::Spoke& s) { return s.verdict == policy::Verdict::kConsent; });
  out.body.consent_copy = {};
  if (whole || rests_on_one) out.body.consent_copy = consent_for(body, context, consents).value_or(schemas::Consent{});
  if (!whole) {  // its terms, which the reader's agent judges by; not the person, not the words
    out.body.consent_copy.subject = {};
    out.body.consent_copy.text.clear();
  }
  out.body.court_order = body.court_order;  // the reader judges the authority too
  out.body.good_faith = body.good_faith;
  out.body.emergency = body.emergency;
  return out;
}

keep::DecisionRow record_of(const policy::Policy& policy, const Ruling& ruling, std::vector<std::string> withheld) {
  keep::DecisionRow row;
  row.version = policy.version;
  row.allowed = ruling.answer.allowed;
  row.view = ruling.answer.view;
  row.code = ruling.answer.code;
  row.explanation = ruling.answer.explanation();
  row.rules = ruling.answer.rules();
  row.obligations = ruling.answer.obligations;
  row.withheld = std::move(withheld);
  return row;
}

base::Error refusal(const policy::Answer& answer) {
  const auto rules = answer.rules();
  return {base::Kind::kDenied, answer.explanation(), rules.empty() ? "policy" : rules[0], answer.mend.empty() ? "ask the program coordinator" : answer.mend};
}

// The short statement that 2.32(a)(2) allows, and what it means for whoever reads it.
std::string_view notice_2_32() {
  return "42 CFR part 2 prohibits unauthorized use or disclosure of these records. They may not be used in civil, criminal, administrative or "
         "legislative proceedings against the patient without the patient's consent or a court order (42 CFR 2.12(d), 2.31, 2.61-2.67).";
}

}  // namespace adapters::agent::disclose
