// Disclosure control against an attacker with another algorithm: random tables with margins, groups of columns, shares, and releases that
// follow one another. Seeded: each run is the same.
#include <cmath>
#include <random>
#include <set>

#include "schemas/report/suppress.h"
#include "tests/property/report/attacker.h"

#undef CHECK
#include <doctest/doctest.h>

using namespace schemas::report;

namespace {

constexpr Span kEarly{{1000}, {2000}}, kLate{{2000}, {3000}}, kBoth{{1000}, {3000}};

struct World {  // a true table for each of two spans
  std::size_t rows = 1, columns = 1;
  bool groups = false, shares = false;
  std::vector<std::vector<std::uint64_t>> early, late;
};

using Random = std::mt19937_64;
std::size_t pick(Random& random, std::size_t low, std::size_t high) { return low + random() % (high - low + 1); }

World any_world(Random& random, bool no_small) {
  World w;
  w.rows = pick(random, 1, 8);
  w.columns = pick(random, 1, 8);
  w.groups = w.columns > 3 && random() % 3 == 0;
  w.shares = random() % 3 == 0;
  const std::size_t shape = random() % 3;
  const auto value = [&]() -> std::uint64_t {
    const auto dice = random() % 10;
    if (dice < 2) return 0;
    if (no_small) return pick(random, 11, 90);
    return shape == 0 ? pick(random, 1, 14) : shape == 1 ? (dice < 4 ? pick(random, 1, 10) : pick(random, 11, 200)) : pick(random, 0, 40);
  };
  for (auto* t : {&w.early, &w.late}) {
    t->assign(w.rows, std::vector<std::uint64_t>(w.columns));
    for (auto& row : *t)
      for (auto& n : row) n = value();
  }
  return w;
}

std::string name(std::size_t r, std::size_t c) { return "n|r=" + std::to_string(r) + "|c=" + std::to_string(c); }
std::string row_name(std::size_t r) { return "n|r=" + std::to_string(r); }
std::string column_name(std::size_t c) { return "n|c=" + std::to_string(c); }

// The table of one span, as a draft with one table of that name.
void add_table(Draft& d, const World& w, const Span& span, const std::string& table) {
  const auto at = [&](std::size_t r, std::size_t c) {
    return (span.from == kEarly.from ? w.early[r][c] : 0) + (span.to == kLate.to ? w.late[r][c] : 0);
  };
  const auto put = [&](const std::string& key, std::uint64_t n, bool total, bool printed = true) {
    Count& c = d.counts[{key, span}];
    c.n = n;
    c.total = total;
    c.printed = printed;
    c.tables.push_back(table);
  };
  const auto sum = [&](const std::string& total, const std::vector<std::string>& parts, bool printed = true) {
    Sum s{{total, span}, {}};
    std::uint64_t n = 0;
    for (const auto& p : parts) {
      s.parts.push_back({p, span});
      n += d.counts.at({p, span}).n;
    }
    if (!d.counts.contains({total, span})) put(total, n, true, printed);
    d.sums.push_back(std::move(s));
  };
  std::vector<std::string> row_totals, column_totals;
  for (std::size_t r = 0; r < w.rows; ++r) {
    std::vector<std::string> parts;
    for (std::size_t c = 0; c < w.columns; ++c) {
      put(name(r, c), at(r, c), false);
      parts.push_back(name(r, c));
    }
    if (w.groups) {
      sum(row_name(r) + "|g=0", {parts.begin(), parts.begin() + 2});
      sum(row_name(r) + "|g=1", {parts.begin() + 2, parts.end()});
      parts = {row_name(r) + "|g=0", row_name(r) + "|g=1"};
    }
    sum(row_name(r), parts);
    row_totals.push_back(row_name(r));
  }
  for (std::size_t c = 0; c < w.columns; ++c) {
    std::vector<std::string> parts;
    for (std::size_t r = 0; r < w.rows; ++r) parts.push_back(name(r, c));
    sum(column_name(c), parts);
    column_totals.push_back(column_name(c));
  }
  sum("n", row_totals);
  sum("n", column_totals);
  if (w.shares) {  // the share of the first column: what is left over can be computed
    for (std::size_t r = 0; r < w.rows; ++r) {
      put("rest|r=" + std::to_string(r), d.counts.at({row_name(r), span}).n - at(r, 0), false, false);
      sum(row_name(r), {name(r, 0), "rest|r=" + std::to_string(r)});
    }
  }
}

// What is known of a count from what was printed.
struct Seen {
  CellId id;
  std::uint64_t truth = 0;
  State state = State::kShown;
};
void read(const Release& release, attack::Puzzle& puzzle, std::vector<Seen>& seen, std::map<CellId, std::size_t>& index) {
  for (const auto& [id, c] : release.cells) {
    const double n = static_cast<double>(c.n);
    attack::Puzzle::Unknown u;
    if (c.state == State::kShown) u = {n, n};
    if (c.state == State::kSmall) u = {1, 10};
    if (c.state == State::kHidden) u = {1, attack::kAny};
    index[id] = puzzle.unknowns.size();
    puzzle.unknowns.push_back(u);
    seen.push_back({id, c.n, c.state});
  }
  for (const Sum& s : release.sums) {
    attack::Puzzle::Equation e;
    e.terms.emplace_back(index.at(s.total), -1);
    for (const CellId& p : s.parts) e.terms.emplace_back(index.at(p), 1);
    puzzle.equations.push_back(std::move(e));
  }
}

// Known numbers leave the puzzle; returns where the others went.
std::map<std::size_t, std::size_t> shrink(attack::Puzzle& puzzle) {
  std::map<std::size_t, std::size_t> place;
  attack::Puzzle small;
  for (std::size_t i = 0; i < puzzle.unknowns.size(); ++i) {
    if (puzzle.unknowns[i].low == puzzle.unknowns[i].high) continue;
    place[i] = small.unknowns.size();
    small.unknowns.push_back(puzzle.unknowns[i]);
  }
  for (const auto& e : puzzle.equations) {
    attack::Puzzle::Equation to;
    to.right = e.right;
    for (const auto& [i, a] : e.terms) {
      if (place.contains(i)) {
        to.terms.emplace_back(place[i], a);
      } else {
        to.right -= a * puzzle.unknowns[i].low;
      }
    }
    if (!to.terms.empty()) small.equations.push_back(std::move(to));
  }
  puzzle = std::move(small);
  return place;
}

struct Score {
  std::size_t tables = 0, small = 0, safe_needlessly = 0, could_be_shown = 0, withheld = 0, searched = 0, narrowed = 0;
};

bool promised(const Seen& s, double low, double high) {
  if (s.state == State::kSmall) return low < 1 + 1e-5 && high > 10 - 1e-5;
  return high - low > 9 - 1e-5;
}

void assail(const std::vector<Release>& releases, Score& score) {
  attack::Puzzle puzzle;
  std::vector<Seen> seen;
  std::vector<std::map<CellId, std::size_t>> index(releases.size());
  for (std::size_t i = 0; i < releases.size(); ++i) read(releases[i], puzzle, seen, index[i]);
  // He knows the calendar: both spans together are the early one and the late one.
  const auto find = [&](const std::string& key, const Span& span) {
    for (const auto& one : index)
      if (const auto it = one.find({key, span}); it != one.end()) return std::optional(it->second);
    return std::optional<std::size_t>();
  };
  std::set<std::string> keys;
  for (const Seen& s : seen) keys.insert(s.id.first);
  for (const std::string& key : keys) {
    const auto early = find(key, kEarly), both = find(key, kBoth);
    auto late = find(key, kLate);
    if (!early || !both) continue;
    if (!late) {
      late = puzzle.unknowns.size();
      puzzle.unknowns.push_back({});
      seen.push_back({{key, kLate}, seen[*both].truth - seen[*early].truth, State::kUnprinted});
    }
    puzzle.equations.push_back({{{*early, 1}, {*late, 1}, {*both, -1}}, 0});
  }
  const auto place = shrink(puzzle);
  attack::Solver solver(puzzle);
  REQUIRE(solver.possible());
  for (std::size_t i = 0; i < seen.size(); ++i) {
    const Seen& s = seen[i];
    if (s.truth < 1 || s.truth > 10) continue;
    ++score.small;
    if (!place.contains(i)) {
      ++score.narrowed;
      continue;
    }
    const auto b = solver.bounds(place.at(i));
    if (!promised(s, b.low, b.high)) ++score.narrowed;
  }
  if (puzzle.unknowns.size() > 12 || puzzle.unknowns.empty()) return;
  std::vector<int> low(puzzle.unknowns.size(), 1 << 30), high(puzzle.unknowns.size(), -1);
  std::uint64_t largest = 0;
  for (const Seen& s : seen) largest = std::max(largest, s.truth);
  const bool whole = attack::each_solution(puzzle, static_cast<int>(largest) + 30, 200'000, [&](const std::vector<int>& at) {
    for (std::size_t i = 0; i < at.size(); ++i) {
      low[i] = std::min(low[i], at[i]);
      high[i] = std::max(high[i], at[i]);
    }
  });
  score.searched += whole;
  for (std::size_t i = 0; whole && i < seen.size(); ++i) {
    if (seen[i].truth < 1 || seen[i].truth > 10 || !place.contains(i)) continue;
    if (!promised(seen[i], low[place.at(i)], high[place.at(i)])) ++score.narrowed;
  }
}

