// See internal/lp.h.
#include "schemas/report/internal/lp.h"

#include <cmath>

namespace schemas::report {
namespace {

constexpr double kTiny = 1e-9;

class Simplex {
 public:
  explicit Simplex(const Program& p) : m_(p.rows), n_(p.columns.size() + p.rows), t_(m_, std::vector<double>(n_ + 1, 0)), cap_(n_, 0), cost_(n_, 0), at_cap_(n_, false), basis_(m_), is_basic_(n_, false) {
    for (std::size_t j = 0; j < p.columns.size(); ++j) {
      cap_[j] = p.columns[j].cap;
      cost_[j] = p.columns[j].cost;
      for (const auto& [row, a] : p.columns[j].entries) t_[row][j] += a;
    }
    for (std::size_t i = 0; i < m_; ++i) {  // a start that is worth nothing and may be nothing
      basis_[i] = p.columns.size() + i;
      t_[i][basis_[i]] = 1;
      is_basic_[basis_[i]] = true;
    }
  }

  bool run() {
    const std::size_t patience = 4 * (m_ + n_), most = 40 * (m_ + n_);
    for (std::size_t i = 0; i < most; ++i) {
      const auto j = entering(i > patience);
      if (j == n_) return true;
      if (!step(j, i > patience)) return false;
    }
    return false;
  }

  std::vector<double> answer(std::size_t columns) const {
    std::vector<double> y(columns, 0);
    for (std::size_t j = 0; j < columns; ++j) y[j] = at_cap_[j] && !is_basic_[j] ? cap_[j] : 0;
    for (std::size_t i = 0; i < m_; ++i)
      if (basis_[i] < columns) y[basis_[i]] = value(i);
    return y;
  }

 private:
  [[nodiscard]] double value(std::size_t row) const { return t_[row][n_]; }  // of the basic variable of that row

  // The column that pays best (or, by Bland, the first that pays); n_: none does.
  std::size_t entering(bool bland) const {
    std::size_t best = n_;
    double gain = kTiny;
    for (std::size_t j = 0; j < n_; ++j) {
      if (is_basic_[j] || cap_[j] <= 0) continue;
      const double g = at_cap_[j] ? cost_[j] : -cost_[j];
      if (g > gain) {
        best = j;
        if (bland) return j;
        gain = g;
      }
    }
    return best;
  }

  // Moves variable j off its bound until something stops it. cost_ holds reduced costs.
  bool step(std::size_t j, bool bland) {
    const double way = at_cap_[j] ? -1 : 1;
    double far = cap_[j];
    std::size_t out = m_;
    bool out_at_cap = false;
    for (std::size_t i = 0; i < m_; ++i) {
      const double a = t_[i][j] * way;
      if (std::abs(a) < kTiny) continue;
      const double room = a > 0 ? value(i) / a : (cap_[basis_[i]] - value(i)) / -a;
      const bool nearer = room < far - kTiny || (out != m_ && room < far + kTiny && (bland ? basis_[i] < basis_[out] : std::abs(a) > std::abs(t_[out][j])));
      if (!nearer) continue;
      far = std::max(room, 0.0);
      out = i;
      out_at_cap = a < 0;
    }
    if (!std::isfinite(far)) return false;
    for (std::size_t i = 0; i < m_; ++i) t_[i][n_] -= t_[i][j] * way * far;
    if (out == m_) {
      at_cap_[j] = !at_cap_[j];
      return true;
    }
    const double entered = at_cap_[j] ? cap_[j] - far : far;
    pivot(out, j, out_at_cap);
    t_[out][n_] = entered;
    return true;
  }

  void pivot(std::size_t row, std::size_t j, bool out_at_cap) {
    const double p = t_[row][j];
    for (std::size_t k = 0; k < n_; ++k) t_[row][k] /= p;
    for (std::size_t i = 0; i < m_; ++i) {
      const double a = t_[i][j];
      if (i == row || a == 0) continue;
      for (std::size_t k = 0; k < n_; ++k) t_[i][k] -= a * t_[row][k];
    }
    const double c = cost_[j];
    for (std::size_t k = 0; k < n_; ++k) cost_[k] -= c * t_[row][k];
    at_cap_[basis_[row]] = out_at_cap;
    is_basic_[basis_[row]] = false;
    is_basic_[j] = true;
    basis_[row] = j;
  }

  std::size_t m_, n_;
  std::vector<std::vector<double>> t_;  // last column: values of the basic variables
  std::vector<double> cap_, cost_;
  std::vector<bool> at_cap_;
  std::vector<std::size_t> basis_;
  std::vector<bool> is_basic_;
};

}  // namespace

std::vector<double> cheapest(const Program& program) {
  Simplex s(program);
  if (!s.run()) return {};
  return s.answer(program.columns.size());
}

}  // namespace schemas::report
