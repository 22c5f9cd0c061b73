// Disclosure control (decisions 0013): which counts of a draft are printed, so that nobody can work out a count of 1 to k-1 people, k being
// the policy's suppress_below.
//
// The promise. An attacker has this release and every earlier one that overlaps it: all printed numbers, "1-10" where it is printed, and
// "hidden" where a number of at least 1 was left out to protect others; and every sum that the tables and the calendar imply, also of counts
// that nobody printed but that can be computed (what is left of a whole; the month between two year-to-dates; what a revision added). Then for
// each count whose true value is 1 to k-1:
//   printed as "1-10": both 1 and 10 stay possible; nothing beyond the label is learnt;
//   otherwise: what stays possible spans at least k-1 values.
// It is kept by example: for each such count there are two complete alternatives in whole numbers that would have been printed in the very
// same way, one at either end. An alternative is found by linear programming, which also picks the numbers whose hiding costs least, and
// is then checked in exact arithmetic. No example, no publication: the label goes, in the end the table. Pure; deterministic.
#pragma once

#include <functional>

#include "schemas/report/draft.h"

namespace schemas::report {

enum class State : std::uint8_t {
  kShown,      // its number is printed
  kSmall,      // "1-10" is printed
  kHidden,     // "hidden" is printed: some number from 1
  kUnprinted,  // it is in no table, but follows from some
  kWithheld,   // with its whole table: not even zeros are told
};
struct Release {  // what was published, and, sealed beside it, what it was made from
  std::string name;
  base::Instant made;
  std::uint32_t below = 11;
  struct Cell {
    std::uint64_t n = 0;
    State state = State::kShown;
  };
  std::map<CellId, Cell> cells;
  std::vector<Sum> sums;
};
struct Rule {
  std::uint32_t below = 11;
  bool complementary = true;
};
// The count of that key in that span by today's facts; 0 for a key that nobody counts any more.
using CountOf = std::function<std::uint64_t(const std::string& key, const Span& span)>;

// `earlier`: releases that overlap or touch it in time, oldest first.
Release suppress(const Draft& draft, const Rule& rule, const std::vector<Release>& earlier, const CountOf& count_of);

struct Tally {
  std::size_t printed = 0, small = 0, hidden = 0, withheld = 0;  // of the counts that tables print; small: had to be hidden
};
Tally tally(const Draft& draft, const Release& release);

}  // namespace schemas::report
