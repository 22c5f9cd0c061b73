// From a draft and the releases before it to the model of what an attacker knows (internal/model.h), and back.
#include "schemas/report/suppress.h"

#include <algorithm>
#include <cmath>

#include "schemas/report/internal/model.h"

namespace schemas::report {
namespace {

using Index = std::map<CellId, std::size_t>;

State first_state(const Count& c, std::uint32_t below) {
  if (!c.printed) return State::kUnprinted;
  return c.n >= 1 && c.n < below ? State::kSmall : State::kShown;
}

Index add_now(Model& model, const Draft& draft, const Rule& rule) {
  Index out;
  for (const auto& [id, c] : draft.counts) {
    Var v;
    v.v = static_cast<std::int64_t>(c.n);
    v.state = first_state(c, rule.below);
    v.below = rule.below;
    v.now = true;
    v.cost = (1 + std::log2(1.0 + static_cast<double>(c.n))) * (c.total ? 8 : 1);
    v.tables = c.tables;
    out[id] = model.add(std::move(v));
  }
  return out;
}

Index add_earlier(Model& model, const Release& release) {
  Index out;
  for (const auto& [id, c] : release.cells) {
    Var v;
    v.v = static_cast<std::int64_t>(c.n);
    v.state = c.state;
    v.below = release.below;
    out[id] = model.add(std::move(v));
  }
  return out;
}

void add_sums(Model& model, const std::vector<Sum>& sums, const Index& index) {
  for (const Sum& s : sums) {
    std::vector<std::pair<std::size_t, int>> terms{{index.at(s.total), -1}};
    for (const CellId& p : s.parts) terms.emplace_back(index.at(p), 1);
    model.tie(terms);
  }
}

// One question asked of several spans: each span is the sum of the pieces into which all their borders cut it.
class Linker {
 public:
  Linker(Model& model, const Index& now, const CountOf& count_of, std::uint32_t below) : model_(model), now_(now), count_of_(count_of), below_(below) {}

  void link(const std::string& key, const std::vector<std::pair<Span, std::size_t>>& asked) {
    std::set<base::Instant> borders;
    for (const auto& [span, var] : asked) borders.insert({span.from, span.to});
    std::map<base::Instant, std::size_t> pieces;
    for (auto at = borders.begin(); std::next(at) != borders.end(); ++at) {
      const Span piece{*at, *std::next(at)};
      const bool inside = std::ranges::any_of(asked, [&](const auto& a) { return a.first.from <= piece.from && piece.to <= a.first.to; });
      if (inside) pieces[piece.from] = piece_of(key, piece);
    }
    for (const auto& [span, var] : asked) tie(var, span, pieces);
  }

 private:
  std::size_t piece_of(const std::string& key, const Span& piece) {
    const auto it = now_.find({key, piece});
    return it != now_.end() ? it->second : computed(static_cast<std::int64_t>(count_of_(key, piece)));
  }
  std::size_t computed(std::int64_t n) {
    Var v;
    v.v = n;
    v.below = below_;
    return model_.add(std::move(v));
  }
  // What an earlier release printed may have been revised since: the difference is a count as well.
  void tie(std::size_t var, const Span& span, const std::map<base::Instant, std::size_t>& pieces) {
    std::vector<std::pair<std::size_t, int>> terms{{var, -1}};
    std::int64_t sum = 0;
    for (auto it = pieces.lower_bound(span.from); it != pieces.end() && it->first < span.to; ++it) {
      terms.emplace_back(it->second, 1);
      sum += model_.vars()[it->second].v;
    }
    const std::int64_t more = sum - model_.vars()[var].v;
    if (more != 0) terms.emplace_back(computed(std::abs(more)), more > 0 ? -1 : 1);
    model_.tie(terms);
  }

  Model& model_;
  const Index& now_;
  const CountOf& count_of_;
  std::uint32_t below_;
};

}  // namespace

Release suppress(const Draft& draft, const Rule& rule, const std::vector<Release>& earlier, const CountOf& count_of) {
  Model model;
  const Index now = add_now(model, draft, rule);
  add_sums(model, draft.sums, now);
  std::map<std::string, std::vector<std::pair<Span, std::size_t>>> asked;
  for (const auto& [id, var] : now) asked[id.first].emplace_back(id.second, var);
  for (const Release& r : earlier) {
    const Index index = add_earlier(model, r);
    add_sums(model, r.sums, index);
    for (const auto& [id, var] : index) asked[id.first].emplace_back(id.second, var);
  }
  Linker linker(model, now, count_of, rule.below);
  for (const auto& [key, spans] : asked)
    if (spans.size() > 1) linker.link(key, spans);
  if (rule.complementary) model.protect();
  Release out;
  out.name = draft.name;
  out.below = rule.below;
  out.sums = draft.sums;
  for (const auto& [id, var] : now) out.cells[id] = {draft.counts.at(id).n, model.vars()[var].state};
  return out;
}

Tally tally(const Draft& draft, const Release& release) {
  Tally t;
  for (const auto& [id, c] : draft.counts) {
    if (!c.printed) continue;
    const State s = release.cells.at(id).state;
    const bool is_small = c.n >= 1 && c.n < release.below;
    ++t.printed;
    t.small += is_small;
    t.hidden += !is_small && s == State::kHidden;
    t.withheld += !is_small && s == State::kWithheld;
  }
  return t;
}

}  // namespace schemas::report
