// A small linear program: the cheapest y with M y = 0 and 0 <= y <= cap. y = 0 is always one, so there is no first phase.
#pragma once

#include <limits>
#include <vector>

namespace schemas::report {

inline constexpr double kNoCap = std::numeric_limits<double>::infinity();

struct Program {
  struct Column {
    double cost = 0, cap = kNoCap;
    std::vector<std::pair<std::size_t, double>> entries;  // row, coefficient
  };
  std::size_t rows = 0;
  std::vector<Column> columns;
};
// Primal simplex with bounded variables on a dense tableau; Bland's rule once it stalls. The answer is floating point: check it. Empty: it gave up.
std::vector<double> cheapest(const Program& program);

}  // namespace schemas::report
