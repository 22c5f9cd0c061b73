// See attacker.h.
#include "tests/property/report/attacker.h"

#include <algorithm>
#include <cmath>

namespace attack {
namespace {
constexpr double kTiny = 1e-7;
}

Solver::Solver(const Puzzle& puzzle) : puzzle_(puzzle) {
  const std::size_t n = puzzle.unknowns.size();
  std::size_t capped = 0;
  for (const auto& u : puzzle.unknowns) capped += u.high < kAny;
  artificial_ = n + capped;
  columns_ = artificial_ + puzzle.equations.size() + capped;
  const auto add = [&](std::vector<double> row, double right) {
    if (right < 0) {
      for (double& a : row) a = -a;
      right = -right;
    }
    row[artificial_ + rows_.size()] = 1;
    basis_.push_back(artificial_ + rows_.size());
    row.push_back(right);
    rows_.push_back(std::move(row));
  };
  for (const auto& e : puzzle.equations) {
    std::vector<double> row(columns_, 0);
    double right = e.right;
    for (const auto& [i, a] : e.terms) {
      row[i] += a;
      right -= a * puzzle.unknowns[i].low;
    }
    add(std::move(row), right);
  }
  std::size_t slack = n;
  for (std::size_t i = 0; i < n; ++i) {
    if (puzzle.unknowns[i].high >= kAny) continue;
    std::vector<double> row(columns_, 0);
    row[i] = row[slack++] = 1;
    add(std::move(row), puzzle.unknowns[i].high - puzzle.unknowns[i].low);
  }
  std::vector<double> cost(columns_, 0);
  for (std::size_t j = artificial_; j < columns_; ++j) cost[j] = 1;
  const auto end = least(cost);
  possible_ = end && std::abs(*end) < 1e-5;
  for (std::size_t r = 0; r < rows_.size(); ++r) {  // artificial ones leave, or their row says nothing
    if (basis_[r] < artificial_) continue;
    for (std::size_t j = 0; j < artificial_; ++j) {
      if (std::abs(rows_[r][j]) < kTiny) continue;
      pivot(r, j);
      break;
    }
  }
}

void Solver::pivot(std::size_t row, std::size_t column) {
  const double p = rows_[row][column];
  for (double& a : rows_[row]) a /= p;
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    const double a = rows_[r][column];
    if (r == row || a == 0) continue;
    for (std::size_t j = 0; j <= columns_; ++j) rows_[r][j] -= a * rows_[row][j];
  }
  basis_[row] = column;
}

std::optional<double> Solver::least(const std::vector<double>& cost) {
  const bool first = columns_ > artificial_ && cost[columns_ - 1] != 0;
  const std::size_t usable = first ? columns_ : artificial_;
  while (true) {
    std::size_t in = usable;
    for (std::size_t j = 0; j < usable && in == usable; ++j) {
      double reduced = cost[j];
      for (std::size_t r = 0; r < rows_.size(); ++r) reduced -= cost[basis_[r]] * rows_[r][j];
      if (reduced < -kTiny) in = j;
    }
    if (in == usable) break;
    std::size_t out = rows_.size();
    double far = 0;
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      if (rows_[r][in] < kTiny) continue;
      const double t = rows_[r][columns_] / rows_[r][in];
      if (out == rows_.size() || t < far - kTiny || (t < far + kTiny && basis_[r] < basis_[out])) {
        out = r;
        far = t;
      }
    }
    if (out == rows_.size()) return std::nullopt;
    pivot(out, in);
  }
  double total = 0;
  for (std::size_t r = 0; r < rows_.size(); ++r) total += cost[basis_[r]] * rows_[r][columns_];
  return total;
}

Bounds Solver::bounds(std::size_t unknown) {
  std::vector<double> cost(columns_, 0);
  const double base = puzzle_.unknowns[unknown].low;
  cost[unknown] = 1;
  const auto low = least(cost);
  cost[unknown] = -1;
  const auto high = least(cost);
  return {base + low.value_or(0), high ? base - *high : kAny};
}

bool each_solution(const Puzzle& puzzle, int cap, std::size_t most, const std::function<void(const std::vector<int>&)>& visit) {
  const std::size_t n = puzzle.unknowns.size();
  std::vector<int> at(n, 0);
  std::size_t steps = 0;
  const auto high = [&](std::size_t i) { return std::min<double>(puzzle.unknowns[i].high, cap); };
  // Can the rest still make each equation true?
  const auto hopeful = [&](std::size_t set) {
    return std::ranges::all_of(puzzle.equations, [&](const auto& e) {
      double low = -e.right, top = -e.right;
      for (const auto& [i, a] : e.terms) {
        const double from = i < set ? at[i] : puzzle.unknowns[i].low, to = i < set ? at[i] : high(i);
        low += std::min(a * from, a * to);
        top += std::max(a * from, a * to);
      }
      return low <= 1e-9 && top >= -1e-9;
    });
  };
  const std::function<bool(std::size_t)> go = [&](std::size_t i) {
    if (++steps > most) return false;
    if (!hopeful(i)) return true;
    if (i == n) {
      visit(at);
      return true;
    }
    for (int v = static_cast<int>(puzzle.unknowns[i].low); v <= high(i); ++v) {
      at[i] = v;
      if (!go(i + 1)) return false;
    }
    return true;
  };
  return go(0);
}

}  // namespace attack