CountOf counter(const World& w) {
  return [&w](const std::string& key, const Span& span) {
    Draft d;
    add_table(d, w, span, "t");
    const auto it = d.counts.find({key, span});
    return it == d.counts.end() ? 0 : it->second.n;
  };
}

Draft table_of(const World& w, const std::vector<Span>& spans) {
  Draft d;
  d.name = "t";
  for (const Span& s : spans) add_table(d, w, s, "t" + std::to_string(s.from.ms) + "-" + std::to_string(s.to.ms));
  return d;
}

void count_up(const Draft& d, const Release& r, Score& score) {
  const Tally t = tally(d, r);
  score.safe_needlessly += t.hidden + t.withheld;
  score.withheld += t.withheld;
  score.could_be_shown += t.printed - t.small;
}

}  // namespace

TEST_CASE("no count of 1 to 10 can be narrowed, in 1,000 random tables and in what follows from two releases") {
  Random random(20261005);
  Score score;
  for (; score.tables < 1000; ++score.tables) {
    const World w = any_world(random, false);
    std::vector<Release> out;
    std::vector<std::vector<Span>> story;
    switch (score.tables % 4) {
      case 0: story = {{kBoth}}; break;
      case 1: story = {{kEarly}, {kBoth}}; break;          // two year-to-dates: the month is their difference
      case 2: story = {{kEarly}, {kLate, kBoth}}; break;   // the month and the year-to-date
      default: story = {{kBoth}, {kEarly}}; break;         // the quarter was out before one of its months was asked for
    }
    for (const auto& spans : story) {
      const Draft d = table_of(w, spans);
      out.push_back(suppress(d, {}, out, counter(w)));
      count_up(d, out.back(), score);
    }
    assail(out, score);
    REQUIRE_MESSAGE(score.narrowed == 0, "table ", score.tables);
  }
  MESSAGE(score.small, " small counts in ", score.tables, " tables, none narrowed; ", score.searched, " also searched in whole numbers; over-suppressed ",
          score.safe_needlessly, " of ", score.could_be_shown, " counts that are not small, ", score.withheld, " of them with their whole table");
  CHECK(score.small > 5'000);
  CHECK(score.searched > 50);
}

TEST_CASE("without complementary suppression the same attacker narrows many: he does attack") {
  Random random(20261005);
  Score score;
  for (; score.tables < 40; ++score.tables) {
    const World w = any_world(random, false);
    std::vector<Release> out;
    for (const Span& s : {kEarly, kBoth}) out.push_back(suppress(table_of(w, {s}), {11, false}, out, counter(w)));
    assail(out, score);
  }
  CHECK(score.narrowed > 100);
}

TEST_CASE("where nothing is small nothing is hidden") {
  Random random(7);
  for (int i = 0; i < 200; ++i) {
    const World w = any_world(random, true);
    std::vector<Release> out;
    for (const Span& s : {kEarly, kBoth}) {
      const Draft d = table_of(w, {s});
      out.push_back(suppress(d, {}, out, counter(w)));
      for (const auto& [id, c] : out.back().cells) REQUIRE((c.state == State::kShown || c.state == State::kUnprinted));
    }
  }
}

TEST_CASE("the same draft is suppressed in the same way twice") {
  Random random(11);
  for (int i = 0; i < 20; ++i) {
    const World w = any_world(random, false);
    const Draft d = table_of(w, {kEarly, kBoth});
    const Release a = suppress(d, {}, {}, counter(w)), b = suppress(d, {}, {}, counter(w));
    for (const auto& [id, c] : a.cells) REQUIRE(b.cells.at(id).state == c.state);
  }
}
