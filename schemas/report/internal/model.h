// Model: the counts of all releases as an attacker sees them, and the search for alternatives.
#pragma once

#include <optional>
#include <set>

#include "schemas/report/suppress.h"

namespace schemas::report {

inline constexpr std::int64_t kUnbounded = std::int64_t{1} << 40;

struct Var {
  std::int64_t v = 0;
  State state = State::kUnprinted;
  std::uint32_t below = 11;
  bool now = false;     // of this release: its state may still change
  double cost = 0;      // of hiding it, if it is shown
  std::vector<std::string> tables;
  // What complete alternatives have shown to be possible.
  std::int64_t least = 0, most = 0;

  [[nodiscard]] bool small() const { return v >= 1 && v < static_cast<std::int64_t>(below); }
  [[nodiscard]] bool fixed() const { return state == State::kShown && (!now || v == 0); }
  [[nodiscard]] std::int64_t lowest() const { return state == State::kUnprinted || state == State::kWithheld ? 0 : 1; }
  [[nodiscard]] std::int64_t highest() const { return state == State::kSmall ? static_cast<std::int64_t>(below) - 1 : kUnbounded; }
  [[nodiscard]] bool safe() const {
    if (state == State::kShown) return !small();
    const std::int64_t top = static_cast<std::int64_t>(below) - 1;
    return state == State::kSmall ? least <= 1 && most >= top : most - least >= top - 1;
  }
};

class Model {
 public:
  std::size_t add(Var var);
  void tie(const std::vector<std::pair<std::size_t, int>>& terms);  // their sum is 0; terms that cancel are dropped
  [[nodiscard]] std::vector<Var>& vars() { return vars_; }
  // After it every small count is safe, or its tables are withheld.
  void protect();

 private:
  using Values = std::vector<std::pair<std::size_t, std::int64_t>>;  // of one component, complete
  // Moves x as far towards `target` as it goes, hiding (if it may) what costs least; false: it does not get there. What it found is taken in.
  bool push(std::size_t x, std::int64_t target, bool hide);
  [[nodiscard]] std::vector<std::size_t> component(std::size_t x) const;
  [[nodiscard]] std::optional<Values> solve(std::size_t x, std::int64_t target, bool hide) const;
  [[nodiscard]] bool holds(const Values& values, bool hide, std::size_t x) const;
  void take(const Values& values);
  bool secure(std::size_t x);
  void withhold(std::size_t x);

  std::vector<Var> vars_;
  std::vector<std::vector<std::pair<std::size_t, int>>> lines_;
  std::vector<std::vector<std::size_t>> lines_of_;
};

}  // namespace schemas::report
