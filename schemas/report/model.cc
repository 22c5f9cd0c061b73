// See internal/model.h.
#include <algorithm>
#include <cmath>

#include "schemas/report/internal/lp.h"
#include "schemas/report/internal/model.h"

namespace schemas::report {
namespace {

constexpr double kReward = 1e6, kLabel = 300;  // getting there is worth more than anything hidden; a label is worth some numbers

// A label that has to go shows as a value above it.
bool beyond(const Var& v, std::int64_t value) { return v.now && v.state == State::kSmall && value > v.highest(); }

}  // namespace

std::size_t Model::add(Var var) {
  var.least = var.most = var.v;
  vars_.push_back(std::move(var));
  lines_of_.emplace_back();
  return vars_.size() - 1;
}

void Model::tie(const std::vector<std::pair<std::size_t, int>>& terms) {
  std::map<std::size_t, int> net;
  for (const auto& [i, a] : terms) net[i] += a;
  std::erase_if(net, [](const auto& t) { return t.second == 0; });
  if (net.empty()) return;
  for (const auto& [i, a] : net) lines_of_[i].push_back(lines_.size());
  lines_.emplace_back(net.begin(), net.end());
}

std::vector<std::size_t> Model::component(std::size_t x) const {
  std::set<std::size_t> seen{x}, lines;
  std::vector<std::size_t> todo{x};
  while (!todo.empty()) {
    const std::size_t i = todo.back();
    todo.pop_back();
    for (const std::size_t l : lines_of_[i]) {
      if (!lines.insert(l).second) continue;
      for (const auto& [j, a] : lines_[l])
        if (!vars_[j].fixed() && seen.insert(j).second) todo.push_back(j);
    }
  }
  return {seen.begin(), seen.end()};
}

std::optional<Model::Values> Model::solve(std::size_t x, std::int64_t target, bool hide) const {
  const std::vector<std::size_t> part = component(x);
  Program p;
  std::map<std::size_t, std::size_t> row;
  std::vector<std::pair<std::size_t, int>> what;  // of each column: variable, direction
  const auto column = [&](std::size_t i, int way, double cost, std::int64_t cap) {
    if (cap <= 0) return;
    Program::Column c{cost, cap >= kUnbounded / 2 ? kNoCap : static_cast<double>(cap), {}};
    for (const std::size_t l : lines_of_[i]) {
      const std::size_t r = row.emplace(l, row.size()).first->second;
      const auto term = std::ranges::find(lines_[l], i, &std::pair<std::size_t, int>::first);
      c.entries.emplace_back(r, static_cast<double>(term->second * way));
    }
    p.columns.push_back(std::move(c));
    what.emplace_back(i, way);
  };
  for (const std::size_t i : part) {
    const Var& v = vars_[i];
    if (i == x) {
      column(i, target > v.v ? 1 : -1, -kReward, std::abs(target - v.v));
    } else if (v.state == State::kShown) {
      if (!hide) continue;
      column(i, 1, v.cost, kUnbounded);
      column(i, -1, v.cost, v.v - 1);
    } else {
      column(i, 1, 0, v.highest() - v.v);
      column(i, -1, 0, v.v - v.lowest());
      if (hide && v.now && v.state == State::kSmall) column(i, 1, kLabel, kUnbounded);
    }
  }
  p.rows = row.size();
  const std::vector<double> y = cheapest(p);
  if (y.empty()) return std::nullopt;
  std::map<std::size_t, std::int64_t> moved;
  for (std::size_t c = 0; c < y.size(); ++c) moved[what[c].first] += what[c].second * std::llround(y[c]);
  Values out;
  for (const std::size_t i : part) out.emplace_back(i, vars_[i].v + (moved.contains(i) ? moved[i] : 0));
  return out;
}

// In whole numbers: each sum, each bound. This, and not the program, is what the promise rests on.
bool Model::holds(const Values& values, bool hide, std::size_t x) const {
  std::map<std::size_t, std::int64_t> at(values.begin(), values.end());
  std::set<std::size_t> lines;
  for (const auto& [i, value] : values) {
    const Var& v = vars_[i];
    lines.insert(lines_of_[i].begin(), lines_of_[i].end());
    if (value == v.v) continue;
    const bool ok = v.state == State::kShown ? hide && v.now && i != x && value >= 1 : value >= v.lowest() && (value <= v.highest() || (hide && i != x && beyond(v, value)));
    if (!ok) return false;
  }
  return std::ranges::all_of(lines, [&](std::size_t l) {
    std::int64_t sum = 0;
    for (const auto& [i, a] : lines_[l]) sum += a * (at.contains(i) ? at[i] : vars_[i].v);
    return sum == 0;
  });
}

void Model::take(const Values& values) {
  for (const auto& [i, value] : values) {
    Var& v = vars_[i];
    if ((v.state == State::kShown && value != v.v) || beyond(v, value)) v.state = State::kHidden;
    v.least = std::min(v.least, value);
    v.most = std::max(v.most, value);
  }
}

bool Model::push(std::size_t x, std::int64_t target, bool hide) {
  const auto values = solve(x, target, hide);
  if (!values || !holds(*values, hide, x)) return false;
  const bool there = std::ranges::find(*values, std::pair(x, target)) != values->end();
  if (there || !hide) take(*values);  // half the way is not worth hiding anything
  return there;
}

bool Model::secure(std::size_t x) {
  Var& v = vars_[x];
  const auto top = static_cast<std::int64_t>(v.below) - 1;
  if (v.state == State::kSmall && !v.safe()) {
    if (v.least > 1 && !push(x, 1, false)) (void)push(x, 1, true);
    if (v.most < top && !push(x, top, false)) (void)push(x, top, true);
    if (!v.safe() && v.now) v.state = State::kHidden;
  }
  if (v.state == State::kSmall || v.safe()) return v.safe();
  if (v.least > v.lowest()) (void)push(x, v.lowest(), false);
  if (!v.safe()) (void)push(x, v.least + top - 1, true);
  if (!v.safe()) (void)push(x, v.lowest(), true);
  if (!v.safe()) (void)push(x, v.least + top - 1, true);
  return v.safe();
}

// The tables that x is in; if it is in none of this release, or they are withheld, those that it hangs together with.
void Model::withhold(std::size_t x) {
  std::set<std::string> tables(vars_[x].tables.begin(), vars_[x].tables.end());
  const auto open = [](const Var& v) { return v.now && v.state != State::kWithheld && v.state != State::kUnprinted; };
  const auto any = [&](const Var& v) { return std::ranges::any_of(v.tables, [&](const std::string& t) { return tables.contains(t); }); };
  if (std::ranges::none_of(vars_, [&](const Var& v) { return open(v) && any(v); })) {
    for (const std::size_t i : component(x)) tables.insert(vars_[i].tables.begin(), vars_[i].tables.end());
  }
  for (Var& v : vars_)
    if (open(v) && any(v)) v.state = State::kWithheld;
}

void Model::protect() {
  for (std::size_t x = 0; x < vars_.size(); ++x) {
    if (!vars_[x].small() || vars_[x].fixed()) continue;
    while (!secure(x)) {
      const auto left = [&] { return std::ranges::count_if(vars_, [](const Var& v) { return v.now && v.state != State::kWithheld; }); };
      const auto before = left();
      withhold(x);
      if (left() == before) break;  // nothing of this release is left to withhold: it tells no more than the earlier ones did
    }
  }
}

}  // namespace schemas::report
