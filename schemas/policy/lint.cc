// What is wrong with a policy that parses: errors that would leave somebody without help, warnings for what somebody should look at.
#include <algorithm>

#include "schemas/policy/internal/grid.h"
#include "schemas/policy/internal/words.h"
#include "schemas/policy/tools.h"
#include "schemas/policy/view.h"

namespace schemas::policy {
namespace {

using internal::Cell;
using internal::joined;
using internal::Words;
using Grade = Finding::Grade;

constexpr std::uint64_t kSoon = 60 * base::kDay;
// Whoever meets people in a crisis must be able to pass them on.
constexpr std::string_view kMeet[] = {"police", "sheriff", "ems", "fire", "mobile_crisis", "crisis_line"};

struct Lint {
  const Policy& policy;
  base::Instant now;
  std::vector<Finding> found{};

  void error(unsigned line, std::string rule, std::string what, std::string mend) {
    found.push_back({Grade::kError, line, std::move(rule), std::move(what), std::move(mend)});
  }
  void warn(unsigned line, std::string rule, std::string what, std::string mend) {
    found.push_back({Grade::kWarning, line, std::move(rule), std::move(what), std::move(mend)});
  }
  [[nodiscard]] bool standing(const Agency& a) const { return a.agreement_until.ms == 0 || a.agreement_until > now; }
  [[nodiscard]] bool kind_present(const Words& kinds) const {
    return std::ranges::any_of(policy.agencies, [&](const Agency& a) { return star_or_in(kinds, a.kind); });
  }
};

// Kinds of agencies here that may be sent an emergent referral by `from` on the ground of the emergency alone.
std::set<std::string> emergent_targets(const Policy& by_kind, const std::string& from, base::Instant now) {
  std::set<std::string> out;
  for (const auto& target : by_kind.agencies) {
    const Cell cell{from, target.kind, MsgKind::kReferral, Purpose::kCrisis, "emergency", ""};
    if (target.kind != from && internal::ask(by_kind, cell, now).verdict == Verdict::kAllow) out.insert(target.kind);
  }
  return out;
}

std::set<std::string> present_kinds(const Policy& policy) {
  std::set<std::string> out;
  for (const auto& a : policy.agencies) out.insert(a.kind);
  return out;
}

void check_emergent(Lint& lint) {
  const auto kinds = present_kinds(lint.policy);
  const Policy by_kind = internal::by_kinds(lint.policy, kinds);
  for (const auto& kind : kinds) {
    if (!in(kMeet, kind)) continue;
    const auto targets = emergent_targets(by_kind, kind, lint.now);
    const auto& agencies = lint.policy.agencies;
    const auto from = std::ranges::find(agencies, kind, &Agency::kind);
    if (targets.empty()) {
      lint.error(from->line, "emergent", "no path for an emergent referral from " + kind,
                 "add a flow for Referral, purpose CRISIS, basis emergency, to a kind of agency that takes people in");
    } else if (std::ranges::none_of(agencies, [&](const Agency& a) { return targets.contains(a.kind) && lint.standing(a); })) {
      lint.error(from->line, "agreement", "every agency that " + kind + " may send an emergent referral to has an agreement that ended",
                 "renew one of them, or add an agency");
    }
  }
}

// To whom the times that this policy sets itself escalate.
std::set<std::string> told(const Policy& policy) {
  std::set<std::string> out;
  for (const auto& [urgency, sla] : policy.sla)
    for (const auto& e : sla.escalate) out.insert(e.to);
  return out;
}

bool may_refer(const Policy& policy, std::vector<std::string> Flow::*side, const std::string& kind) {
  return std::ranges::any_of(policy.flows, [&](const Flow& f) {
    return f.decision != Verdict::kDeny && star_or_in(f.kinds, "Referral") && star_or_in(f.*side, kind);
  });
}

void check_people(Lint& lint) {
  const auto to = told(lint.policy);
  for (const auto& a : lint.policy.agencies) {
    if (a.kind == "coordinator") continue;  // it is never asked, and reads nothing that could be withheld
    const bool asked = may_refer(lint.policy, &Flow::to, a.kind), asks = may_refer(lint.policy, &Flow::from, a.kind);
    if (a.supervisor.empty() && ((asked && to.contains("target.supervisor")) || (asks && to.contains("requester.supervisor"))))
      lint.error(a.line, a.slug, "an escalation goes to the supervisor of " + a.slug + ", and it has none",
                 "add supervisor = \"role, telephone\"");
    if (a.on_call.empty() && asked)
      lint.warn(a.line, a.slug, a.slug + " can be sent referrals and has no on-call number", "add on_call = \"telephone\"");
    if (a.privacy_officer.empty())
      lint.warn(a.line, a.slug, a.slug + " names no privacy officer, who must hear of a break-glass at once",
                "add privacy_officer = \"role, telephone\"");
  }
  if (to.contains("role:coordinator") && !lint.kind_present({"coordinator"}))
    lint.error(0, "escalate", "an escalation goes to the coordinator, and no agency is one", "add an agency of the kind coordinator");
}

void check_agreements(Lint& lint) {
  for (const auto& a : lint.policy.agencies) {
    if (a.agreement.empty() || a.agreement_until.ms == 0) {
      lint.warn(a.line, a.slug, a.slug + " has no agreement with an end", "add agreement and agreement_until");
    } else if (!lint.standing(a)) {
      lint.warn(a.line, a.slug, "the agreement of " + a.slug + " ended on " + internal::last_day(a) + ": only emergencies still pass",
                "renew it, or take the agency out");
    } else if (a.agreement_until < lint.now.plus(kSoon)) {
      lint.warn(a.line, a.slug, "the agreement of " + a.slug + " ends on " + internal::last_day(a), "renew it in time");
    }
  }
  if (const auto at = base::parse_rfc3339(lint.policy.review_by + "T00:00:00Z"); at && *at < lint.now)
    lint.warn(0, "review_by", "the policy was to be reviewed by " + lint.policy.review_by, "review it, and set the next date");
  if (lint.policy.review_by.empty()) lint.warn(0, "review_by", "no date for the next review", "add review_by = 2027-04-01 to [policy]");
}

void check_routing(Lint& lint) {
  for (const auto& [service, routing] : lint.policy.routing) {
    bool any = false;
    for (const auto& slug : routing.order) {
      const Agency* a = lint.policy.agency(slug);
      if (a == nullptr) continue;
      any |= lint.standing(*a);
      if (!in(a->services, service))
        lint.warn(a->line, "routing." + service, slug + " is asked for " + service + " and does not list it as a service",
                  "add it to its services, or take it out of the order");
    }
    if (!routing.order.empty() && !any)
      lint.error(0, "routing." + service, "every agency in the order for " + service + " has an agreement that ended", "renew one of them");
  }
}

bool within(const Words& inner, const Words& outer) {
  return star_or_in(outer, "*") || std::ranges::all_of(inner, [&](const auto& w) { return star_or_in(outer, w); });
}
bool basis_within(const Words& inner, const Words& outer) { return outer.empty() || (!inner.empty() && within(inner, outer)); }

// What a flow says that `by` says already, or overrules.
bool covered(const Flow& f, const Flow& by) {
  return within(f.from, by.from) && within(f.to, by.to) && within(f.kinds, by.kinds) && within(f.purpose, by.purpose) &&
         basis_within(f.basis, by.basis);
}

void check_flows(Lint& lint) {
  const auto& flows = lint.policy.flows;
  for (std::size_t i = 0; i < flows.size(); ++i) {
    const Flow& f = flows[i];
    if (!lint.kind_present(f.from) || !lint.kind_present(f.to))
      lint.warn(f.line, f.id, f.id + " is never used: no agency of " + joined(lint.kind_present(f.from) ? f.to : f.from) + " takes part",
                "add the agency, or take the flow out");
    for (std::size_t j = 0; j < flows.size(); ++j) {
      const Flow& by = flows[j];
      const bool overruled = by.decision == Verdict::kDeny && f.decision != Verdict::kDeny;
      const bool before = j < i || (j > i && !covered(by, f));
      if (i == j || !covered(f, by) || !(overruled || before)) continue;
      lint.warn(f.line, f.id, f.id + " is shadowed by " + by.id + (overruled ? ", which denies all of it" : ", which says all of it"),
                "take one of them out, or narrow " + by.id);
      break;
    }
  }
}

bool same_readers(const LabelRule& r, const LabelRule& by) {
  const bool to = by.to.empty() ? by.to_not.empty() || (r.to.empty() && within(by.to_not, r.to_not)) : !r.to.empty() && within(r.to, by.to);
  const bool from = by.from.empty() || (!r.from.empty() && within(r.from, by.from));
  return to && from;
}

void check_label_rules(Lint& lint) {
  const auto& rules = lint.policy.label_rules;
  for (const auto& r : rules) {
    if (!r.to.empty() && !lint.kind_present(r.to))
      lint.warn(r.line, r.id, r.id + " is never used: no agency of " + joined(r.to) + " takes part", "keep it only if one is to come");
    for (const auto& by : rules) {
      const bool stronger = by.decision == Verdict::kDeny || by.decision == r.decision;
      if (&by == &r || !stronger || !within(r.label, by.label) || !same_readers(r, by) || !within(by.except_basis, r.except_basis))
        continue;
      if (by.line > r.line && same_readers(by, r) && by.decision == r.decision) continue;  // twins: the later one is the idle one
      lint.warn(r.line, r.id, r.id + " is shadowed by " + by.id + ", which is at least as strict for all its readers",
                "take one of them out, or narrow " + by.id);
      break;
    }
  }
}

// A field that a message must have, and that no reader of it would get.
void check_required(Lint& lint) {
  for (const auto& r : lint.policy.required) {
    for (const auto& f : lint.policy.flows) {
      const bool meets = f.decision != Verdict::kDeny && star_or_in(f.kinds, r.kind) && f.view != "*" &&
                         (r.from.empty() || std::ranges::any_of(r.from, [&](const auto& k) { return star_or_in(f.from, k); })) &&
                         !r.to.empty() && std::ranges::any_of(r.to, [&](const auto& k) { return star_or_in(f.to, k); });
      const View* view = lint.policy.view(f.view);
      if (!meets || view == nullptr) continue;
      for (const auto& field : r.fields)
        if (!internal::leaves(*view, field))
          lint.warn(r.line, f.id, r.kind + " must have " + field + ", and the view " + view->id + " of " + f.id + " cuts it",
                    "add it to the view, or do not require it there");
    }
  }
}

void check_roles(Lint& lint) {
  for (const auto& r : lint.policy.roles)
    if (in(r.may, "policy") && (in(r.may, "audit") || in(r.may, "keys")))
      lint.error(r.line, r.id, "the role " + r.id + " both approves the policy and " + (in(r.may, "audit") ? "audits" : "keeps the keys"),
                 "give one of the two to another role");
}

}  // namespace

std::vector<Finding> lint(const Policy& policy, base::Instant now) {
  Lint lint{policy, now};
  check_emergent(lint);
  check_people(lint);
  check_agreements(lint);
  check_routing(lint);
  check_flows(lint);
  check_label_rules(lint);
  check_required(lint);
  check_roles(lint);
  std::ranges::stable_sort(lint.found, {}, [](const Finding& f) { return std::pair(f.grade == Grade::kWarning, f.line); });
  return lint.found;
}

}  // namespace schemas::policy
