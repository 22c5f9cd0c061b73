// What a policy may not say although each line of it reads well.
#include <algorithm>
#include <set>

#include "schemas/calendar.h"
#include "schemas/policy/internal/read.h"
#include "schemas/policy/internal/rules.h"
#include "schemas/policy/statute.h"

namespace schemas::policy::internal {
namespace {

// Names that decisions give for rules of the engine itself.
bool reserved(std::string_view id) {
  static constexpr std::string_view kOwn[] = {"none", "always", "membership", "coordinator", "agreement"};
  return id.starts_with("S-") || in(kOwn, id);
}

template <class T, class Id>
void unique(const std::vector<T>& rows, Id id, const char* what, std::set<std::string>& seen, Fault& fault) {
  for (const auto& row : rows)
    if (!seen.insert(row.*id).second) fault.at(row.line, std::string(what) + " " + row.*id + ": this id is used twice");
}
template <class T, class Id>
void unique(const std::vector<T>& rows, Id id, const char* what, Fault& fault) {
  std::set<std::string> seen;
  unique(rows, id, what, seen, fault);
}

void ids(const Policy& p, Fault& fault) {
  unique(p.agencies, &Agency::slug, "agency", fault);
  unique(p.custom_fields, &CustomField::id, "custom_field", fault);
  unique(p.roles, &Role::id, "role", fault);
  std::set<std::string> rules;  // a decision names flows and label rules alike
  unique(p.flows, &Flow::id, "flow", rules, fault);
  unique(p.label_rules, &LabelRule::id, "label_rule", rules, fault);
  for (const auto& f : p.flows)
    if (reserved(f.id)) fault.at(f.line, "flow " + f.id + ": this id is reserved", "ids that begin with S- are statute rules");
  for (const auto& l : p.label_rules)
    if (reserved(l.id)) fault.at(l.line, "label_rule " + l.id + ": this id is reserved", "ids that begin with S- are statute rules");
}

void names(const Policy& p, Fault& fault) {
  for (const auto& f : p.flows)
    if (f.view != "*" && p.view(f.view) == nullptr)
      fault.at(f.line, "flow " + f.id + ": there is no view of this name", "define [view." + f.view + "] with its fields");
  if (const auto zone = check_zone(p.calendar.tz); !zone.ok()) fault.at(1, "policy: tz: " + zone.error().what, zone.error().mend);
  if (!p.state_pack.empty() && state_pack(p.state_pack) == nullptr) {
    std::string all;
    for (const auto& id : state_packs()) all += (all.empty() ? "" : ", ") + id;
    fault.at(1, "policy: state_pack: this pack is not shipped", "one of " + all);
  }
  for (const auto& [urgency, sla] : p.sla)
    for (const auto& step : sla.escalate)
      if (step.to.starts_with("role:") && step.to != "role:coordinator" && !p.roles.empty() &&
          std::ranges::find(p.roles, step.to.substr(5), &Role::id) == p.roles.end())
        fault.at(1, "sla." + urgency + ": escalates to a role that is not defined", "define it under [role]");
}

// Does `rule` let pass what `law` stops, for a label and a kind of agency that both speak of?
bool weakens(const LabelRule& rule, const LabelRule& law) {
  const bool meet = std::ranges::any_of(rule.label, [&](const auto& l) { return in(law.label, l); }) &&
                    std::ranges::any_of(agency_kinds(), [&](std::string_view to) { return reaches(rule, to) && reaches(law, to); });
  if (!meet) return false;
  if (rule.decision < law.decision) return true;
  // As strict as the law, it may not have more exceptions.
  return rule.decision == law.decision &&
         std::ranges::any_of(rule.except_basis, [&](const auto& basis) { return !in(law.except_basis, basis); });
}

void contradictions(const Policy& p, std::span<const LabelRule> laws, Fault& fault) {
  for (const auto& rule : p.label_rules)
    for (const auto& law : laws)
      if (weakens(rule, law))
        fault.at(rule.line, "label_rule " + rule.id + ": contradicts " + law.id + " (" + law.cite + "): " + law.words,
                 "take the rule out, or make it at least as strict");
}

bool covers_all_bases(const Flow& f) { return f.basis.empty(); }

bool carries(const Flow& f, std::string_view from, std::string_view to) {
  return star_or_in(f.from, from) && star_or_in(f.to, to) && star_or_in(f.kinds, "Referral") && star_or_in(f.purpose, "CRISIS");
}

// A kind of agency that the policy lets refer in a crisis, while nobody is there to refer to, is a mistake and not a rule.
void lockout(const Policy& p, Fault& fault) {
  const auto denied = [&](const std::string& from, const std::string& to) {
    return std::ranges::any_of(p.flows,
                               [&](const Flow& f) { return f.decision == Verdict::kDeny && covers_all_bases(f) && carries(f, from, to); });
  };
  std::set<std::string> asked;
  for (const auto& a : p.agencies) {
    if (a.kind == "coordinator" || !asked.insert(a.kind).second) continue;
    const Flow* meant = nullptr;
    bool reached = false;
    for (const auto& f : p.flows) {
      if (f.decision == Verdict::kDeny || !star_or_in(f.from, a.kind) || !star_or_in(f.kinds, "Referral") ||
          !star_or_in(f.purpose, "CRISIS"))
        continue;
      meant = &f;
      reached = reached || std::ranges::any_of(p.agencies, [&](const Agency& b) {
                  return b.slug != a.slug && b.kind != "coordinator" && carries(f, a.kind, b.kind) && !denied(a.kind, b.kind);
                });
    }
    if (meant != nullptr && !reached)
      fault.at(meant->line, "flow " + meant->id + ": leaves " + a.kind + " with nobody to send an emergent referral to",
               "add an agency of a kind that it names, or another kind");
  }
}

}  // namespace

void check(const Policy& policy, Fault& fault) {
  ids(policy, fault);
  names(policy, fault);
  contradictions(policy, statute_rules(), fault);
  if (const StatePack* pack = state_pack(policy.state_pack)) contradictions(policy, pack->rules, fault);
  lockout(policy, fault);
}

}  // namespace schemas::policy::internal
