// See internal/grid.h.
#include "schemas/policy/internal/grid.h"

#include <algorithm>

#include "schemas/policy/internal/words.h"
#include "schemas/policy/statute.h"
#include "schemas/policy/view.h"

namespace schemas::policy::internal {
namespace {

void add(std::set<std::string>& to, const Words& words) {
  for (const auto& w : words)
    if (w != "*") to.insert(w);
}

}  // namespace

// A day of an agreement is over when it is over everywhere: twelve hours later than in UTC.
std::string last_day(const Agency& a) {
  return a.agreement_until.ms == 0 ? "-" : base::rfc3339(a.agreement_until.minus(12 * base::kHour)).substr(0, 10);
}

std::string joined(const Words& words, std::string_view glue) {
  std::string out;
  for (const auto& w : words) out += (out.empty() ? "" : std::string(glue)) + w;
  return out;
}

std::string slug_of_kind(std::string_view kind) {
  std::string out(kind);
  std::ranges::replace(out, '_', '-');
  return out;
}

Policy by_kinds(const Policy& policy, const std::set<std::string>& kinds) {
  Policy out = policy;
  out.agencies.clear();
  for (const auto& kind : kinds) {
    Agency a;
    a.slug = slug_of_kind(kind);
    a.kind = kind;
    a.agreement = "in force";
    a.agreement_until = base::Instant{~std::uint64_t{0} >> 1};
    const auto same = [&](const Agency& b) { return b.kind == kind; };
    a.part2 = std::ranges::any_of(policy.agencies, same) &&
              std::ranges::all_of(policy.agencies, [&](const Agency& b) { return b.part2 || !same(b); });
    out.agencies.push_back(std::move(a));
  }
  return out;
}

Consent covering(const Ask& ask) {
  Consent c;
  c.id = "consent";
  c.discloser = ask.from;
  c.recipients = {ask.to};
  c.scope = ask.labels;
  c.scope.emplace_back("*");
  c.purposes = {"*"};
  c.granted_at = ask.now.minus(base::kDay);
  c.expires = ask.now.plus(30 * base::kDay);
  c.method = "written";
  c.signer = "patient";
  c.part2 = true;
  c.text = "copy of the consent";
  return c;
}

bool leaves(const View& view, std::string_view path) {
  const auto covers = [](std::string_view name, std::string_view p) {
    return p == name || (p.starts_with(name) && p.size() > name.size() && p[name.size()] == '.');
  };
  const auto rest = path.substr(std::min(path.find('.'), path.size() - 1) + 1);
  const auto names = [&](const std::string& n) {
    return n == "*" || covers(n, path) || covers(n, rest) || covers(full_path(n), path) ||
           (n.ends_with('*') && path.starts_with(n.substr(0, n.size() - 1)));
  };
  return std::ranges::any_of(view.fields, names) && std::ranges::none_of(view.except, names);
}

Outcome ask(const Policy& by_kind, const Cell& cell, base::Instant now) {
  Ask a;
  a.from = slug_of_kind(cell.from);
  a.to = slug_of_kind(cell.to);
  a.from_kind = cell.from;
  a.to_kind = cell.to;
  a.kind = cell.kind;
  a.purpose = cell.purpose;
  a.basis = cell.basis;
  if (!cell.label.empty()) a.labels = {cell.label};
  a.urgency = "emergent";
  a.now = now;
  const Emergency emergency{a.to, cell.to, a.from, base::rfc3339(now), "emergency"};
  a.emergency = &emergency;
  a.court_order = a.good_faith = "on file";
  Answer answer = decide(by_kind, a);
  Verdict verdict = Verdict::kAllow;
  if (!answer.allowed) {
    const Consent consent = covering(a);
    a.consent = &consent;
    answer = decide(by_kind, a);
    verdict = answer.allowed ? Verdict::kConsent : Verdict::kDeny;
  }
  std::ranges::sort(answer.obligations);
  return {verdict, answer.allowed ? answer.view : "", answer.allowed ? answer.obligations : Words{}, answer.rules()};
}

std::set<std::string> kinds_of(const Policy& policy) {
  std::set<std::string> out;
  for (const auto& a : policy.agencies) out.insert(a.kind);
  for (const auto& f : policy.flows) add(out, f.from), add(out, f.to);
  for (const auto& r : policy.label_rules) add(out, r.from), add(out, r.to);
  return out;
}

std::set<std::string> labels_in(const Policy& policy) {
  std::set<std::string> out;
  for (const auto& r : policy.label_rules) add(out, r.label);
  for (const auto& r : statute_rules()) add(out, r.label);
  return out;
}

std::set<std::string> bases_in(const Policy& policy) {
  std::set<std::string> out{""};
  for (const auto& f : policy.flows) add(out, f.basis);
  for (const auto& r : policy.label_rules) add(out, r.except_basis);
  for (const auto& r : statute_rules()) add(out, r.except_basis);
  return out;
}

bool speaks(const Flow& f, const Cell& cell) {
  return star_or_in(f.from, cell.from) && star_or_in(f.to, cell.to) && star_or_in(f.kinds, name_of(cell.kind)) &&
         star_or_in(f.purpose, name_of(purposes(), static_cast<std::uint16_t>(cell.purpose)));
}

bool any_flow(const Policy& policy, const Cell& cell) {
  return std::ranges::any_of(policy.flows, [&](const Flow& f) { return f.decision != Verdict::kDeny && speaks(f, cell); });
}

}  // namespace schemas::policy::internal
