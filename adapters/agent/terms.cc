// The dates, and how loud each is.
#include "adapters/agent/terms.h"

#include "schemas/policy/policy.h"

namespace adapters::agent {
namespace {

std::string day(base::Instant t) { return base::rfc3339(t).substr(0, 10); }

// Keys are published fifteen days at a time, one day added each day: what matters is how long senders can go on if that stops.
Term epoch_keys(const mail::Desk& desk) {
  Term t{"epoch_keys", Grade::kFine, desk.now, "", "run the agent while the hub answers"};
  for (const crypto::EpochKey* key = desk.directory.usable_epoch(desk.self, desk.now); key != nullptr; key = desk.directory.usable_epoch(desk.self, key->until)) t.end = key->until;
  if (t.end <= desk.now) {
    t.grade = Grade::kRed;
    t.words = "epoch keys: none of today is in the directory, nobody can write to us";
    return t;
  }
  const std::uint64_t days = (t.end.ms - desk.now.ms) / base::kDay;
  t.grade = days < 7 ? Grade::kRed : days < 12 ? Grade::kWarning : Grade::kFine;
  t.words = "epoch keys: published until " + day(t.end);
  if (t.grade != Grade::kFine) t.words += ", " + std::to_string(days) + " days ahead instead of 14: after that nobody can write to us";
  return t;
}

}  // namespace

Grade grade_of(base::Instant end, base::Instant now) {
  if (end <= now.plus(7 * base::kDay)) return Grade::kRed;
  if (end <= now.plus(30 * base::kDay)) return Grade::kWarning;
  return end <= now.plus(60 * base::kDay) ? Grade::kNote : Grade::kFine;
}

const char* name(Grade g) {
  switch (g) {
    case Grade::kFine: return "ok";
    case Grade::kNote: return "note";
    case Grade::kWarning: return "warning";
    case Grade::kRed: return "red";
  }
  return "red";
}

Term term(const char* what, std::string words, base::Instant end, base::Instant now, std::string mend) {
  Term t{what, grade_of(end, now), end, std::move(words), std::move(mend)};
  if (end <= now) {
    t.words += " ended on " + day(end);
    return t;
  }
  const std::uint64_t days = (end.ms - now.ms) / base::kDay;
  t.words += " until " + day(end);
  if (t.grade != Grade::kFine) t.words += ", in " + std::to_string(days) + (t.grade == Grade::kRed ? " days: THIS WEEK" : " days");
  return t;
}

std::vector<Term> terms(const mail::Desk& desk) {
  std::vector<Term> out;
  const crypto::Cert* cert = desk.directory.cert(desk.cert);
  if (cert == nullptr) return out;
  const crypto::Standing standing = desk.directory.standing_now(desk.cert, desk.now);
  out.push_back(term("certificate", "certificate: " + cert->name, cert->not_after, desk.now, "handoff-agent rotate, then the authority: docs/guide/keys.md"));
  if (standing != crypto::Standing::kActive && standing != crypto::Standing::kExpired) {
    out.back() = {"certificate", Grade::kRed, desk.now, std::string("certificate: ") + crypto::name(standing), "ask the authority"};
  }
  out.push_back(epoch_keys(desk));
  if (desk.policy == nullptr) return out;
  const schemas::policy::Agency* us = desk.policy->agency(desk.slug);
  if (us != nullptr && us->agreement_until.ms != 0) {
    out.push_back(term("agreement", "agreement: " + us->agreement, us->agreement_until, desk.now, "have it renewed: mail stops with it"));
  }
  if (const auto review = base::parse_rfc3339(desk.policy->review_by + "T00:00:00Z"); review && *review < desk.now) {
    out.push_back({"policy_review", Grade::kWarning, *review, "policy: it was to be reviewed by " + desk.policy->review_by, "tell the program coordinator"});
  }
  return out;
}

Finding finding_of(const Term& t) {
  const bool good = t.grade == Grade::kFine || t.grade == Grade::kNote;
  return {good, t.words, t.mend, t.grade == Grade::kWarning};
}

}  // namespace adapters::agent
