// An attacker who has only what was printed, and works out between which bounds each number must lie. Written for itself: a two-phase
// simplex in standard form after Bland, and for small puzzles every whole-number solution tried out. Shares nothing with schemas/report.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

namespace attack {

inline constexpr double kAny = 1e12;

struct Puzzle {
  struct Unknown {
    double low = 0, high = kAny;
  };
  struct Equation {
    std::vector<std::pair<std::size_t, double>> terms;
    double right = 0;
  };
  std::vector<Unknown> unknowns;
  std::vector<Equation> equations;
};
struct Bounds {
  double low = 0, high = kAny;
};

class Solver {
 public:
  explicit Solver(const Puzzle& puzzle);
  [[nodiscard]] bool possible() const { return possible_; }
  Bounds bounds(std::size_t unknown);

 private:
  std::optional<double> least(const std::vector<double>& cost);  // nullopt: no end to it
  void pivot(std::size_t row, std::size_t column);
  const Puzzle& puzzle_;
  std::size_t columns_ = 0, artificial_ = 0;
  std::vector<std::vector<double>> rows_;  // last: right side
  std::vector<std::size_t> basis_;
  bool possible_ = false;
};

// Visits each whole-number solution with all unknowns at most `cap`; false: there were more than `most` steps.
bool each_solution(const Puzzle& puzzle, int cap, std::size_t most, const std::function<void(const std::vector<int>&)>& visit);

}  // namespace attack
