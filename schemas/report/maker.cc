// See internal/maker.h.
#include <algorithm>
#include <cmath>
#include <limits>

#include "schemas/report/internal/maker.h"

namespace schemas::report {
namespace {

std::string value_of(const LoopFact& f, const std::string& by) {
  const std::string v = by == "partner" ? f.to : by == "from" ? f.from : by == "urgency" ? f.urgency : by == "service" ? f.service : std::string();
  return v.empty() ? "not said" : v;
}

void add_once(std::vector<std::string>& list, const std::string& one) {
  if (std::ranges::find(list, one) == list.end()) list.push_back(one);
}

}  // namespace

std::string key_of(const std::string& what, const Where& where) {
  std::string key = what;
  for (const auto& [dim, value] : where) key += "|" + dim + "=" + value;
  return key;
}

double quantile(std::vector<double> values, double q) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::ranges::sort(values);
  const auto rank = static_cast<std::size_t>(std::ceil(q * static_cast<double>(values.size())));
  return values[std::clamp<std::size_t>(rank, 1, values.size()) - 1];
}

CellId Scope::id(const std::string& what) const { return {key_of(what, where_), span_}; }

void Scope::put(const std::string& what, std::uint64_t n, bool printed) {
  Count& c = maker_.out_.counts[id(what)];
  c.n = n;
  c.printed = c.printed || printed;
  c.total = c.total || maker_.total_;
  add_once(c.tables, maker_.table_);
  counted_.insert(what);
}

std::uint64_t Scope::n(const std::string& what) const {
  const auto it = maker_.out_.counts.find(id(what));
  return it == maker_.out_.counts.end() ? 0 : it->second.n;
}

Figure Scope::count(const std::string& what, const Is& is) {
  put(what, static_cast<std::uint64_t>(std::ranges::count_if(facts_, [&](const LoopFact* f) { return is(*f); })), true);
  return {Figure::Kind::kCount, {id(what)}, 0};
}

Figure Scope::part(const std::string& what, const std::string& whole, const Is& is) {
  const Figure f = count(what, is);
  const std::string rest = "not:" + what;
  put(rest, n(whole) - std::min(n(whole), n(what)), false);
  sum(whole, {what, rest});
  return f;
}

Figure Scope::percent(const std::string& what, const std::string& whole) { return {Figure::Kind::kPercent, {id(what), id(whole)}, 0}; }

Figure Scope::measure(const std::string& behind, const Minutes& of, double q) {
  std::vector<double> values;
  for (const LoopFact* f : facts_) {
    if (const auto v = of(*f)) values.push_back(*v);
  }
  return {Figure::Kind::kMeasure, {id(behind)}, quantile(std::move(values), q)};
}

void Scope::sum(const std::string& total, const std::vector<std::string>& parts) {
  Sum s{id(total), {}};
  for (const std::string& p : parts) s.parts.push_back(id(p));
  maker_.out_.sums.push_back(std::move(s));
}

std::vector<Maker::Value> Maker::values(const std::string& by) const {
  std::vector<Value> out;
  if (by == "month") {
    for (const Month& m : period_.months) out.push_back({{}, m.name, m.span});
    return out;
  }
  std::set<std::string> seen;  // of all times, so that a row does not come and go
  if (by == "urgency") {
    for (const char* u : {"emergent", "urgent", "routine"}) out.push_back({u, u, period_.span}), seen.insert(u);
  }
  std::set<std::string> more;
  for (const LoopFact& f : input_.facts) more.insert(value_of(f, by));
  for (const std::string& v : more) {
    if (by.empty() || seen.contains(v)) continue;
    const auto name = by == "partner" || by == "from" ? input_.names.find(v) : input_.names.end();
    out.push_back({v, name == input_.names.end() ? v : name->second, period_.span});
  }
  return out;
}

Facts Maker::in(const Span& span, const Is& belongs) const {
  Facts out;
  for (const LoopFact& f : input_.facts) {
    if (span.holds(f.began()) && belongs(f)) out.push_back(&f);
  }
  return out;
}

void Maker::table(Table words, const std::string& by, const Is& belongs, const RowOf& row) {
  table_ = words.id;
  const std::vector<Value> lines = by.empty() ? std::vector<Value>{} : values(by);
  std::map<std::string, std::vector<CellId>> parts;
  for (const Value& v : lines) {
    Facts facts = in(v.span, belongs);
    if (by != "month") std::erase_if(facts, [&](const LoopFact* f) { return value_of(*f, by) != v.value; });
    Scope scope(*this, by == "month" ? Where{} : Where{{by, v.value}}, v.span, std::move(facts));
    words.rows.push_back({v.label, row(scope)});
    for (const std::string& what : scope.counted()) parts[what].push_back(scope.id(what));
  }
  total_ = true;
  Scope all(*this, {}, period_.span, in(period_.span, belongs));
  words.rows.push_back({"All", row(all)});
  if (missing_.second) {
    words.missing = all.part("missing:" + words.id, missing_.first, missing_.second);
  } else {
    all.put("none", 0, true);
    words.missing = {Figure::Kind::kCount, {all.id("none")}, 0};
  }
  total_ = false;
  missing_ = {};
  for (auto& [what, cells] : parts) out_.sums.push_back({all.id(what), std::move(cells)});
  out_.tables.push_back(std::move(words));
}

}  // namespace schemas::report
