// What two policies decide differently, in lines that people can read: neighbours in the grid that change alike share a line.
#include <algorithm>
#include <map>

#include "schemas/policy/internal/grid.h"
#include "schemas/policy/internal/rules.h"
#include "schemas/policy/internal/words.h"
#include "schemas/policy/tools.h"

namespace schemas::policy {
namespace {

using internal::Cell;
using internal::joined;
using internal::Outcome;
using internal::Words;
using Set = std::set<std::string>;

const Set kUnlabelled{""};

std::string said(const Outcome& o) {
  std::string out = o.verdict == Verdict::kDeny ? "deny" : o.verdict == Verdict::kAllow ? "allow" : "with consent";
  Words by = o.rules;
  std::ranges::replace(by, "none", "no flow");
  if (!by.empty()) out += " (" + joined(by) + ")";
  if (o.verdict != Verdict::kDeny && o.view != "*") out += ", view " + o.view;
  if (!o.obligations.empty()) out += ", " + joined(o.obligations);
  return out;
}

// What a line is about. Merging joins the values of one axis where everything else is alike.
using Axes = std::vector<Set>;
enum Axis { kFrom, kTo, kKind, kPurpose, kBasis, kLabel, kAxes };
struct Line {
  Axes axes;
  std::string before, after;
  friend auto operator<=>(const Line&, const Line&) = default;
};

void merge_along(std::vector<Line>& lines, Axis axis) {
  std::map<Line, Set> alike;
  std::vector<const Line*> order;
  for (const auto& line : lines) {
    Line key = line;
    key.axes[axis].clear();
    const auto [it, fresh] = alike.try_emplace(std::move(key));
    if (fresh) order.push_back(&it->first);
    it->second.insert(line.axes[axis].begin(), line.axes[axis].end());
  }
  std::vector<Line> out;
  for (const Line* key : order) {
    out.push_back(*key);
    out.back().axes[axis] = alike.at(*key);
  }
  lines = std::move(out);
}

std::string listed(const Set& words) { return joined({words.begin(), words.end()}); }

struct Grid {
  Set kinds, labels{""}, bases;
  base::Instant now;
};

std::string about(const Line& line, const Grid& grid) {
  std::string out = listed(line.axes[kFrom]) + " -> " + listed(line.axes[kTo]) + " " + listed(line.axes[kKind]);
  out += "; purpose " + listed(line.axes[kPurpose]);
  const auto named = [](const Set& set, const char* none) {
    Set words = set;
    if (words.erase("") != 0) words.insert(none);
    return listed(words);
  };
  if (line.axes[kBasis] != grid.bases) out += "; basis " + named(line.axes[kBasis], "none");
  if (line.axes[kLabel] != grid.labels && line.axes[kLabel] != kUnlabelled) out += "; label " + named(line.axes[kLabel], "none");
  return out;
}

bool alike(const Flow& a, const Flow& b) { return a.id == b.id && a.decision == b.decision && a.basis == b.basis && a.view == b.view; }
bool alike(const LabelRule& a, const LabelRule& b) {
  return a.id == b.id && a.decision == b.decision && a.label == b.label && a.except_basis == b.except_basis &&
         a.obligations == b.obligations;
}

// Those of both lists that `speaks` picks are alike, in their order.
template <class T, class Speaks>
bool same(const std::vector<T>& before, const std::vector<T>& after, Speaks&& speaks) {
  std::vector<const T*> b, a;
  for (const auto& rule : before)
    if (speaks(rule)) b.push_back(&rule);
  for (const auto& rule : after)
    if (speaks(rule)) a.push_back(&rule);
  return std::ranges::equal(b, a, [](const T* x, const T* y) { return alike(*x, *y); });
}

bool same_kinds_of_members(const Policy& before, const Policy& after) {
  return std::ranges::equal(before.agencies, after.agencies,
                            [](const Agency& a, const Agency& b) { return a.kind == b.kind && a.part2 == b.part2; });
}

void compare_cell(const Policy& before, const Policy& after, const Grid& grid, Cell cell, std::vector<Line>& lines) {
  const bool same_flows = same(before.flows, after.flows, [&](const Flow& f) { return internal::speaks(f, cell); });
  const bool same_labels = before.state_pack == after.state_pack && same(before.label_rules, after.label_rules, [&](const LabelRule& r) {
                             return internal::applies(r, cell.from, cell.to);
                           });
  if (same_kinds_of_members(before, after) && same_flows && same_labels) return;
  if (!internal::any_flow(before, cell) && !internal::any_flow(after, cell)) {
    cell.basis = "treatment";  // one question tells whether the law alone lets something pass
    if (internal::ask(before, cell, grid.now).same(internal::ask(after, cell, grid.now))) return;
  }
  for (const auto& basis : grid.bases)
    for (const auto& label : same_labels ? kUnlabelled : grid.labels) {  // what labels ask for besides is as it was
      cell.basis = basis;
      cell.label = label;
      const Outcome b = internal::ask(before, cell, grid.now), a = internal::ask(after, cell, grid.now);
      if (b.same(a)) continue;
      lines.push_back({{{cell.from},
                        {cell.to},
                        {std::string(name_of(cell.kind))},
                        {std::string(name_of(purposes(), static_cast<std::uint16_t>(cell.purpose)))},
                        {basis},
                        {label}},
                       said(b),
                       said(a)});
    }
}

std::vector<Change> decisions(const Policy& before, const Policy& after, base::Instant now) {
  Grid grid{internal::kinds_of(before), {""}, internal::bases_in(before), now};
  grid.kinds.merge(internal::kinds_of(after));
  grid.bases.merge(internal::bases_in(after));
  grid.labels.merge(internal::labels_in(before));
  grid.labels.merge(internal::labels_in(after));
  const Policy b = internal::by_kinds(before, grid.kinds), a = internal::by_kinds(after, grid.kinds);
  std::vector<Line> lines;
  for (const auto& from : grid.kinds)
    for (const auto& to : grid.kinds)
      for (const auto& kind : msg_kinds())
        for (const auto& purpose : purposes())
          compare_cell(b, a, grid, {from, to, static_cast<MsgKind>(kind.code), static_cast<Purpose>(purpose.code), "", ""}, lines);
  for (const Axis axis : {kBasis, kLabel, kPurpose, kKind, kTo, kFrom}) merge_along(lines, axis);
  std::vector<Change> out;
  for (const auto& line : lines) out.push_back({about(line, grid), line.before, line.after});
  return out;
}

// The rest of a policy, as names and words: what is in one and not in the other, or differs, is a change.
using Facts = std::map<std::string, std::string>;

void add_sla(const Policy& p, Facts& out) {
  for (const std::string urgency : {"emergent", "urgent", "routine"}) {
    const Sla& s = p.sla_of(urgency);
    const std::pair<const char*, Span> timers[] = {{"received", s.received}, {"view", s.view},           {"decide", s.decide},
                                                   {"contact", s.contact},   {"on hold", s.on_hold},     {"outcome", s.outcome},
                                                   {"handoff", s.handoff},   {"question", s.info_pause}, {"grace", s.grace}};
    for (const auto& [name, span] : timers) out["timer " + urgency + " " + name] = words(span);
    std::vector<std::string> follow;
    for (const auto& f : s.follow_up) follow.push_back(words(f));
    out["timer " + urgency + " follow-up"] = joined(follow);
    for (std::size_t i = 0; i < s.escalate.size(); ++i) {
      const auto& e = s.escalate[i];
      const std::string when = e.percent != 0 ? "at " + std::to_string(e.percent) + "%" : words(e.after) + " after the deadline";
      out["escalation " + urgency + " level " + std::to_string(i + 1)] =
          when + ", " + e.to + (e.offer_next ? ", offer the next agency" : "") + (e.phone ? ", by telephone" : "");
    }
  }
}

void add_people(const Policy& p, Facts& out) {
  for (const auto& a : p.agencies) {
    out["agency " + a.slug] = joined(
        {a.name + " (" + a.kind + ")" + (a.part2 ? ", Part 2" : ""), "agreement " + a.agreement + " until " + internal::last_day(a),
         "on call " + a.on_call, "supervisor " + a.supervisor, "privacy " + a.privacy_officer, "services " + joined(a.services, " ")},
        "; ");
  }
  for (const auto& r : p.roles)
    out["role " + r.id] = joined(r.may) + (r.services.empty() ? "" : "; only " + joined(r.services)) +
                          (r.without_labels.empty() ? "" : "; nothing labelled " + joined(r.without_labels));
}

Facts facts(const Policy& p) {
  Facts out;
  add_sla(p, out);
  add_people(p, out);
  for (const auto& v : p.views) out["view " + v.id] = joined(v.fields) + (v.except.empty() ? "" : " except " + joined(v.except));
  for (const auto& [service, r] : p.routing)
    out["routing " + service] = joined(r.order, ", then ") + "; " + r.mode + (r.automatic ? ", by itself" : ", offered") +
                                "; capacity at most " + words(r.require_fresh_capacity) + " old";
  for (const auto& r : p.required)
    out["required in " + r.kind + " from " + (r.from.empty() ? "everybody" : joined(r.from)) + " to " +
        (r.to.empty() ? "everybody" : joined(r.to))] = joined(r.fields);
  for (const auto& c : p.custom_fields)
    out["custom field " + c.id] = joined({c.type, joined(c.codes, " "), c.sensitivity, c.report ? "reported" : "not reported"}, "; ");
  out["break-glass"] =
      joined(p.break_glass.reasons) + "; for " + words(p.break_glass.time_box) + "; reviewed within " + words(p.break_glass.review);
  out["retention"] = "audit " + words(p.retention.audit) + "; content " + words(p.retention.content);
  out["report"] =
      "cells below " + std::to_string(p.report.suppress_below) + " hidden" + (p.report.complementary ? ", and others with them" : "");
  out["calendar"] = p.calendar.tz + ", " + std::to_string(p.calendar.opens) + "-" + std::to_string(p.calendar.closes) + " min; holidays " +
                    joined(p.calendar.holidays, " ");
  out["state pack"] = p.state_pack;
  for (const auto& [word, meaning] : p.glossary) out["glossary " + word] = meaning;
  return out;
}

}  // namespace

std::vector<Change> diff(const Policy& before, const Policy& after, base::Instant now) {
  std::vector<Change> out = decisions(before, after, now);
  Facts b = facts(before), a = facts(after);
  Set names;
  for (const auto& side : {b, a})
    for (const auto& [name, words] : side) names.insert(name);
  for (const auto& name : names) {
    const auto was = b.find(name), is = a.find(name);
    const std::string before_words = was == b.end() ? "not there" : was->second, after_words = is == a.end() ? "not there" : is->second;
    if (before_words != after_words) out.push_back({name, before_words, after_words});
  }
  return out;
}

}  // namespace schemas::policy
